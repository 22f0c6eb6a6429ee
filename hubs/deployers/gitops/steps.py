"""The steps of a deployment in a local repository. Each can be taken again after any interruption: it finds what it did and goes on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
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
from hubs.deployers.interface import Change, Failure, Hub, Organisation, State, Step
from hubs.deployers.records import Record, with_step

BASES_TO_COMPARE = 200
NAMES = ("propose", "check", "merge", "record")
Facts = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """One step: what it is called, the stage and the sentence while it is taken, and what it does. It answers facts about the deployment."""

    title: Callable[[], str]
    stage: str
    words: Callable[[], str]
    act: "Callable[[Record, Workshop], Facts]"


class Stuck(Rejected):
    """A step that failed and yet has something to tell: `facts` about the deployment, such as its hubs."""

    def __init__(self, message: str, *, status: int, facts: Mapping[str, Any]) -> None:
        super().__init__(message, status=status)
        self.facts = facts


@dataclass(frozen=True)
class Workshop:
    """The repository, who runs the hubs, the time, and what can be done. `by_hand`: some of it is done by people."""

    repository: Repository
    organisation: Organisation
    now: datetime
    works: Mapping[str, Work] = field(default_factory=lambda: WORKS)
    by_hand: bool = True

    def circumstances(self, outputs: Mapping[str, Mapping[str, str]] | None = None) -> Circumstances:
        """What rendering and planning need besides the request, with what people have told."""
        return Circumstances(self.organisation, outputs or {}, by_hand=self.by_hand)

    def configuration(self, commit: str = "") -> Configuration:
        """The configuration at a commit, or at the head of the main branch."""
        return read(self.repository, commit or self.repository.resolve(self.repository.main()))


def first_steps(names: Iterable[str], works: Mapping[str, Work]) -> tuple[Step, ...]:
    """All of them, none taken."""
    return tuple(Step(name, works[name].title()) for name in names)


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
    steps = with_step(record.deployment.steps, step.name, status="running", started_at=step.started_at or shop.now, has_log=True)
    work = shop.works[step.name]
    cancellable = step.name in {"propose", "check"}
    return record.changed(
        at=shop.now,
        what=f"{step.name} begun",
        steps=steps,
        state=State.IN_PROGRESS,
        stage=work.stage,
        description=work.words(),
        cancellable=cancellable,
    )


def taken(record: Record, step: Step, shop: Workshop) -> Record:
    """The record after the step, however it went."""
    try:
        facts = shop.works[step.name].act(record, shop)
    except Rejected as refusal:
        return failed(record, step, shop, refusal)
    steps = with_step(record.deployment.steps, step.name, status="succeeded", finished_at=shop.now)
    return record.changed(at=shop.now, what=f"{step.name} done", **{"steps": steps, **facts})


def is_merged(record: Record) -> bool:
    """Is the change part of the configuration, so that it can only be followed by another?"""
    return any(step.name == "merge" and step.status == "succeeded" for step in record.deployment.steps)


def failed(record: Record, step: Step, shop: Workshop, refusal: Rejected) -> Record:
    """The record of a deployment that cannot go on."""
    steps = with_step(record.deployment.steps, step.name, status="failed", finished_at=shop.now)
    code = next((error["code"] for error in refusal.errors if error.get("code") == "plan-changed"), "invalid-request")
    error = Failure(
        f"urn:deployer:problem:{code}", str(refusal), refusal.status, errors=tuple(refusal.errors), retryable=code != "plan-changed"
    )
    facts: Facts = {"steps": steps, "error": error, "description": str(refusal), "cancellable": not is_merged(record)}
    told = refusal.facts if isinstance(refusal, Stuck) else {}
    note = "\n".join([str(refusal), *(str(each.get("detail", "")) for each in refusal.errors)])
    return record.changed(at=shop.now, what=f"{step.name} failed", note=note, **{**facts, **told, "state": State.FAILED})


def propose(record: Record, shop: Workshop) -> Facts:
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


def check(record: Record, shop: Workshop) -> Facts:
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


def merge(record: Record, shop: Workshop) -> Facts:
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


def finish(record: Record, shop: Workshop) -> Facts:
    """Let the working copy follow, forget the branch, and say what is known: it is written down, nobody has seen it run."""
    tidy(record, shop)
    words = _("Recorded in the configuration. Whether the hub runs is not known here.")
    hubs = hubs_of(record, shop)
    return {"state": State.SUCCEEDED, "stage": "recorded", "description": words, "cancellable": False, "hubs": hubs}


def tidy(record: Record, shop: Workshop) -> None:
    """Let the working copy follow what was merged, and forget the branch."""
    change = record.deployment.change
    if change and change.merged_as:
        shop.repository.follow(shop.repository.resolve(shop.repository.main()))
        shop.repository.remove(_branch(record))


def hubs_of(record: Record, shop: Workshop) -> tuple[Hub, ...]:
    """The hubs it is about, as the main branch describes them."""
    change = record.deployment.change
    return hubs_named(shop.configuration(), hub_names(record), commit=change.merged_as if change else "", since=shop.now)


def message(record: Record) -> str:
    """The commit's message: what was asked, who approved it, which request it belongs to."""
    order = record.order
    titles = {"new-hub": "Add", "event": "Make room on", "change": "Change", "decommission": "Remove"}
    subject = f"{titles[order.request['kind']]} {', '.join(name for _cluster, name in hub_names(record))}"
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
    plain = planning.make_plan(record.order.request, configuration, shop.circumstances(), today=today)
    bases = shop.repository.recent(configuration.base, BASES_TO_COMPARE)
    if not planning.is_as_approved(plain.plan, record.order.approval.plan_digest, bases):
        raise planning.plan_changed()
    outputs = {item.key: item.outputs for item in record.deployment.preconditions if any(item.outputs.values())}
    return planning.make_plan(record.order.request, configuration, shop.circumstances(outputs), today=today) if outputs else plain


def hub_names(record: Record) -> list[tuple[str, str]]:
    """The hubs an order makes or changes, each after its cluster."""
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


def again(record: Record) -> tuple[Step, ...]:
    """The steps as another attempt takes them: what is merged stays so, and everything after it is done anew."""
    names = [step.name for step in record.deployment.steps]
    if is_merged(record):
        return rewound(record, *names[names.index("merge") + 1 :])
    return rewound(record, "propose", "check", *(step.name for step in record.deployment.steps if step.status == "failed"))


WORKS: Mapping[str, Work] = {
    "propose": Work(lambda: _("Write the change"), "proposed", lambda: _("The change is being written."), propose),
    "check": Work(lambda: _("Check it"), "checking", lambda: _("The change is being checked."), check),
    "merge": Work(
        lambda: _("Put it into the configuration"), "merging", lambda: _("The change is being put into the configuration."), merge
    ),
    "record": Work(lambda: _("Record it"), "recording", lambda: _("The change is in the configuration."), finish),
}
