"""The rehearsal's own door, outside the API: faults, knobs, the clock, and what really is in the store."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from demo.freshdesk import people, playing
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
    return Answer(200, {name: list(value) if isinstance(value, set) else value for name, value in asdict(account.knobs).items()})


def _turn(account: Account, faults: Faults, request: Request) -> Answer:
    for name, value in _wish(request).items():
        try:
            account.knobs.turn(name, value)
        except ValueError as error:
            raise Refusal(400, {"message": str(error)}) from error
    return _knobs(account, faults, request)


def _advance(account: Account, faults: Faults, request: Request) -> Answer:
    account.clock.advance(float(_wish(request).get("advance", 0)))
    return Answer(200, {"now": account.now()})


def _everything(account: Account, faults: Faults, request: Request) -> Answer:
    store = account.store
    names = ("tickets", "conversations", "contacts", "companies", "attachments", "time_entries", "ratings")
    tables = {name: getattr(store, name) for name in names}
    return Answer(200, {name: table.find() for name, table in tables.items()})


def _act(account: Account, faults: Faults, request: Request) -> Answer:
    """What the agent at the pages does: {"ticket_id", "do": reply | note | forward | change | edit | erase | merge | delete | spam | restore, …}."""
    wish = _wish(request)
    return Answer(200, playing.agent_does(account, int(wish.pop("ticket_id")), str(wish.pop("do")), **wish))


def _write(account: Account, faults: Faults, request: Request) -> Answer:
    """What a requester does by mail: {"email", "subject", "body"}, or {"ticket_id", "body"}, or {"ticket_id", "rating", "feedback"}."""
    wish = _wish(request)
    if "rating" in wish:
        return Answer(200, playing.requester_rates(account, int(wish.pop("ticket_id")), **wish))
    if "ticket_id" in wish:
        return Answer(200, playing.requester_answers(account, int(wish.pop("ticket_id")), **wish))
    return Answer(200, playing.requester_writes(account, **wish))


def _mark_contact(account: Account, faults: Faults, request: Request) -> Answer:
    """{"contact_id", "state": blocked | unblocked | verified}."""
    wish = _wish(request)
    return Answer(200, people.mark(account, int(wish["contact_id"]), str(wish["state"])))


def _add_field(account: Account, faults: Faults, request: Request) -> Answer:
    """{"name": "cf_…", "label", "kind", "choices"}: on every ticket from now on."""
    return Answer(201, account.add_field(**_wish(request)))


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
    ("POST", "requester"): _write,
    ("POST", "contacts"): _mark_contact,
    ("POST", "fields"): _add_field,
}
