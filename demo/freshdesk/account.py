"""One Freshdesk account: who is in it, its clock, its knobs, and what happens by itself a little later."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from demo.freshdesk.clock import Clock, parse, stamp
from demo.freshdesk.store import Row, Store

INTEGRATION_EMAIL = "integration@desk.example"
AGENTS = (("Hubdesk integration", INTEGRATION_EMAIL), ("Freya Lind", "freya@desk.example"), ("Ben Okafor", "ben@desk.example"))
DUE_HOURS = {1: (24, 72), 2: (12, 48), 3: (8, 24), 4: (1, 8)}


@dataclass
class Knobs:
    """How this account behaves; a test or a person may turn each."""

    limit: int = 400  # credits a minute
    due_by_delay: float = 2.0  # seconds until the due times are there
    bump_delay: float = 0.0  # seconds until a conversation shows on its ticket's updated_at
    multiple_companies: bool = False
    rate_headers: str = "float"  # or int, or missing
    hook_copies: int = 1  # a webhook may come twice, or never


@dataclass
class Account:
    """What every handler is given."""

    store: Store
    key: str = "demo-key"
    knobs: Knobs = field(default_factory=Knobs)
    clock: Clock = field(default_factory=Clock)
    events: list[tuple[int, str]] = field(default_factory=list)

    def open(self) -> None:
        """Staff the account, once."""
        with self.store.turn():
            if not self.store.agents.find():
                for name, email in AGENTS:
                    self.store.agents.put(agent(name, email, at=self.now()))
                self.store.groups.put(
                    {
                        "name": "Hub support",
                        "description": "Everybody who answers",
                        "agent_ids": [row["id"] for row in self.store.agents.find()],
                    }
                )

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

    def due_effects(self) -> list[Row]:
        return self.store.effects.find("due <= ?", self.clock.now().timestamp(), order="due, id")

    def bump(self, ticket_id: int, at: str) -> None:
        """A ticket's updated_at never goes back."""
        ticket = self.store.tickets.get(ticket_id)
        if ticket and ticket["updated_at"] < at:
            self.store.tickets.put({**ticket, "updated_at": at})

    def bump_after_conversation(self, ticket_id: int, at: str) -> None:
        if self.knobs.bump_delay:
            self.later(self.knobs.bump_delay, "bump", ticket_id=ticket_id)
        else:
            self.bump(ticket_id, at)

    def set_due_times(self, ticket_id: int) -> None:
        """The clockwork's work after a creation; it shows as a change nobody made."""
        ticket = self.store.tickets.get(ticket_id)
        if ticket is None:
            return
        first, whole = DUE_HOURS.get(ticket["priority"], DUE_HOURS[1])
        created: datetime = parse(ticket["created_at"])
        due = {"fr_due_by": stamp(created + timedelta(hours=first)), "due_by": stamp(created + timedelta(hours=whole))}
        self.store.tickets.put({**ticket, **due, "updated_at": max(self.now(), ticket["updated_at"])})

    def announce(self, ticket_id: int, event: str) -> None:
        """What a rule "an agent or a requester did this" would tell a webhook; the integration's own doings are left out."""
        self.events.append((ticket_id, event))


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
