"""Conflicts of interest: what is found, what is said, what a lead waives."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from communities.models import Membership
from communities.roles import Role
from ground.states import WrongState
from onboarding import assigning, conflicts, reviewing
from onboarding.conflicts import Conflicted
from onboarding.models import Conflict, Review
from onboarding.states import AssignmentState, ConflictKind, ConflictSource, Outcome, ReviewState, Tie
from tests.factories import CommunityFactory, acting
from tests.onboarding.review_factories import in_review, lead, marks, reviewed, reviewer

pytestmark = pytest.mark.django_db

COLLEAGUE = "colleague@glaciares.example.org"
CHAMPION = "luis@glaciares.example.org"


@pytest.fixture
def application():
    return in_review()


def test_stranger_has_no_ties(application):
    assert conflicts.ties(application, reviewer()) == []
    assert conflicts.look(application, by=acting(reviewer())) is None


def test_same_mail_domain_is_found_and_a_common_provider_is_not(application):
    assert conflicts.ties(application, reviewer(email=COLLEAGUE)) == [Tie.DOMAIN]
    free = in_review(email="ana@gmail.com")
    assert conflicts.ties(free, reviewer(email="rita@gmail.com")) == []


@pytest.mark.parametrize("email", [CHAMPION, "ana@glaciares.example.org"])
def test_person_the_application_names_is_found(application, email):
    assert Tie.NAMED in conflicts.ties(application, reviewer(email=email))


def test_approver_is_found():
    approver = {"name": "Eva", "email": "eva@ministry.example"}
    application = in_review()
    application.answers["people.approver"] = approver
    assert conflicts.ties(application, reviewer(email="EVA@ministry.example")) == [Tie.NAMED]


@pytest.mark.parametrize("website", ["https://www.glaciares.example.org/", ""])
def test_member_of_the_same_community_is_found(application, website):
    community = CommunityFactory(website=website)
    person = reviewer()
    Membership.objects.create(community=community, user=person, role=Role.MEMBER)
    if not website:
        application.community = community
    assert conflicts.ties(application, person) == [Tie.MEMBER]
    assert conflicts.ties(in_review(answers={}), person) == []


def test_found_domain_waits_for_the_persons_word_and_hides_everything_until_then(application):
    by = acting(reviewer(email=COLLEAGUE))
    conflict = conflicts.look(application, by=by)
    assert (conflict.source, conflict.kind, conflict.ties) == (ConflictSource.DETECTED, ConflictKind.INSTITUTION, [Tie.DOMAIN])
    assert not conflict.is_answered
    assert conflicts.declared(application, by=by) is None
    with pytest.raises(Conflicted):
        reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=by)
    said = reviewing.declare_conflict(application, kind=ConflictKind.NONE, note="another faculty", by=by)
    assert (said.source, said.kind, said.ties, said.is_hard) == (ConflictSource.DECLARED, ConflictKind.NONE, [Tie.DOMAIN], False)
    assert reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=by).is_submitted


def test_plain_tie_recuses_whatever_the_person_says(application):
    by = acting(reviewer(email=CHAMPION))
    said = reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=by)
    assert (said.kind, said.source, said.is_hard) == (ConflictKind.MEMBER, ConflictSource.DETECTED, True)
    with pytest.raises(Conflicted):
        reviewing.keep(application, scores=marks(), by=by)


@pytest.mark.parametrize("kind", [ConflictKind.NONE, ConflictKind.COLLABORATOR, ConflictKind.OTHER])
def test_word_of_a_lead_stands_whatever_the_person_says(application, kind):
    review = reviewed(application)
    by = acting(review.reviewer)
    assigning.recuse(application, review.reviewer, kind=ConflictKind.FINANCIAL, note="owns the firm", by=acting(lead()))
    with pytest.raises(WrongState):
        reviewing.declare_conflict(application, kind=kind, by=by)
    kept = Conflict.objects.get()
    assert (kept.kind, kept.source, kept.note, kept.is_hard) == (ConflictKind.FINANCIAL, ConflictSource.STAFF, "owns the firm", True)
    with pytest.raises(Conflicted):
        reviewing.keep(application, scores=marks(), by=by)


@pytest.mark.parametrize("email", ["rita@example.net", CHAMPION])
def test_who_cannot_judge_does_not_take_it_back_and_every_word_is_kept(application, email):
    by = acting(reviewer(email=email))
    reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=by)
    with pytest.raises(WrongState):
        reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=by)
    assert Conflict.objects.get().is_hard
    said = reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=by)
    assert (said.kind, said.source) == (ConflictKind.PERSONAL, ConflictSource.DECLARED)
    entries = ModelLogEntry.objects.filter(action="onboarding.declare_conflict").order_by("pk")
    assert [(entry.user, entry.data) for entry in entries] == [
        (by.user, {"said": kind, "kind": kind}) for kind in ("financial", "personal")
    ]


def test_looking_twice_notes_once(application):
    by = acting(reviewer(email=COLLEAGUE))
    assert conflicts.look(application, by=by) == conflicts.look(application, by=by)
    assert Conflict.objects.count() == 1


def test_found_tie_keeps_a_decider_from_deciding_without_opening_anything(application):
    with pytest.raises(Conflicted):
        conflicts.refuse_hard(application, by=acting(lead(email=CHAMPION)))


# waiving


def test_waived_conflict_lets_the_person_judge_and_says_who_when_why(application):
    by, boss = acting(reviewer(email=CHAMPION)), acting(lead())
    conflict = conflicts.look(application, by=by)
    waived = assigning.waive(conflict, reason="another Luis", by=boss)
    assert (waived.waived_by, waived.waive_reason, waived.is_hard, waived.is_answered) == (boss.user, "another Luis", False, True)
    assert waived.waived_at is not None
    assert reviewing.record(application, scores=marks(), recommendation=Outcome.ACCEPT, by=by).is_submitted


def test_waiver_asks_again_who_was_recused_for_it(application):
    by, boss = acting(reviewer(email=COLLEAGUE)), acting(lead())
    assigning.waive(conflicts.look(application, by=by), reason="a big university", by=boss)
    assignment = assigning.invite(application, by.user, by=boss)
    noted = assigning.recuse(application, by.user, kind=ConflictKind.PERSONAL, note="siblings", by=boss)
    assignment.refresh_from_db()
    assert (noted.is_hard, noted.ties, assignment.state) == (True, [Tie.DOMAIN], AssignmentState.RECUSED)
    assigning.waive(noted, reason="they are not", by=boss)
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.INVITED


@pytest.mark.parametrize("email", ["rita@example.net", COLLEAGUE, CHAMPION])
def test_hard_conflict_that_was_said_is_not_waived_whatever_was_found_beside_it(application, email):
    conflict = reviewing.declare_conflict(application, kind=ConflictKind.FINANCIAL, by=acting(reviewer(email=email)))
    with pytest.raises(WrongState):
        conflicts.waive(conflict, reason="never mind", by=acting(lead()))


def test_conflict_that_a_lead_noted_is_waived_by_a_lead(application):
    noted = assigning.recuse(application, reviewer(), kind=ConflictKind.FINANCIAL, note="a mix-up of names", by=acting(lead()))
    assert conflicts.waive(noted, reason="it was another Rita", by=acting(lead())).is_waived


def test_soft_conflict_that_was_said_is_waived(application):
    conflict = reviewing.declare_conflict(application, kind=ConflictKind.COLLABORATOR, by=acting(reviewer()))
    assert conflicts.waive(conflict, reason="one paper in 2019", by=acting(lead())).is_waived


def test_lead_waives_neither_their_own_nor_anything_where_they_are_conflicted(application):
    boss = acting(lead(email=COLLEAGUE))
    own = reviewing.declare_conflict(application, kind=ConflictKind.COLLABORATOR, by=boss)
    with pytest.raises(Conflicted):
        conflicts.waive(own, reason="trust me", by=boss)
    other = conflicts.look(application, by=acting(reviewer(email=CHAMPION)))
    reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=boss)
    with pytest.raises(Conflicted):
        conflicts.waive(other, reason="fine", by=boss)


def test_hard_word_after_a_waiver_ends_it(application):
    by = acting(reviewer(email=COLLEAGUE))
    assigning.waive(conflicts.look(application, by=by), reason="a big university", by=acting(lead()))
    said = reviewing.declare_conflict(application, kind=ConflictKind.PERSONAL, by=by)
    assert (said.is_hard, said.waived_at, said.waived_by, said.waive_reason) == (True, None, None, "")


def test_conflict_noted_by_a_lead_hides_the_application(application):
    review = reviewed(application)
    assigning.recuse(application, review.reviewer, kind=ConflictKind.SUPERVISOR, note="thesis 2020", by=acting(lead()))
    assert not Review.objects.visible_to(acting(review.reviewer)).exists()
    review.refresh_from_db()
    application.refresh_from_db()
    assert (review.state, application.reviews_submitted) == (ReviewState.RETRACTED, 0)


@pytest.mark.parametrize("fields", [{"waived_at": timezone.now()}, {"waive_reason": "x"}])
def test_waiver_without_name_time_or_reason_is_refused_by_the_database(application, fields):
    conflict = reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(reviewer()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).update(**fields)


def test_waiver_of_ones_own_is_refused_by_the_database(application):
    conflict = reviewing.declare_conflict(application, kind=ConflictKind.NONE, by=acting(reviewer()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Conflict.objects.filter(pk=conflict.pk).update(waived_by=conflict.person, waived_at=timezone.now(), waive_reason="x")
