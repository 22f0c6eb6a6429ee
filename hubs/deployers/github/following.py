"""Following a deployment on GitHub: what is looked at and when, what is told there, and what is read back when our memory is lost."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.deployers.github import judging, wording
from hubs.deployers.github.judging import Seen
from hubs.deployers.github.proposing import Workshop, refuse_another_plan
from hubs.deployers.github.record import PullRecord, Skeleton, Wanted, failed, own_hubs
from hubs.deployers.github.shapes import Pull
from hubs.deployers.gitops.inventory import hubs_named
from hubs.deployers.interface import Change, Condition, Deployment, Hub, State, Step
from hubs.deployers.records import Entry, not_now

CLOSE_REASONS = {"plan-changed"}


def first_steps(record: PullRecord) -> tuple[Step, ...]:
    """All of them, none taken: to the merge, then one for each job that deploys."""
    steps = (Step("propose", _("Open a pull request")), Step("check", _("GitHub checks it")), Step("merge", _("An engineer merges it")))
    if record.order.request["kind"] == "decommission":
        return (*steps, Step("remove", _("Take down what runs")))
    return (*steps, *(Step(wanted.job, _title(wanted)) for wanted in record.wanted))


def looked(record: PullRecord, shop: Workshop) -> PullRecord:
    """The record after a look at GitHub."""
    pull = shop.remote.pull(record.pull)
    if pull.is_open:
        record = compared(record, shop)
        if record.deployment.state is State.FAILED:
            return record
    after = judging.judged(record, _seen(record, pull, shop), now=shop.now)
    if after.deployment.state is State.SUCCEEDED:
        after = replace(after, deployment=replace(after.deployment, hubs=_hubs(after, shop)))
    return after


def compared(record: PullRecord, shop: Workshop) -> PullRecord:
    """Where the main branch has moved, is the plan still the one that was approved? If not, the pull request is closed."""
    main = shop.remote.main()[1]
    if main == record.compared or record.lost:
        return record
    try:
        refuse_another_plan(record, shop.plan(record, main).plan, shop)
    except Rejected as refusal:
        record = failed(record, "merge", at=shop.now, code="plan-changed", words=_changed(refusal))
        return replace(record, to_say=(*record.to_say, wording.superseded()), is_to_close=True)
    return replace(record, compared=main)


def tell(record: PullRecord, shop: Workshop) -> None:
    """Comments, our part of the pull request's text, and that it is closed."""
    if not record.pull:
        return
    for words in record.to_say:
        shop.remote.say(record.pull, words)
    pull = shop.remote.pull(record.pull)
    if (words := wording.refreshed(pull.body, record)) != pull.body:
        shop.remote.change_pull(record.pull, body=words)
    if record.is_to_close:
        close(record, shop)


def close(record: PullRecord, shop: Workshop, *, words: str = "") -> None:
    """Close an open pull request and forget its branch. Rejected 409 where somebody merged it in that moment."""
    pull = shop.remote.find_pull(record.branch)
    if pull and pull.is_open:
        if words:
            shop.remote.say(pull.number, words)
        pull = shop.remote.change_pull(pull.number, state="closed")
    if pull and pull.merged_at:
        raise not_now("not-cancellable", _("It is merged already; ask for a change instead."))
    shop.remote.remove_branch(record.branch)


def rerun(record: PullRecord, shop: Workshop) -> None:
    """The failed jobs of what deploys it, or of what checks it, once more."""
    step = next((step.name for step in record.deployment.steps if step.status == "failed"), "")
    if step == "check":
        for run in shop.remote.check_runs_of(shop.remote.pull(record.pull).head):
            shop.remote.rerun(run.number, attempt=run.attempt)
    elif record.run:
        shop.remote.rerun(record.run, attempt=record.run_attempt)


def job_of(record: PullRecord, step: str, shop: Workshop) -> int:
    """The job whose log tells of a step. Rejected 404 where there is none."""
    if step == "check" and record.pull:
        checks = [check for check in shop.remote.checks(shop.remote.pull(record.pull).head) if check.number]
        checks.sort(key=lambda check: (not check.is_bad, check.name not in record.checks))
        numbers = [check.number for check in checks]
    else:
        jobs = shop.remote.jobs(record.run) if record.run and any(wanted.job == step for wanted in record.wanted) else ()
        numbers = [job.number for job in jobs if job.name == step]
    if not numbers:
        raise Rejected(_("This step has no log."), status=404)
    return numbers[0]


def rebuilt(name: str, request_id: str, revision: int, told: Skeleton, pull: Pull, *, now: datetime) -> PullRecord:
    """A record as far as its pull request tells: enough to follow it, not to write it anew."""
    order = wording.bare_order(request_id, revision, told)
    deployment = Deployment(
        id=name,
        request_id=request_id,
        kind=told.kind,
        state=State.IN_PROGRESS,
        stage="proposed",
        version=int(now.timestamp()),  # later than whatever was told before
        created_at=told.created_at or pull.created_at,
        updated_at=now,
        cancellable=not pull.merged_at,
        preconditions=told.preconditions,
        description=_("Read back from its pull request."),
        change=Change(pull.branch, head=pull.head, url=pull.url),
    )
    record = PullRecord(order, deployment, (Entry(now, "read back"),), pull=pull.number, lost=told.fingerprint)
    record = replace(record, base=told.base, compared=told.base, approved_on=told.approved_on, wanted=told.wanted, checks=told.checks)
    first, *others = first_steps(record)
    steps = (replace(first, status="succeeded", finished_at=pull.created_at, url=pull.url), *others)
    return replace(record, deployment=replace(deployment, steps=steps))


def _seen(record: PullRecord, pull: Pull, shop: Workshop) -> Seen:
    """Only what its stage asks for: checks until the merge, jobs after it."""
    remote = shop.remote
    reviews = remote.reviews(pull.number)
    if pull.is_open:
        return Seen(pull, reviews, checks=remote.checks(pull.head))
    if not pull.merged_at or not any(wanted.is_required for wanted in record.wanted):
        return Seen(pull, reviews)
    run = remote.deployment_run(shop.options.workflow, pull.merged_as)
    return Seen(pull, reviews, run=run, jobs=remote.jobs(run.number) if run else ())


def _hubs(record: PullRecord, shop: Workshop) -> tuple[Hub, ...]:
    """The request's hubs, as they were merged, and what is known of how they run."""
    commit = record.deployment.change.merged_as if record.deployment.change else ""
    configuration = shop.reading.configuration(commit or shop.remote.main()[1])
    is_live = record.deployment.stage == "live"
    found = hubs_named(configuration, own_hubs(record), commit=commit, since=shop.now)
    return tuple(replace(hub, conditions=_conditions(is_live=is_live, since=shop.now)) for hub in found)


def _conditions(*, is_live: bool, since: datetime) -> tuple[Condition, ...]:
    if is_live:
        why = "The health check of the deployment started a server."
        return tuple(Condition(kind, "True", since, why) for kind in ("Synced", "Ready", "Usable"))
    unseen = "The deployment did not look whether it works."
    return (
        Condition("Synced", "True", since, "Merged"),
        Condition("Ready", "Unknown", since, unseen),
        Condition("Usable", "Unknown", since, unseen),
    )


def _title(wanted: Wanted) -> str:
    words = {"hub": wanted.hub, "cluster": wanted.cluster}
    if wanted.phase == "support":
        return _("Support of %(cluster)s") % words
    return _("Try it on %(hub)s") % words if wanted.phase == "staging" else _("Deploy %(hub)s") % words


def _changed(refusal: Rejected) -> str:
    """What the repository says no to by now is another plan, too."""
    codes: Iterable[str] = (str(error.get("code", "")) for error in refusal.errors)
    return (
        str(refusal)
        if CLOSE_REASONS & set(codes)
        else _("The configuration has changed so that this is not possible any more: %(why)s") % {"why": refusal}
    )
