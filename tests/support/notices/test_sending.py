"""Mails of notices: gathered by ticket, after quiet hours, under the ceiling, to who may still see it, once; and the daily mails."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail as outbox

from communities.models import Membership
from communities.roles import Role, StaffGroup
from ground import sweep
from ground.actors import Actor
from support import recording, replies, tickets
from support.access import can_read_notice
from support.following import performing
from support.models import Approval, Notice, NoticeMail, NoticePreferences
from support.notices import inbox, sending, watching
from support.notices.digests import writing
from tests.access.routes import World
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
NIGHT = datetime(2026, 3, 3, 22, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


def watched(person, **fields):
    ticket = TicketFactory(followed_version=1, **fields)
    watching.watch(ticket, person, by=acting(person))
    return ticket


def news(ticket, words="It fails again"):
    replies.add_incoming(ticket, body=words, by=SYSTEM)
    performing.follow(ticket.pk)


def sent():
    sweep.perform_due()
    return outbox.outbox


def test_what_comes_within_minutes_is_one_mail_that_threads_by_ticket_and_is_no_answer_to_it(sam):
    with time_machine.travel(NOON, tick=False) as clock:
        ticket = watched(sam)
        news(ticket, "First")
        clock.shift(MINUTE)
        news(ticket, "Second")
        assert sending.send_due() == 0
        clock.shift(3 * MINUTE)
        assert (sending.send_due(), sending.send_due()) == (1, 0)
        (mail,) = sent()
    assert (mail.to, mail.subject.startswith(ticket.reference)) == ([sam.email], True)
    assert all(words in mail.body for words in ("First", "Second", ticket.get_absolute_url()))
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert f"notices-{ticket.reference}@" in mail.extra_headers["References"]
    assert f"[{ticket.reference}]" not in mail.subject


def test_what_was_read_on_the_page_is_not_mailed(sam):
    with time_machine.travel(NOON, tick=False) as clock:
        news(watched(sam))
        inbox.read_all(acting(sam))
        clock.shift(5 * MINUTE)
        assert sending.send_due() == 0


def test_at_night_a_mail_waits_for_the_morning(sam):
    with time_machine.travel(NIGHT, tick=False) as clock:
        news(watched(sam))
        clock.shift(timedelta(hours=9, minutes=59))
        assert sending.send_due() == 0
        clock.shift(MINUTE)
        assert sending.send_due() == 1


def test_an_incident_comes_at_night_to_who_lets_it_alone(sam):
    eva, ben = staff(StaffGroup.ENGINEER, name="Eva"), staff(StaffGroup.ENGINEER, name="Ben")
    NoticePreferences.objects.create(user=eva, urgent_passes=True)
    with time_machine.travel(NIGHT, tick=False) as clock:
        ticket = TicketFactory(followed_version=1)
        tickets.update(ticket, by=SYSTEM, kind="incident")
        performing.follow(ticket.pk)
        clock.shift(5 * MINUTE)
        sending.send_due()
        assert [mail.to for mail in sent()] == [[eva.email]]
    assert Notice.objects.filter(user=ben, mail=None).exists()


def test_quiet_hours_chosen_since_hold_a_mail_back_too(sam):
    with time_machine.travel(NOON, tick=False) as clock:
        news(watched(sam))
        NoticePreferences.objects.create(user=sam, quiet_from=time(11), quiet_until=time(14))
        clock.shift(5 * MINUTE)
        assert sending.send_due() == 0
        clock.shift(timedelta(hours=2))
        assert sending.send_due() == 1


def test_more_than_the_ceiling_comes_in_one_summary_and_no_hour_holds_more(sam):
    NoticePreferences.objects.create(user=sam, most_an_hour=3)
    with time_machine.travel(NOON, tick=False) as clock:
        made = [watched(sam, community=CommunityFactory()) for _ in range(6)]
        for ticket in made:
            news(ticket)
        clock.shift(4 * MINUTE)
        assert sending.send_due() == 3
        assert sorted(NoticeMail.objects.values_list("kind", flat=True)) == ["summary", "ticket", "ticket"]
        for ticket in made:
            news(ticket)
        for _ in range(55):
            clock.shift(MINUTE)
            assert sending.send_due() == 0
        clock.shift(6 * MINUTE)
        assert sending.send_due() == 3
    summaries = [mail for mail in sent() if mail.subject == "4 notices in one mail"]
    assert len(summaries) == 2
    assert all(ticket.reference in summaries[0].body for ticket in made[2:])


def test_who_lost_access_between_gets_nothing(settings):
    community = CommunityFactory()
    champion = member(community, Role.HUB_CHAMPION)
    NoticePreferences.objects.create(user=champion, follows="community")
    with time_machine.travel(NOON, tick=False) as clock:
        for lost_before_writing in (True, False):
            ticket = tickets.open_ticket(community, subject="No server", body="It fails", by=SYSTEM)
            performing.follow(ticket.pk)
            clock.shift(5 * MINUTE)
            if lost_before_writing:
                Membership.objects.all().delete()
                assert (sending.send_due(), Notice.objects.count()) == (0, 0)
                Membership.objects.create(community=community, user=champion, role=Role.HUB_CHAMPION)
            else:
                assert sending.send_due() == 1
                Membership.objects.all().delete()
                assert sent() == []


def test_a_member_is_told_of_replies_without_a_note(sam):
    community = CommunityFactory()
    champion = member(community, Role.HUB_CHAMPION)
    NoticePreferences.objects.create(user=champion, follows="community")
    with time_machine.travel(NOON, tick=False) as clock:
        ticket = TicketFactory(community=community, followed_version=1)
        replies.note(ticket, body="they are slow", by=acting(sam))
        replies.reply(ticket, body="Try again", by=acting(sam))
        performing.follow(ticket.pk)
        clock.shift(5 * MINUTE)
        sending.send_due()
        mails = [mail for mail in sent() if mail.to == [champion.email]]
    assert len(mails) == 1
    assert ("Try again" in mails[0].body, "they are slow" in mails[0].body, "/desk/" in mails[0].body) == (True, False, False)


@pytest.mark.parametrize(("channel", "row"), [("never", False), ("page", True), ("digest", True)])
def test_a_kind_comes_by_the_channel_that_was_chosen(sam, channel, row):
    NoticePreferences.objects.create(user=sam, channels={"message": channel})
    with time_machine.travel(NOON, tick=False) as clock:
        news(watched(sam))
        clock.shift(timedelta(minutes=10))
        assert sending.send_due() == 0
    assert Notice.objects.exists() == row


def test_the_daily_mail_comes_once_a_day_at_the_hour_of_the_persons_zone(sam):
    sam.timezone = "America/New_York"
    sam.save()
    NoticePreferences.objects.create(user=sam, channels={"message": "digest"}, digest_hour=9)
    with time_machine.travel(NOON, tick=False) as clock:
        news(watched(sam))
        written = []
        for _ in range(30):
            clock.shift(timedelta(hours=1))
            written.append(writing.write_due())
        assert [mail.subject for mail in sent()] == ["Your day at the desk: 1 notice"]
    assert [n for n, count in enumerate(written, start=13) if count] == [14]


def test_triagers_hear_every_working_day_what_is_overdue_and_nothing_when_nothing_is():
    ana = staff(StaffGroup.SUPPORT_TRIAGER, name="Ana")
    other = staff(StaffGroup.SUPPORT_TRIAGER, name="Other")
    NoticePreferences.objects.create(user=other, wants_overdue=False)
    with time_machine.travel(NOON, tick=False) as clock:
        assert writing.write_due() == 1
        assert sent() == []
        TicketFactory(subject="late", next_due_at=NOON, assignee=ana)
        TicketFactory(subject="lonely")
        asked_at, waits = NOON - timedelta(days=2), {"sync_state": "awaiting_approval", "created_at": NOON - timedelta(days=2)}
        Approval.objects.create(ticket=TicketFactory(subject="stuck", **waits), reason="terms", asked_at=asked_at)
        decided = {"outcome": "declined", "decided_at": NOON, "asked_at": asked_at}
        Approval.objects.create(ticket=TicketFactory(subject="refused", status_id=5, **waits), reason="terms", **decided)
        TicketFactory(subject="dead", sync_state="dead", assignee=ana)
        clock.shift(timedelta(days=1))
        assert writing.write_due() == 1
        (mail,) = sent()
        clock.move_to(datetime(2026, 3, 7, 12, tzinfo=UTC))
        assert writing.write_due() == 0
    assert (mail.to, mail.subject) == ([ana.email], "4 tickets are late or stuck")
    assert all(words in mail.body for words in ("Overdue: 1", "Nobody has it: 1", "late", "lonely", "stuck", "dead"))
    assert ("for more than a day: 1" in mail.body, "refused" in mail.body) == (True, False)


def test_notices_are_read_by_their_own_person_while_they_see_the_ticket():
    world = World()
    ticket, other = TicketFactory(community=world.community), TicketFactory(community=world.other)
    people = {who: user for who, user in world.people.items() if user}
    for user in people.values():
        for place in (ticket, other):
            Notice.objects.create(user=user, ticket=place, kind="message", key=f"t{place.pk}", channel="page", made_at=NOON)
    rows = Notice.objects.select_related("ticket__requester")
    counts = {}
    for who, user in people.items():
        visible = set(Notice.objects.visible_to(acting(user)).values_list("pk", flat=True))
        assert visible == {row.pk for row in rows if can_read_notice(acting(user), row)}, who
        counts[who] = len(visible)
    assert (counts["Support agent"], counts["representative"], counts["member"], counts["outsider"], counts["Reviewer"]) == (2, 1, 0, 1, 0)


def test_a_happening_and_its_notice_survive_being_told_again(sam):
    ticket = watched(sam, assignee=sam)
    message = MessageFactory(ticket=ticket, kind="incoming", ticket_version=2, external_key="k" * 26)
    for _ in range(3):
        recording.happened(recording.locked(ticket.pk), "clock_warned", after="first", note="", by=SYSTEM)
        performing.follow(ticket.pk)
    assert Notice.objects.filter(user=sam, kind="clock_warned").count() == 3
    assert Notice.objects.filter(message=message).count() <= 1
