"""What rings when something happens on GitHub: who it is, and which deployments it may be about. Only a hint; the truth is asked for."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hubs.deployers.github.record import deployment_of

DELIVERY = re.compile(r"[A-Za-z0-9-]{1,100}")
COMMIT = re.compile(r"[0-9a-f]{40}")
MOST = 50  # things named by one event that are looked at
BRANCHES = (
    ("pull_request", "head", "ref"),
    ("workflow_run", "head_branch"),
    ("check_suite", "head_branch"),
    ("check_run", "check_suite", "head_branch"),
)
COMMITS = (("pull_request", "merge_commit_sha"), ("workflow_run", "head_sha"), ("workflow_job", "head_sha"), ("after",))


@dataclass(frozen=True)
class Rung:
    """What an event names: deployments by their branch, commits they may have been merged as; or that it may be about any of them."""

    deployments: frozenset[str] = frozenset()
    commits: frozenset[str] = frozenset()
    about_all: bool = False


def is_signed(body: bytes, signature: str, *, secret: str) -> bool:
    """Was it signed with our secret? An unset one signs nothing."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.encode())


def is_delivery(name: str) -> bool:
    """Could GitHub call a delivery so?"""
    return DELIVERY.fullmatch(name) is not None


def heard(event: str, payload: Any) -> Rung:
    """What an event may be about."""
    if not isinstance(payload, Mapping):
        return Rung()
    if event in {"installation", "installation_repositories"}:
        return Rung(about_all=True)
    branches = [name for name in (_at(payload, *keys) for keys in BRANCHES) if name]
    branches += [*_suite_branches(payload), _at(payload, "ref").removeprefix("refs/heads/"), _at(payload, "workflow_job", "head_branch")]
    commits = [name for name in (_at(payload, *keys) for keys in COMMITS) if COMMIT.fullmatch(name)]
    found = {deployment_of(branch) for branch in branches[:MOST]} - {""}
    return Rung(frozenset(found), frozenset(commits))


def _suite_branches(payload: Mapping[str, Any]) -> Iterator[str]:
    """The branches of the pull requests that a check is about."""
    for kind in ("check_run", "check_suite", "workflow_run"):
        about = payload.get(kind)
        listed = about.get("pull_requests") if isinstance(about, Mapping) else None
        for pull in (listed if isinstance(listed, list) else [])[:MOST]:
            yield _at(pull, "head", "ref")


def _at(payload: Any, *keys: str) -> str:
    """The text at a place, blank where there is none."""
    for key in keys:
        payload = payload.get(key) if isinstance(payload, Mapping) else None
    return payload[:200] if isinstance(payload, str) else ""
