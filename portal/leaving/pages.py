"""The archive's own pages: tickets with their conversation, and who does what. No script, no outside, links that stay inside."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db.models import Count, Prefetch
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from ground.sanitising import clean_html
from ground.texts import pick
from portal.leaving.archive import Archive
from portal.leaving.letters import path_of
from portal.leaving.scope import Scope
from support.history import showing
from support.models import Attachment, Message, Ticket
from support.states import MessageKind

STYLE = Path(__file__).parent / "content" / "archive.css"
AT_ONCE = 100
HERE = "@rows@"


def put(scope: Scope, archive: Archive) -> None:
    """The look, the matrices, the list of tickets, and a page a ticket."""
    archive.write("archive.css", STYLE.read_text(encoding="utf-8"), about="look")
    archive.write("responsibilities.html", _matrices(scope), about="page")
    archive.write_parts("tickets/index.html", _index(scope), about="page")
    page = get_template("portal/leaving/ticket.html")
    for ticket in _with_letters(scope):
        text = page.render({"ticket": ticket, "letters": list(_letters(ticket)), "community": scope.community})
        archive.write(f"tickets/{ticket.reference}.html", text, about="page")


def _index(scope: Scope) -> Iterator[bytes]:
    """The list, a row at a time: there may be very many."""
    page = get_template("portal/leaving/tickets.html").render({"community": scope.community, "rows": HERE})
    head, _here, foot = page.rpartition(HERE)
    row = get_template("portal/leaving/tickets_row.html")
    yield head.encode()
    rows = scope.tickets().select_related("status").only("reference", "subject", "created_at", "status__word", "confidential")
    for ticket in rows.order_by("-created_at", "-pk").iterator(chunk_size=AT_ONCE):
        yield row.render({"ticket": ticket}).encode()
    yield foot.encode()


def _with_letters(scope: Scope) -> Iterator[Ticket]:
    """Each ticket with its messages and files; a hundred at a time."""
    messages = scope.messages().select_related("author_user", "author_contact").defer("remote_raw").order_by("created_at", "pk")
    files = scope.files().order_by("pk")
    rows = scope.tickets().select_related("status", "requester", "opened_by", "hub").defer("remote_raw").order_by("pk")
    yield from rows.prefetch_related(
        Prefetch("messages", messages, to_attr="kept_messages"), Prefetch("files", files, to_attr="kept_files")
    ).iterator(chunk_size=AT_ONCE)


def _letters(ticket: Any) -> Iterator[dict[str, Any]]:
    """The ticket's own words first, then each message, with the files that came with it."""
    yield {
        "author": ticket.requester_label,
        "at": ticket.created_at,
        "html": _harmless(ticket.body_html),
        "text": ticket.body_text,
        "files": _files(ticket, None),
    }
    for message in ticket.kept_messages:
        yield {
            "author": message.author,
            "kind": message.get_kind_display(),
            "is_internal": message.kind == MessageKind.NOTE,
            "is_removed": message.removed_at is not None,
            "at": message.created_at,
            "html": _harmless(message.body_html),
            "text": message.body_text,
            "files": _files(ticket, message),
        }


def _harmless(html: str) -> SafeString:
    """Cleaned once more on its way out: no site stands around these pages. Pictures from outside are words."""
    return mark_safe(clean_html(showing.shown(html, images=False)))  # noqa: S308  cleaned


def _files(ticket: Any, message: Message | None) -> list[dict[str, Any]]:
    """With where each lies beside the page; nowhere for one that is only in Freshdesk."""
    key = message.pk if message else None
    return [_file(ticket, each) for each in ticket.kept_files if each.message_id == key]


def _file(ticket: Ticket, file: Attachment) -> dict[str, Any]:
    path = path_of(ticket.reference, str(file.key), file.name).removeprefix("tickets/") if file.is_here else ""
    return {"name": file.name, "size": file.size, "path": path}


def _matrices(scope: Scope) -> str:
    """Every matrix, the newest first, its rows by area."""
    matrices = scope.matrices().with_signers().annotate(count=Count("rows")).order_by("-number")
    shown = [
        {"matrix": matrix, "areas": [(area, list(rows)) for area, rows in groupby(_rows(matrix), key=lambda row: row["area"])]}
        for matrix in matrices
    ]
    return get_template("portal/leaving/responsibilities.html").render({"community": scope.community, "matrices": shown})


def _rows(matrix: Any) -> Iterator[dict[str, Any]]:
    for row in matrix.rows.select_related("person").order_by("position"):
        yield {"area": pick(row.area), "text": pick(row.text), "row": row}
