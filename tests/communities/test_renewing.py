"""A year on: both sides are asked once, say that it is still right, or have the day moved."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from communities import matrix, renewing, tasks
from communities.matrix_rows import RowChange
from communities.models import ResponsibilityMatrix, ServicePolicy
from communities.roles import Role, StaffGroup
from communities.states import MatrixKind, MatrixState, Party
from ground.models import OutgoingMail
from ground.states import WrongState
from tests.communities.factories import agreed_matrix, proposed_matrix, review_due, signers
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory()


def asked():
    return OutgoingMail.objects.filter(kind="communities/matrix_review.txt").count()


def test_agreement_is_looked_at_again_after_as_long_as_the_policy_says(community):
    ServicePolicy.objects.create(programme=community.programme, agreement_days=100)
    assert agreed_matrix(community).review_on == timezone.localdate() + timedelta(days=100)


def test_both_sides_are_asked_once_when_the_day_has_come(community):
    agreed = agreed_matrix(community)
    tasks.ask_for_renewals()
    assert asked() == 0
    ResponsibilityMatrix.objects.filter(pk=agreed.pk).update(review_on=timezone.localdate())
    tasks.ask_for_renewals()
    tasks.ask_for_renewals()
    assert asked() == 2


def test_asking_about_what_does_not_hold_asks_nobody(community):
    assert not renewing.ask(proposed_matrix(community).pk)


def test_still_right_by_both_is_agreed_again_with_the_same_rows_and_a_new_day(community):
    before = review_due(community)
    ana, guide = signers(community)
    half = renewing.still_right(community, by=ana)
    assert (half.state, half.kind, half.number) == (MatrixState.PROPOSED, MatrixKind.RENEWAL, 2)
    whole = renewing.still_right(community, by=guide)
    before.refresh_from_db()
    assert (before.state, whole.state, whole.renewal_asked_at) == (MatrixState.REPLACED, MatrixState.AGREED, None)
    assert whole.review_on == timezone.localdate() + timedelta(days=365)
    assert [row.said() for row in whole.rows.all()] == [row.said() for row in before.rows.all()]


def test_still_right_before_anybody_asked_is_refused(community):
    agreed_matrix(community)
    with pytest.raises(WrongState):
        renewing.still_right(community, by=signers(community)[0])


def test_still_right_by_a_plain_member_is_refused(community):
    review_due(community)
    with pytest.raises(matrix.NotYours):
        renewing.still_right(community, by=acting(member(community, Role.MEMBER)))
    assert community.matrices.count() == 1


def test_still_right_while_a_change_is_proposed_is_refused(community):
    review_due(community)
    ana, guide = signers(community)
    matrix.propose_change(community, [RowChange(key="day.accounts", party=Party.SHARED)], reason="We grew.", by=ana)
    with pytest.raises(WrongState):
        renewing.still_right(community, by=guide)


def test_day_moved_later_lets_both_be_asked_again(community):
    due = review_due(community)
    later = timezone.localdate() + timedelta(days=30)
    moved = renewing.look_again_on(due, later, by=acting(staff(StaffGroup.OPERATOR)))
    assert (moved.review_on, moved.renewal_asked_at) == (later, None)


def test_day_moved_by_a_representative_is_refused(community):
    with pytest.raises(matrix.NotYours):
        renewing.look_again_on(agreed_matrix(community), date(2030, 1, 1), by=signers(community)[0])


def test_day_of_what_does_not_hold_is_refused(community):
    with pytest.raises(WrongState):
        renewing.look_again_on(proposed_matrix(community), date(2030, 1, 1), by=acting(staff(StaffGroup.OPERATOR)))


def test_in_a_renewal_a_representative_may_change_a_row_and_the_other_signature_falls(community):
    review_due(community)
    ana, guide = signers(community)
    renewal = renewing.still_right(community, by=guide)
    row = renewal.rows.select_related("matrix").get(key="day.accounts")
    assert matrix.may_change(ana, row)
    matrix.change_row(row, party=Party.SHARED, note="", by=ana)
    renewal.refresh_from_db()
    assert renewal.provider_agreed_at is None
