"""What we remember of a deployment on GitHub beside the pull request itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from hubs.deployers.github.options import Options
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration
from hubs.deployers.gitops.steps import hub_names
from hubs.deployers.interface import Failure, Plan, Precondition, State
from hubs.deployers.records import Record

DEPLOYMENT = re.compile(r"hub-request-(?P<id>[A-Za-z0-9][A-Za-z0-9_-]*)-r(?P<revision>\d+)")
BRANCH = re.compile(r"hub-request/(?P<id>[A-Za-z0-9][A-Za-z0-9_-]*)-r(?P<revision>\d+)")


@dataclass(frozen=True)
class Wanted:
    """A job that deploys something of ours. `phase`: support, staging, prod. One that is not required counts only where it is there."""

    job: str
    cluster: str
    phase: str
    hub: str = ""
    is_required: bool = True


@dataclass(frozen=True)
class PullRecord(Record):
    """`base`: the commit the branch stands on. `approved_on`: the commit the approved plan was made upon. `compared`: the newest commit of main it was
    compared with. `run`, `run_attempt`: what deploys it. `lost`: the fingerprint of an order whose words were lost with
    our memory. `to_say` and `is_to_close` are told to GitHub before anything else."""

    base: str = ""
    approved_on: str = ""
    compared: str = ""
    pull: int = 0
    run: int = 0
    run_attempt: int = 0
    retried_at: datetime | None = None
    wanted: tuple[Wanted, ...] = ()
    checks: tuple[str, ...] = ()
    reviews: tuple[int, ...] = ()
    is_by_hand: bool = False
    lost: str = ""
    to_say: tuple[str, ...] = ()
    is_to_close: bool = False

    @property
    def branch(self) -> str:
        """Where its change lives; the order alone decides, so it is found again."""
        return branch_name(self.order.request_id, self.order.revision)

    @property
    def has_begun(self) -> bool:
        """The branch and the pull request are there, or there was nothing to write."""
        return self.deployment.steps[0].status == "succeeded"

    def stands(self, what: str, *, at: datetime, by: str = "", note: str = "", **facts: Any) -> Self:
        """The record with these facts about the deployment; the very same where nothing is new."""
        news = {name: value for name, value in facts.items() if getattr(self.deployment, name) != value}
        return self.changed(at=at, what=what, by=by, note=note, **news) if news else self


@dataclass(frozen=True)
class Skeleton:
    """What a pull request says of its order for a desk that lost its memory: no words of people but who approved."""

    kind: str
    fingerprint: str
    digest: str
    at: datetime
    by: str = ""
    community: str = ""
    cluster: str = ""
    hubs: tuple[str, ...] = ()
    second_by: str = ""
    base: str = ""
    approved_on: str = ""
    created_at: datetime | None = None
    wanted: tuple[Wanted, ...] = ()
    checks: tuple[str, ...] = ()
    preconditions: tuple[Precondition, ...] = ()


def branch_name(request_id: str, revision: int) -> str:
    """The branch of a request's revision."""
    return f"hub-request/{request_id}-r{revision}"


def deployment_of(branch: str) -> str:
    """The deployment a branch belongs to, blank where it is none of ours."""
    found = BRANCH.fullmatch(branch)
    return f"hub-request-{found['id']}-r{found['revision']}" if found else ""


def failed(record: PullRecord, step: str, *, at: datetime, code: str, words: str, errors: tuple[Mapping[str, Any], ...] = ()) -> PullRecord:
    """A deployment that cannot go on without a person. What was changed under it needs another approval; all else may be tried again."""
    failure = Failure(f"urn:deployer:problem:{code}", words, 409, errors=errors, retryable=code != "plan-changed")
    steps = tuple(replace(each, status="failed", finished_at=at) if each.name == step else each for each in record.deployment.steps)
    return record.stands(f"{step} failed", at=at, note=words, state=State.FAILED, error=failure, description=words, steps=steps)


def jobs_for(plan: Plan, request: Mapping[str, Any], after: Configuration, options: Options) -> tuple[Wanted, ...]:
    """The jobs that will deploy a plan: of the support, of the hubs changes are tried on, of the hubs themselves."""
    found: dict[str, Wanted] = {}
    touched = {change.path.split("/")[2] for change in plan.files if change.path.startswith(f"{CLUSTERS}/")}
    names = {(redeploy.cluster, redeploy.hub) for redeploy in plan.redeploys} if request["kind"] != "decommission" else set()
    for cluster in (after.clusters[name] for name in sorted(touched & set(after.clusters)) if names):
        words = {"cluster": cluster.name, "provider": cluster.provider}
        support = options.support_job.format(**words, hub="support")
        found[support] = Wanted(support, cluster.name, "support", is_required=False)
        for hub in cluster.hubs:
            is_ours = (cluster.name, hub.name) in names
            if is_ours or hub.is_staging:
                job = options.job.format(**words, hub=hub.name)
                found[job] = Wanted(job, cluster.name, "staging" if hub.is_staging else "prod", hub.name, is_required=is_ours)
    order = ("support", "staging", "prod")
    return tuple(sorted(found.values(), key=lambda wanted: (order.index(wanted.phase), wanted.cluster, wanted.hub)))


def checks_for(plan: Plan, options: Options) -> tuple[str, ...]:
    """The checks that have to be green for this change."""
    touched = {change.path.split("/")[2] for change in plan.files if change.path.startswith(f"{CLUSTERS}/")}
    return tuple(options.check.format(cluster=name, hub="", provider="") for name in sorted(touched))


def own_hubs(record: PullRecord) -> tuple[tuple[str, str], ...]:
    """The hubs the request itself is about."""
    return tuple(hub_names(record))
