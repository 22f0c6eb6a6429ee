"""Conflicts of interest: what ties a person to an application, said or found, and who may read and judge it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community, Membership, User
from ground.actors import Actor
from ground.states import WrongState
from onboarding.hub_facts import as_person
from onboarding.likeness import domain_of, host_of
from onboarding.models import Application, Conflict
from onboarding.states import HARD_CONFLICTS, ConflictKind, ConflictSource, Tie

NAMED_IN = ("people.community_champion", "people.hub_champion", "people.approver")
PRECISE = {Tie.MEMBER: ConflictKind.MEMBER, Tie.NAMED: ConflictKind.MEMBER, Tie.DOMAIN: ConflictKind.INSTITUTION}


class Conflicted(Exception):
    """This person has not said whether there is a conflict of interest, or there is one."""


def ties(application: Application, user: User) -> list[Tie]:
    """What comparing the person with the application finds, the plainest first."""
    found = {
        Tie.MEMBER: _belongs(application, _communities_of(user)),
        Tie.NAMED: _is_named(application, user),
        Tie.DOMAIN: _shares_domain(application, user),
    }
    return [tie for tie, holds in found.items() if holds]


def look(application: Application, *, by: Actor) -> Conflict | None:
    """What is known of this person's ties, compared now if nobody has asked before; None when there is nothing yet."""
    known = _kept(application, by)
    if known is not None or by.user is None:
        return known
    found = ties(application, by.user)
    return _note_found(application, by.user, found) if found else None


def declared(application: Application, *, by: Actor) -> Conflict | None:
    """What stands of this person's ties to the application; None as long as it is for them to say."""
    conflict = _kept(application, by)
    return conflict if conflict is not None and conflict.is_answered else None


@transaction.atomic
def say(application: Application, *, kind: ConflictKind, note: str = "", by: Actor) -> Conflict:
    """Write down what the person says. What was found plainly stands whatever they say; what was found stays beside it.

    Raises `WrongState` for what they cannot take back: a lead's word, and that they cannot judge.
    """
    user = person(by)
    known = Conflict.objects.select_for_update().filter(application=application, person=user).first()
    if known is not None and not known.may_become(kind):
        raise WrongState(_("What was noted here stands. If it is a mistake, please tell a review lead."))
    found = list(known.ties) if known else ties(application, user)
    conflict = known or Conflict(application=application, person=user)
    conflict.ties, conflict.note = found, note
    if conflict.is_plain and kind not in HARD_CONFLICTS:
        conflict.kind, conflict.source = ConflictKind.MEMBER, ConflictSource.DETECTED
    else:
        conflict.kind, conflict.source = kind, ConflictSource.DECLARED
    if conflict.is_waived and kind in HARD_CONFLICTS:
        conflict.waived_at, conflict.waived_by, conflict.waive_reason = None, None, ""
    conflict.save()
    log(application, "onboarding.declare_conflict", user=user, data={"said": str(kind), "kind": str(conflict.kind)})
    return conflict


@transaction.atomic
def waive(conflict: Conflict, *, reason: str, by: Actor) -> Conflict:
    """Let the person judge in spite of it, with a reason. Raises `Conflicted` for a lead's own, or one who has a hard one here."""
    lead = refuse_hard(conflict.application, by=by)
    conflict = Conflict.objects.select_for_update().select_related("application", "person").get(pk=conflict.pk)
    if conflict.person_id == lead.pk:
        raise Conflicted
    if not conflict.may_be_waived:
        raise WrongState(_("They said themselves that they cannot judge this application, or there is nothing to waive."))
    conflict.waived_by, conflict.waived_at, conflict.waive_reason = lead, timezone.now(), reason
    conflict.save()
    log(conflict.application, "onboarding.waive_conflict", user=lead, data={"person": str(conflict.person), "reason": reason})
    return conflict


def may_judge(application: Application, *, by: Actor) -> bool:
    """Whether this person said that they can judge."""
    conflict = declared(application, by=by)
    return conflict is not None and not conflict.is_hard


def refuse_undeclared(application: Application, *, by: Actor) -> None:
    """Raise `Conflicted` unless this person said that they can judge."""
    if not may_judge(application, by=by):
        raise Conflicted


def refuse_hard(application: Application, *, by: Actor) -> User:
    """The person, unless something said or found keeps them from judging: then `Conflicted`."""
    user, known = person(by), _kept(application, by)
    if known.is_hard if known is not None else ties(application, user):
        raise Conflicted
    return user


def untied(applications: Iterable[Application], *, by: Actor) -> list[Application]:
    """Those of them that nothing said or plainly found keeps this person from reading: for what stands beside one they may judge."""
    rows, user = list(applications), person(by)
    known = {conflict.application_id: conflict for conflict in Conflict.objects.filter(application__in=rows, person=user)}
    theirs = list(_communities_of(user))

    def is_tied(row: Application) -> bool:
        return known[row.pk].is_hard if row.pk in known else _is_named(row, user) or _belongs(row, theirs)

    return [row for row in rows if not is_tied(row)]


def person(by: Actor) -> User:
    """The person who acts; nobody judges without a name."""
    if by.user is None:
        raise Conflicted
    return by.user


def _kept(application: Application, by: Actor) -> Conflict | None:
    return Conflict.objects.filter(application=application, person=by.user).first() if by.user else None


def _note_found(application: Application, user: User, found: list[Tie]) -> Conflict:
    kept: dict[str, Any] = {"kind": PRECISE[found[0]], "source": ConflictSource.DETECTED, "ties": list(found)}
    conflict, _is_new = Conflict.objects.get_or_create(application=application, person=user, defaults=kept)
    return conflict


def _communities_of(user: User) -> Iterable[Community]:
    return Community.objects.filter(memberships__in=Membership.objects.filter(user=user)).only("website")


def _belongs(application: Application, theirs: Iterable[Community]) -> bool:
    """A member of the community it founded, or of one with the same website."""
    host = host_of(str(application.answers.get("community.website") or ""))
    return any(community.pk == application.community_id or (host and host_of(community.website) == host) for community in theirs)


def _is_named(application: Application, user: User) -> bool:
    named = (as_person(application.answers, key) for key in NAMED_IN)
    addresses = {each["email"].strip().lower() for each in named if each} | {application.email.lower()}
    return user.email.lower() in addresses


def _shares_domain(application: Application, user: User) -> bool:
    domain = domain_of(user.email)
    return domain != "" and domain == domain_of(application.email)
