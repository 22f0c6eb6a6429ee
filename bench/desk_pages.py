"""`python -m bench.desk_pages SIZE…`: what the desk's pages cost in the configured, empty database at each size, as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402  Django first
from django.core.management import call_command  # noqa: E402  Django first
from django.db import connection, transaction  # noqa: E402  Django first
from django.test import Client  # noqa: E402  Django first
from django.test.utils import CaptureQueriesContext, override_settings, setup_test_environment  # noqa: E402  Django first
from django.urls import reverse  # noqa: E402  Django first

from communities.models import Community, User  # noqa: E402  Django first
from demo.people import STAFF, employ  # noqa: E402  Django first
from ground.actors import Actor  # noqa: E402  Django first
from support import queue, replies, search, tickets  # noqa: E402  Django first
from support.access import USE_DESK  # noqa: E402  Django first
from support.composing import undoing  # noqa: E402  Django first
from support.models import Message, Ticket  # noqa: E402  Django first

TIMES = 15
A_MOMENT = 0.01  # seconds
COMMUNITIES, MESSAGES = 150, 3
RARE = "quokka"
WORDS = {"a rare word": RARE, "a middling word": "nbgitpuller", "a common word": "server", "two common words": "server notebook"}


def main(sizes: list[int]) -> None:
    setup_test_environment()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("setup", skip_migrate=True, verbosity=0, stdout=sys.stderr)
    people = [employ(login) for login in STAFF]
    sam = next(user for user in people if USE_DESK.is_held_by(Actor.person(user)))
    Authenticator.objects.get_or_create(user=sam, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "for figures"}})
    told, communities = [], COMMUNITIES
    for before, size in pairwise([0, *sizes]):
        _load(size - before, communities)
        communities = 0
        told.append(measured(User.objects.get(pk=sam.pk)))
    json.dump(told, sys.stdout)


def _load(number: int, communities: int) -> None:
    call_command("generate_load", communities=communities, tickets=number, messages=number * MESSAGES, verbosity=0, stdout=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def measured(sam: User) -> dict[str, float]:
    client, actor = Client(), Actor.person(sam)
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    pages = [f"{reverse('support:desk')}?view={key}" for key in queue.VIEWS]
    of_queue = [_page(client, page) for page in pages]
    for _ in range(3 if not search.newest(search.asked_of(RARE, by=actor)) else 0):
        tickets.open_ticket(Community.objects.get(slug="load-00001"), subject=f"The {RARE} hub", body="It is slow.", by=actor)
    shown = _page(client, _long_ticket(actor).get_absolute_url(), HTTP_HX_REQUEST="true")
    with override_settings(DESK_UNDO_SECONDS=A_MOMENT):
        new = _new(actor)
        of_reply = {"reply: queries": _queries(lambda: _reply(new, actor)), "reply leaving: queries": _queries_of_leaving(new, actor)}
    return {
        "queue, the dearest view: queries": max(each[0] for each in of_queue),
        "queue, the dearest view: CPU": max(each[1] for each in of_queue),
        "queue, the heaviest view: HTML": max(each[2] for each in of_queue),
        "ticket with 20 messages: queries": shown[0],
        "ticket with 20 messages: CPU": shown[1],
        "create: queries": _queries(lambda: _new(actor)),
        **of_reply,
        **{f"search, {what}": _search(words, actor) for what, words in WORDS.items()},
    }


def _page(client: Client, address: str, **headers: str) -> tuple[int, float, int]:
    """Queries, milliseconds of our CPU, bytes."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, **headers)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return len(captured), _best(lambda: client.get(address, **headers), time.process_time), len(response.content)


def _search(words: str, actor: Actor) -> float:
    """Milliseconds until the first page of what is found stands here, the database's time in it."""
    at = queue.moment(actor)
    rows = Ticket.objects.visible_to(actor).here()

    def find() -> None:
        if not list(search.match(rows, words, by=actor).for_list().order_by(*queue.NEWEST_FIRST)[: queue.PAGE + 1]):
            raise SystemExit(f"nothing was found for {words} at {at.now}")

    return _best(find, time.perf_counter)


def _long_ticket(actor: Actor) -> Ticket:
    """A ticket with twenty messages."""
    ticket = Ticket.objects.filter(assignee=None).latest("pk")
    for number in range(20 - Message.objects.filter(ticket=ticket).count()):
        replies.note(ticket, body=f"Looked at it again, {number}.", by=actor)
    return ticket


def _new(actor: Actor) -> Ticket:
    """A ticket whose clocks run, the same at every size."""
    return tickets.open_ticket(Community.objects.get(slug="load-00001"), subject="No server", body="It fails.", by=actor)


def _reply(ticket: Ticket, actor: Actor) -> Message:
    """As the page writes it."""
    return undoing.send(ticket, cc=None, body="Please restart.", by=actor)


def _queries_of_leaving(ticket: Ticket, actor: Actor) -> int:
    """What a worker asks when the moment in which it can be taken back is over."""
    with _undone():
        pk = _reply(ticket, actor).held.pk
        time.sleep(A_MOMENT)
        return _queries(lambda: undoing.let_go(pk))


def _queries(ask: Callable[[], object]) -> int:
    """Those that ask or write something: where a transaction begins is none."""
    with _undone(), CaptureQueriesContext(connection) as captured:
        ask()
    return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for each in captured.captured_queries)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _best(ask: Callable[[], object], clock: Callable[[], float]) -> float:
    times = []
    for _ in range(TIMES):
        began = clock()
        ask()
        times.append(clock() - began)
    return min(times) * 1000


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])
