"""Comments row by row, and what either side is told once a day."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from communities import discussing, matrix, tasks
from communities.access import can_read_comment, can_see_matrix
from communities.models import MatrixComment, ResponsibilityMatrix
from communities.roles import Role, StaffGroup
from communities.states import MatrixState, Party
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from tests.communities.factories import agreed_matrix, commented, drafted_matrix, proposed_matrix, settled_matrix, signers
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 3, 9, tzinfo=UTC)


@pytest.fixture
def community():
    return CommunityFactory()


def news():
    return [row.to[0] for row in OutgoingMail.objects.filter(kind="communities/matrix_news.txt").order_by("pk")]


def test_comment_keeps_the_side_of_its_author(community):
    said = commented(proposed_matrix(community))
    assert (said.side, said.row.key, said.is_question, said.resolved_at) == ("community", "day.bill", True, None)


def test_comment_by_a_plain_member_is_refused(community):
    with pytest.raises(matrix.NotYours):
        commented(proposed_matrix(community), by=acting(member(community, Role.MEMBER)))


def test_comment_by_another_community_is_refused(community):
    with pytest.raises(matrix.NotYours):
        commented(proposed_matrix(community), by=acting(member(CommunityFactory())))


@pytest.mark.parametrize("make", [drafted_matrix, agreed_matrix])
def test_comment_on_what_is_not_proposed_is_refused(community, make):
    with pytest.raises(WrongState):
        commented(make(community), by=acting(staff(StaffGroup.COMMUNITY_GUIDE)))


def test_resolved_twice_keeps_who_was_first(community):
    said, (ana, guide) = commented(proposed_matrix(community)), signers(community)
    discussing.resolve(said, by=guide)
    assert discussing.resolve(said, by=ana).resolved_by == guide.user


def test_resolving_by_a_plain_member_is_refused(community):
    with pytest.raises(matrix.NotYours):
        discussing.resolve(commented(proposed_matrix(community)), by=acting(member(community, Role.MEMBER)))


def test_resolved_without_a_person_is_refused_by_the_database(community):
    said = commented(proposed_matrix(community))
    with pytest.raises(IntegrityError), transaction.atomic():
        MatrixComment.objects.filter(pk=said.pk).update(resolved_at=MORNING)


def test_open_question_does_not_keep_anybody_from_signing(community):
    settled = settled_matrix(community)
    commented(settled)
    assert matrix.agree(settled, by=signers(community)[0]).community_agreed_at is not None


def test_news_goes_to_the_other_side_alone_and_once_a_day(community):
    guide = staff(StaffGroup.COMMUNITY_GUIDE)
    with time_machine.travel(MORNING, tick=False) as clock:
        proposed = proposed_matrix(community)
        clock.shift(timedelta(hours=1))
        commented(proposed)
        clock.shift(timedelta(hours=1))
        tasks.tell_news()
        assert news() == [guide.email]
        clock.shift(timedelta(minutes=1))
        commented(proposed)
        clock.shift(timedelta(hours=5))
        tasks.tell_news()
        assert news() == [guide.email]
        clock.shift(timedelta(hours=20))
        tasks.tell_news()
        assert news() == [guide.email] * 2
        clock.shift(timedelta(days=2))
        tasks.tell_news()
        assert news() == [guide.email] * 2


def test_news_says_what_was_written_and_changed(community, mailoutbox):
    guide = staff(StaffGroup.COMMUNITY_GUIDE, name="Gita Rao")
    ana = member(community, name="Ana Paz")
    proposed = proposed_matrix(community)
    commented(proposed, by=acting(guide))
    matrix.change_row(proposed.rows.get(key="day.accounts"), party=Party.SHARED, note="", by=acting(guide))
    tasks.tell_news()
    perform_due()
    said = next(message.body for message in mailoutbox if message.to == [ana.email])
    assert "Gita Rao: Who pays in August?" in said
    assert "Who does it: Community → Shared" in said


def test_nothing_new_is_told_to_nobody(community):
    proposed_matrix(community)
    tasks.tell_news()
    assert news() == []


def test_predicates_equal_the_querysets(community):
    other = CommunityFactory()
    commented(proposed_matrix(community))
    drafted_matrix(other)
    actors = [
        *(acting(member(community, role)) for role in Role),
        *(acting(staff(group)) for group in StaffGroup),
        acting(member(other)),
    ]
    for actor in actors:
        for found in ResponsibilityMatrix.objects.all():
            assert can_see_matrix(actor, found) == ResponsibilityMatrix.objects.visible_to(actor).filter(pk=found.pk).exists()
        for said in MatrixComment.objects.all():
            assert can_read_comment(actor, said) == MatrixComment.objects.visible_to(actor).filter(pk=said.pk).exists()
    assert not MatrixComment.objects.visible_to(acting(member(other))).exists()
    assert ResponsibilityMatrix.objects.filter(state=MatrixState.DRAFT).exists()
