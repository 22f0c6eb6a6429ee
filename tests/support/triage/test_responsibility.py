"""Whose job a ticket is: the row of the community's matrix, on the ticket's page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import MatrixRow
from communities.roles import Role, StaffGroup
from communities.states import Party
from support import triage
from support.triage.responsibility import Row, likeliest
from tests.communities.factories import agreed_matrix
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
SUBJECT = "Please add two people"


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_TRIAGER)


def test_topic_says_more_than_a_word_of_the_row():
    accounts = Row(key="accounts", party="community", text="Add people to the hub")
    access = Row(key="access", party="provider", text="Sign-in", topics="login password people")
    assert likeliest([accounts, access], text="people cannot login") == access


def test_ticket_without_a_community_has_no_row(sam):
    assert triage.propose(TicketFactory(community=None)) is None


def test_ticket_of_a_community_that_agreed_on_nothing_has_no_row(community):
    assert triage.propose(TicketFactory(community=community, subject=SUBJECT)) is None


def test_proposal_names_the_party_the_person_and_the_place_of_the_row(community):
    bea = member(community, Role.HUB_CHAMPION, name="Bea Ruiz")
    agreed_matrix(community)
    MatrixRow.objects.filter(key="day.accounts").update(person=bea)
    proposal = triage.propose(TicketFactory(community=community, subject=SUBJECT))
    assert (proposal.row, proposal.party, proposal.person, proposal.is_kept) == ("day.accounts", "community", "Bea Ruiz", False)
    assert proposal.url == f"/c/{community.slug}/responsibilities/#day.accounts"


def test_triage_keeps_the_key_of_the_row_that_bears_it_out(community, sam):
    agreed_matrix(community)
    ticket = triage.triage(TicketFactory(community=community, subject=SUBJECT), responsible=Party.COMMUNITY, by=acting(sam))
    assert ticket.responsibility_row == "day.accounts"
    assert triage.propose(ticket).is_kept


def test_triage_for_another_party_than_the_row_keeps_no_row(community, sam):
    agreed_matrix(community)
    ticket = triage.triage(TicketFactory(community=community, subject=SUBJECT), responsible=Party.PARTNER, by=acting(sam))
    assert ticket.responsibility_row == ""


def test_row_kept_on_a_ticket_stays_when_its_words_say_something_else(community, sam):
    agreed_matrix(community)
    ticket = TicketFactory(community=community, subject="Pay the bill", responsibility_row="day.accounts")
    assert triage.propose(ticket).row == "day.accounts"


def test_ticket_page_links_the_row_and_its_article_in_at_most_twelve_queries(community, sam):
    agreed_matrix(community)
    edition = published(bare(community), title="How to add people", responsibilities=["day.accounts"])
    ticket = TicketFactory(community=community, subject=SUBJECT)
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("support:desk_ticket", args=[ticket.reference])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(address).content.decode()
    assert len(captured) <= 12
    assert f'href="/c/{community.slug}/responsibilities/#day.accounts"' in page
    assert f'<a href="/c/{community.slug}/kb/{edition.address}/">How to add people</a>' in page


def triaged(client, ticket, **chosen):
    sent = {"version": ticket.version, "status": ticket.status_id, "priority": ticket.priority, **chosen}
    response = client.post(reverse("support:desk_triage", args=[ticket.reference]), {f"triage-{name}": each for name, each in sent.items()})
    ticket.refresh_from_db()
    return response.status_code


def test_triager_chooses_a_row_and_its_party_follows(community, sam, client):
    agreed_matrix(community)
    MatrixRow.objects.filter(key="day.bill").update(party=Party.SHARED)
    ticket = TicketFactory(community=community, subject=SUBJECT)
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    assert triaged(client, ticket, row="day.bill", responsible="") == 302
    assert (ticket.responsible, ticket.responsibility_row) == ("shared", "day.bill")
    assert triaged(client, ticket, row="day.bill", responsible="community") == 302
    assert (ticket.responsible, ticket.responsibility_row) == ("community", "day.accounts")


def test_row_of_another_matrix_is_not_taken(community, sam, client):
    agreed_matrix(community)
    ticket = TicketFactory(community=community, subject=SUBJECT)
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    assert triaged(client, ticket, row="day.nothing") == 422
    assert ticket.responsibility_row == ""
