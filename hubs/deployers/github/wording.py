"""What a pull request says: the plan, who approved it, what people have to do; and, for ourselves, the order it stands for."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hubs.deployers.documents import as_document, from_document
from hubs.deployers.github.judging import BEFORE_MERGE
from hubs.deployers.github.record import PullRecord, Skeleton, own_hubs
from hubs.deployers.gitops.steps import message, one_line
from hubs.deployers.interface import Approval, Order, Plan, Precondition
from hubs.deployers.records import Record, fingerprint

BEGIN, END = "<!-- hubdesk -->", "<!-- /hubdesk -->"
STATE = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
ORDER = re.compile(r"<!-- hubdesk-order ([A-Za-z0-9+/=]+) -->")
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~@!])")
LONGEST = 40_000


def title(record: Record) -> str:
    """The same as the commit's first line."""
    return message(record).partition("\n")[0]


def body(record: PullRecord, plan: Plan) -> str:
    """The whole of it."""
    order = record.order
    facts = {
        "request": f"{order.request_id} ({_('revision')} {order.revision})",
        "community": plain(str(order.request["community"])),
        "approvers": ", ".join(plain(who) for who in (order.approval.by, order.approval.second_by) if who),
        "digest": order.approval.plan_digest,
        "ticket_url": plain(order.ticket_url),
        "files": [replace(file, summary=plain(file.summary)) for file in plan.files],
        "redeploys": [replace(each, why=plain(each.why)) for each in plan.redeploys],
        "warnings": [plain(each.detail) for each in plan.warnings],
    }
    return f"{render_to_string('hubs/pull_request.md', facts)[:LONGEST]}\n{_state(record)}\n"


def refreshed(written: str, record: PullRecord) -> str:
    """What stands there, with our own part as it is now; what people wrote around it stays."""
    ours = _state(record)
    return STATE.sub(lambda _found: ours, written, count=1) if STATE.search(written) else f"{written.rstrip()}\n\n{ours}\n"


def settled(item: Precondition, *, by: str, note: str) -> str:
    """A comment that says that something was settled, and what was told with it."""
    words = _("%(title)s: done.") if item.status == "met" else _("%(title)s: not needed.")
    parts = [words % {"title": plain(item.title)}, plain(by)]
    parts += [f"`{name}`: `{_code(value)}`" for name, value in item.outputs.items() if value]
    return "\n".join([*parts, *([plain(note)] if note else [])])


def cancelled(*, by: str, reason: str) -> str:
    """A comment that says why this is closed."""
    words = _("Cancelled by %(who)s.") % {"who": plain(by)}
    return f"{words} {plain(reason)}".strip()


def superseded() -> str:
    """A comment that says that the plan is another one by now."""
    return _(
        "The configuration has changed since this was approved, and the plan is another one. The desk makes a new one; this is closed."
    )


def read_back(written: str) -> Skeleton | None:
    """The order that a pull request says it stands for."""
    found = ORDER.search(written)
    try:
        return from_document(Skeleton, json.loads(base64.b64decode(found[1]))) if found else None
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def bare_order(request_id: str, revision: int, told: Skeleton) -> Order:
    """As much of an order as a pull request knows."""
    hubs = [{"name": name} for name in told.hubs]
    request: dict[str, Any] = {"kind": told.kind, "community": told.community, "cluster": told.cluster, "hubs": hubs}
    if told.kind != "new-hub" and told.hubs:
        request["hub"] = told.hubs[0]
    return Order(request_id, revision, request, Approval(told.by, told.at, told.digest, told.second_by))


def plain(text: str) -> str:
    """Words as words: no mark-up, nobody called by name."""
    return SPECIAL.sub(r"\\\1", one_line(text)).replace("\\@", "@\u200b")


def _state(record: PullRecord) -> str:
    known = record.deployment.preconditions
    facts = {
        "before": list(_rows(item for item in known if item.blocks in BEFORE_MERGE)),
        "after": list(_rows(item for item in known if item.blocks not in BEFORE_MERGE)),
        "order": _told(record),
    }
    return f"{BEGIN}\n{render_to_string('hubs/pull_request_state.md', facts).strip()}\n{END}"


def _rows(items: Iterator[Precondition]) -> Iterator[Mapping[str, str]]:
    for item in items:
        told = ", ".join(f"`{name}`: `{_code(value)}`" for name, value in item.outputs.items() if value)
        yield {"mark": " " if item.is_open else "x", "title": plain(item.title), "told": told}


def _told(record: PullRecord) -> str:
    """For ourselves, should our memory be lost; in no way can it end the comment it stands in."""
    order, hubs = record.order, own_hubs(record)
    skeleton = Skeleton(
        kind=order.request["kind"],
        community=order.request["community"],
        cluster=hubs[0][0] if hubs else "",
        hubs=tuple(hub for _cluster, hub in hubs),
        fingerprint=record.lost or fingerprint(order),
        digest=order.approval.plan_digest,
        by=order.approval.by,
        at=order.approval.at,
        second_by=order.approval.second_by,
        base=record.base,
        approved_on=record.approved_on,
        created_at=record.deployment.created_at,
        wanted=record.wanted,
        checks=record.checks,
        preconditions=record.deployment.preconditions,
    )
    return base64.b64encode(json.dumps(as_document(skeleton), sort_keys=True).encode()).decode()


def _code(value: str) -> str:
    return one_line(value).replace("`", "'")
