"""Pages for the person who plays the Freshdesk agent: the tickets, one conversation, a place to answer. Plain HTML, no script."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import nh3

from demo.freshdesk import attachments, fields, multipart, people, playing
from demo.freshdesk.account import Account
from demo.freshdesk.clock import parse
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.store import Row

HTML = Path(__file__).parent / "html"
HTML_TYPE = "text/html; charset=utf-8"
POLICY = {"content-security-policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'", "referrer-policy": "same-origin"}
VIEWS = {
    "open": ("Unresolved", "place = '' AND status NOT IN (4, 5)"),
    "all": ("All", "place = ''"),
    "gone": ("Spam and trash", "place IN ('spam', 'deleted')"),
}
PRIORITY_WORDS = {code: word for word, code in fields.PRIORITIES.items()}


def answer(account: Account, request: Request) -> Answer:
    """Runs inside a turn of the store."""
    match request.method, request.path:
        case "GET", "/":
            return _page("Tickets", _list(account, request.query.get("view", "open")))
        case "GET", "/style.css":
            return Answer(200, (HTML / "style.css").read_text(), content_type="text/css; charset=utf-8")
        case "POST", "/mail":
            form = multipart.form(request)
            email, subject, body = (str(form.get(name, "")) for name in ("email", "subject", "body"))
            written = playing.requester_writes(account, email=email, subject=subject, body=body)
            return _to(written["id"])
        case method, path:
            return _about_ticket(account, request, method, path)
    raise Refusal(404)


def _about_ticket(account: Account, request: Request, method: str, path: str) -> Answer:
    wanted = re.fullmatch(r"/tickets/(\d+)(?:/(\w+))?", path)
    if not wanted:
        return _page("Not found", _fill("missing"), status=404)
    ticket = account.store.tickets.get(int(wanted[1]))
    if ticket is None:
        return _page("Not found", _fill("missing"), status=404)
    if method == "GET" and not wanted[2]:
        return _page(f"#{ticket['id']} {ticket['subject']}", _ticket(account, request, ticket))
    if method == "POST":
        _act(account, ticket["id"], wanted[2] or "", multipart.form(request))
    return _to(ticket["id"])


def _act(account: Account, ticket_id: int, doing: str, form: dict[str, Any]) -> None:
    body = _as_paragraphs(form.get("body", ""))
    files = [(file.name, file.content_type, file.content) for file in form.get("attachments", [])]
    match doing:
        case "reply" if body:
            playing.agent_does(account, ticket_id, "reply", body=body, attachments=files)
            _set_status(account, ticket_id, form)
        case "note" if body:
            playing.agent_does(account, ticket_id, "note", body=body, attachments=files)
        case "mail" if body:
            playing.requester_answers(account, ticket_id, body=body, attachments=files)
        case "status":
            _set_status(account, ticket_id, form)
        case "delete" | "spam" | "restore":
            playing.agent_does(account, ticket_id, doing)


def _set_status(account: Account, ticket_id: int, form: dict[str, Any]) -> None:
    """What the reply form leaves on "as it is" stays."""
    changes = {name: int(form[name]) for name in ("status", "priority") if form.get(name, "").isdigit()}
    if changes:
        playing.agent_does(account, ticket_id, "change", **changes)


def _list(account: Account, view: str) -> str:
    chosen = view if view in VIEWS else "open"
    rows = account.store.tickets.find(VIEWS[chosen][1], order="updated_at DESC, id DESC", limit=200)
    tabs = "".join(
        _fill("tab", view=name, word=words, current='aria-current="page"' if name == chosen else "") for name, (words, _) in VIEWS.items()
    )
    listed = "".join(_row(account, row) for row in rows)
    return _fill("list", tabs=_safe(tabs), rows=_safe(listed or _fill("nothing")))


def _row(account: Account, ticket: Row) -> str:
    return _fill("row", **_facts(account, ticket))


def _ticket(account: Account, request: Request, ticket: Row) -> str:
    words = account.store.conversations.find("ticket_id = ?", ticket["id"])
    files = attachments.of_ticket(account, request, ticket["id"])
    return _fill(
        "ticket",
        **_facts(account, ticket),
        description=_safe(nh3.clean(ticket["description"] or "")),
        created=_time(ticket["created_at"]),
        tags=", ".join(ticket["tags"]) or "none",
        due=_time(ticket.get("due_by")),
        agent=account.human["contact"]["name"],
        files=_files(files.get(0, [])),
        conversation=_safe("".join(_message(account, row, files.get(row["id"], [])) for row in words)),
        statuses=_safe(_options({code: words[0] for code, words in fields.STATUSES.items()}, ticket["status"])),
        priorities=_safe(_options(PRIORITY_WORDS, ticket["priority"])),
        answering=_safe(_fill("gone" if ticket["place"] else "answering", id=ticket["id"], agent=account.human["contact"]["name"])),
    )


def _facts(account: Account, ticket: Row) -> dict[str, Any]:
    company = account.store.companies.get(ticket.get("company_id") or 0)
    place = {"spam": "Spam", "deleted": "Trash"}.get(ticket["place"], "")
    return {
        "id": ticket["id"],
        "subject": ticket["subject"],
        "requester": people.name_of(account, ticket["requester_id"]),
        "company": company["name"] if company else "No company",
        "status": place or fields.STATUSES.get(ticket["status"], ["?"])[0],
        "priority": PRIORITY_WORDS.get(ticket["priority"], "?"),
        "updated": _time(ticket["updated_at"]),
    }


def _message(account: Account, row: Row, files: list[Row]) -> str:
    kind, word = ("note", "private note") if row.get("private") else ("incoming", "wrote") if row.get("incoming") else ("reply", "replied")
    return _fill(
        "message",
        kind=kind,
        word=word,
        who=people.name_of(account, row["user_id"]),
        at=_time(row["created_at"]),
        body=_safe(nh3.clean(row["body"])),
        files=_files(files),
    )


def _files(files: list[Row]) -> str:
    listed = "".join(_fill("file", link=file["attachment_url"], words=file["name"], size=f"{file['size']:,} bytes") for file in files)
    return _safe(_fill("files", files=_safe(listed)) if files else "")


def _options(words: dict[int, str], chosen: int) -> str:
    return "".join(_fill("option", value=value, word=word, selected="selected" if value == chosen else "") for value, word in words.items())


def _page(title: str, content: str, *, status: int = 200) -> Answer:
    return Answer(status, _fill("page", title=title, content=_safe(content)), POLICY, content_type=HTML_TYPE)


def _to(ticket_id: int) -> Answer:
    return Answer(303, None, {"location": f"/tickets/{ticket_id}"}, content_type=HTML_TYPE)


class _Safe(str):
    """HTML we made ourselves."""

    __slots__ = ()


_safe: Callable[[str], _Safe] = _Safe


def _fill(name: str, **values: Any) -> str:
    shown = {key: value if isinstance(value, _Safe) else escape(str(value)) for key, value in values.items()}
    shown |= {key: value for key, value in values.items() if key in {"current", "selected"}}
    return Template((HTML / f"{name}.html").read_text()).substitute(shown)


def _as_paragraphs(text: str) -> str:
    blocks = [block.strip() for block in re.split(r"\r?\n\s*\r?\n", text) if block.strip()]
    return "".join(f"<p>{escape(block).replace(chr(13), '').replace(chr(10), '<br>')}</p>" for block in blocks)


def _time(text: str | None) -> str:
    return f"{parse(text):%d %b %Y, %H:%M:%S} UTC" if text else "not yet"
