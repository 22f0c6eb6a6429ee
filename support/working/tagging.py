"""Words that tickets are found again by. Freshdesk has the same ones: the mirror carries them both ways."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _

from ground.actors import Actor
from support import tickets
from support.models import Ticket
from support.vocabulary.tags import MOST, normalised

LATELY = 1000
"""Of how many newest tickets tags are suggested."""
SUGGESTED = 30


class NotPossible(Exception):
    """A tag that cannot be added; the sentence says why."""


def add(ticket: Ticket, word: str, *, by: Actor) -> Ticket:
    """Give it one more tag, spelt as it is already where only capitals differ. Raises `NotPossible`."""
    tag = normalised(word)
    if not tag:
        raise NotPossible(_("Write a word first: letters, digits, spaces and hyphens."))
    if tag.casefold() in {each.casefold() for each in ticket.tags}:
        return ticket
    if len(ticket.tags) >= MOST:
        raise NotPossible(_("A ticket has at most %(number)d tags. Take one away first.") % {"number": MOST})
    return tickets.update(ticket, by=by, tags=[*ticket.tags, _spelt(tag)])


def remove(ticket: Ticket, word: str, *, by: Actor) -> Ticket:
    """Take one tag away."""
    return tickets.update(ticket, by=by, tags=[tag for tag in ticket.tags if tag != word])


def used() -> list[str]:
    """The tags of the newest tickets, the most frequent first."""
    lists: Iterable[list[str]] = Ticket.objects.order_by("-updated_at", "-pk").values_list("tags", flat=True)[:LATELY]
    return [tag for tag, _number in Counter(tag for tags in lists for tag in tags).most_common(SUGGESTED)]


def _spelt(tag: str) -> str:
    return next((known for known in used() if known.casefold() == tag), tag)
