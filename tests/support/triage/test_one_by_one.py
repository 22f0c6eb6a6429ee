"""Triage, one ticket after another: who comes next, what is kept, what is taken back, and the page."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from communities.states import Party
from ground.actors import Actor
from support import queue, tickets, triage
from support.desk import presence, saved_views
from support.desk.saved_views import Wish
from support.models import DeskPreferences, Draft, Rotation, Seen, Ticket, Timebox, Turn
from support.people import absences
from support.queue import Chosen
from support.recording import guard
from support.states import Impact, Kind
from support.triage import one_by_one
from support.triage.one_by_one import Decided
from support.working import timeboxing
from tests.communities.factories import agreed_matrix
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
VIEW = Chosen(view="triage")
FOUR = {"kind": Kind.INCIDENT, "impact": Impact.SOME, "responsible": Party.PROVIDER}


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_TRIAGER, name="Sam")


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def community():
    return CommunityFactory(slug="kelp-watch")


def decided(**values):
    return Decided(**{**FOUR, "assignee": None, **values})


def test_oldest_comes_first_with_how_many_are_left_and_the_cursor_skips_it(sam):
    first, second, third = TicketFactory(), TicketFactory(), TicketFactory()
    at = queue.moment(acting(sam))

    turn = one_by_one.turn(VIEW, at)
    after = one_by_one.turn(VIEW, at, cursor=turn.cursor)
    last = one_by_one.turn(VIEW, at, cursor=after.cursor)

    assert (turn.ticket, turn.left, after.ticket, last.ticket, last.cursor) == (first, 2, second, third, "")


def test_nothing_to_triage_is_no_turn(sam):
    TicketFactory(kind="other")
    assert one_by_one.turn(VIEW, queue.moment(acting(sam))) is None


def test_party_is_proposed_for_every_kind_and_a_kept_row_for_all(community, sam):
    agreed_matrix(community)
    ticket = TicketFactory(community=community, subject="Please add two people", body_text="They install R")
    rows = triage.agreed_rows(ticket, reader=acting(sam))

    proposed = one_by_one.proposals(ticket, rows)

    assert (proposed.kind.value, proposed.kind.because, proposed.impact.value) == (Kind.CHANGE, ("install",), Impact.ONE)
    assert set(proposed.by_kind) == {"", *Kind.values}
    assert proposed.by_kind[""].row == "day.accounts"
    ticket.responsibility_row = next(key for key in rows if key != "day.accounts")
    assert list(one_by_one.proposals(ticket, rows).parties) == [ticket.responsibility_row]


def test_four_decisions_are_kept_with_the_row_that_was_seen(community, sam):
    agreed_matrix(community)
    ticket = TicketFactory(community=community)
    row = next(iter(triage.agreed_rows(ticket).values()))

    one_by_one.decide(ticket, decided=decided(responsible=row.party, row=row.key, assignee=sam), by=acting(sam), version=1)

    kept = Ticket.objects.get()
    assert (kept.kind, kept.impact, kept.responsible, kept.responsibility_row, kept.assignee, kept.version) == (
        Kind.INCIDENT, Impact.SOME, row.party, row.key, sam, 2,
    )  # fmt: skip


def test_row_that_says_another_party_bears_nothing_out(community, sam):
    agreed_matrix(community)
    ticket = TicketFactory(community=community, subject="zzz", body_text="zzz")
    row = next(row for row in triage.agreed_rows(ticket).values() if row.party != Party.NOT_OFFERED)

    one_by_one.decide(ticket, decided=decided(responsible=Party.NOT_OFFERED, row=row.key), by=acting(sam), version=1)

    assert Ticket.objects.get().responsibility_row == ""


def test_nobody_yet_leaves_the_assignee_as_it_was(sam):
    other = staff(StaffGroup.SUPPORT_AGENT)
    ticket = TicketFactory(assignee=other)
    one_by_one.decide(ticket, decided=decided(), by=acting(sam), version=1)
    assert Ticket.objects.get().assignee == other


def test_decision_on_an_old_version_keeps_nothing(sam):
    ticket = TicketFactory()
    tickets.update(ticket, by=acting(sam), priority=3)
    with pytest.raises(guard.Stale):
        one_by_one.decide(ticket, decided=decided(), by=acting(sam), version=1)
    assert Ticket.objects.get().kind == ""


def test_taken_back_is_as_before(sam):
    other = staff(StaffGroup.SUPPORT_AGENT)
    ticket = TicketFactory(assignee=other, assignee_label=str(other), impact=Impact.MANY)
    before = one_by_one.decide(ticket, decided=decided(assignee=sam), by=acting(sam), version=1)

    one_by_one.take_back(ticket, before=before, by=acting(sam))

    kept = Ticket.objects.get()
    assert (kept.kind, kept.impact, kept.responsible, kept.assignee, kept.version) == ("", Impact.MANY, "", other, 3)


def test_what_changed_since_is_not_taken_back(sam):
    ticket = TicketFactory()
    before = one_by_one.decide(ticket, decided=decided(), by=acting(sam), version=1)
    tickets.update(ticket, by=Actor.system(), priority=4)
    with pytest.raises(guard.Stale):
        one_by_one.take_back(ticket, before=before, by=acting(sam))
    assert Ticket.objects.get().kind == Kind.INCIDENT


def test_answer_begins_with_an_article_the_requester_may_read_and_spares_what_is_written(community, sam):
    agreed_matrix(community)
    ticket = TicketFactory(community=community, requester__name="Ana")
    row = triage.agreed_rows(ticket)["day.accounts"]
    assert one_by_one.begin_answer(ticket, row=None, by=acting(sam)) is None
    hidden = published(bare(community), title="For staff", responsibilities=["day.accounts"], audience="staff")
    assert one_by_one.begin_answer(ticket, row=row, by=acting(sam)) is None
    shown = published(bare(community), title="How to add people", responsibilities=["day.accounts"])

    draft = one_by_one.begin_answer(ticket, row=row, by=acting(sam))

    assert draft.body.startswith("Hello Ana,")
    assert (shown.address in draft.body, hidden.address in draft.body, settings.SITE_URL in draft.body) == (True, False, True)
    Draft.objects.update(body="My own words")
    assert one_by_one.begin_answer(ticket, row=row, by=acting(sam)).body == "My own words"


def test_those_with_fewest_open_tickets_come_first_behind_oneself(sam):
    busy, free = staff(StaffGroup.SUPPORT_AGENT, name="Busy"), staff(StaffGroup.ENGINEER, name="Free")
    TicketFactory.create_batch(2, assignee=busy)
    TicketFactory(assignee=sam)
    TicketFactory(assignee=free, status_id=4)

    assert [(person, person.open_tickets) for person in one_by_one.people(acting(sam), TicketFactory(), now=timezone.now()).offered] == [
        (sam, 1),
        (free, 0),
        (busy, 2),
    ]


def test_standing_tells_the_roles_of_who_asks(community):
    ana = member(community, Role.REPRESENTATIVE)
    assert one_by_one.standing(TicketFactory(community=community, requester=None, opened_by=ana)) == ["Representative"]
    assert one_by_one.standing(TicketFactory(community=community, opened_by=None)) == []


def post(client, ticket, **data):
    return client.post(
        reverse("support:triage_decide", args=[ticket.reference]), {**FOUR, "assignee": "", "version": ticket.version, **data}
    )


def test_page_decides_goes_on_and_takes_back(desk, sam):
    first, second = TicketFactory(subject="First"), TicketFactory(subject="Second")

    assert b"First" in desk.get(reverse("support:triage")).content
    response = desk.get(post(desk, first, assignee=sam.pk).url)
    assert (response.context["ticket"], response.context["turn"].left, response.context["undo"]["reference"]) == (
        second,
        0,
        first.reference,
    )
    back = desk.post(reverse("support:triage_undo", args=[first.reference]))
    assert desk.get(back.url).context["ticket"] == first
    assert Ticket.objects.get(pk=first.pk).kind == ""


def test_undo_pressed_twice_or_in_another_session_changes_nothing(desk):
    ticket = TicketFactory()
    post(desk, ticket)
    desk.post(reverse("support:triage_undo", args=[ticket.reference]))
    version = Ticket.objects.get().version
    desk.post(reverse("support:triage_undo", args=[ticket.reference]))
    assert Ticket.objects.get().version == version


def test_without_a_kind_the_page_asks_for_it(desk):
    response = post(desk, TicketFactory(), kind="")
    assert (response.status_code, b"Choose what kind of ticket this is." in response.content) == (422, True)


def test_changed_meanwhile_shows_what_came(desk):
    ticket = TicketFactory()
    tickets.update(ticket, by=Actor.system(), priority=4)
    assert post(desk, ticket, version=1).status_code == 409


def test_save_and_open_goes_to_the_ticket(desk):
    ticket = TicketFactory()
    assert post(desk, ticket, work="1").url == ticket.get_absolute_url()


def test_last_one_skipped_says_so_and_an_empty_view_too(desk):
    ticket = TicketFactory()
    turn_of_all = desk.get(reverse("support:triage"))
    assert turn_of_all.context["skip"] == ""
    post(desk, ticket)
    assert b"Nothing to triage" in desk.get(reverse("support:triage")).content


def test_page_costs_the_same_with_one_ticket_and_many(desk, community):
    def count():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(reverse("support:triage")).status_code == 200
        return len(captured)

    agreed_matrix(community)
    ticket = TicketFactory(community=community)
    count()
    one = count()
    MessageFactory.create_batch(5, ticket=ticket)
    TicketFactory.create_batch(3, community=community)
    for _ in range(3):
        staff(StaffGroup.SUPPORT_AGENT)

    assert (count(), one <= 12) == (one, True)


def a_rotation(*people):
    rotation = Rotation.objects.create(name="Everyday")
    for place, person in enumerate(people):
        Turn.objects.create(rotation=rotation, user=person, position=place)


def away(person, sam, days=3):
    today = timezone.localdate()
    return absences.enter(person, first_day=today, last_day=today + timedelta(days=days), note="", by=acting(sam))


def test_whose_turn_it_is_is_proposed_with_why_and_taken_unless_changed(desk, sam):
    kim, lee, mo = (staff(StaffGroup.SUPPORT_AGENT, name=name) for name in ("Kim", "Lee", "Mo"))
    a_rotation(lee, mo)
    away(mo, sam)
    TicketFactory.create_batch(2, assignee=lee, kind="other")
    ticket = TicketFactory()
    page = desk.get(reverse("support:triage"), {"ticket": ticket.reference})

    assert page.context["people"] == [sam, lee, kim, mo]
    assert f'value="{lee.pk}" checked' in page.content.decode()
    assert "Proposed: Lee. Next in “Everyday”: has 2 open tickets" in page.content.decode()
    assert page.content.decode().count("away until") == 1


def test_without_a_rotation_and_on_a_ticket_that_somebody_has_nobody_is_proposed(desk, sam):
    kim = staff(StaffGroup.SUPPORT_AGENT, name="Kim")
    page = desk.get(reverse("support:triage"), {"ticket": TicketFactory().reference})
    assert (page.context["turned"], f'value="{sam.pk}" checked' in page.content.decode()) == (None, True)
    a_rotation(sam)
    page = desk.get(reverse("support:triage"), {"ticket": TicketFactory(assignee=kim).reference})
    assert (page.context["turned"], f'value="{kim.pk}" checked' in page.content.decode()) == (None, True)


def test_a_wide_incident_is_declared_from_here_with_the_ticket_filled_in(desk):
    ticket = TicketFactory()
    link = f'href="{reverse("support:incident_declare")}?ticket={ticket.reference}"'
    assert link in desk.get(reverse("support:triage")).content.decode()
    assert desk.get(reverse("support:incident_declare"), {"ticket": ticket.reference}).context["ticket"] == ticket


@pytest.mark.parametrize(
    ("decisions", "starts"),
    [({}, True), ({"kind": "change"}, False), ({"responsible": "community"}, False), ({"impact": "hub"}, False), ({"other": True}, False)],
)
def test_saving_and_opening_starts_the_half_hour_where_that_is_the_step(desk, sam, decisions, starts):
    chosen = staff(StaffGroup.SUPPORT_AGENT).pk if decisions.pop("other", False) else sam.pk
    ticket = TicketFactory()
    post(desk, ticket, work="1", assignee=chosen, **decisions)
    assert Timebox.objects.filter(ticket=ticket, agent=sam, ended_at=None).exists() is starts


def test_a_half_hour_that_runs_elsewhere_is_said_and_left(desk, sam):
    first, second = TicketFactory(), TicketFactory()
    timeboxing.start(first, by=acting(sam))
    page = desk.get(post(desk, second, work="1", assignee=sam.pk).url).content.decode()
    assert ("The half hour was not started" in page, Timebox.objects.get().ticket) == (True, first)


def test_a_ticket_shown_is_read_and_who_else_is_there_is_named(desk, sam):
    kim, ticket = staff(StaffGroup.SUPPORT_AGENT, name="Kim"), TicketFactory()
    presence.here(ticket, by=acting(kim), is_writing=True)
    here = reverse("support:desk_here", args=[ticket.reference])
    assert f'hx-post="{here}" hx-trigger="load, every 20s' in desk.get(reverse("support:triage")).content.decode()
    assert "Kim is writing" in desk.post(here).content.decode()
    assert Seen.objects.get(user=sam, ticket=ticket).version == ticket.version


def test_page_with_rotation_and_absences_stays_within_twelve_queries(desk, sam, community):
    agreed_matrix(community)
    TicketFactory(community=community)
    kim, lee = (staff(StaffGroup.SUPPORT_AGENT) for _ in range(2))
    a_rotation(kim, lee)
    away(kim, sam)
    desk.get(reverse("support:triage"))
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(reverse("support:triage")).context["turned"].person == lee
    assert len([each for each in captured.captured_queries if "SAVEPOINT" not in each["sql"]]) <= 12


def test_keys_are_changed_refused_and_forgotten(desk, sam):
    page = desk.get(reverse("support:keys"))
    keys = {field.name: field.value() for field in page.context["form"]}

    assert desk.post(reverse("support:keys"), {**keys, "reply": "ñ"}).status_code == 302
    assert DeskPreferences.objects.get().keys == {"reply": "ñ"}
    clash = desk.post(reverse("support:keys"), {**keys, "reply": "n"})
    assert (clash.status_code, DeskPreferences.objects.get().keys) == (422, {"reply": "ñ"})
    assert desk.post(reverse("support:keys"), {**keys, "reply": "7"}).status_code == 422
    desk.post(reverse("support:keys_switch"), {"off": "1"})
    assert DeskPreferences.objects.get().keys_are_off
    desk.post(reverse("support:keys_reset"))
    assert (DeskPreferences.objects.get().keys, DeskPreferences.objects.get().keys_are_off) == ({}, True)


def test_kept_view_is_gone_through_in_its_own_order_and_by_its_own_name(desk, sam):
    TicketFactory(subject="old", priority=1)
    urgent = TicketFactory(subject="urgent", priority=4)
    saved = saved_views.keep(Wish(name="The burning ones", sort="priority", filters={"view": "triage"}), owner=sam)

    page = desk.get(reverse("support:triage"), {"view": saved.key})

    assert (page.context["ticket"], page.context["view"].word) == (urgent, "The burning ones")
