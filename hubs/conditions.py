"""What is known of a hub: Synced (deployed as written), Ready (answers /hub/health), Usable (a server really started)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TYPES = ("Synced", "Ready", "Usable")
UNKNOWN = "Unknown"

Condition = dict[str, Any]

WORDS: Mapping[tuple[str, str], str | Promise] = {
    ("Synced", "True"): _("Deployed as written"),
    ("Synced", "False"): _("Not deployed as written"),
    ("Synced", UNKNOWN): _("Not known whether it is deployed as written"),
    ("Ready", "True"): _("Answers"),
    ("Ready", "False"): _("Does not answer"),
    ("Ready", UNKNOWN): _("Not known whether it answers"),
    ("Usable", "True"): _("Servers start"),
    ("Usable", "False"): _("Servers do not start"),
    ("Usable", UNKNOWN): _("Not known whether servers start"),
}

REASONS: Mapping[str, str | Promise] = {
    "timeout": _("it takes longer than five seconds"),
    "refused": _("no connection can be made"),
    "no-name": _("its address is not known on the network"),
    "certificate": _("its certificate is not accepted"),
    "broken-off": _("it breaks the conversation off"),
    "error": _("it answers with an error of its own"),
    "not-a-hub": _("something else answers there"),
    "elsewhere": _("it sends visitors to another address, which we do not follow"),
    "locked": _("something before it asks us to sign in"),
    "busy": _("it asks us to come back later"),
    "private": _("it is within a private network, where we do not look"),
    "no-address": _("its address is not one of the web"),
}
"""What our own looks found (`hubs.probing.Why`), as the end of a sentence; others write their reasons out."""

RECORDED: Mapping[str, str | Promise] = {
    "Recorded": "",
    "This deployer records; it does not look at what runs.": _("we write it down, and nothing has told us more"),
}
"""What the local repository says of its hubs (`gitops.inventory`), in the reader's words."""


def reason_said(reason: str) -> str:
    """A reason in the reader's words."""
    return str(REASONS.get(reason, RECORDED.get(reason, reason)))


def unknown(*, now: datetime, reason: str = "") -> list[Condition]:
    """All three conditions, none of them seen."""
    return [{"type": kind, "status": UNKNOWN, "since": now.isoformat(), "reason": reason} for kind in TYPES]


def merged(before: Sequence[Condition], seen: Iterable[Mapping[str, Any]], *, now: datetime) -> list[Condition]:
    """The conditions after somebody looked: `since` changes only when the status does; what was not looked at stays.

    Who has not looked whether it runs takes nothing back from who has.
    """
    old = {row["type"]: row for row in before}
    new = {row["type"]: row for row in seen if not _takes_back(row, old)}
    return [_one(kind, old.get(kind), new.get(kind), now=now) for kind in TYPES]


def told(conditions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each condition in a few words, and why where somebody said so."""
    rows = [(kind, next((row for row in conditions if row["type"] == kind), {})) for kind in TYPES]
    return [
        " · ".join(filter(None, [str(WORDS[kind, row.get("status", UNKNOWN)]), reason_said(row.get("reason", ""))])) for kind, row in rows
    ]


def looked(before: Sequence[Condition], *, ready: str, reason: str, now: datetime) -> list[Condition]:
    """The conditions after a look of our own, which may also say that it is not known any more whether the hub answers."""
    rest = [row for row in before if row["type"] != "Ready"]
    old = next((row for row in before if row["type"] == "Ready"), None)
    since = old["since"] if old and old["status"] == ready and old.get("since") else now.isoformat()
    return merged([*rest, {"type": "Ready", "status": ready, "since": since, "reason": reason}], [], now=now)


def _takes_back(row: Mapping[str, Any], old: Mapping[str, Mapping[str, Any]]) -> bool:
    return row["type"] != "Synced" and row["status"] == UNKNOWN and old.get(row["type"], row)["status"] != UNKNOWN


def _one(kind: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, *, now: datetime) -> Condition:
    seen = new or old or {"status": UNKNOWN}
    since = old["since"] if old and old["status"] == seen["status"] and old.get("since") else seen.get("since") or now.isoformat()
    return {"type": kind, "status": str(seen["status"]), "since": since, "reason": seen.get("reason", "")}


def status(conditions: Iterable[Mapping[str, Any]], kind: str) -> str:
    """`True`, `False` or `Unknown`, as the deployer API writes them."""
    return next((str(row["status"]) for row in conditions if row["type"] == kind), UNKNOWN)


def summary(conditions: Sequence[Mapping[str, Any]]) -> str:
    """The state of a hub that follows: live only when it was seen ready, in trouble when anything was seen broken."""
    statuses = [status(conditions, kind) for kind in TYPES]
    if "False" in statuses:
        return "troubled"
    return "live" if status(conditions, "Ready") == "True" else "recorded"


def worst(states: Iterable[str]) -> str:
    """The state of several hubs together."""
    found = set(states)
    return next((state for state in ("troubled", "recorded", "live") if state in found), "recorded")


def of_many(hubs: Iterable[Sequence[Mapping[str, Any]]]) -> list[Condition]:
    """The conditions of several hubs together: broken if one is, true if all are."""
    kept = list(hubs)
    return [{"type": kind, "status": _together({status(hub, kind) for hub in kept})} for kind in TYPES]


def _together(statuses: set[str]) -> str:
    if "False" in statuses:
        return "False"
    return "True" if statuses == {"True"} else UNKNOWN
