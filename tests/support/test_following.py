"""A changed ticket is followed once: rules run, people are told, and a kill between loses and doubles nothing."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support import recording, replies, tickets, wholesale
from support.asking import approving
from support.following import performing
from support.models import Notice, NoticePreferences, SatisfactionRating, Ticket, Watch
from support.notices import watching
from support.notices.kinds import is_bad
from support.notices.saying import sentence
from support.recording import ringing
from support.reports.numbers import RATINGS
from support.states import Face, HeldFor, Status
from tests import database
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.asking.factories import waiting_ticket
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def ana():
    return staff(StaffGroup.SUPPORT_TRIAGER, name="Ana")


def followed(**fields):
    """A ticket with which everybody is up to date."""
    return TicketFactory(followed_version=1, **fields)


def told(person):
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("kind", flat=True))


def opened(**fields):
    community = CommunityFactory()
    return tickets.open_ticket(community, subject="No server", body="It fails", by=acting(member(community)), **fields)


def test_a_new_ticket_is_told_to_triagers_and_to_nobody_else(sam, ana):
    performing.follow(opened().pk)
    assert (told(ana), told(sam)) == (["unassigned"], [])


def test_a_ticket_that_waits_for_approval_is_told_to_triagers_once_it_is_let_through(ana):
    ticket = opened(held=HeldFor.TERMS)
    performing.follow(ticket.pk)
    assert told(ana) == []
    approving.approve(ticket, by=SYSTEM)
    performing.follow(ticket.pk)
    assert told(ana) == ["unassigned"]


def test_one_opened_and_let_through_before_anybody_followed_is_told_once(ana):
    ticket = opened(held=HeldFor.TERMS)
    approving.approve(ticket, by=SYSTEM)
    performing.follow(ticket.pk)
    assert told(ana) == ["unassigned"]


def test_a_ticket_is_followed_once(ana):
    ticket = opened()
    assert [performing.follow(ticket.pk), performing.follow(ticket.pk)] == [True, False]
    assert told(ana) == ["unassigned"]


def test_a_ticket_up_to_date_is_not_due_and_a_changed_one_is():
    quiet, moved = followed(), followed()
    tickets.update(moved, by=SYSTEM, kind="change")
    assert performing.due() == [moved.pk]
    performing.follow_due()
    assert performing.due() == []
    quiet.refresh_from_db()
    assert quiet.followed_version == 1


def test_who_is_given_a_ticket_is_told_and_watches_it_and_who_gave_it_is_not_told(sam, ana):
    ticket = followed()
    tickets.assign(ticket, to=sam, by=acting(ana))
    performing.follow(ticket.pk)

    assert (told(sam), told(ana)) == (["assigned"], [])
    assert list(Watch.objects.values_list("user", "why")) == [(sam.pk, "assignee")]


def test_who_takes_it_themselves_is_told_nothing(sam):
    ticket = followed()
    tickets.assign(ticket, to=sam, by=acting(sam))
    performing.follow(ticket.pk)
    assert told(sam) == []


def test_who_loses_a_ticket_stops_watching_and_only_the_last_one_given_it_is_told(sam, ana):
    ticket = followed()
    tickets.assign(ticket, to=sam, by=SYSTEM)
    performing.follow(ticket.pk)
    for person in (ana, sam, ana):
        tickets.assign(ticket, to=person, by=SYSTEM)
    performing.follow(ticket.pk)

    assert list(Watch.objects.values_list("user", flat=True)) == [ana.pk]
    assert (told(sam), told(ana)) == (["assigned"], ["assigned"])


def test_watchers_are_told_of_messages_and_notes_but_not_of_their_own(sam, ana):
    ticket = followed()
    watching.watch(ticket, ana, by=acting(ana))
    replies.reply(ticket, body="Restart it", by=acting(sam))
    replies.note(ticket, body="Odd", by=acting(ana))
    replies.add_incoming(ticket, body="Thanks", by=SYSTEM)
    performing.follow(ticket.pk)

    assert told(ana) == ["message", "message"]
    assert told(sam) == ["note", "message"]


def test_a_mention_is_told_once_as_a_mention(sam, ana):
    ticket = followed()
    watching.watch(ticket, ana, by=acting(ana))
    replies.note(ticket, body="Could @Ana look?", by=acting(sam))
    performing.follow(ticket.pk)
    assert told(ana) == ["mention"]


def test_whom_a_note_calls_is_told_and_watches_and_nobody_of_a_like_name(sam, ana):
    luz, luzia = (staff(StaffGroup.SUPPORT_AGENT, name=name) for name in ("Luz", "Luz Ia"))
    gone = staff(StaffGroup.SUPPORT_AGENT, name="Gone")
    ticket = followed()
    replies.note(ticket, body="Could @Luz Ia and @Gone look?", by=acting(sam))
    gone.groups.clear()
    performing.follow(ticket.pk)
    assert (told(luzia), told(luz), told(ana), told(gone)) == (["mention"], [], [], [])
    assert list(Watch.objects.on().filter(why="mentioned").values_list("user", flat=True)) == [luzia.pk]


def test_a_note_that_only_looks_like_a_call_tells_nobody(sam, ana):
    ticket = followed()
    note = replies.note(ticket, body="Hello @Ana", by=acting(sam))
    note.mentions.all().delete()
    performing.follow(ticket.pk)
    assert (told(ana), Watch.objects.filter(user=ana).exists()) == ([], False)


def test_who_stopped_watching_is_not_made_to_again(sam):
    ticket = followed()
    watching.watch(ticket, sam, by=acting(sam))
    watching.stop(ticket, sam)
    replies.note(ticket, body="one more", by=acting(sam))
    replies.add_incoming(ticket, body="Hello?", by=SYSTEM)
    performing.follow(ticket.pk)

    assert told(sam) == []
    watching.watch(ticket, sam, by=acting(sam))
    assert Watch.objects.on().filter(user=sam).exists()


@pytest.mark.parametrize(
    ("field", "after", "kinds"),
    [
        ("clock_warned", "first", (["clock_warned"], [])),
        ("clock_missed", "first", (["clock_missed"], ["clock_missed"])),
        ("timebox_over", "", (["timebox"], [])),
        ("rated", "-103", (["rated"], ["rated"])),
        ("rated", "3", (["rated"], ["rated"])),
        ("rated", "1", ([], [])),
        ("rated", "100", ([], [])),
        ("escalation", "failed", (["escalation"], [])),
        ("escalation", "open", ([], [])),
        ("budget", "80", ([], ["clock_warned"])),
        ("delivery", "bounced", ([], [])),
    ],
)
def test_what_happens_without_a_step_of_the_version_is_told_once(sam, ana, field, after, kinds):
    ticket = followed(assignee=sam)
    recording.happened(ticket, field, after=after, note="", by=SYSTEM)
    recording.happened(recording.locked(ticket.pk), "seen", after="", note="", by=SYSTEM)
    assert performing.due() == [ticket.pk]
    performing.follow(ticket.pk)
    recording.happened(recording.locked(ticket.pk), "seen", after="", note="", by=SYSTEM)
    performing.follow(ticket.pk)

    assert (told(sam), told(ana)) == kinds


def test_what_happened_is_not_forgotten_when_the_same_transaction_changes_the_ticket(sam):
    ticket = recording.locked(followed(assignee=sam).pk)
    recording.happened(ticket, "clock_warned", after="first", note="", by=SYSTEM)
    recording.change(ticket, by=SYSTEM, kind="change")
    performing.follow(ticket.pk)
    assert told(sam) == ["clock_warned"]


def test_while_nobody_has_the_ticket_the_triagers_hear_of_its_clock(ana):
    ticket = followed()
    recording.happened(ticket, "clock_warned", after="first", note="", by=SYSTEM)
    performing.follow(ticket.pk)
    assert told(ana) == ["clock_warned"]


@pytest.mark.parametrize(
    ("field", "after", "words"),
    [
        ("budget", "80", "The community has used 80 % of its support budget."),
        ("clock_warned", "first", "A promised time comes near."),
        ("escalation", "failed", "GitHub did not take the issue, or does not have it any more."),
        ("escalation", "closed", "The issue on GitHub is closed."),
    ],
)
def test_a_notice_says_which_of_its_kinds_things_happened(ana, field, after, words):
    ticket = followed()
    recording.happened(ticket, field, after=after, note="", by=SYSTEM)
    performing.follow(ticket.pk)
    assert [sentence(each) for each in Notice.objects.filter(user=ana)] == [words]


def test_triagers_hear_of_a_new_ticket_once_it_was_approved(ana):
    community = CommunityFactory()
    ticket = waiting_ticket(community)
    performing.follow(ticket.pk)
    assert told(ana) == []

    approving.approve(ticket, by=acting(member(community, Role.REPRESENTATIVE)))
    performing.follow_due()
    assert told(ana) == ["unassigned"]


def test_a_rating_is_bad_here_where_the_reports_call_it_unhappy():
    for rating in (1, 2, 3, 100, 101, 102, 103, -101, -102, -103):
        SatisfactionRating.objects.create(ticket=followed(), rating=rating, created_at=timezone.now(), is_ours=True)
    unhappy = SatisfactionRating.objects.filter(RATINGS["unhappy"]).values_list("rating", flat=True)
    happy = SatisfactionRating.objects.filter(RATINGS["happy"]).values_list("rating", flat=True)
    every = SatisfactionRating.objects.values_list("rating", flat=True)
    assert set(unhappy) == {each for each in every if is_bad(str(each))} == {each for each in every if Face.of(each) == Face.BAD}
    assert set(happy) == {each for each in every if Face.of(each) == Face.GOOD}


def test_an_incident_is_told_when_it_opens_as_one_or_becomes_one(ana):
    performing.follow(opened(kind="incident").pk)
    later = followed()
    tickets.update(later, by=SYSTEM, kind="incident")
    performing.follow(later.pk)
    assert told(ana) == ["unassigned", "incident", "incident"]


def test_many_tickets_changed_alike_tell_nobody(sam):
    due = TicketFactory(kind="", followed_version=0)
    done = followed(kind="")
    wholesale.change(Ticket.objects.all(), field="kind", before="", after="incident", by=SYSTEM)
    assert performing.due() == [due.pk]
    done.refresh_from_db()
    assert (done.version, done.followed_version) == (2, 2)


def test_history_that_comes_from_freshdesk_is_told_to_nobody(sam):
    ticket = followed()
    watching.watch(ticket, sam, by=acting(sam))
    old = recording.compose(ticket, letter("old", at=timezone.now() - timedelta(days=3)), by=Actor.freshdesk("Kai"))
    new = recording.compose(ticket, letter("new"), by=Actor.freshdesk("Kai"))
    old.save()
    new.save()
    ticket.save()
    performing.follow(ticket.pk)
    assert list(Notice.objects.values_list("message", flat=True)) == [new.pk]


def letter(words, **more):
    return recording.Letter(kind="incoming", body_html=f"<p>{words}</p>", body_text=words, **more)


def test_members_who_follow_their_community_are_told_unless_it_is_confidential_or_theirs():
    community = CommunityFactory()
    champion, author = member(community, Role.HUB_CHAMPION), member(community)
    technical = member(community, Role.TECHNICAL_CONTACT)
    for person in (champion, author, technical):
        NoticePreferences.objects.create(user=person, follows="community")
    for confidential in (False, True):
        performing.follow(
            tickets.open_ticket(community, subject="No server", body="It fails", by=acting(author), confidential=confidential).pk
        )
    assert (told(champion), told(author), told(technical)) == (["community"], [], [])


def test_members_hear_nothing_from_us_where_freshdesk_writes_to_them(settings):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "https://acme.freshdesk.com", "key"
    community = CommunityFactory()
    champion = member(community, Role.HUB_CHAMPION)
    NoticePreferences.objects.create(user=champion, follows="community")
    performing.follow(tickets.open_ticket(community, subject="No server", body="It fails", by=SYSTEM).pk)
    assert told(champion) == []


def test_following_costs_the_same_with_one_and_twenty_watchers(django_assert_max_num_queries):
    ticket = followed()
    for n in range(20):
        watching.watch(ticket, staff(StaffGroup.SUPPORT_AGENT, name=f"Agent {n}"), by=SYSTEM)
    replies.add_incoming(ticket, body="Hello", by=SYSTEM)
    with django_assert_max_num_queries(14):
        performing.follow(ticket.pk)
    assert Notice.objects.count() == 20


KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from support.following import performing
from support.models import Notice

def die(execute, sql, params, many, context):
    answer = execute(sql, params, many, context)
    if sql.startswith("INSERT") and "support_notice" in sql:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

with connection.execute_wrapper(die):
    performing.follow(int(sys.argv[1]))
"""


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the killed process and the next one share a SQLite file")
def test_a_worker_killed_while_it_tells_loses_nothing_and_doubles_nothing(tmp_path):
    """On a database of its own: the killed process and the one that follows share a file."""
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}", "VAR_DIR": str(tmp_path)}
    shutil.copy(database.kept(), tmp_path / "db.sqlite3")
    python = [sys.executable, "-c"]
    made = """
import django
django.setup()
from communities.roles import StaffGroup
from ground.actors import Actor
from support import replies
from support.notices import watching
from tests import database
from tests.factories import staff
from tests.support.factories import TicketFactory
ticket = TicketFactory(followed_version=1)
watching.watch(ticket, staff(StaffGroup.SUPPORT_AGENT), by=Actor.system())
replies.add_incoming(ticket, body="Hello", by=Actor.system())
print(ticket.pk)
"""
    pk = subprocess.run([*python, made], env=env, capture_output=True, text=True, check=True).stdout.split()[-1]

    killed = subprocess.run([*python, KILLED, pk], env=env, check=False)
    again = "import django; django.setup()\nfrom support.models import Notice\nfrom support.following import performing\n"
    again += "print(Notice.objects.count(), performing.follow_due(), performing.follow_due(), Notice.objects.count())"
    after = subprocess.run([*python, again], env=env, capture_output=True, text=True, check=True)

    assert (killed.returncode, after.stdout.split()) == (-signal.SIGKILL, ["0", "1", "0", "1"])


def test_solving_is_followed_too():
    ticket = followed()
    tickets.solve(ticket, by=SYSTEM)
    performing.follow(ticket.pk)
    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.followed_version) == (Status.SOLVED, ticket.version)


def test_what_changes_within_a_moment_rings_once_and_the_worker_knows_the_task(django_capture_on_commit_callbacks):
    ticket = followed()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        tickets.update(ticket, by=SYSTEM, kind="change")
        replies.note(ticket, body="Odd", by=SYSTEM)
    assert len(callbacks) >= 2
    assert ringing.TASK in current_app.tasks
    assert cache.get(f"follow-ring:{ticket.pk}")
    performing.follow(ticket.pk)
    assert not cache.get(f"follow-ring:{ticket.pk}")
