"""Changing what was agreed: proposed, withdrawn, signatures that fall, and who hears of it."""

import pytest
from django.db import IntegrityError, transaction

from communities import differences, matrix, matrix_history
from communities.differences import Change
from communities.matrix_rows import RowChange
from communities.models import MatrixRow, ResponsibilityMatrix
from communities.roles import Role, StaffGroup
from communities.states import MatrixKind, MatrixState, Party, Side
from communities.templating import freeze
from ground.actors import Actor
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from tests.communities.factories import (
    AREAS,
    agreed_matrix,
    proposed_change,
    proposed_matrix,
    settled_matrix,
    signed,
    signers,
)
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db
SHARED = RowChange(key="day.accounts", party=Party.SHARED, note="half each")


@pytest.fixture
def community():
    return CommunityFactory()


def rows(found):
    return [(row.key, row.party, row.note) for row in found.rows.all()]


def mails(kind):
    return sorted((row.to[0], row.language) for row in OutgoingMail.objects.filter(kind=f"communities/{kind}.txt"))


def test_change_is_a_new_numbered_matrix_and_the_agreed_one_holds(community):
    proposed = proposed_change(community)
    assert (proposed.number, proposed.state, proposed.kind, proposed.proposed_side) == (
        2,
        MatrixState.PROPOSED,
        MatrixKind.CHANGE,
        Side.COMMUNITY,
    )
    assert rows(proposed) == [("day.accounts", "shared", "half each"), ("day.bill", "community", "")]
    assert matrix.agreed_row(community, "day.accounts").party == Party.COMMUNITY


def test_change_agreed_by_both_replaces_the_one_before(community):
    both = signed(proposed_change(community), by=signers(community))
    assert [each.state for each in community.matrices.order_by("number")] == [MatrixState.REPLACED, MatrixState.AGREED]
    assert both.review_on is not None


def test_change_carries_the_rows_the_template_has_got_since(community):
    agreed_matrix(community)
    newer = [
        {**AREAS[0], "rows": [*AREAS[0]["rows"], {"key": "day.backup", "text": {"en": "Keep copies"}, "party": "provider", "role": ""}]}
    ]
    freeze(community.programme, newer)
    proposed = matrix.propose_change(community, [], reason="Copies.", by=signers(community)[1])
    assert [row.key for row in proposed.rows.all()] == ["day.accounts", "day.bill", "day.backup"]


def test_change_that_says_what_is_agreed_is_refused(community):
    agreed_matrix(community)
    same = RowChange(key="day.accounts", party=Party.COMMUNITY)
    with pytest.raises(matrix.NothingChanged):
        matrix.propose_change(community, [same], reason="No reason.", by=signers(community)[0])
    assert community.matrices.count() == 1


def test_change_by_a_plain_member_is_refused(community):
    agreed_matrix(community)
    with pytest.raises(matrix.NotYours):
        matrix.propose_change(community, [SHARED], reason="We grew.", by=acting(member(community, Role.MEMBER)))


def test_change_by_the_representative_of_another_community_is_refused(community):
    agreed_matrix(community)
    with pytest.raises(matrix.NotYours):
        matrix.propose_change(community, [SHARED], reason="We grew.", by=acting(member(CommunityFactory())))


def test_change_while_another_is_open_is_refused(community):
    proposed_change(community)
    with pytest.raises(WrongState):
        matrix.propose_change(community, [SHARED], reason="Again.", by=signers(community)[1])


def test_change_of_what_nobody_agreed_is_refused(community):
    with pytest.raises(WrongState):
        matrix.propose_change(community, [SHARED], reason="Early.", by=acting(member(community)))


def test_change_is_told_to_the_other_side_once(community):
    guide = staff(StaffGroup.COMMUNITY_GUIDE, language="fr")
    proposed_change(community)
    assert mails("matrix_change_proposed") == [(guide.email, "fr")]


def test_withdrawn_change_leaves_what_was_agreed(community):
    proposed = proposed_change(community)
    withdrawn = matrix.withdraw(proposed, reason="We found another way.", by=signers(community)[0])
    assert (withdrawn.state, withdrawn.withdrawn_reason) == (MatrixState.WITHDRAWN, "We found another way.")
    assert withdrawn.stage_events().last().note == "We found another way."
    assert community.matrices.agreed().get().number == 1
    assert len(mails("matrix_withdrawn")) == 1


def test_withdrawing_what_the_other_side_proposed_is_refused(community):
    with pytest.raises(matrix.NotYours):
        matrix.withdraw(proposed_change(community), reason="No.", by=signers(community)[1])


def test_withdrawing_the_first_one_is_refused(community):
    with pytest.raises(WrongState):
        matrix.withdraw(proposed_matrix(community), reason="No.", by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))


def test_withdrawing_twice_is_refused(community):
    proposed = proposed_change(community)
    matrix.withdraw(proposed, reason="No.", by=signers(community)[0])
    with pytest.raises(WrongState):
        matrix.withdraw(proposed, reason="No.", by=signers(community)[0])


def test_withdrawn_without_a_reason_is_refused_by_the_database(community):
    proposed = proposed_change(community)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponsibilityMatrix.objects.filter(pk=proposed.pk).update(state=MatrixState.WITHDRAWN)


def test_change_based_on_nothing_is_refused_by_the_database(community):
    proposed = proposed_matrix(community)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponsibilityMatrix.objects.filter(pk=proposed.pk).update(kind=MatrixKind.CHANGE)


def test_signature_that_falls_is_told_to_both_sides_with_the_row_before_and_after(community, mailoutbox):
    ana, guide = member(community, name="Ana Paz", language="es"), staff(StaffGroup.COMMUNITY_GUIDE, name="Gita Rao")
    half = matrix.agree(settled_matrix(community), by=acting(ana))
    matrix.change_row(half.rows.get(key="day.accounts"), party=Party.PROVIDER, note="", minutes=240, by=acting(guide))
    assert mails("matrix_signature_fell") == sorted([(ana.email, "es"), (guide.email, "en")])
    perform_due()
    said = next(message.body for message in mailoutbox if message.to == [guide.email])
    assert "Add people (Gita Rao)" in said
    assert "Who does it: Community → Example Hubs" in said
    assert "Time: not said → 4 hours a quarter" in said


def test_row_saved_as_it_was_keeps_the_signature(community):
    half = matrix.agree(settled_matrix(community), by=acting(member(community)))
    row = half.rows.get(key="day.accounts")
    matrix.change_row(row, party=Party(row.party), note=row.note, by=Actor.system())
    half.refresh_from_db()
    assert half.community_agreed_at is not None


def test_history_says_who_changed_which_row_from_what_to_what(community):
    proposed, guide = settled_matrix(community), staff(StaffGroup.COMMUNITY_GUIDE, name="Gita Rao")
    matrix.change_row(proposed.rows.get(key="day.accounts"), party=Party.SHARED, note="half each", by=acting(guide))
    (entry,) = matrix_history.row_changes(proposed, since=None)
    assert (entry.row, entry.who, entry.side) == ("day.accounts", "Gita Rao", "provider")
    assert entry.changes == [Change("party", "community", "shared"), Change("note", "", "half each")]


def test_mark_read_by_somebody_who_signs_for_neither_side_is_refused(community):
    with pytest.raises(matrix.NotYours):
        matrix.mark_read(proposed_matrix(community), by=acting(member(community, Role.HUB_CHAMPION)))


def test_mark_read_moves_what_is_new_for_that_side_alone(community):
    proposed, (ana, _guide) = proposed_matrix(community), signers(community)
    matrix.mark_read(proposed, by=ana)
    proposed.refresh_from_db()
    assert proposed.community_read_at is not None
    assert proposed.provider_read_at is None


@pytest.mark.parametrize(
    ("group", "role", "may"),
    [
        (StaffGroup.COMMUNITY_GUIDE, None, {"day.accounts", "day.bill"}),
        (StaffGroup.ENGINEER, None, set()),
        (None, Role.REPRESENTATIVE, {"day.bill"}),
        (None, Role.HUB_CHAMPION, set()),
    ],
)
def test_of_a_first_matrix_editors_change_every_row_and_a_representative_what_is_open(community, group, role, may):
    actor = acting(staff(group) if group else member(community, role))
    found = MatrixRow.objects.filter(matrix=proposed_matrix(community)).select_related("matrix")
    assert {row.key for row in found if matrix.may_change(actor, row)} == may


def test_of_a_proposed_change_a_representative_changes_every_row(community):
    proposed = proposed_change(community)
    ana = signers(community)[0]
    assert all(matrix.may_change(ana, row) for row in proposed.rows.select_related("matrix"))


def test_agreement_keeps_in_which_role_each_side_signed(community):
    agreed = agreed_matrix(community)
    assert [(each.side, str(each.role)) for each in agreed.signatures()] == [
        ("provider", "Community guide"),
        ("community", "Representative"),
    ]


def test_compare_finds_changed_new_and_gone_rows(community):
    before, after = agreed_matrix(community), None
    kept, left = before.rows.all()
    after = MatrixRow(key="day.accounts", party="shared", text=kept.text, note="")
    new = MatrixRow(key="day.new", party="provider", text={"en": "New"})
    difference = differences.compare([kept, left], [after, new])
    assert [(pair.key, bool(pair.before), bool(pair.after)) for pair in difference.changed] == [
        ("day.accounts", True, True),
        ("day.new", False, True),
        ("day.bill", True, False),
    ]
    assert difference.changed[0].changes == [Change("party", "community", "shared")]
