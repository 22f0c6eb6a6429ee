"""The door itself: who may, from which state, what speaks against it, and then the decider."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Programme
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import WrongState
from onboarding.access import can_see_application
from onboarding.commands.guards import Guard, Situation
from onboarding.commands.table import COMMANDS, Command
from onboarding.conflicts import Conflicted
from onboarding.deciding import ChangedMeanwhile, OwnLetter, SamePerson, TooFewReviews
from onboarding.models import Application, CommandPolicy, Override


class NotAllowed(Exception):
    """This person may not give this command here; `words` say why."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(str(words))
        self.words = words


class Refused(Exception):
    """Something speaks against the command; `code` is for programs, `words` for people."""

    def __init__(self, code: str, words: str | Promise, *, may_be_overridden: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.words = words
        self.may_be_overridden = may_be_overridden


@dataclass(frozen=True)
class Offer:
    """A command that fits where the application stands; `why_not` is empty for who can give it now."""

    command: Command
    why_not: str | Promise = ""
    may_be_overridden: bool = False

    @property
    def key(self) -> str:
        return self.command.key

    @property
    def is_possible(self) -> bool:
        return not self.why_not


TRANSLATED: dict[type[Exception], tuple[str, Promise]] = {
    TooFewReviews: ("too-few-reviews", gettext_lazy("There are not enough reviews yet.")),
    SamePerson: ("same-person", gettext_lazy("You proposed this. Another review lead approves it.")),
    OwnLetter: ("own-letter", gettext_lazy("You edited the letter last. Another review lead approves it.")),
    ChangedMeanwhile: (
        "changed-meanwhile",
        gettext_lazy("The decision or its letter was changed while you read. Read how it stands now, then approve."),
    ),
    Conflicted: ("conflict-of-interest", gettext_lazy("You said that you cannot judge this application.")),
}
"""What a decider still refuses after the guards, because somebody was quicker."""


@transaction.atomic
def apply_command(application: Application, command: str, *, by: Actor, override: str = "", **data: Any) -> object:
    """Give a command; the answer is the decider's.

    Raises `NotAllowed`, `WrongState` where it cannot follow, and `Refused` with what speaks against it. `override` is
    the reason for giving it all the same, where a guard allows that.
    """
    known = COMMANDS[command]
    row = Application.objects.select_for_update(of=("self",)).select_related("form_version", "programme").get(pk=application.pk)
    case = Situation(row, by, data)
    _refuse_stranger(known, case, narrowing(row.programme_id))
    if not _follows(known, case):
        raise WrongState(_("This is not possible in the state it is in now."))
    overridden = _overridden(known, case, override.strip())
    try:
        done = known.run(case, _in_words(overridden, override))
    except tuple(TRANSLATED) as refused:
        raise Refused(*TRANSLATED[type(refused)]) from refused
    _remember(case, known, overridden, override.strip())
    return done


def offered(application: Application, by: Actor, *, known: Mapping[str, Any] | None = None) -> list[Offer]:
    """What fits where the application stands: what this person can do, and why not otherwise.

    `known` are facts of the `Situation`, by name, that the caller has looked up already.
    """
    case, rules = Situation(application, by).knowing(known or {}), narrowing(application.programme_id)
    return [
        _offer(command, case, rules) for command in COMMANDS.values() if command.right and _follows(command, case) and _fits(command, case)
    ]


def narrowing(programme: Programme | int) -> Mapping[str, CommandPolicy]:
    """What the programme says about commands, by command."""
    return {policy.command: policy for policy in CommandPolicy.objects.filter(programme=programme)}


def groups_for(command: Command, rules: Mapping[str, CommandPolicy]) -> frozenset[StaffGroup]:
    """The staff groups that may give it: those of its right, and of them only whom the programme leaves."""
    if command.right is None or not _is_enabled(command, rules):
        return frozenset()
    policy = rules.get(command.key)
    return command.right.staff & frozenset(policy.groups) if policy and policy.groups else command.right.staff


def _is_enabled(command: Command, rules: Mapping[str, CommandPolicy]) -> bool:
    policy = rules.get(command.key)
    return policy is None or policy.is_enabled


def _refuse_stranger(command: Command, case: Situation, rules: Mapping[str, CommandPolicy]) -> None:
    """Raise `NotAllowed` unless this person may: the policy narrows what the right gives and never widens it."""
    if not _is_enabled(command, rules):
        raise NotAllowed(_("This programme does not use this."))
    if case.by.role == "applicant" and command.by_applicant:
        return
    if not _holds(command, case.by, rules) or not can_see_application(case.by, case.application):
        raise NotAllowed(_who_may(command, rules))


def _holds(command: Command, by: Actor, rules: Mapping[str, CommandPolicy]) -> bool:
    if command.right is None or by.user is None or not command.right.is_held_by(by):
        return False
    return by.user.is_superuser or bool(by.user.staff_groups & groups_for(command, rules))


def _who_may(command: Command, rules: Mapping[str, CommandPolicy]) -> str | Promise:
    names = ", ".join(str(group.label) for group in StaffGroup if group in groups_for(command, rules))
    return (
        format_lazy("{may} {names}", may=gettext_lazy("This is for:"), names=names) if names else gettext_lazy("This is for the applicant.")
    )


def _follows(command: Command, case: Situation) -> bool:
    """Whether the command can follow the state of the application, and of its decision where it is about one."""
    if case.application.state not in command.states:
        return False
    return not command.about or (case.decision is not None and case.decision.state in command.about)


def _fits(command: Command, case: Situation) -> bool:
    """Two commands undo each other: only the one that does something is shown."""
    return {"spam": case.application.spam_at is None, "not_spam": case.application.spam_at is not None}.get(command.key, True)


def _broken(command: Command, case: Situation) -> Iterator[Guard]:
    return (guard for guard in command.guards if not guard.holds(case))


def _overridden(command: Command, case: Situation, reason: str) -> list[Guard]:
    """The guards that are passed over with this reason. Raises `Refused` for the first that may not be, or has none."""
    broken = list(_broken(command, case))
    for guard in broken:
        if not (guard.may_be_overridden and reason):
            raise Refused(guard.key, guard.refusal, may_be_overridden=all(each.may_be_overridden for each in broken))
    return broken


def _in_words(overridden: list[Guard], reason: str) -> str:
    return f"{reason.strip()} ({', '.join(guard.key for guard in overridden)})" if overridden else ""


def _remember(case: Situation, command: Command, overridden: list[Guard], reason: str) -> None:
    if overridden and case.by.user is not None:
        Override.objects.create(
            application=case.application,
            command=command.key,
            guards=[guard.key for guard in overridden],
            reason=reason,
            person=case.by.user,
        )


def _offer(command: Command, case: Situation, rules: Mapping[str, CommandPolicy]) -> Offer:
    try:
        _refuse_stranger(command, case, rules)
        _overridden(command, case, "")
    except NotAllowed as refused:
        return Offer(command, refused.words)
    except Refused as refused:
        return Offer(command, refused.words, refused.may_be_overridden)
    return Offer(command)
