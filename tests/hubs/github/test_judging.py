"""What is seen of a pull request and its jobs, judged without asking anybody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hubs.deployers.github import judging
from hubs.deployers.github.following import first_steps
from hubs.deployers.github.judging import Seen, judged, verdict
from hubs.deployers.github.record import PullRecord, Wanted
from hubs.deployers.github.shapes import Check, Job, Pull, Review, Run
from hubs.deployers.interface import Approval, Change, Deployment, Order, Precondition, State
from tests.hubs import documents
from tests.hubs.deploying import NOW

PROD = Wanted("shared-aurora-aws", "shared", "prod", "aurora")
STAGING = Wanted("shared-staging-aws", "shared", "staging", "staging", is_required=False)
SUPPORT = Wanted("support-shared-aws", "shared", "support", is_required=False)
PULL = Pull(5, "open", "https://github.test/5", "", "head", "hub-request/7-r1", NOW)
MERGED = replace(PULL, state="closed", merged_at=NOW, merged_as="merge", merged_by="octavia")
RUN, ENDED = Run(9, 1, False, "https://github.test/runs/9"), Run(9, 1, True, "https://github.test/runs/9")
CHANGE = documents.change({"op": "set_culling"}, hub="aurora")
GREEN = (Check("validate-shared", "success", 1),)


def record(request=CHANGE, wanted=(SUPPORT, STAGING, PROD), preconditions=()):
    order = Order("7", 1, request, Approval("Ben", NOW, "sha256:x"))
    change = Change("hub-request/7-r1", head="head")
    deployment = Deployment("hub-request-7-r1", "7", request["kind"], State.IN_PROGRESS, "proposed", 3, NOW, NOW, True, change=change)
    made = PullRecord(order, deployment, pull=5, wanted=wanted, checks=("validate-shared",))
    return replace(made, deployment=replace(deployment, steps=first_steps(made), preconditions=tuple(preconditions)))


def job(wanted, conclusion="", status="completed", verifies="", number=1):
    return Job(number, wanted.job, status if not conclusion else "completed", conclusion, verifies=verifies)


def told(*arguments, **options):
    after = judged(*arguments, now=NOW, **options).deployment
    return after.state, after.stage


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (Seen(PULL), (State.IN_PROGRESS, "checking")),
        (Seen(replace(PULL, created_at=NOW - timedelta(minutes=3))), (State.WAITING, "waiting-for-merge")),
        (Seen(PULL, checks=(*GREEN, Check("docs", ""))), (State.IN_PROGRESS, "checking")),
        (Seen(PULL, checks=GREEN), (State.WAITING, "waiting-for-merge")),
        (Seen(PULL, checks=(*GREEN, Check("docs", "failure"))), (State.WAITING, "waiting-for-merge")),
        (Seen(PULL, checks=(Check("validate-shared", "failure", 1),)), (State.FAILED, "checking")),
        (Seen(PULL, checks=(Check("validate-shared", "cancelled", 1),)), (State.FAILED, "checking")),
        (Seen(replace(PULL, state="closed")), (State.CANCELLED, "cancelled")),
        (Seen(MERGED), (State.IN_PROGRESS, "deploying")),
        (Seen(replace(MERGED, merged_at=NOW - timedelta(hours=1))), (State.FAILED, "deploying")),
    ],
)
def test_pull_request_says_how_far_it_is(seen, expected):
    assert (
        told(replace(record(), deployment=replace(record().deployment, stage="deploying" if seen.pull.merged_at else "proposed")), seen)
        == expected
    )


@pytest.mark.parametrize(
    ("blocks", "stage"), [("merge", "waiting-for-people"), ("deploy", "waiting-for-people"), ("hand-over", "waiting-for-merge")]
)
def test_open_precondition_is_waited_for_where_merging_is_deploying(blocks, stage):
    assert told(record(preconditions=[Precondition("x", "A disk", blocks=blocks)]), Seen(PULL, checks=GREEN)) == (State.WAITING, stage)


@pytest.mark.parametrize(
    ("run", "jobs", "expected"),
    [
        (RUN, [], (State.IN_PROGRESS, "deploying")),
        (RUN, [job(STAGING, status="queued"), job(PROD, status="queued")], (State.IN_PROGRESS, "deploying")),
        (RUN, [job(STAGING, status="in_progress"), job(PROD, status="queued")], (State.IN_PROGRESS, "deploying-staging")),
        (RUN, [job(STAGING, status="in_progress", verifies="in_progress")], (State.IN_PROGRESS, "verifying-staging")),
        (RUN, [job(STAGING, "success"), job(PROD, status="in_progress")], (State.IN_PROGRESS, "deploying")),
        (RUN, [job(STAGING, "success"), job(PROD, status="in_progress", verifies="in_progress")], (State.IN_PROGRESS, "verifying")),
        (ENDED, [job(STAGING, "success"), job(PROD, "success", verifies="success")], (State.SUCCEEDED, "live")),
        (ENDED, [job(PROD, "success", verifies="success")], (State.SUCCEEDED, "live")),
        (ENDED, [job(PROD, "success")], (State.SUCCEEDED, "deployed")),
        (ENDED, [job(PROD, "success", verifies="skipped")], (State.SUCCEEDED, "deployed")),
    ],
)
def test_jobs_by_name_say_how_far_it_is(run, jobs, expected):
    assert told(record(), Seen(MERGED, run=run, jobs=tuple(jobs))) == expected


@pytest.mark.parametrize(
    ("jobs", "code", "usable"),
    [
        ([job(PROD, "failure")], "job-failed", None),
        ([job(PROD, "timed_out")], "job-failed", None),
        ([job(PROD, "cancelled")], "job-cancelled", None),
        ([job(PROD, "skipped")], "job-skipped", True),
        ([], "job-absent", True),
        ([job(STAGING, "failure"), job(PROD, "skipped")], "job-failed", True),
        ([job(SUPPORT, "failure"), job(PROD, "success", verifies="success")], "job-failed", True),
    ],
)
def test_job_that_went_wrong_is_told_by_name(jobs, code, usable):
    after = judged(record(), Seen(MERGED, run=ENDED, jobs=tuple(jobs)), now=NOW).deployment
    assert (after.state, after.error.errors[0]["code"], after.error.retryable, after.hub_usable) == (State.FAILED, code, True, usable)


def test_hub_that_was_never_there_is_not_called_usable():
    after = judged(record(documents.new_hub()), Seen(MERGED, run=ENDED), now=NOW).deployment
    assert (after.state, after.hub_usable) == (State.FAILED, None)


def test_colour_of_the_run_and_jobs_of_others_say_nothing():
    others = [
        Job(number, name, "completed", "failure") for number, name in enumerate(["elsewhere-prod-gcp", "shared-aurora", "generate-jobs"])
    ]
    seen = Seen(MERGED, run=ENDED, jobs=(*others, job(PROD, "success", verifies="success")))
    assert told(record(), seen) == (State.SUCCEEDED, "live")


def test_last_attempt_of_a_job_counts():
    jobs = [job(PROD, "failure", number=1), job(PROD, "success", number=8)]
    assert verdict(PROD, jobs, ENDED).status == "succeeded"


def test_reviews_are_noted_once_and_approval_is_told():
    seen = Seen(PULL, (Review(1, "octavia", "approved", NOW),), GREEN)
    first = judged(record(), seen, now=NOW)
    again = judged(first, seen, now=NOW)
    assert again == first
    assert [entry.what for entry in first.history] == ["review approved", "waiting-for-merge"]
    assert "approved on GitHub" in first.deployment.description


def test_later_objection_of_the_same_person_undoes_an_approval():
    reviews = (Review(1, "octavia", "approved", NOW), Review(2, "octavia", "changes_requested", NOW))
    assert "approved on GitHub" not in judged(record(), Seen(PULL, reviews, GREEN), now=NOW).deployment.description


def test_branch_that_somebody_pushed_to_is_told_once():
    seen = Seen(replace(PULL, head="theirs"), checks=GREEN)
    first = judged(record(), seen, now=NOW)
    assert (first.is_by_hand, "Somebody else pushed" in first.deployment.description) == (True, True)
    assert judged(first, seen, now=NOW) == first


def test_clash_is_told():
    seen = Seen(replace(PULL, is_mergeable=False), checks=GREEN)
    assert "clashes" in judged(record(), seen, now=NOW).deployment.description


def test_decommission_waits_for_what_is_left_to_do():
    ending = record(documents.decommission(), wanted=(), preconditions=[Precondition("helm-delete", "By hand")])
    waits = judged(ending, Seen(MERGED), now=NOW)
    assert (waits.deployment.state, waits.deployment.stage) == (State.WAITING, "removing")
    known = tuple(replace(item, status="met") for item in waits.deployment.preconditions)
    done = judged(replace(waits, deployment=replace(waits.deployment, preconditions=known)), Seen(MERGED), now=NOW)
    assert (done.deployment.state, done.deployment.stage) == (State.SUCCEEDED, "removed")


def test_same_look_twice_is_no_news():
    seen = Seen(MERGED, run=RUN, jobs=(job(STAGING, status="in_progress"),))
    once = judged(record(), seen, now=NOW)
    assert judged(once, seen, now=NOW + timedelta(minutes=5)) == once


def test_request_that_changes_no_file_waits_for_people_and_ends():
    made = record(documents.event(), wanted=(), preconditions=[Precondition("quota", "Enough machines", blocks="deploy")])
    assert judging.without_change(made, now=NOW).deployment.stage == "waiting-for-people"
    settled = replace(made, deployment=replace(made.deployment, preconditions=()))
    assert judging.without_change(settled, now=NOW).deployment.state == State.SUCCEEDED
