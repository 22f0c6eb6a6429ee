"""Who may give which command: the table of commands by staff group, with guards in words and what a programme narrows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.access import Right
from communities.roles import StaffGroup
from onboarding.access import DECIDE, PROPOSE, SCORE
from onboarding.commands import COMMANDS, Command, groups_for
from onboarding.models import CommandPolicy
from onboarding.states import ApplicationState

GROUPS = (StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR)


@dataclass(frozen=True)
class Cell:
    """What one group may: `yes`, `no`, or `narrowed` where the right gives it and the programme takes it."""

    group: StaffGroup
    says: str


@dataclass(frozen=True)
class Row:
    """One command: who, from where, on which condition."""

    key: str
    words: str | Promise
    cells: Sequence[Cell]
    by_applicant: bool
    states: str
    conditions: Sequence[str]
    narrowing: str

    @property
    def groups(self) -> str:
        """Who may, in words."""
        names = [str(cell.group.label) for cell in self.cells if cell.says == "yes"]
        return ", ".join([*names, *([_("the applicant")] if self.by_applicant else [])]) or "—"


BESIDES: Sequence[tuple[str, Promise, Right, Promise]] = (
    ("declare_conflict", gettext_lazy("Say whether there is a conflict of interest"), SCORE, gettext_lazy("before reading the answers")),
    (
        "record",
        gettext_lazy("Score and submit a review"),
        SCORE,
        gettext_lazy("no conflict of interest; every criterion has a level or a reason"),
    ),
    ("answer_gates", gettext_lazy("Answer the gates"), PROPOSE, gettext_lazy("no conflict of interest")),
    ("edit_letter", gettext_lazy("Change the letter"), PROPOSE, gettext_lazy("the letter is not approved yet")),
    ("send_letter_again", gettext_lazy("Send a letter again"), DECIDE, gettext_lazy("the letter could not be sent")),
    ("hold_meeting", gettext_lazy("Plan and hold a meeting"), DECIDE, gettext_lazy("no conflict of interest with what is talked about")),
)
"""What people do beside the commands; each still goes through its own decider."""


def table(rules: Mapping[str, CommandPolicy]) -> list[Row]:
    """Every command, then what is done beside them."""
    return [*(_row(command, rules) for command in COMMANDS.values()), *_besides()]


def _row(command: Command, rules: Mapping[str, CommandPolicy]) -> Row:
    allowed, policy = groups_for(command, rules), rules.get(command.key)
    full = command.right.staff if command.right else frozenset()
    is_enabled = policy is None or policy.is_enabled
    return Row(
        key=command.key,
        words=command.words,
        cells=[Cell(group, "yes" if group in allowed else "narrowed" if group in full else "no") for group in GROUPS],
        by_applicant=command.by_applicant and is_enabled,
        states=", ".join(str(state.label) for state in ApplicationState if state in command.states),
        conditions=[_condition(str(guard.rule), overridable=guard.may_be_overridden) for guard in command.guards],
        narrowing=_narrowing(policy),
    )


def _condition(rule: str, *, overridable: bool) -> str:
    return _("%(rule)s (or with a reason)") % {"rule": rule} if overridable else rule


def _narrowing(policy: CommandPolicy | None) -> str:
    if policy is None:
        return ""
    if not policy.is_enabled:
        return _("not in use")
    names = [str(StaffGroup(group).label) for group in policy.groups if group in StaffGroup.values]
    return _("only %(groups)s") % {"groups": ", ".join(names)} if names else ""


def _besides() -> Iterator[Row]:
    for key, words, right, condition in BESIDES:
        cells = [Cell(group, "yes" if group in right.staff else "no") for group in GROUPS]
        yield Row(key, words, cells, by_applicant=False, states="", conditions=[str(condition)], narrowing="")
