"""Conflicts of interest: who may read and judge an application."""

from communities.models import User
from ground.actors import Actor
from onboarding.models import Application, Conflict


class Conflicted(Exception):
    """This person has not said whether there is a conflict of interest, or there is one."""


def declared(application: Application, *, by: Actor) -> Conflict | None:
    """What this person said about their ties to the application; None as long as they have not."""
    return Conflict.objects.filter(application=application, person=by.user).first() if by.user else None


def may_judge(application: Application, *, by: Actor) -> bool:
    """Whether this person said that they can judge."""
    conflict = declared(application, by=by)
    return conflict is not None and not conflict.is_hard


def refuse_undeclared(application: Application, *, by: Actor) -> None:
    """Raise `Conflicted` unless this person said that they can judge."""
    if not may_judge(application, by=by):
        raise Conflicted


def refuse_hard(application: Application, *, by: Actor) -> User:
    """The person, unless they said that they cannot judge: then `Conflicted`."""
    conflict = declared(application, by=by)
    if conflict is not None and conflict.is_hard:
        raise Conflicted
    return person(by)


def person(by: Actor) -> User:
    """The person who acts; nobody judges without a name."""
    if by.user is None:
        raise Conflicted
    return by.user
