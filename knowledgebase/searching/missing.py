"""What was looked for in vain: words, how often and when last. Nobody is named, and what may be a secret is not kept."""

import re
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from communities.models import Community
from ground.actors import Actor
from ground.search import fold
from knowledgebase.models import SearchMiss, SearchMissQuerySet

SHORTEST, LONGEST = 3, 100
MOST = 1000  # rows of one community, and of the shared knowledge base
KEPT_FOR = timedelta(days=180)
SECRET = re.compile(
    r"""@ | :// | www\.            # addresses of people and places
    | \d[\d\s().-]{5,}\d           # telephone numbers, account numbers
    | \S{26,}                      # a word nobody types
    | \b(?=\w*\d)(?=\w*[a-z])\w{12,}\b   # letters and digits of a token
    | \b(password|passwd|contrasena|senha|secret|token)\b\s*[:=]""",
    re.VERBOSE,
)


def note(query: str, *, language: str, community: Community | None) -> None:
    """Count that nothing was found for those words in that knowledge base."""
    words = " ".join(fold(query).split())
    if not SHORTEST <= len(words) <= LONGEST or not any(letter.isalpha() for letter in words) or SECRET.search(words):
        return
    _count(words, language, community)


@transaction.atomic
def _count(words: str, language: str, community: Community | None) -> None:
    now = timezone.now()
    same = SearchMiss.objects.filter(query=words, language=language, community=community)
    if same.update(count=F("count") + 1, last_at=now):
        return
    _make_room(community)
    SearchMiss.objects.bulk_create([SearchMiss(query=words, language=language, community=community, last_at=now)], ignore_conflicts=True)


def _make_room(community: Community | None) -> None:
    """The rarest and oldest makes way."""
    rows = SearchMiss.objects.filter(community=community)
    surplus = rows.count() - MOST + 1
    if surplus > 0:
        rows.filter(pk__in=list(rows.order_by("count", "last_at").values_list("pk", flat=True)[:surplus])).delete()


def misses(actor: Actor, *, community: Community | None = None) -> SearchMissQuerySet:
    """What this actor may read of what was looked for in vain in that knowledge base, the most frequent first."""
    return SearchMiss.objects.visible_to(actor).filter(community=community).order_by("-count", "-last_at", "pk")


def settle(miss: SearchMiss) -> None:
    """Somebody wrote what was missing, or says that it needs no article."""
    miss.delete()


def prune() -> None:
    """Forget what nobody asked for in a long time."""
    SearchMiss.objects.filter(Q(last_at__lt=timezone.now() - KEPT_FOR)).delete()
