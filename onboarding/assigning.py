"""Assigning: a lead asks people to review, they decline with a word, and the load of each is known."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import User
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts, reviewing
from onboarding.conflicts import Conflicted
from onboarding.emails import invited
from onboarding.models import Application, Assignment, Conflict, ReviewPolicy
from onboarding.states import DUE, ApplicationState, AssignmentState, ConflictKind, ConflictSource

SCORERS = (StaffGroup.REVIEWER, StaffGroup.REVIEW_LEAD)
OPEN_TO_ASSIGNING = frozenset({ApplicationState.SCREENING, ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION})


class NotAReviewer(Exception):
    """This person does not review."""


@dataclass(frozen=True)
class Candidate:
    """Somebody who could review an application: how much they have, and what would keep them from it."""

    person: User
    load: int
    assignment: Assignment | None
    conflict: Conflict | None

    @property
    def may_be_invited(self) -> bool:
        if self.conflict is not None and (self.conflict.is_hard or not self.conflict.is_answered):
            return False
        return self.assignment is None or self.assignment.state in {AssignmentState.DECLINED, AssignmentState.RECUSED}


def invite(application: Application, reviewer: User, *, due_at: datetime | None = None, by: Actor) -> Assignment:
    """Ask somebody to review, by mail, until a day. Asking twice asks once; who declined may be asked again.

    Raises `Conflicted` when something said or found keeps them from it (what was found stays noted), `NotAReviewer`, `WrongState`.
    """
    _refuse_unfit(application, reviewer)
    return _invite(application, reviewer, due_at or due_from_now(application), by)


@transaction.atomic
def _invite(application: Application, reviewer: User, due_at: datetime, by: Actor) -> Assignment:
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state not in OPEN_TO_ASSIGNING or application.duplicate_of_id or application.spam_at:
        raise WrongState(_("This application is not being reviewed."))
    assignment = Assignment.objects.filter(application=application, reviewer=reviewer).first()
    if assignment is not None and assignment.state not in {AssignmentState.DECLINED, AssignmentState.RECUSED}:
        return assignment
    assignment = _asked(application, reviewer, assignment, due_at, by)
    invited.queue(to=reviewer.email, language=reviewer.language, assignment_id=assignment.pk)
    log(application, "onboarding.invite_reviewer", user=by.user, data={"reviewer": str(reviewer), "by": by.label})
    return assignment


@transaction.atomic
def decline(assignment: Assignment, *, reason: str, by: Actor) -> Assignment:
    """Say no, with a word for the lead. Raises `WrongState` once it is settled, `Conflicted` for anybody else."""
    assignment = Assignment.objects.select_for_update(of=("self",)).select_related("application").get(pk=assignment.pk)
    if by.user is None or assignment.reviewer_id != by.user.pk:
        raise Conflicted
    assignment.decline_reason = reason
    assignment.save(update_fields=["decline_reason"])
    return assignment.move_to(AssignmentState.DECLINED, by=by, note=reason)


@transaction.atomic
def waive(conflict: Conflict, *, reason: str, by: Actor) -> Conflict:
    """Waive a conflict; who was recused for it is asked again. Raises `Conflicted` and `WrongState`."""
    conflict = conflicts.waive(conflict, reason=reason, by=by)
    recused = Assignment.objects.filter(application=conflict.application, reviewer=conflict.person, state=AssignmentState.RECUSED)
    for assignment in recused:
        _asked(conflict.application, conflict.person, assignment, due_from_now(conflict.application), by)
    return conflict


@transaction.atomic
def recuse(application: Application, reviewer: User, *, kind: ConflictKind, note: str, by: Actor) -> Conflict:
    """A lead knows of a conflict that nobody has said: it stands, and the person is not asked."""
    lead = conflicts.refuse_hard(application, by=by)
    conflict, _is_new = Conflict.objects.update_or_create(
        application=application,
        person=reviewer,
        defaults={
            "kind": kind,
            "note": note,
            "source": ConflictSource.STAFF,
            "waived_by": None,
            "waived_at": None,
            "waive_reason": "",
        },
    )
    if conflict.is_hard:
        reviewing.retract(application, reviewer, note=note, by=by)
    for assignment in Assignment.objects.filter(application=application, reviewer=reviewer):
        if conflict.is_hard and assignment.can_move_to(AssignmentState.RECUSED):
            assignment.move_to(AssignmentState.RECUSED, by=by, note=note)
    log(application, "onboarding.state_conflict", user=lead, data={"person": str(reviewer), "kind": str(kind)})
    return conflict


def due_from_now(application: Application) -> datetime:
    """By when a review is asked for, as the programme's policy says."""
    return timezone.now() + timedelta(days=ReviewPolicy.of(application.programme_id).review_days)


def candidates(application: Application) -> list[Candidate]:
    """Everybody who reviews, who has least to do first."""
    people = reviewers().annotate(load=Count("assignments", filter=Q(assignments__state__in=DUE)))
    assigned = {row.reviewer_id: row for row in application.assignments.all()}
    known = {row.person_id: row for row in application.conflicts.select_related("person", "waived_by")}
    return [
        Candidate(person, person.load, assigned.get(person.pk), known.get(person.pk))
        for person in sorted(people, key=lambda each: (each.load, str(each)))
    ]


def reviewers() -> QuerySet[User]:
    """Everybody who may score."""
    return User.objects.filter(is_active=True, groups__name__in=[group.value for group in SCORERS]).distinct()


def free_to_judge(application: Application) -> int:
    """How many people are asked, or have reviewed, whom nothing keeps from it."""
    hard = application.conflicts.hard().values("person")
    return application.assignments.standing().exclude(reviewer__in=hard).count()


def _refuse_unfit(application: Application, reviewer: User) -> None:
    if not set(SCORERS) & set(reviewer.staff_groups):
        raise NotAReviewer
    conflict = conflicts.look(application, by=Actor.person(reviewer))
    if conflict is not None and (conflict.is_hard or not conflict.is_answered):
        raise Conflicted


def _asked(application: Application, reviewer: User, known: Assignment | None, due_at: datetime, by: Actor) -> Assignment:
    asker = conflicts.person(by)
    if known is None:
        return Assignment.objects.create(application=application, reviewer=reviewer, due_at=due_at, invited_by=asker)
    known.due_at, known.invited_at, known.invited_by = due_at, timezone.now(), asker
    known.reminders, known.told_leads_at, known.decline_reason = 0, None, ""
    known.save(update_fields=["due_at", "invited_at", "invited_by", "reminders", "told_leads_at", "decline_reason"])
    return known.move_to(AssignmentState.INVITED, by=by)
