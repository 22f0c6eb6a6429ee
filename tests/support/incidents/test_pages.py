"""The desk's pages of incidents and timeboxes, the form that asks about names, and what a ticket's page shows."""

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities import defaults
from communities.roles import Role, StaffGroup
from demo.github import Simulator
from demo.github.transport import SimulatorTransport
from ground.sweep import perform_due
from support import incidents
from support.models import GitHubIssue, Incident, IncidentUpdate, IssueTarget, Ticket, Timebox
from support.states import Status
from support.working import timeboxing
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import TITLE, a_cluster, a_hub, declared

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def kelp():
    return CommunityFactory(slug="kelp-watch", name="Kelp Watch")


def cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_declare_from_a_ticket_then_tell(desk, kelp, sam):
    ticket = TicketFactory(community=kelp, subject="Ana cannot log in")
    page = desk.get(reverse("support:incident_declare"), {"ticket": ticket.reference}).content.decode()
    assert 'name="title_en"' in page
    assert "Ana cannot log in" not in page.split('name="title_en"')[1].split(">")[0]

    sent = desk.post(f"{reverse('support:incident_declare')}?ticket={ticket.reference}", {"title_en": "Logins fail", "severity": "major"})
    incident = Incident.objects.get()
    assert sent.headers["Location"] == incident.get_absolute_url()
    words = {"update-text_en": "We look", "update-state": "identified"}
    desk.post(reverse("support:incident_say", args=[incident.reference]), words)
    perform_due()

    ticket.refresh_from_db()
    assert (ticket.incident, ticket.messages.get().body_text, IncidentUpdate.objects.get().state) == (incident, "We look", "identified")


def test_update_that_names_a_community_is_asked_about_and_keeps_its_words(desk, kelp):
    incident = declared(ticket=TicketFactory(community=kelp))
    address = reverse("support:incident_say", args=[incident.reference])
    words = {"update-text_en": "Kelp Watch is slow", "update-text_es": "Lento", "update-state": "investigating"}

    asked = desk.post(address, words)
    assert (asked.status_code, IncidentUpdate.objects.count()) == (422, 0)
    page = asked.content.decode()
    assert all(part in page for part in ("This names Kelp Watch", "Kelp Watch is slow", "Lento", "update-names_are_meant"))

    meant = desk.post(address, {**words, "update-names_are_meant": "on"})
    assert (meant.status_code, IncidentUpdate.objects.count()) == (302, 1)


def test_title_that_names_a_community_of_the_cluster_is_asked_about(desk, kelp):
    cluster = a_cluster()
    a_hub(kelp, cluster)

    response = desk.post(
        reverse("support:incident_declare"), {"title_en": "Kelp Watch is down", "severity": "major", "cluster": cluster.pk}
    )

    assert (response.status_code, Incident.objects.count()) == (422, 0)


def test_update_needs_english(desk):
    incident = declared()
    response = desk.post(
        reverse("support:incident_say", args=[incident.reference]), {"update-text_es": "Hola", "update-state": "investigating"}
    )

    assert (response.status_code, "Hola" in response.content.decode()) == (422, True)


def test_move_that_is_not_possible_keeps_the_words(desk, sam):
    incident = declared()
    incidents.say(incident, text={"en": "Done"}, state="resolved", by=acting(sam))
    words = {"update-text_en": "Still watching", "update-state": "monitoring"}

    response = desk.post(reverse("support:incident_say", args=[incident.reference]), words)

    assert (response.status_code, "Still watching" in response.content.decode()) == (409, True)


def test_list_costs_the_same_with_one_and_three_incidents(desk):
    declared()
    desk.get(reverse("support:incidents"))
    one = cost(desk, reverse("support:incidents"))
    for _ in range(2):
        declared(ticket=TicketFactory())

    assert (cost(desk, reverse("support:incidents")), one <= 10) == (one, True)


def test_incident_page_costs_the_same_with_one_and_three_of_everything(desk, sam):
    incident = declared(cluster=a_cluster())

    def more():
        community = CommunityFactory()
        a_hub(community, incident.cluster)
        TicketFactory(community=community, incident=incident)
        incidents.add_follow_up(incident, text="x", owner=sam, by=acting(sam))
        incidents.say(incident, text={"en": "We look"}, state="investigating", by=acting(sam))

    more()
    desk.get(incident.get_absolute_url())
    one = cost(desk, incident.get_absolute_url())
    more(), more()

    assert cost(desk, incident.get_absolute_url()) == one


def test_lists_come_as_files(desk, sam):
    incident = declared()
    timeboxing.start(TicketFactory(), by=acting(sam))
    for address in (
        reverse("support:incidents"),
        reverse("support:timeboxes"),
        reverse("support:incident_timeline", args=[incident.reference]),
    ):
        response = desk.get(address, {"download": "csv"})
        assert len(b"".join(response.streaming_content).splitlines()) > 1

    markdown = desk.get(reverse("support:incident_timeline", args=[incident.reference]))
    assert (markdown.headers["Content-Type"], incident.reference in markdown.content.decode()) == ("text/markdown; charset=utf-8", True)


def test_pages_post_roles_notes_and_follow_ups(desk, sam):
    incident = declared()
    ref = [incident.reference]
    desk.post(reverse("support:incident_share", args=ref), {"duties-lead": sam.pk})
    desk.post(reverse("support:incident_note", args=ref), {"line-text": "Disk full"})
    desk.post(reverse("support:incident_follow_up", args=ref), {"follow-up-text": "Watch it"})
    todo = incident.follow_ups.get()
    desk.post(reverse("support:incident_finish", args=[*ref, todo.pk]))

    todo.refresh_from_db()
    assert (incident.duties.get().user, todo.done_by, incident.events.filter(kind="note").get().text) == (sam, sam, "Disk full")
    assert desk.post(reverse("support:incident_finish", args=[declared().reference, todo.pk])).status_code == 404


def test_ticket_page_shows_timebox_and_incident_for_no_more_queries(desk, sam):
    ticket = TicketFactory()
    address = ticket.get_absolute_url()
    desk.get(address)
    bare = cost(desk, address)
    timeboxing.start(ticket, by=acting(sam))
    declared(ticket=ticket)
    page = desk.get(address).content.decode()

    assert cost(desk, address) <= bare + 1  # who did it, in the history
    assert all(part in page for part in ("30 min left of 30", "Incident: Investigating", 'data-act="escalate"', "More time"))


def test_start_extend_and_hand_on_through_the_pages(desk, sam):
    kim = staff(StaffGroup.SUPPORT_AGENT, name="Kim")
    ticket, other = TicketFactory(), TicketFactory()
    desk.post(reverse("support:timebox_start", args=[ticket.reference]))
    busy = desk.post(reverse("support:timebox_start", args=[other.reference]))
    assert (busy.status_code, ticket.reference in busy.content.decode()) == (409, True)

    extend = reverse("support:timebox_extend", args=[ticket.reference])
    assert desk.post(extend, {"extend-minutes": 15}).status_code == 422
    desk.post(extend, {"extend-minutes": 15, "extend-reason": "It builds"})
    assert Timebox.objects.get().total_minutes == 45

    desk.post(reverse("support:timebox_hand_on", args=[ticket.reference]), {"hand-on-to": kim.pk})
    ticket.refresh_from_db()
    assert (ticket.assignee, Timebox.objects.get().outcome) == (kim, "handed_on")
    assert desk.post(reverse("support:timebox_solve", args=[ticket.reference])).status_code == 404
    desk.post(reverse("support:timebox_move", args=[other.reference]))
    desk.post(reverse("support:timebox_solve", args=[other.reference]))
    other.refresh_from_db()
    assert other.status_id == Status.SOLVED


def test_take_begins_the_timebox(desk, sam):
    ticket = TicketFactory()
    desk.post(reverse("support:desk_take", args=[ticket.reference]))

    assert Timebox.objects.running().get().agent == sam


def test_timeboxes_over_their_time_are_a_filter(desk, sam):
    box = timeboxing.start(TicketFactory(subject="Slow one"), by=acting(sam))
    address = reverse("support:timeboxes")
    assert "Slow one" not in desk.get(address, {"show": "over"}).content.decode()
    Timebox.objects.update(began_at=box.began_at - box.ends_at.resolution * 10**10, ends_at=box.began_at)
    one = cost(desk, address)
    for _ in range(2):
        timeboxing.start(TicketFactory(), by=acting(staff(StaffGroup.SUPPORT_AGENT)))

    assert "Slow one" in desk.get(address, {"show": "over"}).content.decode()
    assert cost(desk, address) == one


@pytest.fixture
def target():
    return IssueTarget.objects.create(name="Infrastructure", repository="hubs/infra")


CONNECTED = {"GITHUB_TOKEN": "token", "GITHUB_API_URL": "http://api.github.test"}


def test_escalate_page_is_filled_in_and_makes_the_issue(desk, sam, target, kelp):
    simulator = Simulator("hubs/infra", token="token")
    ticket = TicketFactory(community=kelp, body_text="ana@example.org cannot start")
    timeboxing.start(ticket, by=acting(sam))
    address = reverse("support:escalate", args=[ticket.reference])
    with override_settings(**CONNECTED, GITHUB_TRANSPORT=SimulatorTransport(simulator)):
        page = desk.get(address).content.decode()
        assert ("[address] cannot start" in page, "1 mail address" in page, "ana@example.org" in page) == (True, True, False)
        desk.post(address, {"title": "Slow", "body": "It is slow", "labels": "a, b", "waits": "on", "target": target.pk})
        perform_due()

    ticket.refresh_from_db()
    assert (GitHubIssue.objects.get().number, GitHubIssue.objects.get().labels, ticket.escalation) == (1, ["a", "b"], "open")
    assert (ticket.status_id, Timebox.objects.get().outcome) == (Status.WAITING_ON_THIRD_PARTY, "escalated")
    handing = desk.get(reverse("support:handing", args=[ticket.reference]))
    assert "hubs/infra#1" in handing.content.decode()


def test_private_details_typed_into_a_public_issue_are_taken_out_once_and_then_up_to_the_agent(desk, target):
    ticket = TicketFactory()
    address = reverse("support:escalate", args=[ticket.reference])
    words = {"title": "Slow", "body": "Ask bo@example.org", "target": target.pk}
    with override_settings(**CONNECTED):
        asked = desk.post(address, words)
        page = asked.content.decode()
        assert (asked.status_code, GitHubIssue.objects.count(), "Ask [address]" in page, "bo@example.org" in page) == (422, 0, True, False)
        desk.post(address, {**words, "looked": "1"})

    assert GitHubIssue.objects.get().body == "Ask bo@example.org"


def test_escalate_without_a_token_offers_githubs_form_and_takes_the_address_back(desk, target):
    ticket = TicketFactory(body_text="Long. " * 3000)
    page = desk.get(reverse("support:escalate", args=[ticket.reference])).content.decode()
    assert "https://github.com/hubs/infra/issues/new?title=" in page

    link = reverse("support:issue_link", args=[ticket.reference])
    assert desk.post(link, {"link-url": "https://example.org/x"}).status_code == 422
    desk.post(link, {"link-url": "https://github.com/hubs/infra/issues/7"})
    assert desk.post(link, {"link-url": "https://github.com/hubs/infra/issues/7"}).status_code == 422

    issue = GitHubIssue.objects.get()
    desk.post(reverse("support:issue_unlink", args=[issue.pk]))
    assert (str(issue), Ticket.objects.get().escalation) == ("hubs/infra#7", "")


def test_escalate_without_a_repository_says_who_adds_one(desk):
    assert "An operator adds one" in desk.get(reverse("support:escalate", args=[TicketFactory().reference])).content.decode()


def test_attach_and_detach_from_the_tickets_page(desk):
    incident, ticket = declared(), TicketFactory()
    desk.post(reverse("support:incident_attach", args=[ticket.reference]), {"incident-incident": incident.pk})
    ticket.refresh_from_db()
    assert ticket.incident == incident
    desk.post(reverse("support:incident_detach", args=[ticket.reference]))
    ticket.refresh_from_db()
    assert ticket.incident is None


def test_members_read_of_it_on_their_communitys_page_and_choose_mails(kelp, sam):
    rep = member(kelp, Role.REPRESENTATIVE)
    client = Client()
    client.force_login(rep, backend="django.contrib.auth.backends.ModelBackend")
    incident = declared(ticket=TicketFactory(community=kelp))
    assert TITLE["en"] not in client.get(kelp.get_absolute_url()).content.decode()
    incidents.say(incident, text={"en": "We look"}, state="investigating", by=acting(sam))

    page = client.get(kelp.get_absolute_url()).content.decode()

    assert all(part in page for part in (TITLE["en"], "We look", "Investigating"))
    client.post(reverse("support:incident_mails"), {"wants": "0"})
    assert "You get no mail" in client.get(reverse("support:incident_mails")).content.decode()


def test_operators_keep_repositories_and_parts_in_the_editor(desk):
    person, operator = staff(StaffGroup.OPERATOR), Client()
    defaults.let_operators_edit()
    operator.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for model in ("issuetarget", "statuscomponent"):
        assert operator.get(reverse(f"wagtailsnippets_support_{model}:list")).status_code == 200
        assert desk.get(reverse(f"wagtailsnippets_support_{model}:list")).status_code == 302
