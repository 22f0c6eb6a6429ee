"""What waits for approval never crosses; ratings cross once."""

import httpx
import pytest

from communities.roles import Role
from ground.sweep import perform_due
from support import replies, sync, tickets
from support.asking import approving, rating
from support.models import SatisfactionRating, SyncEntry, Ticket
from support.states import Face, SyncState
from support.sync.refreshing import refresh
from tests.factories import CommunityFactory, acting, member
from tests.support.asking.factories import waiting_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def ana(community):
    return acting(member(community, Role.REPRESENTATIVE, name="Ana", email="ana@example.org"))


@pytest.fixture
def solved(simulator, community, ana):
    """Asked, sent to Freshdesk and solved."""
    ticket = tickets.open_ticket(community, subject="No server", body="It fails", by=ana)
    perform_due()
    tickets.solve(ticket, by=ana)
    perform_due()
    return Ticket.objects.select_related("status").get()


def there(api, ticket):
    return api.get(f"tickets/{ticket.freshdesk_id}/satisfaction_ratings").json()


def test_what_waits_is_not_in_freshdesk_until_it_is_approved(simulator, api, community, ana):
    ticket = waiting_ticket(community)
    replies.add_incoming(ticket, body="Since Monday", by=acting(ticket.opened_by))
    perform_due()
    assert api.get("tickets").json() == []

    approving.approve(ticket, by=ana)
    perform_due()
    ticket.refresh_from_db()
    assert (ticket.sync_state, [row["subject"] for row in api.get("tickets").json()]) == (SyncState.SYNCED, ["More memory"])
    assert len(api.get(f"tickets/{ticket.freshdesk_id}/conversations").json()) == 1


def test_declined_it_never_gets_there(simulator, api, community, ana):
    ticket = waiting_ticket(community)
    approving.decline(ticket, reason="No", by=ana)
    replies.add_incoming(ticket, body="But", by=acting(ticket.opened_by))
    perform_due()
    assert api.get("tickets").json() == []


def test_a_rating_given_here_is_told_once(solved, api, ana, freshdesk):
    given = rating.rate(solved, face=Face.GOOD, feedback="Quick", by=ana)
    perform_due()
    given.refresh_from_db()
    assert [(row["ratings"], row["feedback"], row["id"]) for row in there(api, solved)] == [
        ({"default_question": 103}, "Quick", given.freshdesk_id)
    ]
    refresh(freshdesk, everything=True)
    sync.push_rating(freshdesk, given.pk)
    assert (len(there(api, solved)), SatisfactionRating.objects.count()) == (1, 1)
    assert SyncEntry.objects.filter(what="rating", outcome="sent").count() == 1


def test_a_changed_mind_follows_as_another_rating(solved, api, ana, freshdesk):
    rating.rate(solved, face=Face.GOOD, feedback="", by=ana)
    perform_due()
    rating.rate(solved, face=Face.BAD, feedback="Broken again", by=ana)
    perform_due()
    assert [row["ratings"]["default_question"] for row in there(api, solved)] == [103, -103]
    refresh(freshdesk, everything=True)
    assert list(SatisfactionRating.objects.order_by("pk").values_list("rating", "is_current")) == [(103, False), (-103, True)]
    assert Ticket.objects.get().satisfaction == -103


def test_words_that_come_back_with_a_rating_make_it_nobodys_turn(solved, ana, freshdesk):
    rating.rate(solved, face=Face.GOOD, feedback="Quick", by=ana)
    perform_due()
    before = Ticket.objects.get()
    sync.pull_ticket(freshdesk, solved.freshdesk_id)
    after = Ticket.objects.get()
    assert after.messages.filter(kind="incoming", body_text="Quick").count() == 1
    assert (after.waiting_since, after.last_message_excerpt) == (None, before.last_message_excerpt)


def test_a_rating_given_in_freshdesk_shows_on_the_ticket(solved, api, freshdesk):
    api.post(f"tickets/{solved.freshdesk_id}/satisfaction_ratings", json={"ratings": {"default_question": 101}, "feedback": "Fine"})
    refresh(freshdesk, everything=True)
    assert Ticket.objects.get().satisfaction == 101


def test_an_answer_lost_on_the_way_does_not_make_two(solved, api, ana, simulator, settings):
    class Lossy(httpx.BaseTransport):
        """Carries everything there, and loses the answers of ratings."""

        def __init__(self, inner):
            self.inner, self.loses = inner, True

        def handle_request(self, request):
            response = self.inner.handle_request(request)
            if self.loses and request.method == "POST" and request.url.path.endswith("satisfaction_ratings"):
                raise httpx.ReadTimeout("lost", request=request)
            return response

    settings.FRESHDESK_TRANSPORT = lossy = Lossy(settings.FRESHDESK_TRANSPORT)
    given = rating.rate(solved, face=Face.OKAY, feedback="", by=ana)
    perform_due()
    given.refresh_from_db()
    assert (given.freshdesk_id, given.attempted_at is not None) == (None, True)
    lossy.loses = False
    with sync.open_freshdesk() as client:
        refresh(client, everything=True)  # a walk brings it in before we look
        SatisfactionRating.objects.filter(pk=given.pk).update(next_attempt_at=given.created_at)
        sync.push_rating(client, given.pk)
    given.refresh_from_db()
    assert (len(there(api, solved)), given.freshdesk_id, SatisfactionRating.objects.count()) == (1, there(api, solved)[0]["id"], 1)


def test_a_plan_without_surveys_ends_it_quietly_and_the_ledger_says_so(solved, ana, simulator, settings):
    class NoSurveys(httpx.BaseTransport):
        def __init__(self, inner):
            self.inner = inner

        def handle_request(self, request):
            if request.url.path.endswith("satisfaction_ratings"):
                return httpx.Response(
                    403, json={"code": "require_feature", "message": "The Surveys feature(s) is/are not supported in your plan."}
                )
            return self.inner.handle_request(request)

    settings.FRESHDESK_TRANSPORT = NoSurveys(settings.FRESHDESK_TRANSPORT)
    given = rating.rate(solved, face=Face.GOOD, feedback="", by=ana)
    perform_due()
    given.refresh_from_db()
    entry = SyncEntry.objects.get(what="rating")
    assert (given.next_attempt_at, given.freshdesk_id, entry.outcome) == (None, None, "given_up")
    assert "require_feature" in entry.note or "Surveys" in entry.note
