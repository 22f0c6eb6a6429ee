"""Bytes from a mail server become a `ReadMail`: pure, and ready for anything that a mail server passes on."""

import email
import hashlib
from email.message import Message
from email.policy import compat32

from support.mailing import automatic
from support.mailing.bodies import body_of
from support.mailing.bounces import bounce_of
from support.mailing.headers import Headers
from support.mailing.shapes import Body, ReadMail, Unreadable

LARGEST = 25 * 1024 * 1024
MOST_HEADERS = 500
MOST_BOUNDARIES = 200
LONGEST_SUBJECT = 250
HEADS_FOR = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to", "x-envelope-to")


def read(raw: bytes) -> ReadMail:
    """The mail, read. Raises `Unreadable` with the reason in a few words."""
    message = _parsed(raw)
    headers = Headers(message)
    body = body_of(message)
    bounce = bounce_of(message, headers, body)
    own_id = next(iter(headers.ids("message-id")), "")
    name, address = next(iter(headers.people("from")), ("", ""))
    subject = headers.first("subject")[:LONGEST_SUBJECT]
    return ReadMail(
        key=own_id or _fingerprint(headers, body),
        message_id=own_id,
        in_reply_to=next(iter(headers.ids("in-reply-to")), ""),
        references=headers.ids("references"),
        from_address=address,
        from_name=name[:200],
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        delivered_to=tuple(address for header in HEADS_FOR for address in _addresses(headers, header)),
        subject=subject,
        date=headers.date(),
        body=body,
        automatic="" if bounce else automatic.reason(headers, message.get_content_type()),
        bounce=bounce,
    )


def _parsed(raw: bytes) -> Message:
    """Python's older policy, which keeps what it does not understand; the newer one raises at some broken headers."""
    if not raw.strip():
        raise Unreadable("it is empty")
    if len(raw) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1024 // 1024} MB")
    if raw.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise Unreadable("its parts are nested too deeply or too many")
    try:
        message = email.message_from_bytes(raw, policy=compat32)
    except RecursionError as error:
        raise Unreadable("its parts are nested too deeply or too many") from error
    if not 0 < len(message.keys()) <= MOST_HEADERS:
        raise Unreadable("its headers are missing or too many")
    return message


def _addresses(headers: Headers, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for _name, address in headers.people(name)))


def _fingerprint(headers: Headers, body: Body) -> str:
    """The same mail delivered twice has the same; what servers add on the way is left out."""
    told = "\n".join([headers.first("from"), headers.first("to"), headers.first("date"), headers.first("subject"), body.text])
    return f"{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()}@no-message-id"
