"""Search: a quoted sentence of conditions, thirty results a page, ten pages, and an index that lags behind."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NoReturn

from demo.freshdesk import checking, shapes, tickets
from demo.freshdesk.account import Account
from demo.freshdesk.clock import stamp
from demo.freshdesk.exchange import Answer, Request
from demo.freshdesk.store import Row, Shelf

PAGE, LAST_PAGE, LONGEST = 30, 10, 512
TOKENS = re.compile(r"\s*(\(|\)|AND\b|OR\b|(?P<name>\w+):(?P<compare>[<>]?)(?P<value>'[^']*'|[^\s()']+))")
NUMBERS, WORDS, DATES = "number", "words", "date"
IN_A_TICKET: Mapping[str, tuple[str, str]] = {
    "agent_id": ("$.responder_id", NUMBERS),
    "group_id": ("$.group_id", NUMBERS),
    "priority": ("$.priority", NUMBERS),
    "status": ("$.status", NUMBERS),
    "type": ("$.type", WORDS),
    "tag": ("$.tags", "list"),
    "due_by": ("$.due_by", DATES),
    "fr_due_by": ("$.fr_due_by", DATES),
    "created_at": ("$.created_at", DATES),
    "updated_at": ("$.updated_at", DATES),
}
IN_A_CONTACT: Mapping[str, tuple[str, str]] = {
    "active": ("$.active", "truth"),
    "company_id": ("$.company_id", NUMBERS),
    **{name: (f"$.{name}", WORDS) for name in ("email", "job_title", "language", "mobile", "name", "phone", "time_zone", "twitter_id")},
    "tag": ("$.tags", "list"),
    "created_at": ("$.created_at", DATES),
    "updated_at": ("$.updated_at", DATES),
}
IN_A_COMPANY: Mapping[str, tuple[str, str]] = {
    "name": ("$.name", WORDS),
    "domain": ("$.domains", "list"),
    "created_at": ("$.created_at", DATES),
    "updated_at": ("$.updated_at", DATES),
}


@dataclass
class Sentence:
    """What is asked, as a condition of the store."""

    known: Mapping[str, tuple[str, str]]
    custom: str = "$.custom_fields"
    where: str = ""
    values: list[Any] = field(default_factory=list)


def search_tickets(account: Account, request: Request) -> Answer:
    sentence, page = _read(request, IN_A_TICKET)
    seen, groups = tickets.visible(account)
    rows = _indexed(account, f"place = '' AND {seen} AND ({sentence.where})", [*groups, *sentence.values])
    return _answer(rows, page, lambda row: {**tickets.listed(account, row), **shapes.described(row)})


def search_contacts(account: Account, request: Request) -> Answer:
    sentence, page = _read(request, IN_A_CONTACT)
    return _answer(
        _settled(account, account.store.contacts, f"place = '' AND ({sentence.where})", sentence.values), page, shapes.contact_listed
    )


def search_companies(account: Account, request: Request) -> Answer:
    sentence, page = _read(request, IN_A_COMPANY)
    return _answer(_settled(account, account.store.companies, sentence.where, sentence.values), page, shapes.company)


def understand(text: str, known: Mapping[str, tuple[str, str]]) -> Sentence:
    """The sentence as a condition; refuses what is none."""
    sentence, at, parts, depth, wants_condition = Sentence(known), 0, [], 0, True
    while text[at:].strip():
        token = TOKENS.match(text, at)
        if token is None:
            _refuse("The query is not valid")
        at, word = token.end(), token[1]
        if (word in {"AND", "OR", ")"}) == wants_condition:
            _refuse(f"The query is not valid near {word}")
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth < 0:
            _refuse("The query is not valid near )")
        wants_condition = word in {"AND", "OR", "("}
        parts.append(_condition(sentence, token) if token["name"] else word)
    if depth or wants_condition:
        _refuse("The query is not valid")
    sentence.where = " ".join(parts)
    return sentence


def _read(request: Request, known: Mapping[str, tuple[str, str]]) -> tuple[Sentence, int]:
    query = checking.query(request, ("query", "page"))
    text, page = query.get("query", ""), query.get("page", "1")
    if not re.fullmatch(r'".+"', text):
        _refuse("It should be enclosed in double quotes")
    if len(text) > LONGEST:
        _refuse(f"It should not exceed {LONGEST} characters")
    if not page.isdigit() or not 1 <= int(page) <= LAST_PAGE:
        checking.refuse("page", f"It should be a Positive Integer less than or equal to {LAST_PAGE}", "invalid_value")
    return understand(text[1:-1], known), int(page)


def _condition(sentence: Sentence, token: re.Match[str]) -> str:
    name, value = token["name"], token["value"].strip("'")
    if name not in sentence.known and not name.startswith("cf_"):
        checking.refuse(name, "Unexpected/invalid field in request", "invalid_field")
    path, kind = sentence.known.get(name, (f"{sentence.custom}.{name}", "custom"))
    kept = f"json_extract(body, '{path}')"
    if token["value"] == "null":
        return f"{kept} IS NULL" if kind != "list" else f"coalesce(json_array_length(body, '{path}'), 0) = 0"
    comparison = {"": "=", "<": "<=", ">": ">="}[token["compare"]]
    sentence.values.append(_value(name, kind, value))
    match kind:
        case "list":
            return f"EXISTS (SELECT 1 FROM json_each(body, '{path}') WHERE value = ? COLLATE NOCASE)"
        case "date":
            return f"substr({kept}, 1, 10) {comparison} ?"
        case "custom":
            return f"CAST({kept} AS TEXT) {comparison} ?"
        case "words":
            return f"{kept} {comparison} ? COLLATE NOCASE"
    return f"{kept} {comparison} ?"


def _value(name: str, kind: str, text: str) -> Any:
    if kind == "truth":
        return text == "true"
    if kind == NUMBERS:
        return checking.number(name, text)
    if kind == DATES and not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        checking.refuse(name, "It should be in the 'yyyy-mm-dd' format", "invalid_value")
    return text


def _indexed(account: Account, where: str, values: list[Any]) -> list[Row]:
    """Tickets as the index knows them: what changed since is still found as it was."""
    if not account.knobs.search_lag:
        return account.store.tickets.find(where, *values)
    known = stamp(account.clock.now() - timedelta(seconds=account.knobs.search_lag))
    as_they_are = account.store.tickets.find(f"updated_at <= ? AND {where}", known, *values)
    earlier = account.store.past.find(f"kept_at <= ? AND replaced_at > ? AND {_without_columns(where)}", known, known, *values)
    seen: dict[int, Row] = {row["ticket_id"]: {**row, "id": row["ticket_id"]} for row in earlier}
    return [*({row["id"]: row for row in as_they_are} | seen).values()]


def _without_columns(where: str) -> str:
    """Past versions have their place and group only in the body."""
    return re.sub(r"\b(place|group_id)\b(?= (=|IN))", r"json_extract(body, '$.\1')", where)


def _settled(account: Account, shelf: Shelf, where: str, values: list[Any]) -> list[Row]:
    known = stamp(account.clock.now() - timedelta(seconds=account.knobs.search_lag))
    return shelf.find(f"updated_at <= ? AND ({where})", known, *values)


def _answer(rows: list[Row], page: int, show: Callable[[Row], Row]) -> Answer:
    cut = rows[(page - 1) * PAGE : page * PAGE]
    return Answer(200, {"total": len(rows), "results": [show(row) for row in cut]})


def _refuse(message: str) -> NoReturn:
    checking.refuse("query", message, "invalid_value")
