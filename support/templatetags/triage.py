"""What is proposed in triage, as its page shows it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django import template
from django.conf import settings

from communities.models import User
from communities.states import Party
from support.models import Absence
from support.triage import Proposal
from support.triage.one_by_one import Proposals

register = template.Library()


class Shown(NamedTuple):
    """One proposed row, the kinds for which it is proposed, and whether it is the one to show before anything is chosen."""

    proposal: Proposal
    kinds: list[str]
    is_first: bool


@register.filter
def matrix_rows(proposed: Proposals) -> Iterator[Shown]:
    """Each proposed row of the matrix once."""
    first = _first(proposed)
    for row, kinds in proposed.parties.items():
        yield Shown(proposed.by_kind[kinds[0]], list(kinds), is_first=first is not None and row == first.row)


@register.filter
def first_party(proposed: Proposals) -> str:
    """The party proposed before anything is chosen."""
    first = _first(proposed)
    return first.party if first else ""


@register.simple_tag
def proposed_row(proposed: Proposals, kind: str) -> str:
    """The key of the row proposed for that kind."""
    found = proposed.by_kind.get(kind)
    return found.row if found else ""


@register.filter
def away_until(person: User, away: Mapping[int, Absence]) -> date | None:
    """The last day on which that person is away; None for who is here."""
    absence = away.get(person.pk)
    return absence.last_day if absence else None


@register.filter
def party_word(value: str) -> str:
    """Who it is: we by our name."""
    return settings.OPERATOR_NAME if value == Party.PROVIDER else str(Party(value).label)


def _first(proposed: Proposals) -> Proposal | None:
    return proposed.by_kind.get(proposed.kind.value) or proposed.by_kind.get("")
