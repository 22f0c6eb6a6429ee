"""The whole way of a request over GitHub: a pull request, its checks, people, jobs by name."""

import difflib
import re

from hubs.deployers import State
from tests.hubs import documents
from tests.hubs.deploying import order

AURORA = "config/clusters/shared/aurora.values.yaml"
LISTING = "config/clusters/shared/cluster.yaml"
SETTINGS = "config/clusters/shared/staging.values.yaml"
CHANGE = documents.change({"op": "set_culling", "idle_minutes": 30})


def test_new_hub_waits_for_people_then_for_the_merge_and_ends_live(world):
    deployer = world.deployer
    deployment = world.until(deployer.start(order(deployer, documents.new_hub())), "waiting-for-people")
    assert (deployment.state, deployment.cancellable, deployment.change.branch) == (State.WAITING, True, "hub-request/7-r1")
    for item in deployment.preconditions:
        outputs = {"volumeId": "vol-0abc"} if item.key == "home-disk" else {}
        deployer.settle(deployment.id, item.key, status="met", by="Ben", outputs=outputs)
    deployment = world.until(deployment, "waiting-for-merge")
    assert "volumeId: vol-0abc" in world.shown(AURORA, at="refs/heads/hub-request/7-r1")
    assert world.asked("PUT") == 0
    world.code.merge(world.pull["number"])
    stages = []
    while not deployment.state.is_final:
        deployment = deployer.read(deployment.id)
        stages.append(deployment.stage)
    assert list(dict.fromkeys(stages)) == [
        "deploying", "deploying-staging", "verifying-staging", "verifying", "live",
    ]  # fmt: skip
    assert [(step.name, step.status) for step in deployment.steps] == [
        ("propose", "succeeded"),
        ("check", "succeeded"),
        ("merge", "succeeded"),
        ("support-shared-aws", "skipped"),
        ("shared-staging-aws", "succeeded"),
        ("shared-aurora-aws", "succeeded"),
    ]
    [hub] = deployment.hubs
    assert (hub.url, [(each.type, each.status) for each in hub.conditions]) == (
        "https://aurora.shared.hubs.example",
        [("Synced", "True"), ("Ready", "True"), ("Usable", "True")],
    )
    assert deployment.change.merged_as == world.main
    assert world.changes() == 2


def test_diff_of_the_pull_request_is_the_plans(world):
    request = documents.new_hub(authentication=documents.GITHUB)
    plan = world.deployer.plan(request)
    base = world.main
    world.until(world.deployer.start(order(world.deployer, request)), "waiting-for-people")
    head = world.code.git.resolve("refs/heads/hub-request/7-r1")
    changed = world.code.git.changed(base, head)
    assert changed == {change.path: {"add": "A", "modify": "M", "delete": "D"}[change.action] for change in plan.files}
    for change in plan.files:
        old = world.code.git.run("show", f"{base}:{change.path}").decode() if change.action == "modify" else ""
        new = world.code.git.run("show", f"{head}:{change.path}").decode()
        names = ("/dev/null" if change.action == "add" else f"a/{change.path}", f"b/{change.path}")
        assert "".join(difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), *names)) == change.diff


def test_change_of_a_shared_file_is_one_commit_and_one_pull_request(world):
    done = world.let_it_happen(world.deployer.start(order(world.deployer, CHANGE)))
    assert (done.state, done.stage, world.changes(), len(world.code.pulls)) == ("succeeded", "live", 1, 1)
    assert "timeout: 1800" in world.shown("config/clusters/shared/staging.values.yaml")
    commit = world.code.git.commit(world.pull["sha"])
    assert commit["message"].splitlines() == ["Change staging", "", "Hub-Request: 7-r1", "Community: aurora", "Approved-by: Ben (engineer)"]
    assert commit["author"]["email"] == "support@hubs.example"


def test_decommission_waits_after_the_merge_for_what_is_done_by_hand(world):
    world.let_it_happen(world.deployer.start(order(world.deployer, documents.new_hub())))
    wanted = order(world.deployer, documents.decommission(), request_id="9", second_by="Mia")
    deployment = world.until(world.deployer.start(wanted), "waiting-for-merge")
    world.code.merge(world.pull["number"])
    deployment = world.until(deployment, "removing")
    assert (deployment.state, deployment.cancellable) == ("waiting", False)
    assert "aurora" not in world.shown(LISTING)
    world.deployer.settle(deployment.id, "helm-delete", status="met", by="Ben")
    deployment = world.deployer.read(deployment.id)
    assert (deployment.state, deployment.stage, deployment.hubs) == ("succeeded", "removed", ())
    assert [(step.name, step.status) for step in deployment.steps] == [
        ("propose", "succeeded"), ("check", "succeeded"), ("merge", "succeeded"), ("remove", "succeeded"),
    ]  # fmt: skip


def test_event_without_a_file_to_change_opens_no_pull_request(world):
    deployment = world.until(world.deployer.start(order(world.deployer, documents.event())), "waiting-for-people")
    done = world.let_it_happen(deployment)
    assert (done.state, done.stage, world.code.pulls, world.changes()) == ("succeeded", "prepared", {}, 0)


def test_pull_request_says_who_approved_what_and_calls_nobody(world):
    approved = order(world.deployer, documents.new_hub())
    world.until(world.deployer.start(approved), "waiting-for-people")
    told = world.code.described(world.pull)
    assert (told["title"], [label["name"] for label in told["labels"]]) == ("Add aurora", ["hub-request", "new-hub"])
    assert [team["slug"] for team in told["requested_teams"]] == ["engineers"]
    assert approved.approval.plan_digest in told["body"]
    assert "Ben (engineer)" in told["body"]
    assert "- [ ] A disk for the home directories" in told["body"]
    assert "ana@aurora.example" not in told["body"]


def test_names_cannot_mark_up_a_pull_request_or_end_our_comment(world):
    approved = order(world.deployer, CHANGE)
    name = "Ben --> <img src=x> @everyone [x](http://evil.test) `"
    approved = approved.__class__(**{**vars(approved), "approval": approved.approval.__class__(**{**vars(approved.approval), "by": name})})
    world.until(world.deployer.start(approved), "waiting-for-merge")
    body = world.code.described(world.pull)["body"]
    assert (
        re.findall(
            r"(?<!\\)(?:<img|@everyone|\[x\]|`)", body.replace(f"`{approved.approval.plan_digest}`", "").replace(f"`{SETTINGS}`", "")
        )
        == []
    )
    assert world.again(folder="lost").read("hub-request-7-r1").stage == "waiting-for-merge"


def test_settled_preconditions_are_told_below_the_pull_request_once(world):
    deployment = world.until(world.deployer.start(order(world.deployer, documents.new_hub())), "waiting-for-people")
    for _twice in range(2):
        world.deployer.settle(deployment.id, "home-disk", status="met", by="Ben", outputs={"volumeId": "vol-0abc"})
        world.deployer.read(deployment.id)
    [said] = [comment["body"] for comment in world.code.comments[str(world.pull["number"])]]
    assert "`volumeId`: `vol-0abc`" in said
    assert "- [x] A disk for the home directories" in world.code.described(world.pull)["body"]


def test_what_people_wrote_into_the_pull_request_stays(world):
    deployment = world.until(world.deployer.start(order(world.deployer, documents.new_hub())), "waiting-for-people")
    issue = world.code.issue(world.pull)
    issue["body"] = f"A word before.\n{issue['body']}\nA word after."
    world.deployer.settle(deployment.id, "node-group", status="met", by="Ben")
    world.deployer.read(deployment.id)
    assert (issue["body"].startswith("A word before."), issue["body"].endswith("A word after.")) == (True, True)
    assert issue["body"].count("<!-- hubdesk -->") == 1


def test_unchanged_answers_are_not_sent_again_and_cost_nothing(world):
    deployment = world.until(world.deployer.start(order(world.deployer, CHANGE)), "waiting-for-merge")
    world.deployer.read(deployment.id)
    before, used = len(world.simulator.seen), world.simulator.used
    again = world.deployer.read(deployment.id)
    assert (len(world.simulator.seen) > before, world.simulator.used, again) == (True, used, deployment)


def test_later_plan_reads_only_the_files_that_changed(world):
    world.deployer.plan(CHANGE)
    world.code.push(
        "main", {"config/clusters/shared/common.values.yaml": world.shown("config/clusters/shared/common.values.yaml") + "\n\n"}
    )
    world.simulator.seen.clear()
    world.again().plan(CHANGE)
    assert sum("/git/blobs/" in request.path for request in world.simulator.seen) == 1
