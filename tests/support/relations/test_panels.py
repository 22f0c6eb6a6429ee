"""Panels beside a ticket: as they were left, and each with what belongs to this community alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.models import Community
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from hubs import conditions
from hubs.models import Cluster, Hub, HubRequest
from support import search, tickets
from support.models import DeskPreferences, GitHubIssue, HubSnapshot, Incident, Ticket
from support.relations import panels
from support.tickets import hub_facts
from support.working import spending
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import declared

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(client, sam):
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def hub():
    community = CommunityFactory(name="Kelp Watch")
    cluster = Cluster.objects.create(name="reef", provider="aws", region="eu-west-1")
    facts = {
        "chart": "basehub",
        "spec": {"images": ["python:2026.1"], "memory_gb": [4, 8], "home_quota_gib": 10},
        "observed_commit": "0123456789abcdef",
    }
    return Hub.objects.create(
        cluster=cluster,
        name="kelp",
        community=community,
        display_name="Kelp hub",
        facts=facts,
        conditions=conditions.unknown(now=timezone.now()),
    )


# Memory


def test_a_panel_stays_as_it_was_left(desk, sam):
    ticket = TicketFactory()
    assert 'data-panel="community" open' in desk.get(ticket.get_absolute_url()).content.decode()

    assert desk.post(reverse("support:desk_panels"), {"panel": "community", "is_open": "0"}).status_code == 204
    desk.post(reverse("support:desk_panels"), {"panel": "linked", "is_open": "1"})

    page = desk.get(ticket.get_absolute_url()).content.decode()
    assert ['data-panel="community" open' in page, 'data-panel="linked" open' in page, 'data-panel="triage" open' in page] == [
        False,
        True,
        True,
    ]
    desk.post(reverse("support:desk_panels"), {"panel": "linked", "is_open": "0"})
    assert DeskPreferences.of(sam).panels == {"community": False}


@pytest.mark.parametrize("said", [{"panel": "nonsense", "is_open": "1"}, {"panel": "hub"}, {}])
def test_what_is_no_panel_is_not_kept(desk, said):
    assert desk.post(reverse("support:desk_panels"), said).status_code == 422
    assert not DeskPreferences.objects.exists()


def test_there_is_no_panel_of_any_other_name(desk):
    assert desk.get(reverse("support:desk_panel", args=[TicketFactory().reference, "nonsense"])).status_code == 404


@pytest.mark.parametrize("panel", panels.FILLED)
def test_each_panel_is_a_page_without_script_and_a_fragment_with_it(desk, panel, hub):
    ticket = TicketFactory(community=hub.community, hub=hub)
    address = reverse("support:desk_panel", args=[ticket.reference, panel])
    page, fragment = desk.get(address), desk.get(address, headers={"HX-Request": "true"})
    assert [("<h1>" in each.content.decode(), each.status_code) for each in (page, fragment)] == [(True, 200), (False, 200)]


# The hub, then and now


def test_a_hub_is_frozen_when_a_ticket_is_opened_about_it_and_compared_later(hub):
    ticket = tickets.open_ticket(hub.community, subject="x", body="y", hub=hub, by=SYSTEM)
    assert not any(fact.is_different for fact in hub_facts.compare(ticket))

    hub.facts = hub.facts | {"spec": hub.facts["spec"] | {"images": ["python:2026.2"]}}
    hub.state = "troubled"
    hub.save()

    changed = {fact.key: (fact.then, fact.now) for fact in hub_facts.compare(ticket) if fact.is_different}
    assert changed == {"images": ("python:2026.1", "python:2026.2"), "state": ("recorded, not seen running", "in trouble")}
    known = {fact.key: fact.now for fact in hub_facts.compare(ticket)}
    assert (known["provider"], known["memory"], known["quota"], known["commit"]) == (
        "AWS eu-west-1",
        "4, 8 GB",
        "10 GiB a person",
        "0123456789ab",
    )


def test_the_last_deployment_and_who_approved_it_are_kept(hub):
    amara = staff(StaffGroup.ENGINEER, name="Amara")
    at = timezone.now()
    HubRequest.objects.create(
        community=hub.community,
        hub=hub,
        kind="change",
        state="succeeded",
        reference="HR-1",
        plan_digest="x",
        approved_by=amara,
        approved_at=at,
        finished_at=at,
    )
    ticket = tickets.open_ticket(hub.community, subject="x", body="y", hub=hub, by=SYSTEM)
    facts = HubSnapshot.objects.get(ticket=ticket).facts
    assert (facts["deployed"]["reference"], facts["deployer"]) == ("HR-1", "Amara")


def test_a_hub_that_a_ticket_gets_later_is_frozen_then_and_only_once(hub):
    ticket = tickets.open_ticket(hub.community, subject="x", body="y", by=SYSTEM)
    assert not HubSnapshot.objects.exists()
    tickets.update(ticket, by=SYSTEM, hub=hub)
    taken = HubSnapshot.objects.get().taken_at
    other = Hub.objects.create(cluster=hub.cluster, name="two", display_name="Two", community=hub.community)
    tickets.update(ticket, by=SYSTEM, hub=other)
    assert (HubSnapshot.objects.get().taken_at, HubSnapshot.objects.get().hub) == (taken, hub)


def test_opening_about_a_hub_stays_within_its_queries(hub):
    by = Actor.system()
    with CaptureQueriesContext(connection) as captured:
        tickets.open_ticket(hub.community, subject="x", body="y", hub=hub, by=by)
    assert len([row for row in captured.captured_queries if "SAVEPOINT" not in row["sql"]]) <= 12


# The community


def test_community_panel_tells_its_people_time_and_budget(desk):
    community = CommunityFactory(timezone="America/Bogota")
    member(community, Role.REPRESENTATIVE, name="Ana Ruiz")
    member(community, Role.MEMBER, name="Plain Member")
    ticket = TicketFactory(community=community)
    spending.agree(community, minutes=60, period="month")
    spending.add(ticket, minutes=50, by=SYSTEM)
    page = desk.get(reverse("support:desk_panel", args=[ticket.reference, "community"])).content.decode()
    assert [
        words in page for words in ("Ana Ruiz", "may authorise", "50 min of 1 h used, 10 min left", "83 % of it is used", "Plain Member")
    ] == [
        True,
        True,
        True,
        True,
        False,
    ]
    assert "Change the budget" not in page


def test_community_panel_costs_the_same_with_one_and_three_people(desk):
    community = CommunityFactory()
    ticket = TicketFactory(community=community)
    member(community, Role.REPRESENTATIVE)
    address = reverse("support:desk_panel", args=[ticket.reference, "community"])

    def cost():
        with CaptureQueriesContext(connection) as captured:
            desk.get(address)
        return len(captured)

    desk.get(address)
    one = cost()
    member(community, Role.REPRESENTATIVE)
    member(community, Role.HUB_CHAMPION)
    assert cost() == one


def test_operators_agree_a_budget_in_hours(client):
    client.force_login(staff(StaffGroup.OPERATOR), backend="django.contrib.auth.backends.ModelBackend")
    community = CommunityFactory(slug="kelp")
    ticket = TicketFactory(community=community)
    address = reverse("support:desk_budget", args=["kelp"])
    done = client.post(address, {"hours": "1.5", "period": "quarter", "ticket": ticket.reference})

    def agreed():
        budget = spending.budget_of(Community.objects.get(slug="kelp"))
        return budget.agreed, budget.period

    assert (done["Location"], agreed()) == (ticket.get_absolute_url(), (90, "quarter"))
    client.post(address, {"hours": "many", "period": "month"})
    assert agreed() == (90, "quarter")
    client.post(address, {"hours": "", "period": "month"})
    assert agreed() == (None, "month")


# Similar tickets


def test_similar_tickets_are_of_the_same_community_and_none_of_anothers(sam):
    community = CommunityFactory()
    ticket, alike, other = (
        TicketFactory(community=place, subject="Raster image fails") for place in (community, community, CommunityFactory())
    )
    unlike = TicketFactory(community=community, subject="Billing address", body_text="Invoice")
    for row in (ticket, alike, other, unlike):
        search.index(row)
    assert panels.similar(ticket, reader=acting(sam)) == [alike]
    nobody = TicketFactory(community=None, subject="Raster image fails")
    search.index(nobody)
    assert panels.similar(nobody, reader=acting(sam)) == []


def test_a_member_finds_only_similar_ones_they_may_see():
    community = CommunityFactory()
    ana = member(community, Role.REPRESENTATIVE)
    ticket, hidden = (TicketFactory(community=community, subject="Raster image", confidential=secret) for secret in (False, True))
    search.index(hidden)
    assert (panels.similar(ticket, reader=acting(ana)), Ticket.objects.count()) == ([], 2)


# What others know of it


def test_the_linked_panel_names_issue_incident_and_requests_of_its_hub(desk, hub, sam):
    ticket = TicketFactory(community=hub.community, hub=hub)
    incident = declared(by=sam, ticket=ticket)
    GitHubIssue.objects.create(
        ticket=ticket, repository="example/hubs", number=12, title="No spawn", state="open", url="https://github.com/example/hubs/issues/12",
        marker="m1", labels=["bug", "spawner"], assignees=["eli"], created_at=timezone.now(),
    )  # fmt: skip
    GitHubIssue.objects.create(
        ticket=ticket, repository="example/other", number=3, marker="m2", created_at=timezone.now(), unlinked_at=timezone.now()
    )
    HubRequest.objects.create(community=hub.community, kind="change", hub=hub, reference="HR-THIS")
    HubRequest.objects.create(community=CommunityFactory(), kind="new", reference="HR-OTHERS")
    page = desk.get(reverse("support:desk_panel", args=[ticket.reference, "linked"])).content.decode()

    assert all(word in page for word in ("example/hubs#12", "No spawn", "Open", "with eli", "bug, spawner", incident.reference, "HR-THIS"))
    assert ("example/other" in page, "HR-OTHERS" in page, "Requests about this hub" in page) == (False, False, True)


def test_the_linked_panel_of_a_ticket_without_a_hub_names_its_communitys_requests(desk, hub):
    HubRequest.objects.create(community=hub.community, kind="change", hub=hub, reference="HR-THIS")
    mine, nobodys = TicketFactory(community=hub.community), TicketFactory(community=None)
    pages = [desk.get(reverse("support:desk_panel", args=[each.reference, "linked"])).content.decode() for each in (mine, nobodys)]

    assert ["HR-THIS" in page for page in pages] == [True, False]


def test_the_hub_panel_tells_incidents_of_then_and_now(hub):
    now = timezone.now()
    ticket = TicketFactory(community=hub.community, hub=hub, created_at=now - timedelta(hours=2))
    over, before, since, elsewhere, whole = (declared(title={"en": name}) for name in ("Over", "Before", "Since", "Elsewhere", "Whole"))
    for incident, began in ((over, 5), (before, 5), (since, 1), (elsewhere, 1), (whole, 1)):
        Incident.objects.filter(pk=incident.pk).update(began_at=now - timedelta(hours=began))
    Incident.objects.filter(pk=over.pk).update(state="resolved", resolved_at=now - timedelta(hours=3))
    Incident.objects.filter(pk=before.pk).update(state="resolved", resolved_at=now - timedelta(hours=1))
    for incident in (over, before, since):
        incident.hubs.set([hub])
    Incident.objects.filter(pk=whole.pk).update(cluster=hub.cluster)
    other = Hub.objects.create(cluster=hub.cluster, name="other", display_name="Other")
    elsewhere.hubs.set([other])
    Incident.objects.filter(pk=elsewhere.pk).update(cluster=hub.cluster)

    shown = panels.shown("hub", ticket, reader=acting(staff(StaffGroup.SUPPORT_AGENT)))

    assert (shown["incidents_then"], set(shown["incidents_now"])) == ([before], {since, whole})


def test_a_link_to_what_only_staff_read_is_not_offered_for_a_letter(desk):
    published(bare(), title="Kernel runbook", body="The kernel dies.", audience="staff")
    published(bare(), title="Kernel help", body="The kernel dies.")
    ticket = TicketFactory(subject="The kernel dies", body_text="kernel")
    panel = desk.get(reverse("support:desk_panel", args=[ticket.reference, "articles"])).content.decode()
    assert ("Kernel runbook</a>" in panel, panel.count("Staff only")) == (True, 1)
    assert ('data-insert-text="[Kernel help](' in panel, 'data-insert-text="[Kernel runbook](' in panel) == (True, False)
