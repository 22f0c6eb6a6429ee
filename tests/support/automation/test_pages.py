"""The pages of rules, turns, absences and notices: what is typed is kept, what is wrong is said, and a list costs the same whatever its length."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support import tickets
from support.automation import defaults, editing
from support.automation.words import Vocabulary, sentence
from support.models import Absence, Notice, NoticePreferences, Rotation, Rule, RuleRun, Turn, Watch
from support.notices import watching
from support.people import absences
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import TicketFactory
from tests.support.test_desk import queries

pytestmark = pytest.mark.django_db
RULE = {
    "name": "Kelp first",
    "trigger": "opened",
    "match": "all",
    "most_an_hour": "20",
    "condition-0-field": "community",
    "condition-0-operator": "is",
    "condition-0-values": "Kelp Watch, Inc.",
    "condition-1-field": "",
    "action-0-do": "priority",
    "action-0-value": "urgent",
    "action-1-do": "reply",
    "action-1-value": "We look into it",
    "action-1-text_es": "Lo miramos",
    "action-2-do": "",
}


def client_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ana():
    return staff(StaffGroup.SUPPORT_TRIAGER, name="Ana")


@pytest.fixture
def desk(ana):
    return client_of(ana)


def test_a_rule_is_written_tried_switched_on_counted_and_switched_off(desk):
    kelp = CommunityFactory(slug="kelp", name="Kelp Watch, Inc.")
    tickets.open_ticket(kelp, subject="No server", body="It fails", by=Actor.system())

    kept = desk.post(reverse("support:new_rule"), RULE)
    rule = Rule.objects.get()
    refused = desk.post(reverse("support:switch_on_rule", args=[rule.pk]))
    page = desk.get(kept["Location"]).content.decode()
    desk.post(reverse("support:try_rule", args=[rule.pk]))
    desk.post(reverse("support:switch_on_rule", args=[rule.pk]))
    rule.refresh_from_db()

    assert refused["Location"] == kept["Location"] == reverse("support:try_rule", args=[rule.pk])
    assert "it would have acted 1 time" in page
    assert rule.is_on
    assert rule.conditions == [{"field": "community", "operator": "is", "values": ["kelp"]}]
    assert rule.actions == [
        {"do": "priority", "value": "4"},
        {"do": "reply", "value": "", "texts": {"en": "We look into it", "es": "Lo miramos"}},
    ]
    assert sentence(rule, Vocabulary.read()) == (
        "When a ticket is opened and its community is Kelp Watch, Inc., then set the priority to Urgent"
        " and reply to the requester: “We look into it”."
    )
    desk.post(reverse("support:switch_off_rule", args=[rule.pk]))
    rule.refresh_from_db()
    assert not rule.is_on


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"condition-0-values": "Nowhere"}, "We do not know Nowhere here."),
        ({"condition-0-values": ""}, "Say what; several with commas between."),
        ({"condition-0-operator": "contains"}, "This can be asked here:"),
        ({"action-0-value": "soon"}, "We do not know soon here."),
        ({"action-0-do": "", "action-1-do": ""}, "Say at least one thing to do."),
        ({"trigger": "time"}, "needs a condition of time"),
        (
            {"condition-0-field": "opened", "condition-0-operator": "for_at_least", "condition-0-values": "3d"},
            "fits only a rule that looks",
        ),
        ({"condition-0-field": "opened", "condition-0-operator": "for_at_least", "condition-0-values": "3 days"}, "4h for hours"),
        ({"action-0-do": "snooze", "action-0-value": "long"}, "4h for hours"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_and_every_word_kept(desk, change, words):
    CommunityFactory(slug="kelp", name="Kelp Watch, Inc.")
    response = desk.post(reverse("support:new_rule"), {**RULE, **change})
    page = response.content.decode()
    assert (response.status_code, words in page, "Lo miramos" in page, Rule.objects.count()) == (422, True, True, 0)


def test_a_rule_shows_what_is_kept_and_keeps_it_unchanged_when_it_is_sent_back(desk):
    defaults.ensure()
    for rule in Rule.objects.all():
        form = desk.get(reverse("support:rule", args=[rule.pk])).context["form"]
        data = {name: form[name].value() or "" for name in form.fields}
        for row in (*form.conditions, *form.actions):
            data |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
        before = editing.digest_of(rule)
        assert desk.post(reverse("support:rule", args=[rule.pk]), data).status_code == 302
        assert editing.digest_of(Rule.objects.get(pk=rule.pk)) == before, rule.name


def test_lists_cost_the_same_with_one_and_three_rows(desk, ana):
    rule = Rule.objects.create(name="One", trigger="opened", actions=[{"do": "add_tag", "value": "x"}])
    version = rule.versions.create(number=1, trigger="opened", match="all", digest="x", switched_on_at=timezone.now())

    def more():
        ticket = TicketFactory(community=CommunityFactory(), assignee=ana)
        RuleRun.objects.create(rule=rule, version=version, ticket=ticket, occasion="x", outcome="done", did=[], at=timezone.now())
        Rule.objects.create(name="More", trigger="opened", actions=[{"do": "add_tag", "value": "x"}])
        person = staff(StaffGroup.SUPPORT_AGENT)
        rotation = Rotation.objects.create(name=f"Rotation {ticket.pk}")
        Turn.objects.create(rotation=rotation, user=person)
        today = timezone.localdate()
        absences.enter(person, first_day=today - timedelta(days=1), last_day=today + timedelta(days=1), note="", by=acting(ana))
        TicketFactory(assignee=person)
        Notice.objects.create(
            user=ana, ticket=ticket, kind="message", key=f"k{ticket.pk}", channel="page", made_at=timezone.now(), actor_label="Kai"
        )
        watching.watch(first, person, by=acting(ana))

    first = TicketFactory()
    addresses = [
        *(reverse(f"support:{name}") for name in ("rules", "rotations", "absences", "notices", "desk")),
        reverse("support:rule_runs", args=[rule.pk]),
        reverse("support:desk_ticket_people", args=[first.reference]),
        reverse("support:desk_ticket", args=[first.reference]),
    ]
    more()
    for address in addresses:
        desk.get(address)
    one = [queries(desk, address) for address in addresses]
    more()
    more()
    assert [queries(desk, address) for address in addresses] == one
    assert max(one) <= 14


def test_a_rotation_keeps_its_people_in_their_order_and_when_they_were_given_one(desk, ana):
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam")
    rotation = Rotation.objects.create(name="Everybody")
    Turn.objects.create(rotation=rotation, user=sam, given_at=timezone.now())
    data = {
        "name": "All",
        "is_on": "on",
        "position": "0",
        "turn-0-user": ana.pk,
        "turn-0-weight": "2",
        "turn-1-user": sam.pk,
        "turn-2-user": "",
    }
    address = reverse("support:rotation", args=[rotation.pk])

    assert desk.post(address, {**data, "turn-0-most_open": "5"}).status_code == 302
    assert list(Turn.objects.values_list("user", "weight", "most_open")) == [(ana.pk, 2, 5), (sam.pk, 1, None)]
    assert Turn.objects.get(user=sam).given_at is not None
    again = desk.post(address, {**data, "turn-1-user": ana.pk})
    assert (again.status_code, "Somebody stands there twice." in again.content.decode()) == (422, True)


def test_people_enter_their_own_absence_and_triagers_everybodys(desk, ana):
    sam, other = staff(StaffGroup.SUPPORT_AGENT, name="Sam"), staff(StaffGroup.SUPPORT_AGENT, name="Other")
    days = {"first_day": "2026-03-02", "last_day": "2026-03-03", "note": "Ask Ana"}
    outcomes = [
        client.post(reverse("support:absences"), {**days, "user": person.pk}).status_code
        for client, person in ((client_of(sam), sam), (client_of(sam), other), (desk, other))
    ]
    wrong = desk.post(reverse("support:absences"), {**days, "user": other.pk, "last_day": "2026-03-01"})

    assert (outcomes, wrong.status_code) == ([302, 422, 302], 422)
    assert list(Absence.objects.values_list("user", "entered_by")) == [(sam.pk, sam.pk), (other.pk, ana.pk)]
    theirs = Absence.objects.get(user=other)
    assert client_of(sam).post(reverse("support:take_back_absence", args=[theirs.pk])).status_code == 404
    assert desk.post(reverse("support:take_back_absence", args=[theirs.pk])).status_code == 302


def test_who_is_away_is_marked_where_tickets_are_assigned(desk):
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam")
    today = timezone.localdate()
    Absence.objects.create(user=sam, first_day=today, last_day=today + timedelta(days=1))
    page = desk.get(reverse("support:desk_ticket", args=[TicketFactory().reference])).content.decode()
    assert "Sam, away until" in page


def test_one_watches_stops_and_lets_a_colleague_watch(desk, ana):
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam")
    ticket = TicketFactory()
    page = reverse("support:desk_ticket", args=[ticket.reference])
    assert 'data-act="watch">Watch<' in desk.get(page).content.decode()
    desk.post(reverse("support:desk_watch", args=[ticket.reference]))
    assert 'data-act="watch">Stop watching<' in desk.get(page).content.decode()
    desk.post(reverse("support:desk_add_watcher", args=[ticket.reference]), {"user": sam.pk})
    people = desk.get(reverse("support:desk_ticket_people", args=[ticket.reference])).content.decode()
    desk.post(reverse("support:desk_unwatch", args=[ticket.reference]))

    assert all(words in people for words in ("Ana", "Sam", "chose to"))
    assert list(Watch.objects.on().values_list("user", flat=True)) == [sam.pk]


def test_the_inbox_counts_opens_and_marks_read(desk, ana):
    ticket = TicketFactory(subject="No server")
    first, second, third = (
        Notice.objects.create(user=ana, ticket=ticket, kind="note", key=f"k{n}", channel="page", made_at=timezone.now()) for n in range(3)
    )
    assert '<span class="visually-hidden">unread: </span>3' in desk.get(reverse("support:desk_list")).content.decode()
    assert desk.post(reverse("support:open_notice", args=[first.pk]))["Location"] == ticket.get_absolute_url()
    desk.post(reverse("support:read_notice", args=[second.pk]))
    assert list(Notice.objects.unread()) == [third]
    desk.post(reverse("support:read_notices"))
    assert "Nothing new." in desk.get(reverse("support:notices")).content.decode()
    assert desk.get(reverse("support:notices") + "?show=all").content.decode().count("No server") == 3


def test_the_watched_list_moves_when_a_notice_comes(desk, ana):
    etag = desk.get(reverse("support:desk_list"))["ETag"]
    Notice.objects.create(user=ana, ticket=TicketFactory(status_id=5), kind="note", key="k", channel="page", made_at=timezone.now())
    assert desk.get(reverse("support:desk_list"), headers={"If-None-Match": etag}).status_code == 200


TIMES = {"quiet_from": "20:00", "quiet_until": "07:30", "most_an_hour": "5", "digest_hour": "9"}


def test_staff_choose_by_kind_and_what_equals_the_default_is_not_kept(desk, ana):
    form = desk.get(reverse("support:notice_settings")).context["form"]
    chosen = {f"kind_{kind}": form[f"kind_{kind}"].value() for kind in form.kinds} | {"kind_note": "never"}
    assert form["kind_unassigned"].value() == "mail", "a triager's default"
    assert desk.post(reverse("support:notice_settings"), {**TIMES, **chosen}).status_code == 302
    kept = NoticePreferences.objects.get(user=ana)
    assert (kept.channels, kept.most_an_hour, kept.digest_hour, kept.wants_overdue) == ({"note": "never"}, 5, 9, False)
    wrong = desk.post(reverse("support:notice_settings"), {**TIMES, **chosen, "most_an_hour": "0"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(("role", "leads"), [(Role.HUB_CHAMPION, True), (Role.MEMBER, False)])
def test_members_choose_what_concerns_them_alone(role, leads):
    person = member(CommunityFactory(), role)
    client = client_of(person)
    form = client.get(reverse("support:notice_settings")).context["form"]
    assert ("follows" in form.fields, "wants_overdue" in form.fields, len(form.by_kind())) == (leads, False, int(leads))
    data = {**TIMES, "follows": "community", "kind_community": "digest"}
    assert client.post(reverse("support:notice_settings"), data).status_code == 302
    assert NoticePreferences.objects.get(user=person).follows == ("community" if leads else "own")


def test_a_rule_that_met_tickets_stays(desk):
    met, fresh = (Rule.objects.create(name=name, trigger="opened", actions=[{"do": "add_tag", "value": "x"}]) for name in ("met", "fresh"))
    version = met.versions.create(number=1, trigger="opened", match="all", digest="x", switched_on_at=timezone.now())
    RuleRun.objects.create(rule=met, version=version, ticket=TicketFactory(), occasion="x", outcome="done", did=[], at=timezone.now())
    for rule in (met, fresh):
        desk.post(reverse("support:remove_rule", args=[rule.pk]))
    assert list(Rule.objects.all()) == [met]


def test_absence_days_are_days(ana):
    absence = absences.enter(ana, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2), note="", by=acting(ana))
    assert str(absence) == "Ana: 2026-03-02 – 2026-03-02"
