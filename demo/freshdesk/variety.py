"""How the same answer looks on another account: keys nobody has told of, nulls for empty lists, a Link header written loosely."""

from dataclasses import replace
from typing import Any

from demo.freshdesk.exchange import Answer
from demo.freshdesk.knobs import Knobs

SOMETIMES_NULL = {"cc_emails", "fwd_emails", "reply_cc_emails", "ticket_cc_emails", "ticket_bcc_emails", "to_emails", "bcc_emails"}
UNTOLD = {"brand_new": {"since": "today", "numbers": [1, 2]}}


def vary(knobs: Knobs, answer: Answer) -> Answer:
    """The answer as this account writes it."""
    headers = dict(answer.headers)
    if knobs.loose_links and "link" in headers:
        headers["link"] = headers["link"].replace("<", "< ").replace("; rel", ";rel")
    if answer.status >= 300 or not (knobs.untold_keys or knobs.null_lists):
        return replace(answer, headers=headers)
    return replace(answer, headers=headers, payload=_payload(knobs, answer.payload))


def _payload(knobs: Knobs, payload: Any) -> Any:
    if isinstance(payload, list):
        return [_payload(knobs, one) for one in payload]
    return _object(knobs, payload) if isinstance(payload, dict) and "id" in payload else payload


def _object(knobs: Knobs, shown: dict[str, Any]) -> dict[str, Any]:
    inner = {name: _payload(knobs, value) for name, value in shown.items()}
    if knobs.null_lists:
        inner |= {name: None for name in SOMETIMES_NULL & inner.keys() if inner[name] == []}
    return {**inner, **UNTOLD} if knobs.untold_keys else inner
