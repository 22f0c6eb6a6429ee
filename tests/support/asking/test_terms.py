"""Who sees a ticket under every terms, and whose tickets wait: querysets equal predicates, in every place that shows tickets."""

import itertools

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient
from wagtail.models import ModelLogEntry

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support.access import can_approve, can_have, can_read, can_see
from support.models import Approval, Attachment, Message, SupportTerms, Ticket, TicketReader
from support.people import contacts
from support.states import HeldFor, SyncState, WhoOpens, WhoSees
from support.tickets import terms
from tests.access.routes import OUTSIDER, World
from tests.factories import acting, member, staff
from tests.support.asking.factories import on_terms, waiting_ticket
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
EVERY_TERMS = list(itertools.product(WhoOpens.values, WhoSees.values, [False, True]))


@pytest.fixture
def world():
    """Every kind of ticket: of the team, own, confidential, naming somebody, waiting, declined, of elsewhere."""
    world = World()
    author, named = world.people[Role.MEMBER.value], world.people[Role.BILLING_CONTACT.value]
    for community, who, confidential, waits in itertools.product(
        (world.community, world.other), (None, author), (False, True), (False, True)
    ):
        ticket = TicketFactory(
            community=community,
            confidential=confidential,
            requester=contacts.of(who) if who else None,
            subject=f"zebra {community.slug} {'own' if who else 'team'} {'confidential' if confidential else 'plain'} {'waits' if waits else 'here'}",
        )
        if waits:
            Ticket.objects.filter(pk=ticket.pk).update(sync_state=SyncState.AWAITING_APPROVAL)
            Approval.objects.create(ticket=ticket, reason=HeldFor.TERMS, asked_at=ticket.created_at)
        if confidential:
            TicketReader.objects.create(ticket=ticket, user=named)
            TicketReader.objects.create(ticket=ticket, user=world.people["Reviewer"])
        AttachmentFactory(ticket=ticket)
        MessageFactory(ticket=ticket, kind="note")
        message = MessageFactory(ticket=ticket, kind="reply")
        AttachmentFactory(ticket=ticket, message=message, file="", freshdesk_id=ticket.pk * 10 + 1)
    TicketFactory(community=None, subject="zebra nobody's")
    return world


def everybody(world):
    return {who: acting(user) if user else Actor.anonymous() for who, user in world.people.items()}


@pytest.mark.parametrize(("opens", "sees", "champions"), EVERY_TERMS)
def test_what_one_finds_is_what_one_may_see_under_every_terms(world, opens, sees, champions):
    on_terms(world.community, who_opens=opens, who_sees=sees, champions_approve=champions)
    rows = list(Ticket.objects.select_related("requester", "approval"))
    messages = list(Message.objects.select_related("ticket__requester"))
    files = list(Attachment.objects.select_related("ticket__requester", "message__ticket__requester"))
    for who, actor in everybody(world).items():
        assert set(Ticket.objects.visible_to(actor)) == {row for row in rows if can_see(actor, row)}, who
        assert set(Ticket.objects.to_approve_by(actor)) == {row for row in rows if can_approve(actor, row)}, who
        assert set(Message.objects.visible_to(actor)) == {row for row in messages if can_read(actor, row)}, who
        assert set(Attachment.objects.visible_to(actor)) == {row for row in files if can_have(actor, row)}, who


def seen(world, who):
    found = Ticket.objects.visible_to(everybody(world)[who]).values_list("subject", flat=True)
    return {subject.removeprefix("zebra ") for subject in found}


def test_each_terms_shows_what_its_word_says(world):
    own = {f"coastal own {kind} {where}" for kind in ("plain", "confidential") for where in ("here", "waits")}
    named = {f"coastal {whose} confidential {where}" for whose in ("own", "team") for where in ("here", "waits")}
    plain = {"coastal own plain here", "coastal team plain here"}
    to_approve = {"coastal own plain waits", "coastal team plain waits"}
    expected = {
        WhoSees.OWN: {
            "member": own,
            "billing_contact": named,
            "technical_contact": set(),
            "hub_champion": set(),
            "representative": to_approve,
        },
        WhoSees.TEAM: {
            "member": own,
            "billing_contact": named,
            "technical_contact": set(),
            "hub_champion": plain,
            "representative": plain | to_approve,
        },
        WhoSees.ALL: {
            "member": own | plain,
            "billing_contact": named | plain,
            "technical_contact": plain,
            "hub_champion": plain,
            "representative": plain | to_approve,
        },
    }
    for sees, by_role in expected.items():
        on_terms(world.community, who_sees=sees)
        assert {who: seen(world, who) for who in by_role} == by_role, sees


def test_named_people_lose_the_ticket_with_their_membership(world):
    assert seen(world, "Reviewer") == set()  # named, but nobody of the community


@pytest.mark.parametrize("sees", WhoSees.values)
def test_every_place_shows_the_same_tickets(world, sees):
    """List, search, file, its download, the API's list, one ticket and one file: none shows more than another."""
    on_terms(world.community, who_sees=sees)
    here = Ticket.objects.filter(community=world.community).select_related("requester", "approval")
    for who in [*Role.values, "outsider"]:
        user = world.people[who]
        may = {ticket for ticket in here if can_see(acting(user), ticket)}
        client, api = Client(), APIClient()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        api.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        pages = [f"/c/coastal/tickets/?show={show}{more}" for show in ("open", "waiting") for more in ("", "&q=zebra", "&download=csv")]
        read = "".join(_read(client, page) for page in pages)
        assert {ticket for ticket in here if ticket.reference in read} == (set() if who == "outsider" else may), who
        opened = {t for t in here if client.get(reverse("support:ticket", args=["coastal", t.reference])).status_code == 200}
        files = {t for t in here if _read(client, reverse("support:file", args=[t.files.get(message=None).key])) == "It failed.\n"}
        assert (opened, files) == (set() if who == "outsider" else may, may), who
        listed = {row["reference"] for row in api.get("/api/v1/tickets/?page_size=200&community=coastal").json()["results"]}
        assert listed == {t.reference for t in may}, who


def _read(client, page):
    response = client.get(page)
    return b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()


@pytest.mark.parametrize(
    ("opens", "who", "topic", "reason"),
    [
        ("representatives", "representative", "quota", ""),
        ("representatives", "hub_champion", "", HeldFor.TERMS),
        ("representatives", "member", "", HeldFor.TERMS),
        ("members", "member", "broken", ""),
        ("members", "member", "quota", HeldFor.AUTHORITY),
        ("members", "outsider", "", HeldFor.STRANGER),
        ("anybody", "outsider", "", ""),
        ("anybody", "outsider", "admin", HeldFor.AUTHORITY),
        ("representatives", "Support agent", "quota", ""),
    ],
)
def test_whose_ticket_waits(opens, who, topic, reason):
    world = World()
    on_terms(world.community, who_opens=opens)
    assert terms.why_it_waits(world.community, by=acting(world.people[who]), topic=topic) == reason


def test_a_champion_who_approves_waits_for_nobody():
    world = World()
    on_terms(world.community, who_opens="representatives", champions_approve=True)
    assert terms.why_it_waits(world.community, by=acting(world.people["hub_champion"]), topic="quota") == ""


def test_the_site_and_the_widget():
    community = World().community
    assert terms.why_it_waits(community, by=Actor.system()) == ""
    assert terms.why_it_waits(community, by=Actor.widget("Ana")) == HeldFor.STRANGER
    assert terms.why_it_waits(None, by=Actor.widget("Ana")) == ""
    on_terms(community, who_opens="anybody")
    assert terms.why_it_waits(community, by=Actor.widget("Ana")) == ""


@pytest.mark.parametrize(
    ("opens", "reasons"),
    [
        (WhoOpens.REPRESENTATIVES, {"member": HeldFor.TERMS, "representative": HeldFor.TERMS, "Operator": HeldFor.TERMS}),
        (WhoOpens.MEMBERS, {"member": "", "representative": "", "Operator": HeldFor.STRANGER}),
        (WhoOpens.ANYBODY, {"member": "", "representative": "", "Operator": ""}),
    ],
)
def test_a_mail_in_somebodys_name_decides_nothing(opens, reasons):
    world = World()
    on_terms(world.community, who_opens=opens)
    found = {who: terms.why_it_waits(world.community, by=Actor.mail("Ana", user=world.people[who])) for who in reasons}
    assert found == reasons


def test_a_change_of_terms_stands_in_the_audit_log_and_on_the_page():
    world = World()
    guide = staff(StaffGroup.COMMUNITY_GUIDE, name="Gita")
    terms.change(world.community, by=acting(guide), who_sees="all", who_opens="members")
    terms.change(world.community, by=acting(guide), who_sees="all")

    entry = ModelLogEntry.objects.get(action="support.change_terms")
    assert (entry.user, entry.data) == (guide, {"before": {"who_sees": "team"}, "after": {"who_sees": "all"}})
    assert [(change.who, change.lines) for change in terms.changes(world.community)] == [
        ("Gita", [("Who reads a ticket that is not confidential", "Everybody who belongs to the community")])
    ]
    client = Client()
    client.force_login(guide, backend="django.contrib.auth.backends.ModelBackend")
    assert "Everybody who belongs to the community" in client.get("/c/coastal/tickets/terms/").content.decode()


def test_terms_are_saved_from_their_page():
    world = World()
    client = Client()
    client.force_login(world.people["representative"], backend="django.contrib.auth.backends.ModelBackend")
    client.post("/c/coastal/tickets/terms/", {"who_opens": "representatives", "who_sees": "own", "champions_approve": "on"})

    saved = SupportTerms.of(world.community)
    assert (saved.who_opens, saved.who_sees, saved.champions_approve, saved.checks_authority) == ("representatives", "own", True, False)
    assert client.post("/c/coastal/tickets/terms/", {"who_opens": "x"}).status_code == 422


def test_who_does_not_belong_opens_and_follows_where_anybody_may():
    world = World()
    client = Client()
    client.force_login(world.people["outsider"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/c/coastal/tickets/new/").status_code == 404
    on_terms(world.community, who_opens="anybody")
    client.post("/c/coastal/tickets/new/", {"subject": "No server", "body": "It fails"})

    ticket = Ticket.objects.get()
    assert client.get(f"/c/coastal/tickets/{ticket.reference}/").status_code == 200
    page = client.get("/c/coastal/tickets/").content.decode()
    assert (ticket.reference in page, 'href="/c/coastal/"' in page) == (True, False)


def test_the_form_names_who_may_read_it_and_says_what_a_representative_approves(world):
    client = Client()
    author, other = world.people[Role.MEMBER.value], member(world.community, Role.MEMBER, name="Bo")
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/c/coastal/tickets/new/").content.decode()
    assert ("(a representative approves it first)" in page, "Bo" in page, "outsider" in page) == (True, True, False)

    client.post("/c/coastal/tickets/new/", {"subject": "Secret", "body": "x", "confidential": "on", "readers": [other.pk]})
    ticket = Ticket.objects.get(subject="Secret")
    assert list(ticket.named.values_list("user__name", flat=True)) == ["Bo"]
    assert can_see(acting(other), ticket)
    stranger = client.post("/c/coastal/tickets/new/", {"subject": "S", "body": "x", "readers": [world.people["outsider"].pk]})
    assert stranger.status_code == 422


def test_readers_are_changed_by_who_asked(world):
    ticket = Ticket.objects.get(subject="zebra coastal own confidential here")
    client = Client()
    client.force_login(world.people[Role.MEMBER.value], backend="django.contrib.auth.backends.ModelBackend")
    champion = world.people[Role.HUB_CHAMPION.value]
    client.post(f"/c/coastal/tickets/{ticket.reference}/readers/", {"confidential": "on", "readers": [champion.pk]})

    assert list(ticket.named.values_list("user", flat=True)) == [champion.pk]
    assert not can_see(acting(world.people[Role.BILLING_CONTACT.value]), ticket)
    event = ticket.events.get(field="named")
    assert event.note == "hub_champion"


def test_readers_whom_the_desk_named_stay_where_the_form_cannot_name_any(world):
    on_terms(world.community, who_opens=WhoOpens.ANYBODY)
    stranger, named = world.people[OUTSIDER], world.people[Role.HUB_CHAMPION.value]
    ticket = TicketFactory(community=world.community, requester=contacts.of(stranger), confidential=True)
    TicketReader.objects.create(ticket=ticket, user=named)
    client = Client()
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")

    assert client.post(f"/c/coastal/tickets/{ticket.reference}/readers/", {"confidential": "on"}).status_code == 302
    assert list(ticket.named.values_list("user", flat=True)) == [named.pk]


def test_the_list_asks_the_same_number_of_queries_for_one_and_three():
    world = World()
    client = Client()
    client.force_login(world.people["representative"], backend="django.contrib.auth.backends.ModelBackend")
    for page in ("/c/coastal/tickets/?show=waiting", "/c/coastal/tickets/"):
        counts = []
        for number in (1, 2):
            for _each in range(number):
                waiting_ticket(world.community)
            counts.append(_queries(client, page))
        assert counts[0] == counts[1]


def _queries(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(page).status_code == 200
    return len(caught)


def test_the_desks_list_of_what_waits_asks_the_same_number_for_one_and_three():
    world = World()
    client = Client()
    client.force_login(world.people["Support agent"], backend="django.contrib.auth.backends.ModelBackend")
    waiting_ticket(world.community)
    one = _queries(client, "/desk/approvals/")
    for _each in range(2):
        waiting_ticket(world.community)
    assert _queries(client, "/desk/approvals/") == one


def test_opening_a_ticket_stays_within_twelve_queries():
    world = World()
    client = Client()
    client.force_login(world.people[Role.MEMBER.value], backend="django.contrib.auth.backends.ModelBackend")
    client.post("/c/coastal/tickets/new/", {"subject": "First", "body": "x"})
    with CaptureQueriesContext(connection) as opening:
        client.post("/c/coastal/tickets/new/", {"subject": "Second", "body": "x"})
    asked = [row["sql"] for row in opening.captured_queries if "SAVEPOINT" not in row["sql"]]
    assert Ticket.objects.count() == 2
    assert len(asked) <= 12
