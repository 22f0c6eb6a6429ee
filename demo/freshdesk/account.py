"""One Freshdesk account: who is in it, its clock, its knobs, and what happens by itself a little later."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from demo.freshdesk.clock import Clock, parse, stamp
from demo.freshdesk.knobs import Knobs
from demo.freshdesk.store import Row, Store

INTEGRATION_EMAIL = "integration@desk.example"
AGENTS = (("Hubdesk integration", INTEGRATION_EMAIL), ("Freya Lind", "freya@desk.example"), ("Ben Okafor", "ben@desk.example"))
CANNED = (
    ("Received", "<p>Hello {{ticket.requester.name}}, we have got your request {{ticket.url}}.</p>"),
    ("Restart your server", "<p>Please stop and start your server once, and tell us whether it helped.</p>"),
)
RUNNING_OUT = {4, 5}  # solved, or closed
DUE_HOURS = {1: (24, 72), 2: (12, 48), 3: (8, 24), 4: (1, 8)}


@dataclass
class Account:
    """What every handler is given."""

    store: Store
    key: str = "demo-key"
    knobs: Knobs = field(default_factory=Knobs)
    clock: Clock = field(default_factory=Clock)
    rings: bool = False  # whether anybody listens to webhooks
    custom: dict[str, Row] = field(default_factory=dict)  # the ticket form's own fields, by name

    def open(self) -> None:
        """Staff and furnish the account, once."""
        with self.store.turn():
            if not self.store.agents.find():
                self._staff()
            if not self.store.fields.find():
                self.store.fields.put({"name": "cf_hub", "label": "Hub", "type": "custom_text", "choices": None, "created_at": self.now()})
            if not self.store.folders.find():
                self._write_canned_responses()
            self.custom = {row["name"]: row for row in self.store.fields.find()}

    def add_field(self, name: str, *, label: str, kind: str = "custom_text", choices: Any = None) -> Row:
        """A field of the ticket form that is on every ticket from now on, and has changed none."""
        row = {"name": name, "label": label, "type": kind, "choices": choices, "created_at": self.now()}
        self.custom[name] = self.store.fields.put(row)
        return row

    def now(self) -> str:
        return stamp(self.clock.now())

    @property
    def me(self) -> Row:
        """The agent whose key the API is used with."""
        return self.store.agents.find("email = ?", INTEGRATION_EMAIL)[0]

    @property
    def human(self) -> Row:
        """The agent who sits at the pages."""
        return self.store.agents.find("email != ?", INTEGRATION_EMAIL)[0]

    def later(self, seconds: float, kind: str, **what: Any) -> None:
        """Something that will have happened once so many seconds have passed."""
        due = (self.clock.now() + timedelta(seconds=seconds)).timestamp()
        self.store.effects.put({"due": due, "kind": kind, **what})

    def next_effect(self) -> Row | None:
        """What is due and has not happened; a webhook waits for whoever rings."""
        due = self.store.effects.find("due <= ? AND kind != 'hook'", self.clock.now().timestamp(), order="due, id", limit=1)
        return due[0] if due else None

    def keep(self, ticket: Row) -> Row:
        """A ticket as it is now; what search will still find for a while is kept beside it."""
        if self.knobs.search_lag and ticket.get("id") is not None:
            self._remember(ticket["id"])
        return self.store.tickets.put(ticket)

    def bump(self, ticket_id: int, at: str) -> None:
        """A ticket's updated_at never goes back."""
        ticket = self.store.tickets.get(ticket_id)
        if ticket and ticket["updated_at"] < at:
            self.keep({**ticket, "updated_at": at})

    def bump_after_conversation(self, ticket_id: int, at: str) -> None:
        if self.knobs.bump_delay:
            self.later(self.knobs.bump_delay, "bump", ticket_id=ticket_id)
        else:
            self.bump(ticket_id, at)

    def set_due_times(self, ticket_id: int, **given: str) -> None:
        """The clockwork's work after a creation; it shows as a change nobody made. What somebody asked for stays."""
        ticket = self.store.tickets.get(ticket_id)
        if ticket is None:
            return
        first, whole = DUE_HOURS.get(ticket["priority"], DUE_HOURS[1])
        created: datetime = parse(ticket["created_at"])
        due = {"fr_due_by": stamp(created + timedelta(hours=first)), "due_by": stamp(created + timedelta(hours=whole))}
        asked = {name: ticket[name] for name in due if ticket.get(name)}
        self.keep({**ticket, **due, **asked, **given, "updated_at": max(self.now(), ticket["updated_at"])})

    def escalate(self, ticket_id: int) -> None:
        """The clockwork's other work, on what nobody has solved."""
        ticket = self.store.tickets.get(ticket_id)
        if ticket and not ticket["place"] and ticket["status"] not in RUNNING_OUT:
            self.keep({**ticket, "is_escalated": True, "updated_at": max(self.now(), ticket["updated_at"])})

    def announce(self, ticket_id: int, event: str) -> None:
        """What a rule "an agent or a requester did this" tells a webhook; the integration's own doings are left out."""
        if self.rings:
            for _ in range(self.knobs.hook_copies):
                self.later(self.knobs.hook_delay, "hook", ticket_id=ticket_id, event=event, born=self.clock.now().timestamp(), tries=0)

    def tidy(self) -> None:
        """What 120 days after closing, or 30 days in the trash, does by itself."""
        now = self.clock.now()
        old = "status = 5 AND place = '' AND updated_at < ?"
        self.store.tickets.mark("place", "archived", old, stamp(now - timedelta(days=self.knobs.archive_days)))
        limit = stamp(now - timedelta(days=self.knobs.purge_days))
        for place in ("spam", "deleted"):
            for ticket in self.store.tickets.find("place = ? AND updated_at < ?", place, limit):
                self.erase(ticket["id"])

    def erase(self, ticket_id: int) -> None:
        """A ticket and all that hangs on it, without a trace."""
        for row in self.store.attachments.find("ticket_id = ?", ticket_id):
            self.store.files.remove(row["id"])
        for shelf in (self.store.attachments, self.store.conversations, self.store.time_entries, self.store.ratings):
            shelf.remove_where("ticket_id = ?", ticket_id)
        self.store.tickets.remove(ticket_id)

    def _remember(self, ticket_id: int) -> None:
        before = self.store.tickets.get(ticket_id)
        forgotten = stamp(self.clock.now() - timedelta(seconds=self.knobs.search_lag))
        self.store.past.remove_where("replaced_at < ?", forgotten)
        if before:
            times = {"kept_at": before["updated_at"], "replaced_at": self.now()}
            self.store.past.put({**before, **times, "ticket_id": ticket_id, "id": None})

    def _staff(self) -> None:
        for name, email in AGENTS:
            self.store.agents.put(agent(name, email, at=self.now()))
        everybody = [row["id"] for row in self.store.agents.find()]
        self.store.groups.put({"name": "Hub support", "description": "Everybody who answers", "agent_ids": everybody})

    def _write_canned_responses(self) -> None:
        now = self.now()
        folder = self.store.folders.put({"name": "General", "personal": False, "created_at": now, "updated_at": now})
        for title, content in CANNED:
            words = {"title": title, "content": content, "content_html": content, "visibility": 0, "group_ids": []}
            self.store.canned.put({**words, "folder_id": folder["id"], "created_at": now, "updated_at": now})


def agent(name: str, email: str, *, at: str) -> Row:
    contact = {
        "active": True,
        "email": email,
        "job_title": None,
        "language": "en",
        "last_login_at": None,
        "mobile": None,
        "name": name,
        "phone": None,
    }
    return {
        "available": False,
        "occasional": False,
        "ticket_scope": 1,
        "signature": None,
        "type": "support_agent",
        "created_at": at,
        "updated_at": at,
        "available_since": None,
        "last_active_at": None,
        "deactivated": False,
        "focus_mode": True,
        "contact": {**contact, "time_zone": "UTC", "created_at": at, "updated_at": at},
        "group_ids": [],
        "role_ids": [],
        "skill_ids": [],
        "email": email,
    }
