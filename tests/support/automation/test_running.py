"""Rules at work: once an occasion, never on a rule's doing, under their ceilings; what they may do; and no storm of mails."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground import sweep
from ground.actors import Actor
from support import recording, replies, tickets
from support.asking import approving
from support.automation import defaults, editing, running, trying
from support.composing import undoing
from support.following import performing
from support.models import HeldReply, Message, Notice, Rotation, Rule, RuleRun, Ticket, Turn, Watch
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.asking.factories import waiting_ticket
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def a_rule(trigger, *actions, conditions=(), on=True, **more):
    rule = editing.save(
        Rule(name=f"{trigger} rule", trigger=trigger, actions=list(actions), conditions=list(conditions), **more), by=SYSTEM
    )
    if on:
        editing.tried(rule, by=SYSTEM)
        editing.switch_on(rule, by=SYSTEM)
    return Rule.objects.get(pk=rule.pk)


def do(what, value="", **more):
    return {"do": what, "value": str(value), **more}


def when(field, operator, *values):
    return {"field": field, "operator": operator, "values": list(values)}


def followed(**fields):
    return TicketFactory(followed_version=1, **fields)


def after(ticket, **values):
    """The ticket once somebody changed it and it was followed."""
    tickets.update(ticket, by=SYSTEM, **values)
    performing.follow(ticket.pk)
    ticket.refresh_from_db()
    return ticket


def test_a_rule_does_what_it_says_when_its_conditions_hold_and_nothing_otherwise():
    a_rule("changed", do("add_tag", "big"), conditions=[when("impact", "is", "hub")])
    assert after(followed(), impact="hub").tags == ["big"]
    assert after(followed(), impact="one").tags == []


@pytest.mark.parametrize(("field", "tags"), [("kind", ["seen"]), ("", ["seen"]), ("priority", [])])
def test_a_rule_of_changes_looks_at_its_field(field, tags):
    a_rule("changed", do("add_tag", "seen"), changed_field=field)
    assert after(followed(), kind="change").tags == tags


@pytest.mark.parametrize("how", ["off", "changed", "event before"])
def test_a_rule_that_does_not_run_does_nothing(how):
    ticket = followed()
    tickets.update(ticket, by=SYSTEM, impact="hub") if how == "event before" else None
    rule = a_rule("changed", do("add_tag", "v1"), on=how != "off")
    if how == "changed":
        rule.actions = [do("add_tag", "v2")]
        editing.save(rule, by=SYSTEM)
        assert editing.is_changed(rule)
    tags = after(ticket).tags if how == "event before" else after(ticket, impact="hub").tags
    assert tags == (["v1"] if how == "changed" else [])


def test_a_rule_that_was_changed_since_it_was_tried_is_not_switched_on():
    rule = a_rule("opened", do("add_tag", "x"), on=False)
    with pytest.raises(editing.NotTried):
        editing.switch_on(rule, by=SYSTEM)
    editing.tried(rule, by=SYSTEM)
    rule.actions = [do("add_tag", "y")]
    editing.save(rule, by=SYSTEM)
    with pytest.raises(editing.NotTried):
        editing.switch_on(rule, by=SYSTEM)


def test_rules_run_in_their_order_and_a_later_one_sees_what_an_earlier_one_did():
    second = a_rule("changed", do("priority", 4), conditions=[when("tags", "has", "big")], changed_field="impact")
    first = a_rule("changed", do("add_tag", "big"), changed_field="impact")
    assert after(followed(priority=1), impact="hub").priority == 1
    editing.move(first, before=True)
    assert after(followed(priority=1), impact="hub").priority == 4
    assert list(Rule.objects.values_list("pk", flat=True)) == [first.pk, second.pk]


def test_two_rules_that_undo_each_other_end_at_once():
    a_rule("changed", do("priority", 4), conditions=[when("priority", "is", "1")])
    a_rule("changed", do("priority", 1), conditions=[when("priority", "is", "4")])
    ticket = after(followed(priority=2), priority=1)
    runs = RuleRun.objects.count()
    for _ in range(5):
        performing.follow_due()
    assert (RuleRun.objects.count(), ticket.priority) == (runs, 1)
    assert ticket.version <= 5


def test_two_time_rules_that_undo_each_other_stop_within_a_day():
    for held, given in (("no", do("assign", staff(StaffGroup.SUPPORT_AGENT).email)), ("yes", do("unassign"))):
        a_rule("time", given, conditions=[when("assigned", held), when("opened", "for_at_least", "1h")])
    TicketFactory(created_at=timezone.now() - timedelta(days=2), followed_version=1)
    for hours in range(48):
        running.run_time_rules(now=timezone.now() + timedelta(hours=hours))
    assert RuleRun.objects.filter(outcome="done").count() <= 2 * running.MOST_ON_ONE_TICKET


def test_a_rule_never_runs_twice_on_one_event_even_when_it_is_followed_again():
    a_rule("changed", do("note", "Look"))
    ticket = after(followed(), kind="change")
    Ticket.objects.filter(pk=ticket.pk).update(followed_version=1)
    performing.follow(ticket.pk)
    assert Message.objects.filter(kind="note").count() == 1


def test_what_exceeds_the_ceiling_is_held_back_and_counted():
    rule = a_rule("changed", do("add_tag", "x"), most_an_hour=2)
    tags = [after(followed(), kind="change").tags for _ in range(4)]
    assert tags == [["x"], ["x"], [], []]
    assert editing.counted([rule])[rule.pk] == {"rule": rule.pk, "week": 2, "month": 2, "held": 2}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (do("kind", "event"), {"kind": "event"}),
        (do("impact", "one"), {"impact": "one"}),
        (do("responsible", "shared"), {"responsible": "shared"}),
        (do("priority", 3), {"priority": 3}),
        (do("status", 3), {"status_id": 3}),
        (do("status", 999), {"status_id": 2}),
        (do("assign", "sam@example.org"), {"assignee_label": "Sam"}),
        (do("assign", "nobody@example.org"), {"assignee_label": ""}),
        (do("add_tag", "x"), {"tags": ["old", "x"]}),
        (do("add_tag", "old"), {"tags": ["old"]}),
        (do("remove_tag", "old"), {"tags": []}),
        (do("rotation", 999), {"assignee_label": ""}),
    ],
)
def test_each_action_and_its_way_of_doing_nothing(action, expected):
    staff(StaffGroup.SUPPORT_AGENT, name="Sam", email="sam@example.org")
    a_rule("changed", action, changed_field="subject")
    ticket = after(followed(tags=["old"]), subject="Another")
    assert {name: getattr(ticket, name) for name in expected} == expected
    changed = expected not in ({"status_id": 2}, {"assignee_label": ""}, {"tags": ["old"]})
    assert RuleRun.objects.get().outcome == ("done" if changed else "nothing")


def test_a_rule_gives_in_turn_takes_away_lets_watch_snoozes_notes_and_tells():
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam", email="sam@example.org")
    ana = staff(StaffGroup.SUPPORT_TRIAGER, name="Ana")
    rotation = Rotation.objects.create(name="Everybody")
    Turn.objects.create(rotation=rotation, user=sam)
    a_rule(
        "opened",
        do("rotation", rotation.pk),
        do("watch", "sam@example.org"),
        do("snooze", "2d"),
        do("note", "Look"),
        do("tell", "Support triager"),
    )
    ticket = tickets.open_ticket(CommunityFactory(), subject="No server", body="It fails", by=SYSTEM)
    performing.follow(ticket.pk)
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.snoozed_until is not None) == (sam, True)
    assert list(Watch.objects.values_list("user", "why")) == [(sam.pk, "rule")]
    assert set(Notice.objects.values_list("user", "kind")) >= {(ana.pk, "told"), (sam.pk, "assigned")}
    assert [each["do"] for each in RuleRun.objects.get().did] == ["rotation", "watch", "snooze", "note", "tell"]


REPLY = do("reply", texts={"en": "We look into it", "es": "Lo miramos"})


def test_a_reply_of_a_rule_is_in_the_requesters_language_and_says_that_no_person_wrote_it():
    a_rule("changed", REPLY)
    after(followed(community=CommunityFactory(language="es")), kind="change")
    sweep.perform_due()
    (sent,) = outbox.outbox
    assert "Lo miramos" in sent.body
    assert (sent.extra_headers["Auto-Submitted"], sent.extra_headers["Precedence"]) == ("auto-replied", "bulk")
    assert Message.objects.get().author_label == "Example Hubs"


@pytest.mark.parametrize("address", ["no-reply@example.org", "MAILER-DAEMON@example.org", "support+x@hubs.example", ""])
def test_a_machine_gets_no_automatic_reply(address):
    a_rule("changed", REPLY)
    after(followed(requester=ContactFactory(email=address) if address else None), kind="change")
    assert (Message.objects.count(), RuleRun.objects.get().outcome) == (0, "nothing")


def test_two_machines_that_answer_each_other_stop():
    a_rule("came", REPLY)
    ticket = followed()
    for _ in range(20):
        replies.add_incoming(ticket, body="I am away", by=SYSTEM)
        performing.follow(ticket.pk)
    assert Message.objects.filter(kind="reply").count() == 2


def test_one_address_with_many_tickets_gets_few_automatic_replies():
    a_rule("changed", REPLY)
    asker = ContactFactory()
    for _ in range(9):
        after(followed(requester=asker), kind="change")
    assert Message.objects.filter(kind="reply").count() == 5


def test_a_time_rule_acts_once_until_somebody_writes_again():
    a_rule("time", do("note", "Quiet"), conditions=[when("quiet", "for_at_least", "3d")])
    with time_machine.travel(NOW, tick=False) as clock:
        ticket = followed(last_message_at=NOW - timedelta(days=4))
        followed(last_message_at=NOW - timedelta(days=1))
        assert running.run_time_rules() == 1
        for _ in range(100):
            clock.shift(timedelta(hours=1))
            running.run_time_rules()
        assert Message.objects.filter(ticket=ticket).count() == 1, "its own note is no news to it"


def test_a_time_rule_stays_under_its_ceiling_and_goes_on_in_the_next_hour():
    a_rule("time", do("add_tag", "old"), conditions=[when("opened", "for_at_least", "3d")], most_an_hour=2)
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            TicketFactory(created_at=NOW - timedelta(days=4), followed_version=1)
        done = [running.run_time_rules()]
        for _ in range(3):
            clock.shift(timedelta(hours=1, seconds=1))
            done.append(running.run_time_rules())
    assert done == [2, 2, 1, 0]


def test_rules_that_came_with_the_site_are_off_and_stay_as_they_were_changed():
    defaults.ensure()
    Rule.objects.filter(key="remind").update(name="Mine", position=9)
    defaults.ensure()
    assert Rule.objects.count() == len(defaults.RULES)
    assert not Rule.objects.exclude(version=None).exists()
    assert Rule.objects.get(key="remind").name == "Mine"


def test_who_does_not_answer_is_reminded_and_then_taken_as_solved():
    defaults.ensure()
    for rule in Rule.objects.all():
        editing.tried(rule, by=SYSTEM)
        editing.switch_on(rule, by=SYSTEM)
    with time_machine.travel(NOW, tick=False) as clock:
        ticket = followed(status_id=6, waiting_since=None, last_message_at=NOW - timedelta(days=8))
        story = []
        for _ in range(14):
            running.run_time_rules()
            ticket.refresh_from_db()
            story.append((ticket.tags, ticket.status_id))
            clock.shift(timedelta(days=1))
    assert story[0] == (["reminded"], 6)
    assert story[-1] == (["reminded"], 5 if ticket.status_id == 5 else 4)
    assert Message.objects.filter(kind="reply").count() == 1


def test_a_dry_run_of_an_event_rule_sees_tickets_as_they_stood_then():
    rule = a_rule("changed", do("add_tag", "x"), conditions=[when("kind", "is", "incident")], changed_field="impact", on=False)
    ticket = followed(kind="incident")
    for values in ({"impact": "hub"}, {"kind": "change"}, {"impact": "one"}, {"kind": "incident"}):
        tickets.update(ticket, by=SYSTEM, **values)
    tickets.update(followed(kind="change"), by=SYSTEM, impact="hub")

    tried = trying.try_out(rule, now=timezone.now())

    assert (tried.count, tried.looked_at, tried.tickets) == (1, 3, 1)
    assert [each.ticket for each in tried.meetings] == [ticket]
    assert RuleRun.objects.count() == 0


def test_a_dry_run_looks_neither_further_back_than_30_days_nor_at_what_rules_did():
    rule = a_rule("changed", do("add_tag", "x"), on=False)
    ticket = followed()
    recording.change(recording.locked(ticket.pk), by=SYSTEM, at=timezone.now() - timedelta(days=31), kind="change")
    recording.change(recording.locked(ticket.pk), by=Actor.rule("other"), kind="event")
    assert trying.try_out(rule, now=timezone.now()).count == 0


def test_a_dry_run_of_messages_and_of_time_counts_what_the_rule_would_meet():
    came = a_rule("came", do("add_tag", "x"), conditions=[when("assigned", "no")], on=False)
    late = a_rule("time", do("add_tag", "x"), conditions=[when("opened", "for_at_least", "3d")], on=False)
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam")
    ticket = followed()
    replies.add_incoming(ticket, body="Hello", by=SYSTEM)
    tickets.assign(ticket, to=sam, by=acting(sam))
    replies.add_incoming(ticket, body="Hello again", by=SYSTEM)
    TicketFactory(created_at=timezone.now() - timedelta(days=4))
    now = timezone.now()
    assert (trying.try_out(came, now=now).count, trying.try_out(late, now=now).count) == (1, 1)


def test_a_dry_run_leaves_out_what_rules_answered_and_what_has_not_left(settings):
    settings.DESK_UNDO_SECONDS = 10
    went = a_rule("went", do("add_tag", "x"), on=False)
    sam = staff(StaffGroup.SUPPORT_AGENT, name="Sam")
    replies.reply(followed(), body="In the desk's name", by=Actor(user=None, role="rule", label="Hubdesk"))
    undoing.hold(followed(), body="Not yet", by=acting(sam))
    assert trying.try_out(went, now=timezone.now()).count == 0

    replies.reply(followed(), body="By hand", by=acting(sam))
    MessageFactory(kind="reply", author_user=None, external_key="", freshdesk_id=7)
    assert trying.try_out(went, now=timezone.now()).count == 2


def test_a_rule_of_our_answers_waits_until_one_has_left(settings):
    settings.DESK_UNDO_SECONDS = 10
    a_rule("went", do("add_tag", "answered"))
    ticket = followed()
    message = undoing.hold(ticket, body="Please restart", by=acting(staff(StaffGroup.SUPPORT_AGENT)))
    recording.happened(ticket, "seen", after="", note="", by=SYSTEM)
    assert after(ticket, kind="change").tags == []

    HeldReply.objects.update(next_attempt_at=timezone.now())
    undoing.let_go(message.held.pk)
    performing.follow(ticket.pk)
    ticket.refresh_from_db()
    assert ticket.tags == ["answered"]


def test_rules_leave_a_ticket_alone_until_it_was_approved():
    a_rule("opened", do("add_tag", "opened"))
    a_rule("approved", do("add_tag", "approved"))
    community = CommunityFactory()
    ticket = waiting_ticket(community)
    assert (performing.follow(ticket.pk), performing.due(), performing.follow_due()) == (False, [], 0)
    ticket.refresh_from_db()
    assert ticket.tags == []

    approving.approve(ticket, by=acting(member(community, Role.REPRESENTATIVE)))
    assert performing.follow(ticket.pk)
    ticket.refresh_from_db()
    assert ticket.tags == ["opened", "approved"]


def test_a_dry_run_costs_the_same_with_one_and_thirty_tickets(django_assert_num_queries):
    rule = a_rule("changed", do("add_tag", "x"), on=False)
    for number in (1, 30):
        for _ in range(number):
            tickets.update(followed(community=CommunityFactory()), by=SYSTEM, kind="change")
        with django_assert_num_queries(6):
            trying.try_out(rule, now=timezone.now())
