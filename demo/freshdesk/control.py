"""The rehearsal's own door, outside the API: faults, knobs, the clock, and what really is in the store."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from demo.freshdesk import conversations, people, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.faults import Faults

ROOT = "/_control/"


def answer(account: Account, faults: Faults, request: Request) -> Answer:
    """Runs inside a turn of the store."""
    door = DOORS.get((request.method, request.path.removeprefix(ROOT)))
    if door is None:
        raise Refusal(404)
    return door(account, faults, request)


def _faults(account: Account, faults: Faults, request: Request) -> Answer:
    return Answer(200, faults.listed())


def _arm(account: Account, faults: Faults, request: Request) -> Answer:
    try:
        faults.arm(**_wish(request))
    except (TypeError, ValueError) as error:
        raise Refusal(400, {"message": str(error)}) from error
    return Answer(201, faults.listed())


def _disarm(account: Account, faults: Faults, request: Request) -> Answer:
    faults.clear()
    return Answer(204)


def _knobs(account: Account, faults: Faults, request: Request) -> Answer:
    return Answer(200, asdict(account.knobs))


def _turn(account: Account, faults: Faults, request: Request) -> Answer:
    for name, value in _wish(request).items():
        if not hasattr(account.knobs, name):
            raise Refusal(400, {"message": f"there is no knob {name}"})
        setattr(account.knobs, name, value)
    return _knobs(account, faults, request)


def _advance(account: Account, faults: Faults, request: Request) -> Answer:
    account.clock.advance(float(_wish(request).get("advance", 0)))
    return Answer(200, {"now": account.now()})


def _everything(account: Account, faults: Faults, request: Request) -> Answer:
    store = account.store
    tables = {"tickets": store.tickets, "conversations": store.conversations, "contacts": store.contacts, "companies": store.companies}
    return Answer(200, {name: table.find() for name, table in tables.items()})


def _act(account: Account, faults: Faults, request: Request) -> Answer:
    """What the agent at the pages does: {"ticket_id", "do": reply | note | change | delete | spam | restore, …}."""
    wish = _wish(request)
    return Answer(200, agent_does(account, int(wish.pop("ticket_id")), str(wish.pop("do")), **wish))


def agent_does(account: Account, ticket_id: int, doing: str, **words: Any) -> dict[str, Any]:
    """One act of a human agent; what it announces goes to the webhook."""
    ticket = tickets.find(account, ticket_id)
    match doing:
        case "reply":
            row = conversations.add(account, ticket, body=words["body"], user_id=account.human["id"], source=conversations.REPLY)
            account.announce(ticket_id, "{ticket_action:agent_replied}")
        case "note":
            row = conversations.add(
                account,
                ticket,
                body=words["body"],
                user_id=account.human["id"],
                source=conversations.NOTE,
                private=words.get("private", True),
            )
            account.announce(ticket_id, "{note_type:private}" if row["private"] else "{note_type:public}")
        case "change":
            row = tickets.change(account, ticket, words)
            account.announce(ticket_id, "{status:{from:" + f"{ticket['status']},to:{row['status']}" + "}}")
        case "delete" | "spam" | "restore":
            row = tickets.move(account, ticket, {"delete": "deleted", "spam": "spam", "restore": ""}[doing])
            account.announce(ticket_id, "{ticket_action:" + doing + "}")
        case _:
            raise Refusal(400, {"message": f"an agent cannot {doing}"})
    return row


def requester_writes(account: Account, *, email: str, subject: str, body: str) -> dict[str, Any]:
    """A stranger's mail becomes a ticket."""
    ticket = tickets.open_ticket(account, {"email": email, "subject": subject, "description": body, "source": 1})
    account.announce(ticket["id"], "{ticket_action:created}")
    return ticket


def requester_answers(account: Account, ticket_id: int, *, body: str) -> dict[str, Any]:
    """The requester's mail on their own ticket."""
    ticket = tickets.find(account, ticket_id)
    person = people.find(account, ticket["requester_id"])
    row = conversations.add(account, ticket, body=body, user_id=person["id"], source=conversations.REPLY, incoming=True)
    account.announce(ticket_id, "{ticket_action:requester_replied}")
    return row


def _wish(request: Request) -> dict[str, Any]:
    try:
        wish = request.json()
    except ValueError:
        wish = None
    if not isinstance(wish, dict):
        raise Refusal(400, {"message": "a JSON object is expected"})
    return wish


DOORS: dict[tuple[str, str], Callable[[Account, Faults, Request], Answer]] = {
    ("GET", "faults"): _faults,
    ("POST", "faults"): _arm,
    ("DELETE", "faults"): _disarm,
    ("GET", "knobs"): _knobs,
    ("PUT", "knobs"): _turn,
    ("POST", "clock"): _advance,
    ("GET", "everything"): _everything,
    ("POST", "agent"): _act,
}
