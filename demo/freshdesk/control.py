"""The rehearsal's own door, outside the API: faults, knobs, the clock, and what really is in the store."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from demo.freshdesk import filling, people, playing
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.faults import Faults
from demo.freshdesk.limits import Budget

ROOT = "/_control/"


@dataclass(frozen=True)
class Backstage:
    """What a door may reach."""

    account: Account
    faults: Faults
    budget: Budget


def answer(backstage: Backstage, request: Request) -> Answer:
    """Runs inside a turn of the store."""
    door = DOORS.get((request.method, request.path.removeprefix(ROOT)))
    if door is None:
        raise Refusal(404)
    return door(backstage, request)


def _faults(backstage: Backstage, request: Request) -> Answer:
    return Answer(200, backstage.faults.listed())


def _arm(backstage: Backstage, request: Request) -> Answer:
    try:
        backstage.faults.arm(**_wish(request))
    except (TypeError, ValueError) as error:
        raise Refusal(400, {"message": str(error)}) from error
    return Answer(201, backstage.faults.listed())


def _disarm(backstage: Backstage, request: Request) -> Answer:
    backstage.faults.clear()
    return Answer(204)


def _knobs(backstage: Backstage, request: Request) -> Answer:
    return Answer(200, {name: list(value) if isinstance(value, set) else value for name, value in asdict(backstage.account.knobs).items()})


def _turn(backstage: Backstage, request: Request) -> Answer:
    for name, value in _wish(request).items():
        try:
            backstage.account.knobs.turn(name, value)
        except ValueError as error:
            raise Refusal(400, {"message": str(error)}) from error
    return _knobs(backstage, request)


def _advance(backstage: Backstage, request: Request) -> Answer:
    backstage.account.clock.advance(float(_wish(request).get("advance", 0)))
    return Answer(200, {"now": backstage.account.now()})


def _everything(backstage: Backstage, request: Request) -> Answer:
    store = backstage.account.store
    names = ("tickets", "conversations", "contacts", "companies", "attachments", "time_entries", "ratings")
    tables = {name: getattr(store, name) for name in names}
    return Answer(200, {name: table.find() for name, table in tables.items()})


def _act(backstage: Backstage, request: Request) -> Answer:
    """What the agent at the pages does: {"ticket_id", "do": reply | note | forward | change | edit | erase | merge | delete | spam | restore, …}."""
    wish = _wish(request)
    return Answer(200, playing.agent_does(backstage.account, int(wish.pop("ticket_id")), str(wish.pop("do")), **wish))


def _write(backstage: Backstage, request: Request) -> Answer:
    """What a requester does by mail: {"email", "subject", "body"}, or {"ticket_id", "body"}, or {"ticket_id", "rating", "feedback"}."""
    wish = _wish(request)
    if "rating" in wish:
        return Answer(200, playing.requester_rates(backstage.account, int(wish.pop("ticket_id")), **wish))
    if "ticket_id" in wish:
        return Answer(200, playing.requester_answers(backstage.account, int(wish.pop("ticket_id")), **wish))
    return Answer(200, playing.requester_writes(backstage.account, **wish))


def _mark_contact(backstage: Backstage, request: Request) -> Answer:
    """{"contact_id", "state": blocked | unblocked | verified}."""
    wish = _wish(request)
    return Answer(200, people.mark(backstage.account, int(wish["contact_id"]), str(wish["state"])))


def _add_field(backstage: Backstage, request: Request) -> Answer:
    """{"name": "cf_…", "label", "kind", "choices"}: on every ticket from now on."""
    return Answer(201, backstage.account.add_field(**_wish(request)))


def _fill(backstage: Backstage, request: Request) -> Answer:
    """{"tickets", "conversations_each", "contacts", "companies", "attachments_each", "same_second", "seed"}: how many there are more of."""
    filled = filling.pour(backstage.account, **_wish(request))
    return Answer(201, {name: len(ids) for name, ids in vars(filled).items()})


def _budget(backstage: Backstage, request: Request) -> Answer:
    budget = backstage.budget
    figures = {"used": budget.used, "used_ever": budget.used_ever, "most_in_a_minute": budget.most_in_a_minute()}
    return Answer(200, {**figures, "spent_on": dict(budget.spent_on)})


def _wish(request: Request) -> dict[str, Any]:
    try:
        wish = request.json()
    except ValueError:
        wish = None
    if not isinstance(wish, dict):
        raise Refusal(400, {"message": "a JSON object is expected"})
    return wish


DOORS: dict[tuple[str, str], Callable[[Backstage, Request], Answer]] = {
    ("GET", "faults"): _faults,
    ("POST", "faults"): _arm,
    ("DELETE", "faults"): _disarm,
    ("GET", "knobs"): _knobs,
    ("PUT", "knobs"): _turn,
    ("POST", "clock"): _advance,
    ("GET", "budget"): _budget,
    ("GET", "everything"): _everything,
    ("POST", "agent"): _act,
    ("POST", "requester"): _write,
    ("POST", "contacts"): _mark_contact,
    ("POST", "fields"): _add_field,
    ("POST", "fill"): _fill,
}
