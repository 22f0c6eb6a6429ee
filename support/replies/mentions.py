"""Who of the desk a note calls."""

import re
from collections.abc import Iterable

from communities.models import User
from support.access import desk_people
from support.models import Mention, Message
from support.policy import DESK_GROUPS

CALL = re.compile(r"(?<![\w@])@(?=\w)")


def record(message: Message, *, text: str) -> list[Mention]:
    """Keep whom the text of a note calls. Without an @ it asks nothing of the database."""
    if not CALL.search(text):
        return []
    called = called_in(text, desk_people())
    return Mention.objects.bulk_create([Mention(message=message, user=person) for person in called], ignore_conflicts=True)


def of(message: Message) -> list[User]:
    """The people a message calls, by name."""
    return list(User.objects.filter(desk_mentions__message=message).order_by("name", "email"))


def by_message(messages: Iterable[Message]) -> dict[int, frozenset[int]]:
    """The keys of those whom each of these messages calls and who still work at the desk, in one query."""
    called = Mention.objects.filter(message__in=messages, user__is_active=True, user__groups__name__in=DESK_GROUPS)
    found: dict[int, set[int]] = {}
    for message, person in called.values_list("message_id", "user_id"):
        found.setdefault(message, set()).add(person)
    return {message: frozenset(people) for message, people in found.items()}


def called_in(text: str, people: Iterable[User]) -> list[User]:
    """Who stands behind an @ by whole name or address, the longest name first: “@Ana Ruiz” does not call Ana."""
    names = sorted(((name.casefold(), person) for person in people for name in (person.name, person.email) if name), key=_length)
    found: dict[int, User] = {}
    for call in CALL.finditer(text):
        rest = text[call.end() :].casefold()
        person = next((person for name, person in names if _begins(rest, name)), None)
        if person is not None:
            found.setdefault(person.pk, person)
    return list(found.values())


def name_for(person: User, people: Iterable[User]) -> str:
    """What to write behind the @ so that it calls this person alone."""
    is_alone = not any(other.name.casefold() == person.name.casefold() for other in people if other.pk != person.pk)
    return person.name if person.name and is_alone else person.email


def _begins(rest: str, name: str) -> bool:
    return rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()


def _length(pair: tuple[str, User]) -> tuple[int, str]:
    return -len(pair[0]), pair[0]
