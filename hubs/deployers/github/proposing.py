"""A change put on its branch and into a pull request. Each call looks for what an earlier one has done, so that it happens once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.deployers.github import wording
from hubs.deployers.github.options import Options
from hubs.deployers.github.reading import Reading
from hubs.deployers.github.record import PullRecord, failed
from hubs.deployers.github.remote import Remote
from hubs.deployers.github.shapes import Commit, Pull
from hubs.deployers.gitops import planning
from hubs.deployers.gitops.configuration import Configuration, Edit
from hubs.deployers.gitops.planning import Planned
from hubs.deployers.gitops.rendering import Circumstances
from hubs.deployers.gitops.steps import message
from hubs.deployers.interface import Change, Organisation, Plan, State
from hubs.deployers.records import with_step

BASES_TO_COMPARE = 200


@dataclass(frozen=True)
class Workshop:
    """The repository on GitHub, who runs the hubs, and the time."""

    remote: Remote
    reading: Reading
    organisation: Organisation
    options: Options
    now: datetime

    def plan(self, record: PullRecord, commit: str) -> Planned:
        """The plan of an order upon a commit, with nothing told yet."""
        return self._plan(record, self.reading.configuration(commit), Circumstances(self.organisation))

    def plan_with_outputs(self, record: PullRecord, commit: str) -> Planned:
        """The same with what has been told since."""
        outputs = {item.key: item.outputs for item in record.deployment.preconditions if any(item.outputs.values())}
        return self._plan(record, self.reading.configuration(commit), Circumstances(self.organisation, outputs))

    def _plan(self, record: PullRecord, configuration: Configuration, circumstances: Circumstances) -> Planned:
        return planning.make_plan(record.order.request, configuration, circumstances, today=self.now.date())


def begun(record: PullRecord, shop: Workshop) -> PullRecord:
    """The record as it says that the branch is being written, and upon which commit: that has to be known before there is a branch."""
    steps = with_step(record.deployment.steps, "propose", status="running", started_at=shop.now)
    head = shop.remote.head(record.branch)
    base = (record.base or _stands_on(head, record, shop)) if head else shop.remote.main()[1]
    words = _("The change is being written.")
    record = replace(record, base=base)
    return record.changed(at=shop.now, what="propose begun", steps=steps, state=State.IN_PROGRESS, stage="proposed", description=words)


def taken(record: PullRecord, shop: Workshop) -> PullRecord:
    """The record with its branch and pull request there, or as one that cannot go on."""
    try:
        return _proposed(record, shop)
    except Rejected as refusal:
        code = next((str(error["code"]) for error in refusal.errors if error.get("code") == "plan-changed"), "refused")
        return failed(record, "propose", at=shop.now, code=code, words=str(refusal))


def approved_on(plan: Plan, approved: str, bases: Sequence[str]) -> str:
    """The commit upon which this very plan was approved; blank where it is another plan."""
    return next((base for base in bases if planning.digest(base, plan.files, plan.preconditions) == approved), "")


def refuse_another_plan(record: PullRecord, plan: Plan, shop: Workshop) -> str:
    """The commit the plan was approved upon. Rejected 409 where it is another plan."""
    approved = record.order.approval.plan_digest
    near = [base for base in (record.approved_on, plan.base) if base]
    found = approved_on(plan, approved, near) or approved_on(plan, approved, shop.remote.recent(plan.base, BASES_TO_COMPARE))
    if not found:
        raise planning.plan_changed()
    return found


def _proposed(record: PullRecord, shop: Workshop) -> PullRecord:
    pull = shop.remote.find_pull(record.branch)
    if pull and not pull.is_open:
        return _done(record, shop, pull, head=pull.head)  # people were quicker; what they decided is judged next
    planned = shop.plan(record, record.base)
    record = replace(record, approved_on=refuse_another_plan(record, planned.plan, shop))
    edits = shop.plan_with_outputs(record, record.base).edits
    if not edits:
        return _nothing_to_write(record, shop)
    head = _written(record, edits, shop)
    if pull is None:
        base, _newest = shop.remote.main()
        words = wording.body(record, planned.plan)
        pull = shop.remote.open_pull(record.branch, base=base, title=wording.title(record), body=words)
    return _done(_announced(record, pull, shop), shop, pull, head=head)


def _written(record: PullRecord, edits: Sequence[Edit], shop: Workshop) -> str:
    """The branch's newest commit, with these files in it. What somebody else committed there is left alone."""
    remote, head = shop.remote, shop.remote.head(record.branch)
    on = remote.commit(head or record.base)
    if head and not _is_ours(on, record, shop):
        return record.deployment.change.head if record.deployment.change else head
    files = {edit.path: edit.text for edit in edits if not (head and edit.text is None)}
    tree = remote.make_tree(on.tree, files) if files else on.tree
    if head and tree == on.tree:
        return head
    who = (shop.organisation.name, shop.organisation.email)
    commit = remote.make_commit(tree, on.sha, message=message(record), by=who, at=record.order.approval.at)
    return remote.move_branch(record.branch, commit) if head else remote.make_branch(record.branch, commit)


def _is_ours(commit: Commit, record: PullRecord, shop: Workshop) -> bool:
    trailer = f"Hub-Request: {record.order.request_id}-r{record.order.revision}"
    return commit.email == shop.organisation.email and trailer in commit.message.splitlines()


def _stands_on(head: str, record: PullRecord, shop: Workshop) -> str:
    """The commit below ours."""
    found = shop.remote.commit(head)
    while _is_ours(found, record, shop) and found.parents:
        found = shop.remote.commit(found.parents[0])
    return found.sha


def _announced(record: PullRecord, pull: Pull, shop: Workshop) -> PullRecord:
    """Reviewers asked, then labelled: the labels say that both was done."""
    labels = {*shop.options.labels, record.order.request["kind"]}
    if labels <= pull.labels:
        return record
    record = _asked_for_review(record, pull, shop)
    shop.remote.label(pull.number, sorted(labels))
    return record


def _asked_for_review(record: PullRecord, pull: Pull, shop: Workshop) -> PullRecord:
    """Somebody who cannot be asked does not stop a change; that it happened is kept."""
    try:
        shop.remote.ask(pull.number, people=shop.options.reviewers, teams=shop.options.teams)
    except Rejected as refusal:
        return record.changed(at=shop.now, what="nobody asked for review", note=str(refusal))
    return record


def _done(record: PullRecord, shop: Workshop, pull: Pull, *, head: str) -> PullRecord:
    steps = with_step(record.deployment.steps, "propose", status="succeeded", finished_at=shop.now, url=pull.url)
    change = Change(record.branch, head=head, url=pull.url)
    record = replace(record, pull=pull.number, compared=record.base)
    return record.changed(
        at=shop.now, what="propose done", note=pull.url, steps=steps, change=change, description=_("GitHub is checking the change.")
    )


def _nothing_to_write(record: PullRecord, shop: Workshop) -> PullRecord:
    steps = with_step(record.deployment.steps, "propose", status="succeeded", finished_at=shop.now)
    return record.changed(at=shop.now, what="nothing to write", steps=steps)
