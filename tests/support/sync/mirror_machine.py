"""Two desks and a bad line between them: agents there, people here, faults, crashes and time, in any order.

A rule does one thing on one side, or lets the mirror work for a moment. When hypothesis has had enough the line is mended and
the mirror comes to rest; then both sides are compared, word by word.
"""

import itertools
import json
import re
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx
import stamina
import time_machine
from django.db import transaction
from django.test.utils import override_settings
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from communities.models import Membership
from communities.roles import Role, StaffGroup
from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorTransport
from ground.actors import Actor
from ground.errors import OutsideError
from support import replies, sync, tickets
from support.freshdesk.shapes import Conversation
from support.models import Clash, Message, Ticket, TicketStatus, TicketType
from support.recording.external_keys import PREFIX, tag_of
from support.states import Kind, SyncState
from support.sync.looking import fingerprint
from support.sync.passes import run_pass
from support.sync.pushing import push_message, push_ticket
from support.sync.reconciling import reconcile
from tests.factories import CommunityFactory, member, staff

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STATUSES, PRIORITIES = (2, 3, 4, 5), (1, 2, 3, 4)
TYPES = ("Question", "Incident", "Problem", "Feature Request", None)
TAGS = ("red", "green", "blue")
FAULTS = ("drop", "late", "error", "html", "throttle", "reset", "slow", "down", "empty404", "storm")
SECONDS = {"late": 30.0, "slow": 30.0, "throttle": 20.0, "storm": 20.0}
TOKEN = re.compile(r"token\d+x")
SAID = {"status": "status", "priority": "priority", "kind": "type", "assignee": "responder_id", "subject": "subject"}


class Killed(BaseException):
    """The worker's process is no more."""


class Clock:
    """One clock for both sides; who waits moves it."""

    def __init__(self, traveller):
        self._traveller = traveller

    def now(self):
        return timezone.now().timestamp()

    def sleep(self, seconds):
        self._traveller.shift(timedelta(seconds=seconds))


class Line(httpx.BaseTransport):
    """The way to the simulator, on which a worker may die before or after a request is carried out."""

    def __init__(self, simulator):
        self._way = SimulatorTransport(simulator)
        self.kill_at = None
        self.before = True

    def handle_request(self, request):
        self._count(before=True)
        answer = self._way.handle_request(request)
        self._count(before=False)
        return answer

    def _count(self, *, before):
        if self.kill_at is None or self.before is not before:
            return
        self.kill_at -= 1
        if self.kill_at <= 0:
            self.kill_at = None
            raise Killed


class Mirror(RuleBasedStateMachine):
    ours = Bundle("ours")  # keys of tickets opened here
    theirs = Bundle("theirs")  # numbers of tickets opened there

    def __init__(self):
        super().__init__()
        self.travelling = time_machine.travel(NOON, tick=False)
        self.traveller = self.travelling.start()
        self.simulator = Simulator(key="key")
        self.simulator.account.knobs.limit = 5000
        self.line = Line(self.simulator)
        self.overriding = override_settings(
            FRESHDESK_URL="http://acme.freshdesk.test",
            FRESHDESK_API_KEY="key",
            FRESHDESK_TRANSPORT=self.line,
            FRESHDESK_CLOCK=Clock(self.traveller),
        )
        self.overriding.enable()
        self.testing = stamina.set_testing(True, attempts=2)
        self.testing.__enter__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.tokens = itertools.count(1)
        self.written_here = {}  # token → key of the message
        self.removed_there = set()
        self.wanted_here = {}  # (ticket key, field) → the last value that somebody here chose
        self.been_there = defaultdict(set)  # (number, field) → every value it had there

    def teardown(self):
        try:
            self.come_to_rest()
            self.compare()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            self.testing.__exit__(None, None, None)
            self.overriding.disable()
            self.travelling.stop()
            self.simulator.store.close()

    # The stage

    @initialize()
    def open_the_house(self):
        community = CommunityFactory(name="Ocean Lab")
        self.community = community
        self.member = Actor.person(member(community, Role.REPRESENTATIVE, email="lena@ocean.example", name="Lena"))
        self.agent = Actor.person(staff(StaffGroup.SUPPORT_AGENT, email="sam@hubs.example", name="Sam"))
        self.both = staff(StaffGroup.SUPPORT_AGENT, email="freya@desk.example", name="Freya")
        assert Membership.objects.exists()
        self.sync()

    def token(self):
        return f"token{next(self.tokens)}x"

    # What people here do

    @rule(target=ours, confidential=st.booleans())
    def open_ticket_here(self, confidential):
        token = self.token()
        ticket = tickets.open_ticket(
            self.community, subject=f"Here {token}", body=f"It fails {token}", by=self.member, confidential=confidential
        )
        return ticket.pk

    @rule(pk=ours, kind=st.sampled_from(["reply", "note", "incoming"]))
    def write_here(self, pk, kind):
        self.write(Ticket.objects.get(pk=pk), kind)

    @rule(number=theirs, kind=st.sampled_from(["reply", "note", "incoming"]))
    def write_here_on_theirs(self, number, kind):
        ticket = Ticket.objects.filter(freshdesk_id=number).first()
        if ticket:
            self.write(ticket, kind)

    def write(self, ticket, kind):
        if ticket.gone_reason:
            return
        token = self.token()
        words = f"words {token}\n\nmore *words*"
        write = {"reply": replies.reply, "note": replies.note, "incoming": replies.add_incoming}[kind]
        by = self.member if kind == "incoming" else self.agent
        self.written_here[token] = write(ticket, body=words, by=by).pk
        if kind == "incoming" and (ticket.pk, "status") in self.wanted_here:  # who writes opens it again, whatever was chosen before
            self.wanted_here[ticket.pk, "status"] = Ticket.objects.get(pk=ticket.pk).status_id

    @rule(pk=ours, field=st.sampled_from(sorted(SAID)), choice=st.integers(0, 3))
    def change_here(self, pk, field, choice):
        self.change(Ticket.objects.get(pk=pk), field, choice)

    @rule(number=theirs, field=st.sampled_from(sorted(SAID)), choice=st.integers(0, 3))
    def change_here_on_theirs(self, number, field, choice):
        ticket = Ticket.objects.filter(freshdesk_id=number).first()
        if ticket:
            self.change(ticket, field, choice)

    def change(self, ticket, field, choice):
        if ticket.gone_reason:
            return
        value = {
            "status": TicketStatus.objects.get(code=STATUSES[choice]),
            "priority": PRIORITIES[choice],
            "kind": [Kind.INCIDENT, Kind.CHANGE, Kind.GUIDANCE, Kind.INCIDENT][choice],
            "assignee": self.both if choice % 2 else None,
            "subject": f"Changed here {choice}",
        }[field]
        if getattr(ticket, field) == value:
            return
        tickets.update(ticket, by=self.agent, **{field: value})
        self.wanted_here[ticket.pk, field] = self.as_said(field, value)

    @rule(pk=ours, tag=st.sampled_from(TAGS), adds=st.booleans())
    def tag_here(self, pk, tag, adds):
        ticket = Ticket.objects.get(pk=pk)
        if not ticket.gone_reason:
            tags = [*(each for each in ticket.tags if each != tag), *([tag] if adds else [])]
            tickets.update(ticket, by=self.agent, tags=tags)

    def as_said(self, field, value):
        match field:
            case "status":
                return value.code
            case "assignee":
                return self.simulator.account.human["id"] if value else None
        return value

    # What people there do

    @rule(target=theirs)
    def mail_from_a_stranger(self):
        token = self.token()
        row = self.simulator.requester_writes(email="stranger@else.example", subject=f"There {token}", body=f"<p>Help {token}</p>")
        return row["id"]

    @rule(target=theirs, number=st.integers(2, 4))
    def several_mails_at_once(self, number):
        return multiple(*[self.mail_from_a_stranger_once() for _ in range(number)])

    def mail_from_a_stranger_once(self):
        token = self.token()
        return self.simulator.requester_writes(email="crowd@else.example", subject=f"There {token}", body=f"<p>Help {token}</p>")["id"]

    @rule(data=st.data(), doing=st.sampled_from(["reply", "note", "answer"]))
    def write_there(self, data, doing):
        number = self.some_ticket_there(data)
        if number is None:
            return
        body = f"<p>there {self.token()}</p>"
        if doing == "answer":
            self.simulator.requester_answers(number, body=body)
        else:
            self.simulator.agent_does(number, doing, body=body)

    @rule(
        data=st.data(), choice=st.integers(0, 3), field=st.sampled_from(["status", "priority", "type", "responder_id", "subject", "tags"])
    )
    def change_there(self, data, choice, field):
        number = self.some_ticket_there(data)
        if number is None:
            return
        ticket = self.simulator.store.tickets.get(number)
        keys = [tag for tag in ticket["tags"] if tag.startswith(PREFIX)]
        value = {
            "status": STATUSES[choice],
            "priority": PRIORITIES[choice],
            "type": TYPES[choice],
            "responder_id": self.simulator.account.human["id"] if choice % 2 else None,
            "subject": f"Changed there {choice}",
            "tags": [*keys, *TAGS[:choice]],
        }[field]
        self.simulator.agent_does(number, "change", **{field: value})

    @rule(data=st.data(), doing=st.sampled_from(["delete", "spam", "restore"]))
    def move_there(self, data, doing):
        rows = [row for row in self.simulator.store.tickets.find() if (row["place"] == "") != (doing == "restore")]
        rows = [row for row in rows if row["place"] in {"", "deleted", "spam"}]
        if rows:
            self.simulator.agent_does(data.draw(st.sampled_from(rows))["id"], doing)

    @rule(data=st.data(), edits=st.booleans())
    def edit_or_delete_a_note_there(self, data, edits):
        notes = [row for row in self.simulator.store.conversations.find() if row["source"] == 2 and TOKEN.search(row["body"]) is not None]
        if not notes:
            return
        note = data.draw(st.sampled_from(notes))
        with self.straight() as api:
            if edits:
                api.put(f"conversations/{note['id']}", json={"body": f"<p>edited {self.token()}</p>"})
            else:
                api.delete(f"conversations/{note['id']}")
        self.removed_there |= set(TOKEN.findall(note["body"]))

    def some_ticket_there(self, data):
        rows = self.simulator.store.tickets.find("place = ''")
        return data.draw(st.sampled_from(rows))["id"] if rows else None

    def straight(self):
        """The API by another program's hand, on a line of its own."""
        return httpx.Client(transport=SimulatorTransport(self.simulator), base_url="http://acme.freshdesk.test/api/v2/", auth=("key", "X"))

    # Time, faults, and the mirror at work

    @rule(seconds=st.sampled_from([1, 2, 7, 20, 70, 400]))
    def time_passes(self, seconds):
        self.traveller.shift(timedelta(seconds=seconds))

    @rule(kind=st.sampled_from(FAULTS), method=st.sampled_from(["", "GET", "POST", "PUT"]), times=st.integers(1, 3))
    def something_will_go_wrong(self, kind, method, times):
        self.simulator.faults.arm(kind, method=method, times=times, seconds=SECONDS.get(kind, 0.0))

    @rule(requests=st.integers(1, 12), before=st.booleans())
    def the_worker_will_die(self, requests, before):
        self.line.kill_at, self.line.before = requests, before

    @rule()
    def sync(self):
        self.attempt(run_pass)

    @rule(data=st.data())
    def doorbell(self, data):
        number = self.some_ticket_there(data)
        if number is not None:
            self.attempt(lambda freshdesk: sync.pull_ticket(freshdesk, number))

    @rule()
    def push(self):
        now = timezone.now()
        for push, model in ((push_ticket, Ticket), (push_message, Message)):
            for pk in list(model.objects.filter(next_attempt_at__lte=now).values_list("pk", flat=True)):
                self.attempt(lambda freshdesk, push=push, pk=pk: push(freshdesk, pk))

    def attempt(self, work):
        self.note_what_is_there()
        with sync.open_freshdesk() as freshdesk, suppress(OutsideError, Killed):
            work(freshdesk)
        self.note_what_is_there()

    def note_what_is_there(self):
        for row in self.simulator.store.tickets.find():
            for field, name in SAID.items():
                self.been_there[row["id"], field].add(row.get(name))

    # The end

    def come_to_rest(self):
        self.line.kill_at = None
        self.simulator.faults.clear()
        for _ in range(14):
            self.traveller.shift(timedelta(seconds=61))
            self.attempt(run_pass)
        with sync.open_freshdesk() as freshdesk:
            reconcile(freshdesk)
            self.traveller.shift(timedelta(seconds=61))
            run_pass(freshdesk)
            run_pass(freshdesk)

    def compare(self):
        self.note_what_is_there()
        rows = self.simulator.store.tickets.find()
        for row in rows:
            self.compare_ticket(row)
        self.nothing_doubled(rows)
        self.nothing_lost()
        self.no_choice_dropped_in_silence()
        waiting = Ticket.objects.filter(next_attempt_at__isnull=False, gone_reason="")
        assert list(waiting.values_list("reference", "sync_state", "last_error")) == []

    def compare_ticket(self, row):
        ticket = Ticket.objects.filter(freshdesk_id=row["id"]).first()
        if row["place"] in {"deleted", "spam"}:
            assert ticket is None or ticket.gone_reason == row["place"], (row["place"], ticket and ticket.gone_reason)
            return
        assert ticket is not None, f"#{row['id']} never came"
        assert not ticket.gone_reason, ticket.gone_reason
        kinds = {each.word: each.kind for each in TicketType.objects.all()}
        here = {
            "status": ticket.status_id,
            "priority": ticket.priority,
            "subject": ticket.subject,
            "tags": sorted(ticket.tags),
            "kind": ticket.kind,
            "responder": self.simulator.account.human["id"] if ticket.assignee == self.both else None,
        }
        there = {
            "status": row["status"],
            "priority": row["priority"],
            "subject": row["subject"],
            "tags": sorted(tag for tag in row["tags"] if not tag.startswith(PREFIX)),
            "kind": kinds.get(row.get("type") or "", ""),
            "responder": row.get("responder_id"),
        }
        assert here == there, f"#{row['id']} {ticket.sync_state} {ticket.last_error}"
        self.compare_conversation(ticket, row["id"])

    def compare_conversation(self, ticket, number):
        there = {
            row["id"]: (self.kind_of(row), fingerprint(Conversation.read({"body": row["body"]})))
            for row in self.simulator.store.conversations.find("ticket_id = ?", number)
        }
        rows = ticket.messages.filter(removed_at=None, freshdesk_id__isnull=False)
        assert {row.freshdesk_id: (row.kind, row.content_hash) for row in rows} == there

    def kind_of(self, row):
        return "note" if row.get("private") else "incoming" if row.get("incoming") else "reply"

    def nothing_doubled(self, rows):
        keys = Counter(tag for row in rows for tag in row["tags"] if tag.startswith(PREFIX) and row["place"] == "")
        assert all(count == 1 for count in keys.values()), keys
        tokens = Counter(token for row in self.simulator.store.conversations.find() for token in set(TOKEN.findall(row["body"])))
        assert all(count == 1 for count in tokens.values()), tokens
        for ticket in Ticket.objects.exclude(opened_by=None):
            assert Ticket.objects.filter(external_key=ticket.external_key).count() == 1
            assert keys[tag_of(ticket.external_key)] == 1 or ticket.gone_reason, ticket.sync_state

    def nothing_lost(self):
        there = {token for row in self.simulator.store.conversations.find() for token in TOKEN.findall(row["body"])} | self.removed_there
        for token, pk in self.written_here.items():
            message = Message.objects.select_related("ticket").get(pk=pk)
            is_told = message.sync_state in {SyncState.DEAD, SyncState.QUEUED} and message.ticket.gone_reason
            assert token in there or is_told, (token, message.kind, message.sync_state, message.last_error, message.ticket.gone_reason)

    def no_choice_dropped_in_silence(self):
        for (pk, field), value in self.wanted_here.items():
            ticket = Ticket.objects.get(pk=pk)
            said = value if field != "kind" else None
            now = {"status": ticket.status_id, "priority": ticket.priority, "kind": ticket.kind, "subject": ticket.subject}
            now["assignee"] = self.simulator.account.human["id"] if ticket.assignee == self.both else None
            been = self.been_there[ticket.freshdesk_id, field]
            if field == "kind":
                kinds = {each.word: each.kind for each in TicketType.objects.all()}
                been, said = {kinds.get(word or "", "") for word in been}, value
            clashed = Clash.objects.filter(ticket=ticket, field=field).exists()
            assert now[field] == value or said in been or clashed or ticket.gone_reason, (
                field,
                value,
                now[field],
                json.dumps(sorted(map(str, been))),
            )
