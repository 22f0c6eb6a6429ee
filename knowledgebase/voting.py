"""Readers say whether an article helped: once a reader and text, changeable, and without a cookie (docs/adr/0060)."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from knowledgebase.models import Edition, Vote

KEPT_FOR = timedelta(days=365)
A_DAY = 86_400


@dataclass(frozen=True)
class Reader:
    """Who votes: somebody signed in, or a word for the address and browser of today that nobody can undo tomorrow."""

    key: str
    user: User | None = None

    @classmethod
    def of(cls, actor: Actor, edition: Edition, *, address: str, agent: str) -> "Reader":
        """A stranger is another one at every article, so that nobody can follow them from one to the next."""
        if actor.user is not None:
            return cls(f"user:{actor.user.pk}", actor.user)
        said = f"{edition.pk}\n{address}\n{agent}"
        return cls(hmac.new(_salt().encode(), said.encode(errors="replace"), hashlib.sha256).hexdigest())


def vote(edition: Edition, *, helped: bool, reader: Reader) -> Vote:
    """Keep whether it helped that reader. Who says the same again keeps what they wrote; who says the other thing begins anew."""
    before = vote_of(edition, reader)
    if before is not None and before.helped == helped:
        return before
    return explain(edition, helped=helped, reader=reader)


def explain(edition: Edition, *, helped: bool, reader: Reader, why: str = "", words: str = "") -> Vote:
    """Keep what that reader says of the text that is read today, and why; what they said of it before is replaced."""
    said = {"helped": helped, "why": "" if helped else why, "words": words, "at": timezone.now(), "user": reader.user}
    row = Vote(article_id=edition.pk, version=edition.published_at, reader=reader.key, **said)
    Vote.objects.bulk_create([row], update_conflicts=True, unique_fields=["article", "version", "reader"], update_fields=list(said))
    return row


def vote_of(edition: Edition, reader: Reader) -> Vote | None:
    """What that reader said of the text that is read today."""
    return Vote.objects.filter(article=edition.pk, version=edition.published_at, reader=reader.key).first()


def forget_old() -> int:
    """Votes and what was written with them are deleted after a year. How many went."""
    return Vote.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]


def held(user: User) -> Sequence[Mapping[str, Any]]:
    """What that person said of articles, for their copy of it."""
    votes = Vote.objects.filter(user=user).order_by("pk")
    return list(votes.values("helped", "why", "words", "at", article_title=F("article__title")))


def forget(user: User) -> None:
    """Delete what that person wrote; that somebody found it helpful or not stays, and nobody knows who."""
    for row in Vote.objects.filter(user=user):
        row.reader, row.user, row.words = secrets.token_hex(32), None, ""
        row.save(update_fields=["reader", "user", "words"])


def _salt() -> str:
    """The key of today: random, in the cache alone, and gone with the day."""
    return str(cache.get_or_set(f"votes:{timezone.localdate().isoformat()}", lambda: secrets.token_hex(32), A_DAY))
