"""The whole way of a request through a local configuration repository."""

import dataclasses
import json
import shutil

import pytest

from ground.errors import Rejected, Unavailable
from hubs.clusters import read_folder
from hubs.deployers import as_document, from_document
from hubs.deployers.git import Repository
from hubs.deployers.interface import Deployment, Plan
from tests.hubs import documents
from tests.hubs.deploying import US, Dying, Killed, commits, finish, gitops, order, settle_all, shown

AURORA = "config/clusters/shared/aurora.values.yaml"
LISTING = "config/clusters/shared/cluster.yaml"


@pytest.fixture
def deployer(tmp_path):
    return gitops(tmp_path / "configuration")


def refusal(call, *arguments, **options):
    with pytest.raises(Rejected) as caught:
        call(*arguments, **options)
    return caught.value.status, [(error["pointer"], error["code"]) for error in caught.value.errors]


def test_new_hub_waits_for_its_disk_and_ends_recorded_never_live(deployer):
    deployment = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    assert (deployment.state, deployment.stage, [step.status for step in deployment.steps]) == (
        "waiting",
        "waiting-for-people",
        ["succeeded", "succeeded", "pending", "pending"],
    )
    deployment = settle_all(deployer, deployment, volumeId="vol-0abc")
    assert (deployment.state, deployment.stage, deployment.cancellable) == ("succeeded", "recorded", False)
    assert {step.status for step in deployment.steps} == {"succeeded"}
    [hub] = deployment.hubs
    assert (hub.url, [(c.type, c.status) for c in hub.conditions]) == (
        "https://aurora.shared.hubs.example",
        [("Synced", "True"), ("Ready", "Unknown"), ("Usable", "Unknown")],
    )
    assert "volumeId: vol-0abc" in shown(deployer, AURORA)
    assert "- name: aurora" in shown(deployer, LISTING)
    assert len(commits(deployer)) == 2
    assert {item.key for item in deployment.preconditions if item.is_open} == {"oauth-app", "node-group"}


def test_working_copy_follows_and_the_branch_is_gone(deployer):
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    assert (deployer.repository.path / AURORA).read_text() == shown(deployer, AURORA) + "\n"
    assert deployer.repository.text("status", "--porcelain") == ""
    assert deployer.repository.references("refs/heads/") == {"refs/heads/main": commits(deployer)[0]}


def test_working_copy_that_somebody_edits_is_left_alone(deployer):
    listing = deployer.repository.path / LISTING
    listing.write_text(listing.read_text() + "# a note\n")
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    assert listing.read_text().endswith("# a note\n")
    assert "- name: aurora" in shown(deployer, LISTING)


def test_commit_names_the_request_and_the_approver_in_one_line_each(deployer):
    request = documents.change({"op": "admins", "add": ["eve@hubs.example"]})
    approved = order(deployer, request)
    approved = dataclasses.replace(approved, approval=dataclasses.replace(approved.approval, by="Ben\n\nApproved-by: nobody"))
    deployment = finish(deployer, deployer.start(approved))
    message = deployer.repository.text("log", "-1", "--format=%B%n%an <%ae>", deployment.change.merged_as)
    assert message.splitlines() == [
        "Change staging",
        "",
        "Hub-Request: 7-r1",
        "Community: aurora",
        "Approved-by: Ben Approved-by: nobody",
        "",
        "Example Hubs <support@hubs.example>",
    ]


def test_plan_says_what_each_file_means_and_writes_nothing(deployer):
    before = deployer.repository.references("refs/")
    plan = deployer.plan(documents.new_hub(authentication=documents.GITHUB))
    assert [(change.path, change.action) for change in plan.files] == [(AURORA, "add"), (LISTING, "modify")]
    assert all(change.summary and change.diff for change in plan.files)
    assert [(redeploy.cluster, redeploy.hub) for redeploy in plan.redeploys] == [("shared", "aurora")]
    assert [(check.name, check.status) for check in plan.checks if check.status != "pass"] == [
        ("Values of JupyterHub", "skip"),
        ("Secret files", "warn"),
    ]
    assert deployer.repository.references("refs/") == before


def test_plan_does_not_depend_on_the_order_in_which_a_database_keeps_keys(deployer):
    request = documents.new_hub(
        authentication=documents.GITHUB, storage={"scratch_bucket": True, "home_quota_gib": 5}, resources={"gpu": {"type": "nvidia-l4"}}
    )
    assert deployer.plan(json.loads(json.dumps(request, sort_keys=True))) == deployer.plan(request)


def test_plan_and_deployment_survive_their_documents(deployer):
    plan = deployer.plan(documents.new_hub())
    assert from_document(Plan, json.loads(json.dumps(as_document(plan)))) == plan
    deployment = settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    assert from_document(Deployment, json.loads(json.dumps(as_document(deployment)))) == deployment


def test_started_twice_is_one_deployment(deployer):
    wanted = order(deployer, documents.new_hub())
    first = deployer.start(wanted)
    assert deployer.start(wanted) == first
    settle_all(deployer, finish(deployer, first))
    assert deployer.start(wanted).state == "succeeded"
    assert len(commits(deployer)) == 2


def test_same_revision_with_other_contents_is_refused(deployer):
    deployer.start(order(deployer, documents.new_hub()))
    other = documents.new_hub(name="other", domain="other.shared.hubs.example", display_name="Other")
    assert refusal(deployer.start, order(deployer, other)) == (422, [("", "idempotency-key-reused")])


def test_repository_that_moved_so_that_the_plan_differs_goes_back_to_the_approver(deployer):
    approved = order(deployer, documents.new_hub(), request_id="8")
    other = documents.new_hub(name="other", domain="other.shared.hubs.example", display_name="Other")
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, other))))
    assert refusal(deployer.start, approved) == (409, [("", "plan-changed")])


def test_repository_that_moved_elsewhere_does_not_matter(deployer):
    approved = order(deployer, documents.new_hub(), request_id="8")
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.change({"op": "set_culling"})))))
    assert settle_all(deployer, finish(deployer, deployer.start(approved))).state == "succeeded"


def test_main_that_moved_while_waiting_is_built_upon(deployer):
    waiting = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.change({"op": "set_culling"}), request_id="8"))))
    done = settle_all(deployer, waiting)
    assert done.state == "succeeded"
    assert len(commits(deployer)) == 3
    assert "timeout: 3600" in shown(deployer, "config/clusters/shared/staging.values.yaml")


def test_main_that_moved_into_the_way_while_waiting_fails_and_is_not_retried(deployer):
    waiting = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    other = documents.new_hub(name="other", domain="other.shared.hubs.example", display_name="Other")
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, other, request_id="8"))))
    failed = settle_all(deployer, waiting)
    assert (failed.state, failed.error.type, failed.error.retryable) == ("failed", "urn:deployer:problem:plan-changed", False)
    assert refusal(deployer.retry, failed.id, by="Ben") == (409, [("", "not-retryable")])
    assert "- name: aurora" not in shown(deployer, LISTING)


def test_wrong_digest_is_refused(deployer):
    assert refusal(deployer.start, order(deployer, documents.new_hub(), digest="sha256:" + "0" * 64)) == (409, [("", "plan-changed")])


def test_cancelled_while_waiting_leaves_nothing_behind(deployer):
    waiting = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    cancelled = deployer.cancel(waiting.id, by="Ana", reason="not needed")
    assert (cancelled.state, deployer.cancel(waiting.id, by="Ana", reason="again").state) == ("cancelled", "cancelled")
    assert list(deployer.repository.references("refs/heads/")) == ["refs/heads/main"]
    assert deployer.read(waiting.id).state == "cancelled"


def test_merged_cannot_be_cancelled(deployer):
    done = settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    assert refusal(deployer.cancel, done.id, by="Ana", reason="") == (409, [("", "not-cancellable")])


def test_settled_as_not_needed_goes_on_without_values(deployer):
    waiting = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    done = finish(deployer, deployer.settle(waiting.id, "home-disk", status="not-needed", by="Ben"))
    assert done.state == "succeeded"
    assert "volumeId" not in shown(deployer, AURORA)


def test_open_preconditions_can_be_settled_after_the_end(deployer):
    done = settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    settled = deployer.settle(done.id, "oauth-app", status="met", by="Ben")
    assert settled.state == "succeeded"
    assert next(item for item in settled.preconditions if item.key == "oauth-app").status == "met"


@pytest.mark.parametrize(
    ("key", "status", "outputs", "expected"),
    [("nothing", "met", {}, 404), ("home-disk", "maybe", {}, 422), ("home-disk", "met", {"password": "x"}, 422)],
)
def test_settling_what_cannot_be_settled_is_refused(deployer, key, status, outputs, expected):
    waiting = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    assert refusal(deployer.settle, waiting.id, key, status=status, by="Ben", outputs=outputs)[0] == expected


def test_one_operation_a_hub_at_a_time(deployer):
    first, second = documents.change({"op": "set_culling"}), documents.change({"op": "admins", "add": ["eve@hubs.example"]})
    deployer.start(order(deployer, first))
    assert refusal(deployer.start, order(deployer, second, request_id="8")) == (409, [("", "hub-busy")])


def test_two_new_hubs_of_one_name_are_not_made_at_once(deployer):
    first, other = (
        order(deployer, documents.new_hub()),
        order(deployer, documents.new_hub(name="other", domain="o.example"), request_id="9"),
    )
    same = order(deployer, documents.new_hub(display_name="Second"), request_id="8")
    deployer.start(first)
    assert refusal(deployer.start, same) == (409, [("", "hub-busy")])
    assert not deployer.start(other).state.is_final


def test_an_exam_asks_our_engineers_and_no_calendar_but_the_desks(deployer):
    plan = deployer.plan(documents.event(kind="exam"))
    assert {item.key: item.who for item in plan.preconditions} == {"quota": "engineer", "exam-engineers": "engineer"}


def test_decommission_takes_two_people_and_removes_entry_and_file(deployer):
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    request = documents.decommission()
    assert refusal(deployer.start, order(deployer, request, request_id="9")) == (422, [("/approval/second_by", "required")])
    assert refusal(deployer.start, order(deployer, request, request_id="9", second_by="Ben (engineer)"))[0] == 422
    done = finish(deployer, deployer.start(order(deployer, request, request_id="9", second_by="Mia")))
    assert (done.state, done.hubs) == ("succeeded", ())
    assert "aurora" not in shown(deployer, LISTING)
    assert AURORA not in deployer.repository.tree("refs/heads/main")
    assert not (deployer.repository.path / AURORA).exists()
    assert [item.key for item in done.preconditions if item.is_open] == ["helm-delete"]


def test_event_without_anything_to_prepare_changes_no_file(deployer):
    done = finish(deployer, deployer.start(order(deployer, documents.event())))
    assert (done.state, done.change.merged_as, len(commits(deployer))) == ("succeeded", "", 1)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({**documents.new_hub(), "cluster": "nowhere"}, (404, [("/cluster", "unknown-cluster")])),
        (documents.change({"op": "set_culling"}, hub="nobody"), (404, [("/hub", "unknown-hub")])),
        (documents.new_hub(name="staging"), (409, [("/hubs/0/name", "name-taken")])),
        (documents.new_hub(domain="staging.shared.hubs.example"), (409, [("/hubs/0/domain", "taken")])),
        (documents.new_hub(display_name="example hubs STAGING"), (409, [("/hubs/0/display_name", "taken")])),
        (documents.new_cluster(name="shared"), (409, [("/new_cluster/name", "name-taken")])),
        (documents.new_hub(resources={"instance_type": "n2-highmem-4"}), (422, [("/hubs/0/resources/instance_type", "provider-mismatch")])),
        (documents.change({"op": "admins", "remove": ["support@hubs.example"]}), (422, [("/changes/0/remove", "last-admin")])),
        (documents.change({"op": "admins", "remove": ["stranger"]}), (422, [("/changes/0/remove", "unknown")])),
        (documents.change({"op": "admins", "add": ["octocat"]}), (422, [("/changes/0/add/0", "auth-mismatch")])),
        (documents.change({"op": "set_image", "image": "a/b:1", "profile": "none"}), (422, [("/changes/0/profile", "unknown")])),
        (documents.change({"op": "set_image", "image": "a/b:1", "choice": "none"}), (422, [("/changes/0/choice", "unknown")])),
        (documents.change({"op": "feature", "feature": "per_user_db", "enabled": True}), (422, [("/changes/0/feature", "by-hand")])),
        ({**documents.new_hub(), "cluster": "../shared"}, (422, [("/cluster", "pattern")])),
        (documents.new_hub(name="../../evil"), (422, [("/hubs/0/name", "pattern")])),
        (documents.new_cluster(name="..%2f"), (422, [("/new_cluster/name", "pattern")])),
    ],
)
def test_plan_refuses_what_the_repository_cannot_take_at_its_field(deployer, request_, expected):
    assert refusal(deployer.plan, request_) == expected


@pytest.mark.parametrize("name", ["../main", "a/b", "", "-x", "é", "x" * 200, "a\nb", "a..b"])
def test_request_id_that_could_lead_elsewhere_is_refused(deployer, name):
    assert refusal(deployer.start, order(deployer, documents.event(), request_id=name))[0] == 422
    assert refusal(deployer.read, name)[0] == 404


def test_staging_hub_goes_last(deployer):
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub()))))
    assert refusal(deployer.plan, documents.decommission(hub="staging")) == (422, [("/hub", "last-staging")])


def test_new_cluster_waits_for_its_account_number(deployer):
    waiting = finish(deployer, deployer.start(order(deployer, documents.new_cluster())))
    deployer.settle(waiting.id, "cloud-account", status="met", by="Ben", outputs={"account": "210987654321"})
    done = settle_all(deployer, deployer.read(waiting.id), volumeId="vol-0abc")
    assert done.state == "succeeded"
    assert "account: 210987654321" in shown(deployer, "config/clusters/aurora/cluster.yaml")
    assert [cluster.name for cluster in deployer.clusters()] == ["aurora", "shared"]


def test_repository_that_is_not_there_is_unavailable(tmp_path):
    deployer = gitops(tmp_path / "there")
    deployer.repository.path = tmp_path / "elsewhere"
    with pytest.raises(Unavailable):
        deployer.plan(documents.new_hub())


def test_user_configuration_and_hooks_are_not_used(deployer, tmp_path, monkeypatch):
    hook = deployer.repository.path / ".git" / "hooks"
    hook.mkdir()
    (hook / "reference-transaction").write_text("#!/bin/sh\nexit 1\n")
    (hook / "reference-transaction").chmod(0o755)
    (tmp_path / ".gitconfig").write_text("[user]\nname = Somebody Else\n[commit]\ngpgsign = true\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    done = finish(deployer, deployer.start(order(deployer, documents.change({"op": "set_culling"}))))
    assert deployer.repository.text("log", "-1", "--format=%an", done.change.merged_as) == "Example Hubs"


def test_killed_at_any_write_and_started_again_makes_one_commit(tmp_path):
    start = tmp_path / "start"
    wanted = order(gitops(start), documents.change({"op": "set_culling"}))
    counted = gitops(shutil.copytree(start, tmp_path / "counted"), Dying(tmp_path / "counted", at=0))
    finish(counted, counted.start(wanted))
    writes, whole = counted.repository.count, commits(counted)
    assert writes > 10
    for at in range(1, writes + 1):
        path = shutil.copytree(start, tmp_path / f"killed-{at}")
        dying = gitops(path, Dying(path, at=at))
        with pytest.raises(Killed):
            finish(dying, dying.start(wanted))
        reborn = gitops(path)
        done = finish(reborn, reborn.start(wanted))
        assert (at, done.state, commits(reborn)) == (at, "succeeded", whole)
        assert list(reborn.repository.references("refs/heads/")) == ["refs/heads/main"]
        assert reborn.repository.text("status", "--porcelain") == ""


def test_killed_again_and_again_it_still_ends_with_one_commit(tmp_path):
    path = tmp_path / "configuration"
    wanted = order(gitops(path), documents.new_hub())
    deaths = 0
    for life in range(40):
        deployer = gitops(path, Dying(path, at=1 + life % 4))
        try:
            done = settle_all(deployer, finish(deployer, deployer.start(wanted)), volumeId="vol-0abc")
            break
        except Killed:
            deaths += 1
    assert (done.state, deaths > 4, len(commits(deployer))) == ("succeeded", True, 2)
    assert "volumeId: vol-0abc" in shown(deployer, AURORA)


class Crowded(Repository):
    """A repository where somebody else always does the same thing a moment before us."""

    def __init__(self, path):
        super().__init__(path, name=US.name, email=US.email)
        self.rival = None

    def run(self, *arguments, **options):
        if arguments[0] == "update-ref" and self.rival:
            rival, self.rival = self.rival, None
            rival()
            self.rival = rival
        return super().run(*arguments, **options)


def test_two_at_once_make_one_deployment_and_one_commit(tmp_path):
    path = tmp_path / "configuration"
    other = gitops(path)
    crowded = Crowded(path)
    deployer = gitops(path, crowded)
    wanted = order(deployer, documents.change({"op": "set_culling"}))
    crowded.rival = lambda: other.read(other.start(wanted).id)
    done = finish(deployer, deployer.start(wanted))
    assert (done.state, len(commits(deployer))) == ("succeeded", 2)


def test_what_was_written_reads_back_as_the_hub_that_was_asked_for(deployer):
    settle_all(deployer, finish(deployer, deployer.start(order(deployer, documents.new_hub(authentication=documents.GITHUB)))))
    hub = next(hub for hub in read_folder(deployer.repository.path / "config/clusters").hubs if hub.name == "aurora")
    assert (hub.display_name, hub.domain, hub.authenticator, hub.admins) == (
        "Aurora Research Hub",
        "aurora.shared.hubs.example",
        "github",
        ("ana-ruiz",),
    )
    assert [(told.name, told.authentication) for told in deployer.hubs()] == [("staging", "cilogon"), ("aurora", "github")]
