"""What goes wrong between the desk and GitHub, and what people do in the meantime."""

from datetime import timedelta

import pytest

from demo.github.faults import Fault
from ground.errors import Rejected, Unavailable
from hubs.deployers import Approval, Order
from tests.hubs import documents
from tests.hubs.deploying import NOW, order
from tests.hubs.worlds.github import REPOSITORY

CHANGE = documents.change({"op": "set_culling", "idle_minutes": 30})
SETTINGS = "config/clusters/shared/staging.values.yaml"
JOB = "shared-staging-aws"


@pytest.fixture
def waiting(world):
    """A change that waits for its merge."""
    return world.until(world.deployer.start(order(world.deployer, CHANGE)), "waiting-for-merge")


def refusal(call, *arguments, **options):
    with pytest.raises(Rejected) as caught:
        call(*arguments, **options)
    return caught.value.status, [error["code"] for error in caught.value.errors]


def merged(world, deployment):
    world.code.merge(world.pull["number"])
    for _round in range(12):
        if deployment.state.is_final:
            return deployment
        deployment = world.deployer.read(deployment.id)
    return deployment


PATHS = ["/git/trees", "/git/commits", "/git/refs", "/pulls", "/labels", "/requested_reviewers"]
KINDS = ["timeout", "down", "error", "html", "secondary", "primary"]


@pytest.mark.parametrize(
    ("kind", "path"), [*(("drop", path) for path in PATHS), *((kind, "/pulls") for kind in KINDS), ("html", "/labels")]
)
def test_fault_at_any_write_is_unavailable_and_leaves_one_of_everything(world, kind, path):
    deployment = world.deployer.start(order(world.deployer, CHANGE))
    world.simulator.faults.add(Fault(kind, method="POST", path=f".*{path}"))
    with pytest.raises(Unavailable):
        world.deployer.read(deployment.id)
    deployment = world.until(deployment, "waiting-for-merge")
    head = world.code.git.resolve("refs/heads/hub-request/7-r1")
    told = world.code.described(world.pull)
    assert (len(world.code.pulls), told["head"]["sha"], deployment.change.head) == (1, head, head)
    assert world.code.git.commit(head)["parents"] == [{"sha": world.main}]
    assert (len(told["labels"]), told["requested_teams"]) == (2, [{"slug": "engineers"}])


def test_refusal_of_github_is_told_in_its_words_and_tried_again(world):
    deployment = world.deployer.start(order(world.deployer, CHANGE))
    world.simulator.faults.add(Fault("refuse", method="POST", path=".*/git/commits", status=422))
    failed = world.deployer.read(deployment.id)
    assert (failed.state, failed.error.type, failed.error.retryable) == ("failed", "urn:deployer:problem:refused", True)
    assert failed.description == "GitHub answered 422: Resource not accessible by integration"
    assert world.until(world.deployer.retry(failed.id, by="Ben"), "waiting-for-merge").state == "waiting"


def test_limit_says_how_long_to_wait(world, waiting):
    world.simulator.faults.add(Fault("secondary", seconds=42))
    with pytest.raises(Unavailable) as caught:
        world.deployer.read(waiting.id)
    assert caught.value.retry_after == 42


def test_token_that_was_taken_back_waits_for_an_operator(world, waiting):
    with pytest.raises(Unavailable, match="token"):
        world.again(token="another").read(waiting.id)
    assert world.deployer.read(waiting.id) == waiting


def test_right_that_is_missing_waits_for_an_operator(world):
    deployment = world.deployer.start(order(world.deployer, CHANGE))
    world.simulator.faults.add(Fault("refuse", method="POST", path=".*/pulls", status=403))
    with pytest.raises(Unavailable, match="token"):
        world.deployer.read(deployment.id)
    assert world.until(deployment, "waiting-for-merge").state == "waiting"


def test_repository_nobody_shows_us_is_unavailable(world, tmp_path):
    del world.simulator.store.repositories[REPOSITORY]
    world.simulator._code.clear()
    with pytest.raises(Unavailable, match=REPOSITORY):
        world.again(folder="fresh").plan(CHANGE)


def test_reviewer_who_cannot_be_asked_stops_nothing(world):
    deployment = world.deployer.start(order(world.deployer, CHANGE))
    world.simulator.faults.add(Fault("refuse", method="POST", path=".*/requested_reviewers", status=422))
    deployment = world.until(deployment, "waiting-for-merge")
    assert [event.data["what"] for event in world.deployer.events(deployment.id) if "review" in event.data.get("what", "")] == [
        "nobody asked for review"
    ]


def test_file_that_is_not_the_one_asked_for_is_refused(world):
    fresh = world.again(folder="fresh")
    blob = world.code.git.blob
    object.__setattr__(world.code.git, "blob", lambda sha: blob(sha) + b"# more\n")
    with pytest.raises(Unavailable):
        fresh.plan(CHANGE)


def test_person_who_closes_it_cancels_it_and_its_branch_goes(world, waiting):
    world.code.close_pull(world.pull["number"])
    cancelled = world.deployer.read(waiting.id)
    assert (cancelled.state, cancelled.cancellable) == ("cancelled", False)
    assert world.code.git.resolve("refs/heads/hub-request/7-r1") == ""


def test_person_who_pushes_to_the_branch_is_told_of_and_keeps_their_work(world):
    deployment = world.until(world.deployer.start(order(world.deployer, documents.new_hub())), "waiting-for-people")
    theirs = world.code.push("hub-request/7-r1", {"NOTES.md": "by hand\n"})
    deployment = world.until(world.deployer.read(deployment.id), "waiting-for-people")
    world.deployer.settle(deployment.id, "home-disk", status="met", by="Ben", outputs={"volumeId": "vol-0abc"})
    world.deployer.read(deployment.id)
    assert world.code.git.resolve("refs/heads/hub-request/7-r1") == theirs
    assert "vol-0abc" in world.code.comments[str(world.pull["number"])][-1]["body"]
    events = [event.data.get("what") for event in world.deployer.events(deployment.id)]
    assert events.count("changed-by-hand") == 1
    world.code.close_pull(world.pull["number"])
    assert world.deployer.read(deployment.id).state == "cancelled"
    assert world.code.git.resolve("refs/heads/hub-request/7-r1") == theirs


def test_main_that_moved_elsewhere_does_not_matter(world, waiting):
    world.code.push("main", {"README.md": "Another word\n"})
    assert world.deployer.read(waiting.id).stage == "waiting-for-merge"
    assert merged(world, waiting).stage == "live"


def test_main_that_moved_into_the_way_closes_the_pull_request(world, waiting):
    world.code.push("main", {SETTINGS: world.shown(SETTINGS).replace("quotaEnforcer:", "quotaEnforcer: # moved") + "\n"})
    failed = world.deployer.read(waiting.id)
    assert (failed.state, failed.error.type, failed.error.retryable) == ("failed", "urn:deployer:problem:plan-changed", False)
    assert (world.code.issue(world.pull)["state"], world.code.git.resolve("refs/heads/hub-request/7-r1")) == ("closed", "")
    assert refusal(world.deployer.retry, waiting.id, by="Ben") == (409, ["not-retryable"])
    assert world.deployer.cancel(waiting.id, by="Ana", reason="").state == "cancelled"


def test_main_that_moved_before_the_order_goes_back_to_the_approver(world):
    approved = order(world.deployer, CHANGE)
    world.code.push("main", {SETTINGS: world.shown(SETTINGS).replace("quotaEnforcer:", "quotaEnforcer: # moved") + "\n"})
    assert refusal(world.deployer.start, approved) == (409, ["plan-changed"])


def test_merged_by_hand_before_we_looked_is_followed(world):
    deployment = world.deployer.start(order(world.deployer, CHANGE))
    deployment = world.deployer.read(deployment.id)
    assert merged(world, deployment).stage == "live"


def test_squashed_merge_is_followed(world, waiting):
    world.code.merge(world.pull["number"], squash=True)
    assert world.let_it_happen(waiting).stage == "live"


def test_check_that_fails_is_tried_again_and_goes_on(world):
    world.code.wishes.failing = {"validate-shared"}
    failed = world.until(world.deployer.start(order(world.deployer, CHANGE)), "never")
    assert (failed.state, failed.stage, failed.error.type) == ("failed", "checking", "urn:deployer:problem:check-failed")
    assert world.deployer.log(failed.id, "check").text == "Upgrading\nRunning the health check\n"
    world.code.wishes.failing = set()
    again = world.deployer.retry(failed.id, by="Ben")
    assert (again.state, again.attempt, again.error) == ("in_progress", 2, None)
    assert world.let_it_happen(again).stage == "live"


@pytest.mark.parametrize(("wish", "code"), [("failing", "job-failed"), ("cancelled", "job-cancelled"), ("absent", "job-absent")])
def test_job_that_goes_wrong_is_told_and_tried_again(world, waiting, wish, code):
    setattr(world.code.wishes, wish, {JOB})
    failed = merged(world, waiting)
    assert (failed.state, failed.error.errors[0]["code"], failed.cancellable) == ("failed", code, False)
    assert next(step.status for step in failed.steps if step.name == JOB) == "failed"
    setattr(world.code.wishes, wish, set())
    again = world.deployer.retry(failed.id, by="Ben")
    assert again.attempt == 2
    if wish != "absent":
        assert world.let_it_happen(again).stage == "live"
        assert world.code.actions.runs[-1]["run_attempt"] == 2


def test_staging_that_fails_stops_production_and_says_so(world):
    world.let_it_happen(world.deployer.start(order(world.deployer, documents.new_hub())))
    world.code.wishes.failing = {JOB}
    request = documents.change({"op": "set_culling", "idle_minutes": 30}, hub="aurora")
    waiting = world.until(world.deployer.start(order(world.deployer, request, request_id="8")), "waiting-for-merge")
    failed = merged(world, waiting)
    assert [(error["job"], error["code"]) for error in failed.error.errors] == [(JOB, "job-failed"), ("shared-aurora-aws", "job-skipped")]
    assert failed.hub_usable is True


def test_jobs_of_others_that_fail_turn_the_run_red_and_not_us(world, waiting):
    world.code.wishes.beside = {"elsewhere-prod-gcp"}
    world.code.wishes.failing = {"elsewhere-prod-gcp"}
    assert merged(world, waiting).stage == "live"
    assert world.code.actions.runs[-1]["conclusion"] == "failure"


def test_job_started_again_on_github_itself_is_not_started_twice(world, waiting):
    world.code.wishes.failing = {JOB}
    failed = merged(world, waiting)
    world.code.wishes.failing = set()
    world.code.actions.again(world.code.actions.runs[-1])
    assert world.let_it_happen(world.deployer.retry(failed.id, by="Ben")).stage == "live"
    assert world.code.actions.runs[-1]["run_attempt"] == 2


def test_run_that_appears_late_is_waited_for_and_one_that_never_does_is_told(world, waiting):
    world.code.wishes.appears_after = 10_000
    world.code.merge(world.pull["number"])
    deployment = world.deployer.read(waiting.id)
    assert (deployment.state, deployment.stage) == ("in_progress", "deploying-staging")
    world.now = NOW + timedelta(hours=1)
    failed = world.deployer.read(waiting.id)
    assert (failed.state, failed.error.type) == ("failed", "urn:deployer:problem:not-deployed")
    world.code.actions.runs[-1]["hidden"] = 0
    assert world.let_it_happen(world.deployer.retry(failed.id, by="Ben")).stage == "live"


def test_merged_cannot_be_cancelled(world, waiting):
    world.code.merge(world.pull["number"])
    assert refusal(world.deployer.cancel, waiting.id, by="Ana", reason="") == (409, ["not-cancellable"])
    assert world.let_it_happen(world.deployer.read(waiting.id)).stage == "live"


def test_settling_after_the_merge_writes_nothing(world):
    deployment = world.until(world.deployer.start(order(world.deployer, documents.new_hub())), "waiting-for-people")
    done = merged(world, deployment)
    assert (done.state, done.stage) == ("succeeded", "live")
    commits = world.changes()
    settled = world.deployer.settle(done.id, "home-disk", status="met", by="Ben", outputs={"volumeId": "vol-0abc"})
    assert (settled.state, world.changes()) == ("succeeded", commits)


def test_log_is_without_secrets_and_in_parts(world, waiting):
    lines = [
        "token: ghs_abcdefghijklmnop1234",
        "password=hunter2hunter2",
        "https://bot:opensesame@github.test/x",
        world.deployer.secrets[0],
        "fine",
    ]
    world.code.wishes.log = "\n".join(lines)
    done = merged(world, waiting)
    whole = world.deployer.log(done.id, JOB)
    assert whole.text.splitlines() == [
        "token: [taken out]",
        "password=[taken out]",
        "https://[taken out]@github.test/x",
        "[taken out]",
        "fine",
    ]
    assert world.deployer.log(done.id, JOB, offset=7).text == whole.text[7:]
    assert refusal(world.deployer.log, done.id, "propose")[0] == 404
    assert refusal(world.deployer.log, done.id, "support-shared-aws")[0] == 404


def test_a_long_log_is_fetched_once_for_all_its_pieces(world, waiting, monkeypatch):
    monkeypatch.setattr("hubs.deployers.github.deployer.LONGEST_PIECE", 4)
    world.code.wishes.log = "0123456789"
    done = merged(world, waiting)
    before, text, piece = world.asked("GET"), "", world.deployer.log(done.id, JOB)
    first = world.asked("GET") - before
    while piece.text:
        text, piece = text + piece.text, world.deployer.log(done.id, JOB, offset=piece.next_offset)
    assert (text, world.asked("GET") - before) == ("0123456789", first)
    assert (world.deployer.log(done.id, JOB).text, world.asked("GET") - before) == ("0123", 2 * first)


def test_main_that_cannot_be_read_is_another_plan(world, waiting):
    world.code.push("main", {SETTINGS: "jupyterhub: [\n"})
    failed = world.deployer.read(waiting.id)
    assert (failed.state, failed.error.type) == ("failed", "urn:deployer:problem:plan-changed")
    assert SETTINGS in failed.description


# memory that is lost


def test_lost_memory_is_read_back_from_the_pull_request(world, waiting):
    lost = world.again(folder="lost")
    back = lost.read(waiting.id)
    assert (back.state, back.stage, back.version > waiting.version) == ("waiting", "waiting-for-merge", True)
    assert [step.name for step in back.steps] == [step.name for step in waiting.steps]
    world.deployer = lost
    assert world.let_it_happen(back).stage == "live"


def test_same_order_makes_a_lost_memory_whole_again(world):
    wanted = order(world.deployer, documents.new_hub())
    deployment = world.until(world.deployer.start(wanted), "waiting-for-people")
    lost = world.again(folder="lost")
    assert lost.start(wanted).id == deployment.id
    other = Order("7", 1, CHANGE, Approval("Ben (engineer)", NOW, "sha256:x"))
    assert refusal(world.again(folder="other").start, other) == (422, ["idempotency-key-reused"])
    lost.settle(deployment.id, "home-disk", status="met", by="Ben", outputs={"volumeId": "vol-0abc"})
    lost.read(deployment.id)
    assert "vol-0abc" in world.shown("config/clusters/shared/aurora.values.yaml", at="refs/heads/hub-request/7-r1")
    assert len(world.code.pulls) == 1


def test_pull_request_of_a_stranger_on_our_branch_is_no_deployment(world):
    world.code.git.move("refs/heads/hub-request/9-r1", world.main)
    world.code.push("hub-request/9-r1", {"x": "y"})
    world.code.open_pull(title="x", body="<!-- hubdesk-order bm90IGpzb24= -->", head="hub-request/9-r1", base="main", by="stranger")
    assert refusal(world.deployer.read, "hub-request-9-r1")[0] == 404
