"""The responsibility matrix from draft to agreed."""

import pytest

from communities import matrix
from communities.models import ResponsibilityMatrix
from communities.roles import Role, StaffGroup
from communities.states import MatrixState, Party
from ground.actors import Actor
from ground.states import WrongState
from tests.communities.factories import drafted_matrix, proposed_matrix, settled_matrix
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory()


def test_draft_takes_every_row_of_the_template_in_order(community):
    drafted = drafted_matrix(community)
    assert [(row.key, row.party) for row in drafted.rows.all()] == [("day.accounts", "community"), ("day.bill", "unset")]


def test_draft_while_one_is_open_is_refused(community):
    drafted_matrix(community)
    with pytest.raises(WrongState):
        matrix.draft(community, by=Actor.system())


def test_draft_is_not_shown_to_the_community(community):
    drafted_matrix(community)
    assert not ResponsibilityMatrix.objects.visible_to(acting(member(community))).exists()


def test_agree_with_rows_to_be_decided_is_refused(community):
    with pytest.raises(matrix.NotSettled):
        matrix.agree(proposed_matrix(community), by=acting(member(community)))


def test_agree_as_a_plain_member_is_refused(community):
    with pytest.raises(matrix.NotYours):
        matrix.agree(settled_matrix(community), by=acting(member(community, Role.MEMBER)))


def test_agree_as_the_representative_of_another_community_is_refused(community):
    with pytest.raises(matrix.NotYours):
        matrix.agree(settled_matrix(community), by=acting(member(CommunityFactory())))


def test_agree_to_a_draft_is_refused(community):
    with pytest.raises(WrongState):
        matrix.agree(drafted_matrix(community), by=acting(member(community)))


def test_agree_by_both_sides_makes_it_hold(community):
    ana, guide = member(community), staff(StaffGroup.COMMUNITY_GUIDE)
    half = matrix.agree(settled_matrix(community), by=acting(ana))
    assert (half.state, half.community_agreed_by, half.provider_agreed_by) == (MatrixState.PROPOSED, ana, None)
    whole = matrix.agree(half, by=acting(guide))
    assert (whole.state, whole.provider_agreed_by) == (MatrixState.AGREED, guide)
    assert matrix.agreed_row(community, "day.bill").party == Party.COMMUNITY


def test_change_row_makes_earlier_agreements_fall(community):
    half = matrix.agree(settled_matrix(community), by=acting(member(community)))
    matrix.change_row(half.rows.first(), party=Party.SHARED, note="half each", by=Actor.system())
    half.refresh_from_db()
    assert (half.community_agreed_by, half.community_agreed_at) == (None, None)


def test_change_row_of_an_agreed_matrix_is_refused(community):
    ana, guide = member(community), staff(StaffGroup.COMMUNITY_GUIDE)
    whole = matrix.agree(matrix.agree(settled_matrix(community), by=acting(ana)), by=acting(guide))
    with pytest.raises(WrongState):
        matrix.change_row(whole.rows.first(), party=Party.SHARED, note="", by=acting(guide))


def test_a_new_agreement_replaces_the_one_before(community):
    ana, guide = acting(member(community)), acting(staff(StaffGroup.COMMUNITY_GUIDE))
    first = matrix.agree(matrix.agree(settled_matrix(community), by=ana), by=guide)
    second = matrix.agree(matrix.agree(settled_matrix(community), by=ana), by=guide)
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == (MatrixState.REPLACED, MatrixState.AGREED, 2)
