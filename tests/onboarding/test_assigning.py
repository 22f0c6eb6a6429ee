"""Who is asked to review, by when, and how they are urged."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ground.models import OutgoingMail
from ground.states import WrongState
from onboarding import assigning, conflicts, reviewing, urging
from onboarding.conflicts import Conflicted
from onboarding.emails import invited, late_reviews, review_due
from onboarding.models import Application, Assignment, ReviewPolicy
from onboarding.states import ApplicationState, AssignmentState, ConflictKind, ConflictSource
from tests.factories import UserFactory, acting
from tests.onboarding.factories import applied
from tests.onboarding.review_factories import in_review, lead, reviewed, reviewer

pytestmark = pytest.mark.django_db

INVITED, DUE, LATE = "onboarding/invited.txt", "onboarding/review_due.txt", "onboarding/late_reviews.txt"


@pytest.fixture
def application():
    return in_review()


@pytest.fixture
def boss():
    return acting(lead())


def mails(kind):
    return list(OutgoingMail.objects.filter(kind=kind).order_by("pk").values_list("to", flat=True))


# asking


def test_invite_asks_by_mail_until_the_policys_day(application, boss):
    ReviewPolicy.objects.create(programme=application.programme, review_days=7)
    ana = reviewer()
    assignment = assigning.invite(application, ana, by=boss)
    assert (assignment.state, assignment.invited_by, mails(INVITED)) == (AssignmentState.INVITED, boss.user, [[ana.email]])
    assert abs(assignment.due_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)


def test_invite_twice_asks_once(application, boss):
    ana = reviewer()
    assert assigning.invite(application, ana, by=boss) == assigning.invite(application, ana, by=boss)
    assert len(mails(INVITED)) == 1


@pytest.mark.parametrize("email", ["colleague@glaciares.example.org", "luis@glaciares.example.org"])
def test_invite_of_somebody_tied_is_refused_and_noted_for_the_lead(application, boss, email):
    with pytest.raises(Conflicted):
        assigning.invite(application, reviewer(email=email), by=boss)
    assert not Assignment.objects.exists()
    assert application.conflicts.get().source == ConflictSource.DETECTED


def test_invite_of_somebody_with_a_hard_conflict_is_refused(application, boss):
    ana = reviewer()
    reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=acting(ana))
    with pytest.raises(Conflicted):
        assigning.invite(application, ana, by=boss)


def test_invite_of_somebody_who_does_not_review_is_refused(application, boss):
    with pytest.raises(assigning.NotAReviewer):
        assigning.invite(application, UserFactory(), by=boss)


def test_invite_to_an_unconfirmed_application_is_refused(boss):
    with pytest.raises(WrongState):
        assigning.invite(applied(), reviewer(), by=boss)


def test_decline_with_a_word_may_be_followed_by_another_invitation(application, boss):
    ana = reviewer()
    assignment = assigning.decline(assigning.invite(application, ana, by=boss), reason="away until June", by=acting(ana))
    assert (assignment.state, assignment.decline_reason) == (AssignmentState.DECLINED, "away until June")
    again = assigning.invite(application, ana, by=boss)
    assert (again.pk, again.state, again.decline_reason, again.reminders) == (assignment.pk, AssignmentState.INVITED, "", 0)
    assert len(mails(INVITED)) == 2


def test_decline_of_anothers_and_of_what_is_done_are_refused(application, boss):
    ana = reviewer()
    assignment = assigning.invite(application, ana, by=boss)
    with pytest.raises(Conflicted):
        assigning.decline(assignment, reason="no", by=boss)
    reviewed(application, ana)
    with pytest.raises(WrongState):
        assigning.decline(assignment, reason="no", by=acting(ana))


def test_assignment_follows_the_review(application, boss):
    ana = reviewer()
    assignment = assigning.invite(application, ana, by=boss)
    states = []
    reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(ana))
    states.append(Assignment.objects.get().state)
    review = reviewed(application, ana)
    states.append(Assignment.objects.get().state)
    reviewing.reopen(review, by=acting(ana))
    states.append(Assignment.objects.get().state)
    reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=acting(ana))
    states.append(Assignment.objects.get().state)
    assert states == [AssignmentState.ACCEPTED, AssignmentState.DONE, AssignmentState.ACCEPTED, AssignmentState.RECUSED]
    assert assignment.stage_events().count() == 4


def test_candidates_have_who_has_least_to_do_first(application, boss):
    busy, _free = reviewer(name="Busy"), reviewer(name="Free")
    for _ in range(2):
        assigning.invite(in_review(), busy, by=boss)
    tied = reviewer(name="Tied", email="luis@glaciares.example.org")
    conflicts.look(application, by=acting(tied))
    found = {each.person.name: (each.load, each.may_be_invited) for each in assigning.candidates(application)}
    assert (found["Busy"], found["Free"], found["Tied"]) == ((2, True), (0, True), (0, False))
    names = [each.person.name for each in assigning.candidates(application)]
    assert names.index("Free") < names.index("Busy")


def test_free_to_judge_counts_whom_nothing_keeps_from_it(application, boss):
    ana, bruno, carla = (reviewer() for _ in range(3))
    for each in (ana, bruno, carla):
        assigning.invite(application, each, by=boss)
    assigning.decline(Assignment.objects.get(reviewer=carla), reason="away", by=acting(carla))
    assigning.recuse(application, bruno, kind=ConflictKind.PERSONAL, note="x", by=boss)
    assert assigning.free_to_judge(application) == 1


def test_second_assignment_of_a_person_is_refused_by_the_database(application, boss):
    ana = reviewer()
    assignment = assigning.invite(application, ana, by=boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(application=application, reviewer=ana, due_at=assignment.due_at, invited_by=boss.user)


# urging


def urged(now):
    return (urging.urge(now), urging.urge(now), urging.tell_leads(now), urging.tell_leads(now))


def test_three_mails_then_the_leads_each_once(application, boss):
    ana = reviewer()
    due = assigning.invite(application, ana, by=boss).due_at
    leads = assigning.reviewers().filter(groups__name="Review lead").count()
    assert urged(due - timedelta(days=4)) == (0, 0, 0, 0)
    assert urged(due - timedelta(days=3)) == (1, 0, 0, 0)
    assert urged(due) == (1, 0, 0, 0)
    assert urged(due + timedelta(days=3)) == (1, 0, leads, 0)
    assert urged(due + timedelta(days=30)) == (0, 0, 0, 0)
    assert (mails(DUE), len(mails(LATE))) == ([[ana.email]] * 3, leads)


def test_scheduler_that_slept_sends_one_mail_for_where_it_stands(application, boss):
    due = assigning.invite(application, reviewer(), by=boss).due_at
    assert urging.urge(due + timedelta(days=1)) == 1
    assert Assignment.objects.get().reminders == 2


@pytest.mark.parametrize("change", [{"state": ApplicationState.DECIDED}, {"spam_at": timezone.now()}])
def test_nobody_is_urged_for_what_is_not_reviewed_any_more(application, boss, change):
    due = assigning.invite(application, reviewer(), by=boss).due_at
    Application.objects.filter(pk=application.pk).update(**change)
    assert urged(due + timedelta(days=3)) == (0, 0, 0, 0)


def test_nobody_is_urged_for_what_is_done(application, boss):
    ana = reviewer()
    due = assigning.invite(application, ana, by=boss).due_at
    reviewed(application, ana)
    assert urged(due + timedelta(days=3)) == (0, 0, 0, 0)


def test_mails_name_the_application_and_the_day(application, boss):
    assignment = assigning.invite(application, reviewer(name="Ana"), by=boss)
    asked = invited.render(OutgoingMail(kind=INVITED, params={"assignment_id": assignment.pk}, to=["a@example.org"], language="en"))
    assert asked.subject == f"Please review Red Andina de Glaciares ({application.reference})"
    assert f"/review/{application.reference}/" in asked.body
    subjects = []
    for days in (3, 0, -3):
        Assignment.objects.update(due_at=timezone.now() + timedelta(days=days))
        row = OutgoingMail(kind=DUE, params={"assignment_id": assignment.pk}, to=["a@example.org"], language="en")
        subjects.append(review_due.render(row).subject)
    assert subjects == [
        "Your review of Red Andina de Glaciares is due in 3 days",
        "Your review of Red Andina de Glaciares is due today",
        "Your review of Red Andina de Glaciares was due 3 days ago",
    ]
    late = late_reviews.render(OutgoingMail(kind=LATE, params={"assignment_ids": [assignment.pk]}, to=["a@example.org"], language="en"))
    assert late.subject == "1 review did not come"
    assert "Ana" in late.body
