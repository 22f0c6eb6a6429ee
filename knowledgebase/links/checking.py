"""Asks the addresses that are due, a batch at a time, and keeps what they answered. A host is never asked twice within a second."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import timezone

from knowledgebase.links.asking import Answer, Asker
from knowledgebase.models import ArticleLink, LinkCheck

BATCH = 20  # even if each is slow, a task's time is enough
PAUSE = 1.0  # seconds between two questions to one host
LONG_ENOUGH = 3  # days without an answer
WELL, FAILING, DEAD = timedelta(days=7), timedelta(days=1), timedelta(days=3)
Sleep = Callable[[float], None]


def check_batch(*, transport: httpx.BaseTransport | None = None, sleep: Sleep = time.sleep) -> bool:
    """Ask a batch of what is due; whether more is.

    Each is put off before it is asked, so that one at which a worker dies does not stop those behind it.
    """
    LinkCheck.objects.filter(~Exists(ArticleLink.objects.filter(check_of=OuterRef("pk")))).delete()
    batch = list(LinkCheck.objects.due().order_by("next_check_at", "pk")[:BATCH])
    asked: dict[str, float] = {}
    with Asker(name=name(), private=settings.LINK_CHECK_PRIVATE, transport=transport) as asker:
        for row in one_host_after_another(batch):
            LinkCheck.objects.filter(pk=row.pk).update(next_check_at=timezone.now() + FAILING)
            _wait_for(_host(row), asked, sleep)
            keep(row, asker.ask(row.url))
    return LinkCheck.objects.due().exists()


def name() -> str:
    """Who asks, and where whoever minds can find us."""
    return f"Hubdesk link check (+{settings.SITE_URL}/)"


def keep(row: LinkCheck, answer: Answer) -> None:
    """What that address answered. Three different days without an answer make it dead; one answer makes it live."""
    now = timezone.now()
    row.status, row.problem, row.checked_at = answer.status, answer.problem, now
    if answer.is_there:
        row.failures, row.failed_on, row.dead_since = 0, None, None
    elif row.failed_on != timezone.localdate(now):
        row.failures, row.failed_on = row.failures + 1, timezone.localdate(now)
    if row.failures >= LONG_ENOUGH:
        row.dead_since = row.dead_since or now
    row.next_check_at = now + (WELL if answer.is_there else DEAD if row.dead_since else FAILING)
    row.save()


def one_host_after_another(rows: Iterable[LinkCheck]) -> Iterator[LinkCheck]:
    """The same rows, the first of each host before the second of any."""
    waiting: dict[str, list[LinkCheck]] = defaultdict(list)
    for row in rows:
        waiting[_host(row)].append(row)
    while waiting:
        for host in list(waiting):
            yield waiting[host].pop(0)
            if not waiting[host]:
                del waiting[host]


def _wait_for(host: str, asked: dict[str, float], sleep: Sleep) -> None:
    rest = asked.get(host, 0.0) + PAUSE - time.monotonic()
    if host in asked and rest > 0:
        sleep(rest)
    asked[host] = time.monotonic()


def _host(row: LinkCheck) -> str:
    try:
        return urlsplit(row.url).netloc.lower()
    except ValueError:
        return ""
