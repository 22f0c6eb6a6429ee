"""What a desk knows of articles. The desk is further on and tells it when it is asked; without one nothing is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from communities.models import Community
from ground.actors import Actor
from knowledgebase.models import EditionQuerySet


@dataclass(frozen=True)
class Cited:
    """An open ticket in which a letter points at the article."""

    reference: str
    subject: str
    url: str
    at: datetime


@dataclass(frozen=True)
class AtTheDesk:
    """What became of one article at the desk: beside how many forms it was shown and opened, and how many letters point at it.

    `asked_anyway`: when those sent their ticket who had opened it.
    """

    shown: int = 0
    opened: int = 0
    cited: int = 0
    asked_anyway: Sequence[datetime] = ()
    open_tickets: Sequence[Cited] = field(default_factory=tuple)


class Desk(Protocol):
    """What support answers; a module does."""

    def told(self, editions: EditionQuerySet, *, actor: Actor, since: datetime) -> Mapping[int, AtTheDesk]:
        """By article, of those editions, since then; tickets are those that the actor may see. A fixed number of queries."""

    def note_shown(self, form: str, *, community: Community | None, articles: Sequence[int], place: str) -> None:
        """Articles were found for somebody who looked for something."""

    def note_opened(self, form: str, *, community: Community | None, articles: Sequence[int], place: str) -> None:
        """They opened these of them."""

    def carry(self, article_id: int, *, to: int) -> None:
        """What is known of the one article is of the other from now on."""


class _Nobody:
    """There is no desk."""

    def told(self, _editions: EditionQuerySet, *, actor: Actor, since: datetime) -> Mapping[int, AtTheDesk]:  # noqa: ARG002  nobody asks it
        return {}

    def note_shown(self, form: str, *, community: Community | None, articles: Sequence[int], place: str) -> None:
        """Nobody counts."""

    def note_opened(self, form: str, *, community: Community | None, articles: Sequence[int], place: str) -> None:
        """Nobody counts."""

    def carry(self, article_id: int, *, to: int) -> None:
        """Nobody knows anything."""


_asked: list[Desk] = [_Nobody()]


def register(desk: Desk) -> None:
    """Make a desk known."""
    _asked[0] = desk


def desk() -> Desk:
    """The desk of this site."""
    return _asked[0]
