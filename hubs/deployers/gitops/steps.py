"""The steps of a deployment in a local repository. Each can be taken again after any interruption: it finds what it did and goes on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.deployers.git import Repository
from hubs.deployers.gitops import planning
from hubs.deployers.gitops.checking import checks
from hubs.deployers.gitops.configuration import Configuration, read
from hubs.deployers.gitops.inventory import hubs_named
from hubs.deployers.gitops.preconditions import BEFORE_MERGE
from hubs.deployers.gitops.rendering import Circumstances
from hubs.deployers.interface import Change, Failure, Organisation, State, Step
from hubs.deployers.records import Record, with_step

BASES_TO_COMPARE = 200
NAMES = ("propose", "check", "merge", "record")


@dataclass(frozen=True)
class Workshop:
    """The repository, who runs the hubs, and the time."""

    repository: Repository
    organisation: Organisation
    now: datetime

    def configuration(self, commit: str = "") -> Configuration:
        """The configuration at a commit, or at the head of the main branch."""
        return read(self.repository, commit or self.repository.resolve(self.repository.main()))


def titles() -> dict[str, str]:
    """What the steps are called, for people."""
    return {"propose": _("Write the change"), "check": _("Check it"), "merge": _("Put it into the configuration"), "record": _("Record it")}


def first_steps() -> tuple[Step, ...]:
    """All of them, none taken."""
    return tuple(Step(name, title) for name, title in titles().items())


def next_step(record: Record) -> Step | None:
    """The one to take now."""
    return next((step for step in record.deployment.steps if step.status in {"pending", "running"}), None)


def is_blocked(record: Record) -> bool:
    """Does somebody have to do something before the change may be merged?"""
    return any(item.is_open and item.blocks in BEFORE_MERGE for item in record.deployment.preconditions)


def begun(record: Record, step: Step, shop: Workshop) -> Record:
    """The record as it says that a step is being taken; or that it waits for people."""
    if step.name == "merge" and step.status == "pending" and is_blocked(record):
        waits = _("Waiting for somebody to settle what has to be done first.")
        return record.changed(at=shop.now, what="waiting", state=State.WAITING, stage="waiting-for-people", description=waits)
    steps = with_step(record.deployment.steps, step.name, status="running", started_at=step.started_at or shop.now)
    stage, words = STAGES[step.name]
    cancellable = step.name in {"propose", "check"}
    return record.changed(
        at=shop.now,
        what=f"{step.name} begun",
        steps=steps,
        state=State.IN_PROGRESS,
        stage=stage,
        description=words(),
        cancellable=cancellable,
    )


def taken(record: Record, step: Step, shop: Workshop) -> Record:
    """The record after the step, however it went."""
    try:
        facts = STEPS[step.name](record, shop)
    except Rejected as refusal:
        return failed(record, step, shop, refusal)
    steps = with_step(record.deployment.steps, step.name, status="succeeded", finished_at=shop.now)
    return record.changed(at=shop.now, what=f"{step.name} done", **{"steps": steps, **facts})


def failed(record: Record, step: Step, shop: Workshop, refusal: Rejected) -> Record:
    """The record of a deployment that cannot go on."""
    steps = with_step(record.deployment.steps, step.name, status="failed", finished_at=shop.now)
    code = next((error["code"] for error in refusal.errors if error.get("code") == "plan-changed"), "invalid-request")
    error = Failure(
        f"urn:deployer:problem:{code}", str(refusal), refusal.status, errors=tuple(refusal.errors), retryable=code != "plan-changed"
    )
    return record.changed(
        at=shop.now,
        what=f"{step.name} failed",
        note=str(refusal),
        steps=steps,
        state=State.FAILED,
        error=error,
        description=str(refusal),
        cancellable=True,
    )


def propose(record: Record, shop: Workshop) -> dict[str, Any]:
    """Commit the change to its branch: the same commit, however often it is made. Rejected 409 when the plan is another by now."""
    repository, branch = shop.repository, _branch(record)
    base = repository.resolve(repository.main())
    head = repository.resolve(branch)
    if head and repository.is_ancestor(head, base):
        return {"change": Change(branch, head=head)}  # it has been merged already; the merge step will see it
    planned = _planned(record, shop, shop.configuration(base))
    if not planned.edits:
        return {"change": Change(branch, head=base)}
    texts = {edit.path: edit.text for edit in planned.edits}
    commit = repository.commit(base, texts, message=message(record), at=record.order.approval.at)
    repository.move(branch, commit, old=head)
    return {"change": Change(branch, head=commit)}


def check(record: Record, shop: Workshop) -> dict[str, Any]:
    """Check what lies on the branch. Rejected 422 with what failed."""
    head = shop.repository.resolve(_branch(record))
    if not head:
        return {}
    before, after = shop.configuration(shop.repository.parent(head)), shop.configuration(head)
    changed = {path for path in {*before.files, *after.files} if before.files.get(path) != after.files.get(path)}
    found = checks(before, after, {path.split("/")[2] for path in changed if path.count("/") > 2})
    lines = [line for result in found if result.status == "fail" for line in result.details]
    if lines:
        raise Rejected(
            _("The changed configuration does not pass the checks."),
            status=422,
            errors=[{"pointer": "", "code": "check", "detail": line} for line in lines],
        )
    return {}


def merge(record: Record, shop: Workshop) -> dict[str, Any]:
    """Move the main branch to the change; where it has moved meanwhile, write the change anew upon it first."""
    repository, branch, main = shop.repository, _branch(record), shop.repository.main()
    base, head = repository.resolve(main), repository.resolve(branch)
    if head and not repository.is_ancestor(head, base):
        if repository.parent(head) != base:
            propose(record, shop)
            check(record, shop)
            head = repository.resolve(branch)
        repository.move(main, head, old=repository.parent(head))
    return {"change": Change(branch, head=head or base, merged_as=head)}


def finish(record: Record, shop: Workshop) -> dict[str, Any]:
    """Let the working copy follow, forget the branch, and say what is known: it is written down, nobody has seen it run."""
    change = record.deployment.change
    if change and change.merged_as:
        shop.repository.follow(shop.repository.resolve(shop.repository.main()))
        shop.repository.remove(_branch(record))
    words = _("Recorded in the configuration. Whether the hub runs is not known here.")
    hubs = hubs_named(shop.configuration(), _hub_names(record), commit=change.merged_as if change else "", since=shop.now)
    return {"state": State.SUCCEEDED, "stage": "recorded", "description": words, "cancellable": False, "hubs": hubs}


def message(record: Record) -> str:
    """The commit's message: what was asked, who approved it, which request it belongs to."""
    order = record.order
    titles = {"new-hub": "Add", "event": "Make room on", "change": "Change", "decommission": "Remove"}
    subject = f"{titles[order.request['kind']]} {', '.join(name for _cluster, name in _hub_names(record))}"
    approvers = [order.approval.by, *([order.approval.second_by] if order.approval.second_by else [])]
    trailers = [
        f"Hub-Request: {order.request_id}-r{order.revision}",
        f"Community: {order.request['community']}",
        *(f"Approved-by: {who}" for who in approvers),
    ]
    if order.ticket_url:
        trailers.append(f"Ticket: {order.ticket_url}")
    return f"{one_line(subject)}\n\n" + "\n".join(one_line(line) for line in trailers) + "\n"


def one_line(text: str) -> str:
    """No line of somebody's name becomes a line of ours."""
    return " ".join(text.split())[:200]


def _planned(record: Record, shop: Workshop, configuration: Configuration) -> planning.Planned:
    """The plan as approved, made upon this configuration, with what has been told since. Rejected 409 when it is another plan."""
    today = shop.now.date()
    plain = planning.make_plan(record.order.request, configuration, Circumstances(shop.organisation), today=today)
    bases = shop.repository.recent(configuration.base, BASES_TO_COMPARE)
    if not planning.is_as_approved(plain.plan, record.order.approval.plan_digest, bases):
        raise planning.plan_changed()
    outputs = {item.key: item.outputs for item in record.deployment.preconditions if any(item.outputs.values())}
    return (
        planning.make_plan(record.order.request, configuration, Circumstances(shop.organisation, outputs), today=today)
        if outputs
        else plain
    )


def _hub_names(record: Record) -> list[tuple[str, str]]:
    request = record.order.request
    cluster = request.get("cluster") or request["new_cluster"]["name"]
    specs = [*request.get("hubs", []), *([request["new_hub"]] if "new_hub" in request else [])]
    return [(cluster, spec["name"]) for spec in specs] or [(cluster, request["hub"])]


def _branch(record: Record) -> str:
    return branch_name(record.order.request_id, record.order.revision)


def branch_name(request_id: str, revision: int) -> str:
    """Where a request's change lives until it is merged."""
    return f"refs/heads/hub-request/{request_id}-r{revision}"


def rewound(record: Record, *names: str) -> tuple[Step, ...]:
    """The steps, with these to be taken again."""
    return tuple(
        replace(step, status="pending", started_at=None, finished_at=None) if step.name in names else step
        for step in record.deployment.steps
    )


STEPS: dict[str, Callable[[Record, Workshop], dict[str, Any]]] = {"propose": propose, "check": check, "merge": merge, "record": finish}
STAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "propose": ("proposed", lambda: _("The change is being written.")),
    "check": ("checking", lambda: _("The change is being checked.")),
    "merge": ("merging", lambda: _("The change is being put into the configuration.")),
    "record": ("recording", lambda: _("The change is in the configuration.")),
}
