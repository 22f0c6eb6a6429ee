"""What mail servers say of our mails: RFC 3464 reports, and the letters that older servers write in words."""

import re
from email.message import Message

from support.mailing.bodies import enclosed, leaves, text_of
from support.mailing.headers import MESSAGE_ID, Headers, words
from support.mailing.shapes import Body, Bounce

FROM_SERVERS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "maildaemon"})
STATUS = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
REPLY_CODE = re.compile(r"(?<!\d)([45])\d\d[ -]")
FAILED_WORDS = re.compile(
    r"undeliver|not be delivered|delivery (has )?failed|delivery status notification|failure notice|returned mail|delivery failure"
    r"|delayed|warning: could not send|non remis|no se puede entregar|não entregue|unzustellbar",
    re.IGNORECASE,
)
RECIPIENT = re.compile(r"([\w.+=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
ID_LINE = re.compile(r"^message-id:\s{0,20}<([^<>\s]{3,500})>", re.IGNORECASE | re.MULTILINE)
LONGEST_NOTE = 200


def bounce_of(message: Message, headers: Headers, body: Body) -> Bounce | None:
    """What this mail reports of one of ours; None when it is no report, or one of success."""
    blocks = _status_blocks(message)
    if blocks is not None:
        return _reported(message, blocks, body)
    if headers.has("x-failed-recipients") or (_is_from_a_server(headers) and FAILED_WORDS.search(headers.first("subject"))):
        return _in_words(message, headers, body)
    return None


def is_empty_return_path(headers: Headers) -> bool:
    return headers.has("return-path") and headers.first("return-path").strip() in {"<>", ""}


def _is_from_a_server(headers: Headers) -> bool:
    senders = {address.partition("@")[0] for _name, address in headers.people("from")}
    return is_empty_return_path(headers) or bool(senders & FROM_SERVERS) or headers.first("from").lower().strip("<> ") in FROM_SERVERS


def _status_blocks(message: Message) -> list[Headers] | None:
    """The blocks of a delivery status: the first of the whole mail, then one a recipient. None when there is none."""
    for leaf in leaves(message):
        if leaf.part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            return [Headers(block) for block in enclosed(leaf.part)]
    return None


def _reported(message: Message, blocks: list[Headers], body: Body) -> Bounce | None:
    told = [block for block in blocks if block.first("action").lower() in {"failed", "delayed"} or block.first("status")[:1] in {"4", "5"}]
    if not told:
        return None
    block = next((each for each in told if _is_final(each)), told[0])
    said = _without_type(block.first("diagnostic-code")) or block.first("status")
    recipient = _without_type(block.first("final-recipient") or block.first("original-recipient"))
    return Bounce(_original_ids(message, body), recipient.strip("<> ").lower(), said[:LONGEST_NOTE], _is_final(block))


def _is_final(block: Headers) -> bool:
    action, status = block.first("action").lower(), block.first("status")
    return action == "failed" or (not action and status.startswith("5"))


def _in_words(message: Message, headers: Headers, body: Body) -> Bounce:
    reason = _telling_line(body.text)
    code = STATUS.search(reason) or REPLY_CODE.search(reason)
    failed = headers.first("x-failed-recipients").split(",")[0].strip()
    named = RECIPIENT.search(body.text)
    is_delay = bool(code and code[1] == "4") or "delay" in headers.first("subject").lower()
    return Bounce(_original_ids(message, body), (failed or (named[1] if named else "")).lower(), reason[:LONGEST_NOTE], not is_delay)


def _telling_line(text: str) -> str:
    """The line with a server's code, else the first that says something."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for pattern in (STATUS, REPLY_CODE):
        if found := next((line for line in lines if pattern.search(line)), ""):
            return found
    return next((line for line in lines if line), "")


def _original_ids(message: Message, body: Body) -> tuple[str, ...]:
    """The id in the returned mail or its headers, else in what looks like them, else every id that stands in the words."""
    returned = [each for leaf in leaves(message) for each in _ids_in(leaf.part)]
    ids = returned or ID_LINE.findall(body.text) or MESSAGE_ID.findall(body.text)
    return tuple(dict.fromkeys(ids))[:20]


def _ids_in(part: Message) -> tuple[str, ...]:
    kind = part.get_content_type()
    if kind in {"message/rfc822", "message/global"}:
        return tuple(each for mail in enclosed(part)[:1] for each in Headers(mail).ids("message-id"))
    if kind in {"text/rfc822-headers", "message/global-headers"}:
        return tuple(ID_LINE.findall(text_of(part)))
    return ()


def _without_type(value: str) -> str:
    """`smtp; 550 5.1.1 …` and `rfc822; ana@…` without what they are."""
    kind, semicolon, rest = value.partition(";")
    return words(rest).strip() if semicolon and " " not in kind.strip() else value
