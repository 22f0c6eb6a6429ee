"""What is seen of a pull request and its workflows, judged: how far a deployment is. Pure; jobs are judged by their names, never by a run's colour."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from hubs.deployers.github.record import PullRecord, Wanted, failed, own_hubs
from hubs.deployers.github.shapes import Check, Job, Pull, Review, Run
from hubs.deployers.interface import Change, State, Step
from hubs.deployers.records import with_step

CHECKS_APPEAR = timedelta(minutes=2)
RUN_APPEARS = timedelta(minutes=30)
BEFORE_MERGE = {"proposal", "merge", "deploy"}  # on GitHub to merge is to deploy


@dataclass(frozen=True)
class Seen:
    """What GitHub shows of one deployment."""

    pull: Pull
    reviews: tuple[Review, ...] = ()
    checks: tuple[Check, ...] = ()
    run: Run | None = None
    jobs: tuple[Job, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """How one wanted job goes. `status`: pending, running, verifying, succeeded, failed, skipped; `code` and `words` say why not."""

    wanted: Wanted
    status: str
    job: Job | None = None
    code: str = ""
    words: str = ""


def judged(record: PullRecord, seen: Seen, *, now: datetime) -> PullRecord:
    """The record after a look."""
    record = _people_noted(record, seen, now)
    if seen.pull.merged_at:
        return _merged(record, seen, now)
    if not seen.pull.is_open:
        words = _("The pull request was closed without being merged.")
        record = replace(record, is_to_close=not record.is_by_hand)  # its branch goes too, unless it holds somebody's work
        return record.stands("closed", at=now, state=State.CANCELLED, stage="cancelled", description=words, cancellable=False)
    return _open(record, seen, now)


def without_change(record: PullRecord, *, now: datetime) -> PullRecord:
    """A request that changes no file: people do what has to be done, and that is all."""
    if waits := _waits_for_people(record):
        return record.stands("waiting-for-people", at=now, state=State.WAITING, stage="waiting-for-people", description=waits)
    steps = tuple(replace(step, status="skipped") if step.status == "pending" else step for step in record.deployment.steps)
    words = _("Everything that had to be done is done; no file changes.")
    return record.stands("prepared", at=now, state=State.SUCCEEDED, stage="prepared", description=words, cancellable=False, steps=steps)


def _people_noted(record: PullRecord, seen: Seen, now: datetime) -> PullRecord:
    """What people did to it, each thing once."""
    for review in seen.reviews:
        if review.number not in record.reviews:
            record = replace(record, reviews=(*record.reviews, review.number))
            record = record.changed(at=now, what=f"review {review.verdict}", by=review.by)
    change = record.deployment.change
    if change and change.head and seen.pull.head != change.head and not record.is_by_hand:
        note = _("Somebody else pushed to the branch: what is merged is not word for word what was approved.")
        record = replace(record, is_by_hand=True).changed(at=now, what="changed-by-hand", note=note)
    return record


def _open(record: PullRecord, seen: Seen, now: datetime) -> PullRecord:
    bad = [check for check in seen.checks if check.is_bad and check.name in record.checks]
    if bad:
        return _check_failed(record, bad, now)
    if is_being_checked(seen, now=now):
        words = _("GitHub is checking the change.")
        steps = with_step(record.deployment.steps, "check", status="running", url=seen.pull.url)
        return record.stands("checking", at=now, state=State.IN_PROGRESS, stage="checking", description=words, steps=steps)
    steps = _checked(record, seen, now)
    if waits := _waits_for_people(record):
        return record.stands("waiting-for-people", at=now, state=State.WAITING, stage="waiting-for-people", description=waits, steps=steps)
    steps = with_step(steps, "merge", status="running", url=seen.pull.url)
    words = _waits_for_merge(record, seen)
    return record.stands("waiting-for-merge", at=now, state=State.WAITING, stage="waiting-for-merge", description=words, steps=steps)


def is_being_checked(seen: Seen, *, now: datetime) -> bool:
    """A check runs, or none has appeared yet."""
    if not seen.checks:
        return now - seen.pull.created_at < CHECKS_APPEAR
    return any(not check.conclusion for check in seen.checks)


def _check_failed(record: PullRecord, bad: Sequence[Check], now: datetime) -> PullRecord:
    names = ", ".join(check.name for check in bad)
    words = _("The check %(names)s on GitHub found something wrong.") % {"names": names}
    errors = tuple({"pointer": "", "code": "check-failed", "detail": check.name, "url": check.url} for check in bad)
    steps = with_step(record.deployment.steps, "check", url=bad[0].url, has_log=bool(bad[0].number))
    record = replace(record, deployment=replace(record.deployment, steps=steps, stage="checking"))
    return failed(record, "check", at=now, code="check-failed", words=words, errors=errors)


def _checked(record: PullRecord, seen: Seen, now: datetime) -> tuple[Step, ...]:
    """The checks are over: green, or there were none; what was seen of them before the merge stays."""
    step = next(step for step in record.deployment.steps if step.name == "check")
    if seen.pull.merged_at and step.status == "succeeded":
        return record.deployment.steps
    facts: dict[str, Any] = {"status": "succeeded" if seen.checks else "skipped", "has_log": any(check.number for check in seen.checks)}
    return with_step(record.deployment.steps, "check", **facts, finished_at=step.finished_at or now)


def _waits_for_people(record: PullRecord) -> str:
    titles = [item.title for item in record.deployment.preconditions if item.is_open and item.blocks in BEFORE_MERGE]
    if not titles:
        return ""
    return _("Before it can be merged somebody has to settle: %(titles)s.") % {"titles": "; ".join(titles)}


def _waits_for_merge(record: PullRecord, seen: Seen) -> str:
    parts = [_("An engineer reviews the pull request and merges it.")]
    if seen.pull.is_mergeable is False:
        parts = [_("The change clashes with what was merged meanwhile; an engineer has to look at the pull request.")]
    elif _is_approved(seen.reviews):
        parts = [_("The pull request is approved on GitHub; an engineer merges it.")]
    if record.is_by_hand:
        parts.append(_("Somebody else pushed to the branch: what is merged is not word for word what was approved."))
    if others := sorted(check.name for check in seen.checks if check.is_bad):
        parts.append(_("Not green: %(names)s.") % {"names": ", ".join(others)})
    return " ".join(parts)


def _is_approved(reviews: Sequence[Review]) -> bool:
    """By each reviewer's last word."""
    last = {review.by: review.verdict for review in reviews if review.verdict != "commented"}
    return "approved" in last.values() and "changes_requested" not in last.values()


def _merged(record: PullRecord, seen: Seen, now: datetime) -> PullRecord:
    record = _merge_noted(record, seen, now)
    if record.order.request["kind"] == "decommission":
        return _removing(record, now)
    if not any(wanted.is_required for wanted in record.wanted):
        words = _("It is in the configuration; nothing had to be deployed.")
        return record.stands("merged-only", at=now, state=State.SUCCEEDED, stage="recorded", description=words)
    if seen.run is None:
        return _not_begun(record, seen, now)
    record = replace(record, run=seen.run.number, run_attempt=seen.run.attempt)
    return _deployed(record, seen.run, [verdict(wanted, seen.jobs, seen.run) for wanted in record.wanted], now)


def _merge_noted(record: PullRecord, seen: Seen, now: datetime) -> PullRecord:
    change = record.deployment.change or Change(record.branch)
    change = replace(change, head=seen.pull.head, merged_as=seen.pull.merged_as, url=seen.pull.url)
    steps = _checked(record, seen, now)
    steps = with_step(steps, "merge", status="succeeded", url=seen.pull.url, finished_at=seen.pull.merged_at)
    return record.stands("merged", at=now, by=seen.pull.merged_by, change=change, steps=steps, cancellable=False)


def _removing(record: PullRecord, now: datetime) -> PullRecord:
    """Deleting files deploys nothing: what runs is taken down by a person."""
    still = [item.title for item in record.deployment.preconditions if item.is_open]
    if still:
        words = _("The hub is out of the configuration. What is left to do by hand: %(titles)s.") % {"titles": "; ".join(still)}
        steps = with_step(record.deployment.steps, "remove", status="running")
        return record.stands("removing", at=now, state=State.WAITING, stage="removing", description=words, steps=steps)
    steps = with_step(record.deployment.steps, "remove", status="succeeded", finished_at=now)
    words = _("The hub is out of the configuration and taken down.")
    return record.stands("removed", at=now, state=State.SUCCEEDED, stage="removed", description=words, steps=steps)


def _not_begun(record: PullRecord, seen: Seen, now: datetime) -> PullRecord:
    since = max(moment for moment in (seen.pull.merged_at, record.retried_at) if moment)
    first = next(wanted for wanted in record.wanted if wanted.is_required)
    if now - since > RUN_APPEARS:
        words = _("It was merged, but GitHub has not begun to deploy it.")
        return failed(record, first.job, at=now, code="not-deployed", words=words)
    words = _("Merged; GitHub begins to deploy it in a moment.")
    stage = "deploying-staging" if first.phase == "staging" else "deploying"
    return record.stands("waiting-for-run", at=now, state=State.IN_PROGRESS, stage=stage, description=words)


def verdict(wanted: Wanted, jobs: Sequence[Job], run: Run) -> Verdict:
    """How a wanted job goes, by its name."""
    named = [job for job in jobs if job.name == wanted.job]
    job = max(named, key=lambda job: job.number, default=None)
    if job is None:
        words = _("GitHub ran no job %(job)s: nothing was deployed there.") % {"job": wanted.job}
        return _missing(wanted, None, "job-absent", words) if run.is_complete else Verdict(wanted, "pending")
    if job.status != "completed":
        is_running = job.status == "in_progress"
        return Verdict(wanted, "verifying" if job.verifies == "in_progress" else "running" if is_running else "pending", job)
    return _ended(wanted, job)


def _ended(wanted: Wanted, job: Job) -> Verdict:
    words = {"job": wanted.job}
    match job.conclusion:
        case "success":
            return Verdict(wanted, "succeeded", job)
        case "skipped":
            return _missing(wanted, job, "job-skipped", _("The job %(job)s was skipped.") % words)
        case "cancelled":
            return Verdict(wanted, "failed", job, "job-cancelled", _("The job %(job)s was cancelled on GitHub.") % words)
    return Verdict(wanted, "failed", job, "job-failed", _("The job %(job)s failed.") % words)


def _missing(wanted: Wanted, job: Job | None, code: str, words: str) -> Verdict:
    return Verdict(wanted, "failed" if wanted.is_required else "skipped", job, code, words)


def _deployed(record: PullRecord, run: Run, verdicts: Sequence[Verdict], now: datetime) -> PullRecord:
    steps = record.deployment.steps
    for each in verdicts:
        steps = with_step(steps, each.wanted.job, **_told(each, run))
    going = [each for each in verdicts if each.status in {"pending", "running", "verifying"}]
    if going:
        stage, words = _stage(min(going, key=_how_near))
        return record.stands(stage, at=now, state=State.IN_PROGRESS, stage=stage, description=words, steps=steps)
    record = replace(record, deployment=replace(record.deployment, steps=steps))
    bad = [each for each in verdicts if each.status == "failed"]
    return _broken(record, bad, now) if bad else _live(record, verdicts, now)


def _told(each: Verdict, run: Run) -> dict[str, Any]:
    """A job as a step."""
    job = each.job
    status = "running" if each.status == "verifying" else each.status
    if job is None:
        return {"status": status, "url": run.url, "started_at": None, "finished_at": None, "has_log": False}
    has_log = job.status == "completed" and job.conclusion != "skipped"
    return {"status": status, "url": job.url, "started_at": job.started_at, "finished_at": job.finished_at, "has_log": has_log}


def _how_near(each: Verdict) -> tuple[bool, bool]:
    """What runs is told before what waits, what has to run before what may."""
    return each.status == "pending", not each.wanted.is_required


def _stage(each: Verdict) -> tuple[str, str]:
    name = {"hub": each.wanted.hub or each.wanted.cluster}
    is_verifying = each.status == "verifying"
    if each.wanted.phase == "staging":
        if is_verifying:
            return "verifying-staging", _("A server is started on %(hub)s, to see that it works.") % name
        return "deploying-staging", _("It is tried on %(hub)s first.") % name
    if is_verifying:
        return "verifying", _("A server is started on %(hub)s, to see that it works.") % name
    return "deploying", _("%(hub)s is being deployed.") % name


def _broken(record: PullRecord, bad: Sequence[Verdict], now: datetime) -> PullRecord:
    """The jobs that went wrong, those that others only waited for told after them."""
    told = sorted(bad, key=lambda each: each.code in {"job-skipped", "job-absent"})
    words = " ".join(each.words for each in told)
    errors = tuple({"pointer": "", "code": each.code, "detail": each.words, "job": each.wanted.job} for each in told)
    own = [each for each in bad if (each.wanted.cluster, each.wanted.hub) in own_hubs(record)]
    is_untouched = all(each.code in {"job-skipped", "job-absent"} for each in own) and record.order.request["kind"] != "new-hub"
    usable = True if is_untouched else None
    record = replace(record, deployment=replace(record.deployment, hub_usable=usable))
    return failed(record, told[0].wanted.job, at=now, code=told[0].code, words=words, errors=errors)


def _live(record: PullRecord, verdicts: Sequence[Verdict], now: datetime) -> PullRecord:
    """The jobs went well. Live is only what a server was started on."""
    own = own_hubs(record)
    seen = [each.job for each in verdicts if (each.wanted.cluster, each.wanted.hub) in own and each.job]
    is_live = bool(seen) and all(job.verifies == "success" for job in seen)
    words = _("Deployed, and a server was started to see that it works.") if is_live else _("Deployed. Nobody has looked whether it works.")
    stage = "live" if is_live else "deployed"
    return record.stands(stage, at=now, state=State.SUCCEEDED, stage=stage, description=words, error=None)
