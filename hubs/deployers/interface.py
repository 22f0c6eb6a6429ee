"""What every deployer of hubs can be asked, and the shapes it answers with: those of the deployer API, frozen.

`as_document` and `from_document` turn them into the API's JSON and back, for the desk's rows and for a deployer behind HTTP.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from hubs.schema import USUAL_NOTICE, Notice


class State(StrEnum):
    """The six states of a deployment; the list is closed. Waiting: nothing moves until a person acts."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Nothing will change any more by itself."""
        return self in {State.SUCCEEDED, State.FAILED, State.CANCELLED}


@dataclass(frozen=True)
class Precondition:
    """What only an engineer, the community or the provider can do.

    `status`: open, met, not-needed. `blocks`: proposal, merge, deploy, hand-over. The keys of `outputs` name what may be
    told when it is settled, such as volumeId; blank values are yet to be told. Never a secret.
    """

    key: str
    title: str
    status: str = "open"
    who: str = "engineer"
    blocks: str = "hand-over"
    help_url: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Somebody still has to do it."""
        return self.status == "open"


@dataclass(frozen=True)
class FileChange:
    """One file of the configuration that changes. `action`: add, modify, delete. `summary` says in one sentence what it means."""

    path: str
    action: str
    diff: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Redeploy:
    """A hub that will restart, of whatever community."""

    cluster: str
    hub: str
    why: str
    staging: bool = False


@dataclass(frozen=True)
class Check:
    """What a check of the changed configuration found. `status`: pass, fail, warn, skip."""

    name: str
    status: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanWarning:
    """Something allowed and yet worth a second look."""

    pointer: str
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Plan:
    """What a request would change, made without writing anything. The digest is what an approver approves."""

    digest: str
    base: str
    files: tuple[FileChange, ...] = ()
    redeploys: tuple[Redeploy, ...] = ()
    preconditions: tuple[Precondition, ...] = ()
    warnings: tuple[PlanWarning, ...] = ()
    checks: tuple[Check, ...] = ()
    expires_at: datetime | None = None

    @property
    def is_sound(self) -> bool:
        """No check failed."""
        return all(check.status != "fail" for check in self.checks)


@dataclass(frozen=True)
class Approval:
    """Who said yes to which plan; a decommission takes two."""

    by: str
    at: datetime
    plan_digest: str
    second_by: str = ""


@dataclass(frozen=True)
class Order:
    """An approved request, to be carried out once: `request_id` and `revision` name it, whoever asks how often."""

    request_id: str
    revision: int
    request: Mapping[str, Any]
    approval: Approval
    ticket_url: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True)
class Step:
    """One step on the way. `status`: pending, running, succeeded, failed, skipped."""

    name: str
    title: str
    status: str = "pending"
    started_at: datetime | None = None
    finished_at: datetime | None = None
    url: str = ""
    has_log: bool = False


@dataclass(frozen=True)
class Condition:
    """`type`: Synced (deployed as written), Ready (answers), Usable (a server really started). `status`: True, False, Unknown."""

    type: str
    status: str
    since: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Hub:
    """A hub as the deployer knows it. `values` are its merged configuration without secrets, told with the list of hubs alone."""

    cluster: str
    name: str
    display_name: str
    url: str
    conditions: tuple[Condition, ...] = ()
    community: str = ""
    chart: str = ""
    authentication: str = ""
    spec: Mapping[str, Any] = field(default_factory=dict)
    observed_commit: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cluster:
    """A group of machines that hubs run on. `facts` is what its configuration says besides: account, billing, what watches over it."""

    name: str
    provider: str
    shared: bool = False
    region: str = ""
    domain_suffix: str = ""
    instance_types: tuple[str, ...] = ()
    gpus: tuple[str, ...] = ()
    hubs: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """Why a deployment failed, as problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: tuple[Mapping[str, Any], ...] = ()
    retryable: bool = False


@dataclass(frozen=True)
class Change:
    """Where the change lives: a branch, its head, and the commit it was merged as."""

    branch: str = ""
    head: str = ""
    merged_as: str = ""
    url: str = ""


@dataclass(frozen=True)
class Deployment:
    """An operation: followed by its `state`, told by its `stage` (open text, shown and never branched on)."""

    id: str
    request_id: str
    kind: str
    state: State
    stage: str
    version: int
    created_at: datetime
    updated_at: datetime
    cancellable: bool
    steps: tuple[Step, ...] = ()
    preconditions: tuple[Precondition, ...] = ()
    description: str = ""
    attempt: int = 1
    change: Change | None = None
    hubs: tuple[Hub, ...] = ()
    error: Failure | None = None
    hub_usable: bool | None = None


@dataclass(frozen=True)
class Log:
    """What a step said, from an offset on (in characters), and where the next part begins."""

    text: str
    next_offset: int


@dataclass(frozen=True)
class Event:
    """One thing that happened to a deployment; `seq` counts from 1. `type`: state, step, precondition, comment."""

    seq: int
    at: datetime
    type: str
    by: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Features:
    """What a deployer can do besides carrying out an order."""

    plan: bool = True
    cancel: bool = True
    retry: bool = True
    logs: bool = False
    events_stream: bool = False
    callbacks: bool = False
    schedule: bool = False


@dataclass(frozen=True)
class Capabilities:
    """What this implementation can do, and how often it wants to be asked."""

    implementation: str
    kinds: tuple[str, ...] = ("new-hub", "event", "change", "decommission")
    features: Features = Features()
    poll_after_seconds: int = 15
    give_up_after_seconds: int = 14 * 24 * 3600


@dataclass(frozen=True)
class Organisation:
    """Who runs the hubs: it signs front pages and commits, and its staff sign in everywhere."""

    name: str
    url: str
    email: str
    staff_team: str = ""
    domain_suffix: str = "hubs.example"


class Deployer(Protocol):
    """Whatever deploys hubs. Every method raises `ground.errors.Unavailable` (try again) or `Rejected` (with `status` and `errors`)."""

    def capabilities(self) -> Capabilities:
        """What this deployer can do."""

    def plan(self, request: Mapping[str, Any], *, notice: Notice = USUAL_NOTICE) -> Plan:
        """Check a request wholly and say what would change; writes nothing. Rejected: 404, 409, 422 with `errors` by pointer."""

    def start(self, order: Order) -> Deployment:
        """Carry out an approved request. The same order again answers the same deployment. Rejected 409 `plan-changed`: look again."""

    def read(self, deployment_id: str) -> Deployment:
        """The deployment as it is now; a deployer without machinery of its own takes its next step here."""

    def cancel(self, deployment_id: str, *, by: str, reason: str) -> Deployment:
        """Stop, while it can be stopped. Rejected 409 once it is merged."""

    def retry(self, deployment_id: str, *, by: str) -> Deployment:
        """Another attempt of the failed step, same change. Rejected 409 when nothing failed."""

    def settle(
        self, deployment_id: str, key: str, *, status: str, by: str, note: str = "", outputs: Mapping[str, str] | None = None
    ) -> Deployment:
        """Say that a precondition is `met` or `not-needed`."""

    def log(self, deployment_id: str, step: str, *, offset: int = 0) -> Log:
        """What a step said, as plain text for engineers, secrets taken out. Rejected 404 when there is none."""

    def events(self, deployment_id: str, *, after: int = 0) -> list[Event]:
        """What happened after that number, in order."""

    def hubs(self) -> list[Hub]:
        """Every hub the deployer knows."""

    def clusters(self) -> list[Cluster]:
        """Every cluster the deployer knows."""
