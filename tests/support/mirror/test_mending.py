"""Try again, or give up: a test per exit, and none of them twice."""

import pytest
from django.utils import timezone

from communities.roles import StaffGroup
from support.mirror import mending
from support.models import Attachment, CompanyLink, SyncEntry
from support.states import SyncState
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timezone.timedelta(days=1)


@pytest.fixture
def kim():
    return acting(staff(StaffGroup.ENGINEER, name="Kim"))


def file_to_fetch(**values):
    return Attachment.objects.create(
        ticket=TicketFactory(freshdesk_id=8), name="log.txt", freshdesk_id=5, created_at=timezone.now(), **values
    )


def company(**values):
    return CompanyLink.objects.create(community=CommunityFactory(), name="Kelp", **values)


def told():
    return list(SyncEntry.objects.values_list("direction", "what", "outcome", "number", "note"))


def test_replay_of_a_dead_ticket_makes_it_due_now_with_fresh_attempts(kim):
    ticket = TicketFactory(sync_state=SyncState.DEAD, freshdesk_id=7, attempts=12, last_error="400: no")

    mending.replay(ticket, by=kim)

    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.attempts, ticket.last_error) == (SyncState.QUEUED, 0, "")
    assert ticket.next_attempt_at <= timezone.now()
    assert told() == [("out", "ticket", "replayed", 7, "Kim")]
    assert SyncEntry.objects.get().ticket == ticket


def test_replay_of_an_unknown_message_keeps_the_mark_that_it_may_have_arrived(kim):
    message = MessageFactory(
        sync_state=SyncState.UNKNOWN, attempted_at=LONG_AGO, next_attempt_at=timezone.now() + timezone.timedelta(hours=1)
    )

    mending.replay(message, by=kim)

    message.refresh_from_db()
    assert (message.sync_state, message.attempted_at) == (SyncState.QUEUED, LONG_AGO)
    assert message.next_attempt_at <= timezone.now()
    assert told() == [("out", "message", "replayed", None, "Kim")]


@pytest.mark.parametrize("state", sorted(set(SyncState) - {SyncState.DEAD, SyncState.UNKNOWN, SyncState.SYNCED}))
def test_replay_of_what_stands_otherwise_is_refused_and_tells_nothing(kim, state):
    ticket = TicketFactory(sync_state=state)

    with pytest.raises(mending.NothingToMend):
        mending.replay(ticket, by=kim)

    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.next_attempt_at, told()) == (state, None, [])


def test_replay_of_a_dead_file_makes_it_due_to_be_fetched(kim):
    file = file_to_fetch(last_error="404", attempts=12, given_up_at=None)

    mending.replay(file, by=kim)

    file.refresh_from_db()
    assert (file.attempts, file.last_error, file.next_attempt_at <= timezone.now()) == (0, "", True)
    assert told() == [("in", "file", "replayed", 5, "Kim")]


def test_replay_of_a_dead_company_makes_it_due(kim):
    link = company(last_error="400: name taken", freshdesk_company_id=3)

    mending.replay(link, by=kim)

    link.refresh_from_db()
    assert (link.last_error, link.next_attempt_at <= timezone.now()) == ("", True)
    assert told() == [("out", "company", "replayed", 3, "Kim")]
    with pytest.raises(mending.NothingToMend):
        mending.replay(link, by=kim)


@pytest.mark.parametrize("state", [SyncState.QUEUED, SyncState.UNKNOWN])
def test_give_up_of_what_waits_stops_it_and_says_who(kim, state):
    message = MessageFactory(sync_state=state, attempted_at=LONG_AGO, next_attempt_at=timezone.now())

    mending.give_up(message, by=kim)

    message.refresh_from_db()
    assert (message.sync_state, message.next_attempt_at, message.last_error) == (SyncState.DEAD, None, "Given up by Kim")
    assert message.attempted_at == LONG_AGO
    assert told() == [("out", "message", "given_up", None, "Kim")]


@pytest.mark.parametrize(("number", "state"), [(None, SyncState.LOCAL), (7, SyncState.SYNCED)])
def test_give_up_of_what_is_dead_lets_it_ask_for_nobody(kim, number, state):
    ticket = TicketFactory(sync_state=SyncState.DEAD, freshdesk_id=number, last_error="400: no")

    mending.give_up(ticket, by=kim)

    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.last_error, ticket.next_attempt_at) == (state, "400: no", None)
    with pytest.raises(mending.NothingToMend):
        mending.give_up(ticket, by=kim)
    assert told() == [("out", "ticket", "given_up", number, "Kim")]


def test_give_up_of_a_company_stops_it_then_puts_it_aside_then_has_nothing_to_do(kim):
    link = company(next_attempt_at=timezone.now())

    mending.give_up(link, by=kim)
    link.refresh_from_db()
    assert (link.next_attempt_at, link.last_error, link.given_up_at, mending.is_dead(link)) == (None, "Given up by Kim", None, True)

    mending.give_up(link, by=kim)
    link.refresh_from_db()
    assert (link.last_error, mending.is_dead(link)) == ("Given up by Kim", False)
    with pytest.raises(mending.NothingToMend):
        mending.give_up(link, by=kim)


def test_replay_of_a_file_is_refused_once_it_was_put_aside(kim):
    file = file_to_fetch(last_error="404")
    mending.give_up(file, by=kim)

    with pytest.raises(mending.NothingToMend):
        mending.replay(file, by=kim)
