"""Files on tickets and conversations: kept here, shown with a signed link that is good for a while, and at most so many bytes on a ticket."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import quote

from demo.freshdesk import checking
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Refusal, Request
from demo.freshdesk.multipart import Upload
from demo.freshdesk.store import Row

ROOT = "/attachments/"
SHOWN = ("id", "name", "content_type", "size", "created_at", "updated_at")
XML = "application/xml"


def keep(account: Account, uploads: Iterable[Upload], *, ticket_id: int, conversation_id: int = 0) -> None:
    """Files of a conversation, or of the ticket itself. Refuses what makes the ticket too heavy."""
    files = list(uploads)
    _refuse_too_much(account, files, ticket_id)
    for file in files:
        now = account.now()
        about = {"name": file.name, "content_type": file.content_type, "size": len(file.content), "created_at": now, "updated_at": now}
        row = account.store.attachments.put({**about, "ticket_id": ticket_id, "conversation_id": conversation_id})
        account.store.files.put(row["id"], file.content)


def of_ticket(account: Account, request: Request, ticket_id: int) -> dict[int, list[Row]]:
    """As they are shown, by conversation; those of the ticket itself under 0."""
    found: dict[int, list[Row]] = {}
    for row in account.store.attachments.find("ticket_id = ?", ticket_id):
        found.setdefault(row["conversation_id"], []).append(_shown(account, request, row))
    return found


def delete_attachment(account: Account, request: Request, attachment_id: int) -> Answer:
    row = account.store.attachments.get(attachment_id)
    if row is None:
        raise Refusal(404)
    remove(account, [row])
    return Answer(204)


def remove(account: Account, rows: Iterable[Row]) -> None:
    for row in rows:
        account.store.attachments.remove(row["id"])
        account.store.files.remove(row["id"])


def download(account: Account, request: Request) -> Answer:
    """The bytes, to whoever holds a link that is still good; it is refused together with credentials, as a signed link is."""
    if request.authorization:
        return _said(400, "InvalidArgument", "Only one auth mechanism allowed")
    name, expires = request.path.removeprefix(ROOT), request.query.get("X-Expires", "")
    if not hmac.compare_digest(request.query.get("X-Signature", "").encode(), _signature(account, name, expires).encode()):
        return _said(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.")
    if int(expires) < account.clock.now().timestamp():
        return _said(403, "AccessDenied", "Request has expired")
    row = account.store.attachments.get(int(name))
    if row is None:
        return _said(404, "NoSuchKey", "The specified key does not exist.")
    disposition = f"attachment; filename*=UTF-8''{quote(row['name'])}"
    return Answer(200, account.store.files.get(row["id"]), {"content-disposition": disposition}, content_type=row["content_type"])


def _shown(account: Account, request: Request, row: Row) -> Row:
    return {**{key: row[key] for key in SHOWN}, "attachment_url": _link(account, request, row["id"])}


def _link(account: Account, request: Request, row_id: int) -> str:
    host = account.knobs.attachment_host or request.host
    expires = str(int((account.clock.now() + timedelta(seconds=account.knobs.attachment_seconds)).timestamp()))
    return f"{host}{ROOT}{row_id}?X-Expires={expires}&X-Signature={_signature(account, str(row_id), expires)}"


def _signature(account: Account, name: str, expires: str) -> str:
    return hmac.new(account.key.encode(), f"{name}:{expires}".encode(), hashlib.sha256).hexdigest()


def _refuse_too_much(account: Account, files: list[Upload], ticket_id: int) -> None:
    held = sum(row["size"] for row in account.store.attachments.find("ticket_id = ?", ticket_id)) if files else 0
    if held + sum(len(file.content) for file in files) > account.knobs.attachment_total:
        message = f"The total size of all attachments should not exceed {account.knobs.attachment_total // 2**20} MB"
        checking.refuse("attachments", message, "invalid_value", status=account.knobs.oversize_status)


def _said(status: int, code: str, message: str) -> Answer:
    return Answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>", content_type=XML)
