"""Matching a company with a community opens its tickets to that community's team, and taking it back closes them."""

import pytest
from django.test import override_settings
from wagtail.models import ModelLogEntry

from communities.roles import Role, StaffGroup
from support.mirror import matching
from support.models import CompanyLink, Contact, Ticket
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return acting(staff(StaffGroup.SUPPORT_TRIAGER, name="Kim"))


@pytest.fixture
def kelp():
    return CommunityFactory(name="Kelp Watch", slug="kelp-watch")


@pytest.fixture
def link():
    return CompanyLink.objects.create(freshdesk_company_id=31, name="Kelp Watch", domains=["kelp.example"])


def ticket_of(company=31, **values):
    return TicketFactory(community=None, remote_raw={"company_id": company}, **values)


def logged():
    return list(ModelLogEntry.objects.order_by("timestamp").values_list("action", flat=True))


def test_match_gives_the_companys_tickets_to_the_community_and_nobody_elses(kim, kelp, link, django_assert_max_num_queries):
    ana = member(kelp, Role.REPRESENTATIVE)
    mine, secret = ticket_of(), ticket_of(confidential=True)
    others = [ticket_of(32), ticket_of(None), TicketFactory(community=None), ticket_of(opened_by=staff(StaffGroup.SUPPORT_AGENT))]
    elsewhere = TicketFactory(remote_raw={"company_id": 31})

    assert matching.match(link, kelp, by=kim) == 2

    assert list(Ticket.objects.visible_to(acting(ana))) == [mine]
    assert set(Ticket.objects.filter(community=kelp)) == {mine, secret}
    assert Ticket.objects.filter(community=None).count() == len(others)
    assert elsewhere.community != kelp
    mine.refresh_from_db()
    event = mine.events.get()
    assert (event.field, event.before, event.after, event.actor_label, event.ticket_version, mine.version) == (
        "community",
        "",
        "Kelp Watch",
        "Kim",
        2,
        2,
    )
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.object_id, entry.data["company"], entry.data["tickets"]) == (
        "support.match_company",
        str(kelp.pk),
        "Kelp Watch",
        2,
    )


def test_match_costs_the_same_queries_for_many_tickets(kim, link, kelp, django_assert_num_queries):
    TicketFactory.create_batch(30, community=None, remote_raw={"company_id": 31})
    with django_assert_num_queries(13):
        matching.match(link, kelp, by=kim)


def test_match_takes_over_from_the_communitys_own_row_with_its_people(kim, kelp, link):
    own = CompanyLink.objects.create(community=kelp, name="Kelp Watch", last_error="400: duplicate")
    contact = Contact.objects.create(email="ana@example.org", company=own)

    matching.match(link, kelp, by=kim)

    contact.refresh_from_db()
    assert (CompanyLink.objects.get(), contact.company) == (link, link)
    assert CompanyLink.objects.get().community == kelp


@override_settings(FRESHDESK_URL="https://acme.freshdesk.test", FRESHDESK_API_KEY="key")
def test_match_lets_the_mirror_see_to_the_companys_people(kim, kelp, link):
    matching.match(link, kelp, by=kim)

    link.refresh_from_db()
    assert link.next_attempt_at is not None


def test_match_of_a_matched_company_is_refused(kim, kelp, link):
    matching.match(link, kelp, by=kim)
    with pytest.raises(matching.NotPossible) as refused:
        matching.match(link, CommunityFactory(), by=kim)

    assert refused.value.reason == "Kelp Watch is matched already."
    assert logged() == ["support.match_company"]


def test_match_with_a_community_that_has_a_company_is_refused(kim, kelp, link):
    CompanyLink.objects.create(community=kelp, freshdesk_company_id=99, name="Kelp")
    waiting = ticket_of()

    with pytest.raises(matching.NotPossible) as refused:
        matching.match(link, kelp, by=kim)

    waiting.refresh_from_db()
    assert (refused.value.reason, waiting.community) == ("Kelp Watch is matched with Kelp already.", None)


def test_unmatch_takes_the_community_only_from_what_came_through_the_company(kim, kelp, link):
    came = ticket_of()
    matching.match(link, kelp, by=kim)
    opened_here = TicketFactory(community=kelp, opened_by=staff(StaffGroup.SUPPORT_AGENT), remote_raw={"company_id": 31})
    by_hand = TicketFactory(community=kelp, remote_raw={"company_id": 32})

    assert matching.unmatch(link, by=kim) == 1

    link.refresh_from_db()
    came.refresh_from_db()
    assert (link.community, came.community) == (None, None)
    assert set(Ticket.objects.filter(community=kelp)) == {opened_here, by_hand}
    assert list(came.events.values_list("before", "after")) == [("", "Kelp Watch"), ("Kelp Watch", "")]
    assert logged() == ["support.match_company", "support.unmatch_company"]


def test_unmatch_of_what_is_not_matched_or_never_was_in_freshdesk_is_refused(kim, kelp, link):
    own = CompanyLink.objects.create(community=kelp, name="Kelp Watch")
    for row in (link, own):
        with pytest.raises(matching.NotPossible):
            matching.unmatch(row, by=kim)


def test_ignore_and_consider_go_forth_and_back_once_each(kim, link):
    matching.ignore(link, by=kim)
    with pytest.raises(matching.NotPossible):
        matching.ignore(link, by=kim)
    assert (list(matching.unmatched()), list(matching.ignored())) == ([], [link])

    matching.consider(link, by=kim)
    with pytest.raises(matching.NotPossible):
        matching.consider(link, by=kim)
    assert (list(matching.unmatched()), list(matching.ignored())) == ([link], [])
    assert logged() == ["support.ignore_company", "support.consider_company"]


def test_companies_come_with_their_waiting_tickets_and_a_suggestion(kelp, link, django_assert_num_queries):
    CommunityFactory(name="Rivers")
    other = CompanyLink.objects.create(freshdesk_company_id=32, name="Zoology")
    ticket_of(32)
    ticket_of(32)
    ticket_of(31)

    with django_assert_num_queries(3):
        found = matching.companies()

    assert [(each.link, each.tickets, each.suggested) for each in found.shown] == [(other, 2, None), (link, 1, kelp)]
    assert ([each.name for each in found.communities], found.more) == (["Kelp Watch", "Rivers"], 0)
    assert [each.link for each in matching.companies(name="ZOO").shown] == [other]


def test_what_opens_counts_tickets_and_names_the_team(kelp, link):
    ana = member(kelp, Role.REPRESENTATIVE, name="Ana")
    member(kelp, Role.MEMBER)
    ticket_of()
    ticket_of(confidential=True)

    assert matching.what_opens(link, kelp) == matching.Opened(tickets=2, confidential=1, team=[ana])
