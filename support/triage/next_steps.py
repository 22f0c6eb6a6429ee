"""What to do once it is said whose job a ticket is: a pure table of party and kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.states import Party
from support.states import Impact, Kind


class Act(StrEnum):
    """What the page can begin at once."""

    NOTHING = ""
    ANSWER = "answer"
    WORK = "work"
    TIMEBOX = "timebox"
    INCIDENT = "incident"
    MATRIX = "matrix"


@dataclass(frozen=True)
class NextStep:
    """A sentence of advice, and what may be begun by it."""

    words: str | Promise
    act: Act


WIDE = frozenset({Impact.HUB, Impact.MANY})
OURS: Mapping[str, NextStep] = {
    Kind.INCIDENT: NextStep(_("It is ours: start the half hour and look at the hub."), Act.TIMEBOX),
    Kind.CHANGE: NextStep(_("It is ours: make it a hub request, so that it is planned and approved."), Act.WORK),
    Kind.GUIDANCE: NextStep(_("It is ours: answer, with the article that explains it."), Act.ANSWER),
    Kind.EVENT: NextStep(_("It is ours: check the dates, the number of people and three weeks of notice."), Act.WORK),
}
DECLARE = NextStep(_("Many people are stopped: declare an incident, so that everybody is told once."), Act.INCIDENT)
OTHERS: Mapping[str, NextStep] = {
    Party.COMMUNITY: NextStep(_("It is the community's: send the article that shows how, and wait for them."), Act.ANSWER),
    Party.SHARED: NextStep(_("It is shared: say which part is ours, and ask for theirs."), Act.ANSWER),
    Party.PARTNER: NextStep(_("A partner carries it: tell the community, and ask the partner."), Act.ANSWER),
    Party.NOT_OFFERED: NextStep(_("It is not offered: say so kindly, and what they could do instead."), Act.ANSWER),
    Party.UNSET: NextStep(_("Nobody has agreed whose job it is: propose a row for the matrix."), Act.MATRIX),
}
UNDECIDED = NextStep(_("Decide whose job it is first."), Act.NOTHING)
ANYTHING = NextStep(_("It is ours: answer, or ask what is missing."), Act.ANSWER)


def next_step(*, party: str, kind: str, impact: str = "") -> NextStep:
    """The step that fits; an incident that stops many is declared, whosever it is."""
    if kind == Kind.INCIDENT and impact in WIDE:
        return DECLARE
    if party == Party.PROVIDER:
        return OURS.get(kind, ANYTHING)
    return OTHERS.get(party, UNDECIDED)
