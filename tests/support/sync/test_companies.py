"""People and companies on both sides."""

import pytest

from communities.roles import Role
from support import sync
from support.models import CompanyLink
from support.states import MessageKind
from support.sync.outcomes import Outcome
from tests.factories import CommunityFactory, member
from tests.support.factories import ContactFactory
from tests.support.sync.turns import due, saying, synced, there

pytestmark = pytest.mark.django_db


def test_a_community_becomes_a_company_with_those_who_speak_for_it(freshdesk, simulator):
    community = CommunityFactory(name="Ocean Lab")
    member(community, Role.REPRESENTATIVE, email="lena@ocean.example", name="Lena")
    member(community, Role.MEMBER, email="quiet@ocean.example")
    link = sync.link_of(community)
    assert sync.push_company(freshdesk, link.pk) == Outcome.PUSHED

    [company] = simulator.store.companies.find()
    assert [(row["email"], row["company_id"]) for row in simulator.store.contacts.find()] == [("lena@ocean.example", company["id"])]
    assert CompanyLink.objects.get().freshdesk_company_id == company["id"]


def test_a_company_made_without_an_answer_is_adopted(freshdesk, simulator):
    link = sync.link_of(CommunityFactory(name="Ocean Lab"))
    simulator.faults.arm("drop", method="POST", path="companies")
    assert sync.push_company(freshdesk, link.pk) == Outcome.WAITING
    due(link)
    assert sync.push_company(freshdesk, link.pk) == Outcome.PUSHED
    assert len(simulator.store.companies.find()) == 1


def test_a_company_that_was_matched_with_another_community_is_nobody_elses_and_stops_no_ticket(freshdesk, simulator, api):
    ocean = CommunityFactory(name="Ocean Lab")
    company = api.post("companies", json={"name": "Ocean Lab"}).json()
    CompanyLink.objects.create(community=CommunityFactory(name="Marine Lab"), freshdesk_company_id=company["id"], name="Ocean Lab")
    link = sync.link_of(ocean)

    assert sync.push_company(freshdesk, link.pk) == Outcome.DEAD
    link.refresh_from_db()
    assert (link.next_attempt_at, link.last_error) == (None, "The company “Ocean Lab” is matched with Marine Lab already")
    assert synced(freshdesk, community=ocean).freshdesk_id == there(simulator)[0]["id"]
    assert there(simulator)[0]["company_id"] is None


def test_a_requester_who_is_an_agent_there_may_still_ask(freshdesk, simulator):
    ticket = synced(freshdesk, requester=ContactFactory(email="ben@desk.example", name="Ben"))
    assert there(simulator)[0]["requester_id"] == simulator.store.agents.find("email = ?", "ben@desk.example")[0]["id"]
    message = saying(ticket, "Me again", MessageKind.INCOMING, author_contact=ticket.requester)
    assert sync.push_message(freshdesk, message.pk) == Outcome.PUSHED
