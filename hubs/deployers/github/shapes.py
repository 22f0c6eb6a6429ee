"""What GitHub answers about pull requests, checks and workflows, as far as we read it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from ground.errors import Unavailable

T = TypeVar("T")
GOOD = {"success", "neutral", "skipped"}
VERIFIES = "health check"


@dataclass(frozen=True)
class Commit:
    """A commit, its tree and its parents."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
    email: str


@dataclass(frozen=True)
class Pull:
    """A pull request. Before the merge `merged_as` is blank; `is_mergeable` is None while GitHub finds out."""

    number: int
    state: str
    url: str
    body: str
    head: str
    branch: str
    created_at: datetime
    merged_at: datetime | None = None
    merged_as: str = ""
    merged_by: str = ""
    is_mergeable: bool | None = None
    labels: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Nobody has decided about it."""
        return self.state == "open"


@dataclass(frozen=True)
class Review:
    """What a person said of a pull request: approved, changes_requested, commented, dismissed."""

    number: int
    by: str
    verdict: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """A check run or a status of a commit. `conclusion` is blank while it runs; `number` is a job's id, or 0."""

    name: str
    conclusion: str = ""
    number: int = 0
    url: str = ""

    @property
    def is_bad(self) -> bool:
        """It has ended, and not well."""
        return bool(self.conclusion) and self.conclusion not in GOOD


@dataclass(frozen=True)
class Run:
    """A run of a workflow."""

    number: int
    attempt: int
    is_complete: bool
    url: str


@dataclass(frozen=True)
class Job:
    """A job of a run. `status`: queued, in_progress, completed and a few more; `verifies`: blank, or how its look at the hub goes."""

    number: int
    name: str
    status: str
    conclusion: str = ""
    url: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    verifies: str = ""


def shaped(what: Callable[[Any], T], payload: Any) -> T:
    """One of these. Raises Unavailable for what is none."""
    try:
        return what(payload)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable(f"GitHub sent something that cannot be read: {error!r}") from error


def commit(payload: Any) -> Commit:
    parents = tuple(str(parent["sha"]) for parent in payload["parents"])
    return Commit(payload["sha"], payload["tree"]["sha"], parents, str(payload["message"]), str(payload["committer"]["email"]))


def pull(payload: Any) -> Pull:
    merged_at = _moment(payload.get("merged_at"))
    return Pull(
        number=int(payload["number"]),
        state=str(payload["state"]),
        url=str(payload["html_url"]),
        body=str(payload.get("body") or ""),
        head=str(payload["head"]["sha"]),
        branch=str(payload["head"]["ref"]),
        created_at=datetime.fromisoformat(payload["created_at"]),
        merged_at=merged_at,
        merged_as=str(payload.get("merge_commit_sha") or "") if merged_at else "",
        merged_by=_login(payload.get("merged_by")),
        is_mergeable=payload.get("mergeable"),
        labels=frozenset(str(label["name"]) for label in payload.get("labels") or ()),
    )


def review(payload: Any) -> Review:
    return Review(
        int(payload["id"]), _login(payload["user"]), str(payload["state"]).lower(), datetime.fromisoformat(payload["submitted_at"])
    )


def check(payload: Any) -> Check:
    conclusion = str(payload["conclusion"] or "unknown") if payload["status"] == "completed" else ""
    is_job = (payload.get("app") or {}).get("slug") == "github-actions"
    return Check(str(payload["name"]), conclusion, int(payload["id"]) if is_job else 0, str(payload.get("html_url") or ""))


def status(payload: Any) -> Check:
    """A status of the older kind, as a check."""
    conclusion = {"pending": "", "success": "success"}.get(payload["state"], "failure")
    return Check(str(payload["context"]), conclusion, url=str(payload.get("target_url") or ""))


def run(payload: Any) -> Run:
    return Run(int(payload["id"]), int(payload.get("run_attempt") or 1), payload["status"] == "completed", str(payload["html_url"]))


def job(payload: Any) -> Job:
    return Job(
        number=int(payload["id"]),
        name=str(payload["name"]),
        status=str(payload["status"]),
        conclusion=str(payload.get("conclusion") or ""),
        url=str(payload.get("html_url") or ""),
        started_at=_moment(payload.get("started_at")),
        finished_at=_moment(payload.get("completed_at")),
        verifies=_verifies(payload.get("steps") or ()),
    )


def _verifies(steps: Any) -> str:
    """How the step that looks whether the hub works goes, where a job has one."""
    found = [step for step in steps if VERIFIES in str(step["name"]).lower()]
    return str(found[-1].get("conclusion") or found[-1]["status"]) if found else ""


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _login(person: Any) -> str:
    return str(person["login"]) if isinstance(person, Mapping) else ""
