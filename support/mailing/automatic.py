"""Whether a person wrote a mail, by RFC 3834 and by what programs older than it, or deaf to it, put on theirs."""

import re

from support.mailing.bounces import FROM_SERVERS, is_empty_return_path
from support.mailing.headers import Headers

BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list", "x-mailing-list")
REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply")
MARKS = ("x-auto-response-suppress", "x-ms-exchange-generated-message-source")
"""What Exchange puts on its automatic mails, and other programs on mails that people wrote."""
AWAY = re.compile(
    r"^\W*(re:\s*)?(automatic reply|auto[- ]?reply|auto[- ]?response|out of (the )?office|away from (my|the) (mail|office|desk)"
    r"|vacation|respuesta automática|fuera de la oficina|resposta automática|fora do escritório|réponse automatique"
    r"|absence du bureau|abwesenheit|automatische antwort)(?P<rest>.*)",
    re.IGNORECASE,
)


def reason(headers: Headers, content_type: str) -> str:
    """Why no person wrote this mail; empty when one did."""
    return next((words for words, holds in _signs(headers, content_type) if holds), "")


def _signs(headers: Headers, content_type: str) -> tuple[tuple[str, bool], ...]:
    submitted = re.split(r"[;\s]", headers.first("auto-submitted").lower())[0]
    senders = {address.partition("@")[0] for _name, address in headers.people("from")}
    return (
        ("a report", content_type == "multipart/report"),
        (f"Auto-Submitted: {submitted}", submitted not in {"", "no"}),
        ("mailing list", any(headers.has(name) for name in LIST_HEADERS)),
        ("Precedence: bulk", headers.first("precedence").lower() in BULK),
        ("automatic reply", any(headers.has(name) for name in REPLY_HEADERS)),
        ("out of office", _is_of_absence(headers)),
        ("no return path", is_empty_return_path(headers)),
        ("from a mail server", bool(senders & FROM_SERVERS)),
    )


def _is_of_absence(headers: Headers) -> bool:
    """A person may write of an absence, too: the words count before a colon, as programs write them, or beside a program's mark."""
    found = AWAY.match(headers.first("subject"))
    return found is not None and (found["rest"].lstrip().startswith(":") or any(headers.has(mark) for mark in MARKS))
