"""An account filled fast and without HTTP, for tests and measurements: as many tickets, words, people and files as are asked for."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Protocol

from demo.freshdesk.account import Account
from demo.freshdesk.clock import stamp
from demo.freshdesk.store import Row, Shelf, Store

BATCH = 5000
SPAN = timedelta(days=100)  # what is older and closed would be archived at once
TOPICS = ("Kernel does not start", "Server is slow", "New user", "Package is missing", "Cannot sign in", "Storage is full", "Shared folder")
SENTENCES = (
    "The server stops after a minute or so.",
    "We followed the page on shared folders, step by step.",
    "There are twelve people in this group, and all of them see it.",
    "It worked <b>yesterday</b>.",
    "A workshop begins on Monday &amp; we would like to be ready.",
    'Please have a look at <a href="https://hub.example/user/lena">my server</a>.',
    "Starting it again did not help.",
    "Thank you very much!",
)
STATUSES = (2, 2, 3, 4, 5, 5, 6)
FILE = b"%PDF-1.4 a small file\n"


@dataclass(frozen=True)
class Filled:
    """What there is more of now."""

    tickets: range
    conversations: range
    contacts: range
    companies: range
    attachments: range


class WithAccount(Protocol):
    """A simulator, as far as filling it needs to know."""

    account: Account


def fill(simulator: WithAccount, **wish: Any) -> Filled:
    """Insert what `pour` is asked for, in one turn; not to be called within one."""
    with simulator.account.store.turn():
        return pour(simulator.account, **wish)


def pour(
    account: Account,
    *,
    tickets: int,
    conversations_each: int = 0,
    contacts: int = 10,
    companies: int = 3,
    attachments_each: int = 0,
    same_second: bool = False,
    seed: int = 0,
) -> Filled:
    """Insert so many; with `same_second` all tickets were changed in one and the same. The same seed makes the same words."""
    chance, now, store = random.Random(seed), account.clock.now(), account.store  # noqa: S311  words, not secrets
    new_companies = _insert(store.companies, companies, lambda number, row_id: _company(number, row_id, stamp(now)))
    new_contacts = _insert(store.contacts, contacts, lambda number, row_id: _contact(number, row_id, new_companies, stamp(now)))
    agents = [row["id"] for row in store.agents.find()]
    maker = _Maker(chance, now, agents, new_contacts, new_companies, same_second)
    new_tickets = _insert(store.tickets, tickets, maker.ticket)
    words = _insert(
        store.conversations,
        tickets * conversations_each,
        lambda number, row_id: maker.words(number, row_id, new_tickets, conversations_each),
    )
    files = _insert(
        store.attachments, tickets * attachments_each, lambda number, row_id: maker.file(row_id, new_tickets[number // attachments_each])
    )
    _store_files(store, files)
    return Filled(new_tickets, words, new_contacts, new_companies, files)


@dataclass(frozen=True)
class _Maker:
    chance: random.Random
    now: datetime
    agents: Sequence[int]
    contacts: range
    companies: range
    same_second: bool

    def ticket(self, number: int, row_id: int) -> Row:
        created = self.now - SPAN * self.chance.random()
        changed = self.now if self.same_second else created + (self.now - created) * self.chance.random()
        contact = self.chance.choice(self.contacts)
        status = self.chance.choice(STATUSES)
        return {
            "id": row_id,
            "subject": f"{self.chance.choice(TOPICS)} ({number})",
            "description": self._paragraphs(3),
            "status": status,
            "priority": self.chance.randint(1, 4),
            "source": self.chance.choice((1, 2, 9)),
            "type": self.chance.choice((None, "Question", "Incident")),
            "responder_id": self.chance.choice(self.agents) if self.chance.random() < 0.7 else None,
            "requester_id": contact,
            "company_id": self.companies[contact % len(self.companies)] if self.companies else None,
            "tags": ["filled"],
            "custom_fields": {},
            "place": "",
            "created_at": stamp(created),
            "updated_at": stamp(changed),
            "fr_due_by": stamp(created + timedelta(hours=24)),
            "due_by": stamp(created + timedelta(hours=72)),
            "stats": {"status_updated_at": stamp(changed), **({"resolved_at": stamp(changed)} if status in {4, 5} else {})},
        }

    def words(self, number: int, row_id: int, tickets: range, each: int) -> Row:
        """In turn a note, the requester's words and an answer."""
        kind: Row = (
            {"source": 2, "category": 2, "private": True},
            {"source": 0, "category": 1, "incoming": True},
            {"source": 0, "category": 3},
        )[number % 3]
        at = stamp(self.now - SPAN + timedelta(seconds=number % each))
        author = self.contacts[number % len(self.contacts)] if kind.get("incoming") else self.agents[number % len(self.agents)]
        about = {"id": row_id, "ticket_id": tickets[number // each], "user_id": author, "created_at": at, "updated_at": at}
        return {**kind, **about, "body": self._paragraphs(2)}

    def file(self, row_id: int, ticket_id: int) -> Row:
        at = stamp(self.now)
        about = {"id": row_id, "ticket_id": ticket_id, "conversation_id": 0, "name": f"report-{row_id}.pdf"}
        return {**about, "content_type": "application/pdf", "size": len(FILE), "created_at": at, "updated_at": at}

    def _paragraphs(self, number: int) -> str:
        return "".join(f"<p>{self.chance.choice(SENTENCES)}</p>" for _ in range(number))


def _insert(shelf: Shelf, number: int, make: Callable[[int, int], Row]) -> range:
    ids = shelf.take_ids(number) if number else range(0)
    rows = (make(place, row_id) for place, row_id in enumerate(ids))
    while batch := list(islice(rows, BATCH)):
        shelf.put_all(batch)
    return ids


def _store_files(store: Store, ids: range) -> None:
    for file_id in ids:
        store.files.put(file_id, FILE)


def _company(number: int, row_id: int, now: str) -> Row:
    return {"id": row_id, "name": f"Institute {row_id}-{number}", "domains": [], "created_at": now, "updated_at": now}


def _contact(number: int, row_id: int, companies: range, now: str) -> Row:
    names = {"name": f"Person {number}", "first_name": "Person", "last_name": str(number), "email": f"person-{row_id}@institute.example"}
    company = companies[row_id % len(companies)] if companies else None
    times = {"created_at": now, "updated_at": now}
    return {
        "id": row_id,
        **names,
        **times,
        "company_id": company,
        "place": "",
        "contact_type": "contact",
        "active": True,
        "other_emails": [],
    }
