"""The GitHub simulator's code: real git, GitHub's refusals, workflows that walk, people at their door, webhooks."""

import hashlib
import hmac
import json

import httpx
import pytest

from demo.github import Simulator
from demo.github.faults import Fault
from demo.github.transport import SimulatorTransport

REPOSITORY = "org/infra"
CLUSTER = """name: shared
provider: gcp
hubs:
- name: staging
  helm_chart_values_files: [common.values.yaml, staging.values.yaml]
- name: prod
  helm_chart_values_files: [common.values.yaml, prod.values.yaml]
"""
FOLDER = "config/clusters/shared"
FILES = {f"{FOLDER}/cluster.yaml": CLUSTER, **{f"{FOLDER}/{name}.values.yaml": "a: 1\n" for name in ("common", "staging", "prod")}}


@pytest.fixture
def simulator(tmp_path):
    simulator = Simulator(REPOSITORY, code=tmp_path, token="token")
    simulator.code(REPOSITORY).push("main", FILES)
    return simulator


@pytest.fixture
def code(simulator):
    return simulator.code(REPOSITORY)


@pytest.fixture
def github(simulator):
    address = f"https://github.test/api/v3/repos/{REPOSITORY}/"
    with httpx.Client(transport=SimulatorTransport(simulator), base_url=address, headers={"authorization": "Bearer token"}) as client:
        yield client


def commit_file(github, path, content):
    """A commit upon main with one file, as a client of the API makes it."""
    main = github.get("git/ref/heads/main").json()["object"]["sha"]
    entry = {"path": path, "mode": "100644", "type": "blob", **({"content": content} if content is not None else {"sha": None})}
    tree = github.post("git/trees", json={"base_tree": main, "tree": [entry]}).json()["sha"]
    who = {"name": "Desk", "email": "desk@example.org", "date": "2027-01-04T09:00:00+00:00"}
    said = {"message": "Change", "tree": tree, "parents": [main], "author": who, "committer": who}
    return github.post("git/commits", json=said).json()["sha"]


def propose(github, branch="change", path=f"{FOLDER}/prod.values.yaml", content="a: 2\n"):
    sha = commit_file(github, path, content)
    github.post("git/refs", json={"ref": f"refs/heads/{branch}", "sha": sha})
    return github.post("pulls", json={"title": "Change", "body": "", "head": branch, "base": "main"}).json()["number"]


def refusal(response):
    body = response.json()
    return response.status_code, body.get("errors", [{}])[0].get("message") or body["message"]


def test_objects_are_gits_own(github, code):
    sha = commit_file(github, "a.txt", "hello\n")
    assert commit_file(github, "a.txt", "hello\n") == sha
    tree = github.get(f"git/trees/{sha}", params={"recursive": 1}).json()["tree"]
    [blob] = [entry["sha"] for entry in tree if entry["path"] == "a.txt"]
    assert blob == hashlib.sha1(b"blob 6\0hello\n").hexdigest()
    assert code.git.blob(blob) == b"hello\n"
    assert github.get("contents/a.txt", params={"ref": sha}).json()["sha"] == blob


def test_deleted_file_is_gone_and_one_that_is_not_there_is_refused(github, code):
    sha = commit_file(github, f"{FOLDER}/prod.values.yaml", None)
    assert f"{FOLDER}/prod.values.yaml" not in {entry["path"] for entry in code.git.tree(sha, recursive=True)}
    entry = {"path": "nothing.txt", "mode": "100644", "type": "blob", "sha": None}
    assert refusal(github.post("git/trees", json={"base_tree": sha, "tree": [entry]})) == (422, "GitRPC::BadObjectState")


def test_refusals_are_githubs(github):
    number = propose(github)
    sha = github.get("git/ref/heads/change").json()["object"]["sha"]
    main = github.get("git/ref/heads/main").json()["object"]["sha"]
    assert refusal(github.post("git/refs", json={"ref": "refs/heads/change", "sha": sha})) == (422, "Reference already exists")
    assert refusal(github.patch("git/refs/heads/change", json={"sha": main})) == (422, "Update is not a fast forward")
    again = github.post("pulls", json={"title": "x", "head": "change", "base": "main"})
    assert refusal(again) == (422, "A pull request already exists for org:change.")
    github.post("git/refs", json={"ref": "refs/heads/same", "sha": main})
    assert refusal(github.post("pulls", json={"title": "x", "head": "same", "base": "main"})) == (422, "No commits between main and same")
    assert github.post("pulls", json={"title": "x", "head": "none", "base": "main"}).json()["errors"][0]["field"] == "head"
    assert refusal(github.delete("git/refs/heads/none")) == (422, "Reference does not exist")
    assert refusal(github.get("git/ref/heads/none")) == (404, "Not Found")
    assert refusal(github.get("pulls/99", headers={"authorization": ""})) == (401, "Bad credentials")
    assert github.get("/api/v3/repos/org/secret/pulls").status_code == 404
    assert number == 1


def test_whether_it_can_be_merged_is_known_at_the_second_look(github, code):
    number = propose(github)
    code.push("change", {"b.txt": "x"})
    first, second = (github.get(f"pulls/{number}").json() for _ in range(2))
    assert (first["mergeable"], second["mergeable"], second["merged"]) == (None, True, False)
    assert [parent["sha"] for parent in code.git.commit(second["merge_commit_sha"])["parents"]] == [
        code.git.resolve("main"),
        second["head"]["sha"],
    ]
    code.push("main", {f"{FOLDER}/prod.values.yaml": "a: 3\n"})
    assert [github.get(f"pulls/{number}").json()["mergeable"] for _ in range(2)] == [None, False]


def test_unchanged_answer_is_304_and_free(github, simulator):
    number = propose(github)
    github.get(f"pulls/{number}")
    first = github.get(f"pulls/{number}")
    used = simulator.used
    assert github.get(f"pulls/{number}", headers={"if-none-match": first.headers["etag"]}).status_code == 304
    assert (simulator.used, first.headers["x-ratelimit-remaining"]) == (used, str(5000 - used))


def test_lists_come_by_pages(github, code):
    number = propose(github)
    for count in range(3):
        github.post(f"issues/{number}/comments", json={"body": f"Word {count}"})
    first = github.get(f"issues/{number}/comments", params={"per_page": 2})
    rest = github.get(f"issues/{number}/comments", params={"per_page": 2, "page": 2})
    assert [len(first.json()), 'rel="next"' in first.headers["link"], len(rest.json()), rest.headers.get("link")] == [2, True, 1, None]


def test_checks_walk_from_queued_to_completed(github, code):
    propose(github)
    sha = github.get("git/ref/heads/change").json()["object"]["sha"]
    seen = [github.get(f"commits/{sha}/check-runs").json()["check_runs"] for _ in range(4)]
    assert [[(run["name"], run["status"]) for run in runs] for runs in seen] == [
        [],
        [("validate-shared", "in_progress")],
        [("validate-shared", "completed")],
        [("validate-shared", "completed")],
    ]


def run_of(github, sha):
    for _ in range(3):
        found = github.get("actions/workflows/deploy-hubs.yaml/runs", params={"head_sha": sha, "event": "push"}).json()["workflow_runs"]
        if found:
            return found[0]["id"]
    raise AssertionError("no run")


def jobs_of(github, run, looks=12):
    for _ in range(looks):
        jobs = github.get(f"actions/runs/{run}/jobs").json()["jobs"]
    return {job["name"]: job["conclusion"] for job in jobs}


def test_merge_sets_off_the_jobs_of_the_hubs_that_changed_staging_first(github, code):
    sha = code.merge(propose(github))
    run = run_of(github, sha)
    assert jobs_of(github, run) == dict.fromkeys(["generate-jobs", "shared-staging-gcp", "shared-prod-gcp"], "success")
    assert github.get(f"actions/runs/{run}").json()["conclusion"] == "success"


def test_staging_that_fails_skips_production_until_it_is_run_again(github, code):
    code.wishes.failing = {"shared-staging-gcp"}
    run = run_of(github, code.merge(propose(github)))
    assert refusal(github.post(f"actions/runs/{run}/rerun-failed-jobs")) == (403, "This workflow is already running")
    assert jobs_of(github, run) == {"generate-jobs": "success", "shared-staging-gcp": "failure", "shared-prod-gcp": "skipped"}
    code.wishes.failing = set()
    assert github.post(f"actions/runs/{run}/rerun-failed-jobs").status_code == 201
    assert set(jobs_of(github, run).values()) == {"success"}
    assert github.get(f"actions/runs/{run}").json()["run_attempt"] == 2


@pytest.mark.parametrize(("path", "content"), [(f"{FOLDER}/cluster.yaml", CLUSTER + "# a note\n"), (f"{FOLDER}/prod.values.yaml", None)])
def test_change_of_the_listing_alone_and_deleted_files_deploy_nothing(github, code, path, content):
    run = run_of(github, code.merge(propose(github, path=path, content=content)))
    assert jobs_of(github, run) == {"generate-jobs": "success"}


def test_log_is_at_another_address_for_whoever_knows_it(github, code, simulator):
    run = run_of(github, code.merge(propose(github)))
    jobs_of(github, run)
    job = github.get(f"actions/runs/{run}/jobs").json()["jobs"][0]["id"]
    answer = github.get(f"actions/jobs/{job}/logs")
    assert answer.status_code == 302
    with httpx.Client(transport=SimulatorTransport(simulator)) as nobody:
        assert nobody.get(answer.headers["location"]).text == code.wishes.log
        assert nobody.get(answer.headers["location"].partition("?")[0]).status_code == 404


def test_people_act_through_the_door_beside_the_api(github, code):
    number = propose(github)

    def act(what, **said):
        return github.post(f"https://github.test/_control/{what}", json={"repository": REPOSITORY, **said})

    assert act("review", number=number).status_code == 201
    assert [review["state"] for review in github.get(f"pulls/{number}/reviews").json()] == ["APPROVED"]
    assert act("push", branch="change", files={"b.txt": "x"}).json()["sha"] == github.get(f"pulls/{number}").json()["head"]["sha"]
    assert act("merge", number=number).json()["sha"] == code.git.resolve("main")
    assert act("merge", number=number).status_code == 422
    assert act("finish").status_code == 201
    assert act("close", number=77).status_code == 422


def test_removed_branch_closes_its_pull_request_which_cannot_be_opened_again(github):
    number = propose(github)
    assert github.delete("git/refs/heads/change").status_code == 204
    assert github.get(f"pulls/{number}").json()["state"] == "closed"
    assert github.patch(f"pulls/{number}", json={"state": "open"}).status_code == 422


def test_faults_strike_code_as_they_strike_issues(github, simulator):
    simulator.faults.add(Fault("error", path=".*/git/ref/.*"))
    assert github.get("git/ref/heads/main").status_code == 502
    assert github.get("git/ref/heads/main").status_code == 200


def test_everything_is_there_again_after_a_restart(github, code, tmp_path):
    file = tmp_path / "issues.json"
    first = Simulator(REPOSITORY, code=tmp_path / "other", file=file, token="token")
    first.code(REPOSITORY).push("main", FILES)
    with httpx.Client(
        transport=SimulatorTransport(first), base_url=f"https://github.test/repos/{REPOSITORY}/", headers={"authorization": "Bearer token"}
    ) as client:
        number = propose(client)
        before = client.get(f"pulls/{number}").json()
    again = Simulator(REPOSITORY, code=tmp_path / "other", file=file, token="token").code(REPOSITORY)
    assert again.described_wholly(again.pulls[number])["head"] == before["head"]


def test_webhooks_are_signed_and_come_twice_or_backwards_when_asked_for(tmp_path):
    told = []

    def hear(request):
        told.append(
            (
                request.headers["x-github-event"],
                request.headers["x-github-delivery"],
                request.headers["x-hub-signature-256"],
                request.content,
            )
        )
        return httpx.Response(200)

    hook = {"webhook_url": "https://desk.test/", "webhook_secret": "sesame", "webhook_transport": httpx.MockTransport(hear)}
    simulator = Simulator(REPOSITORY, code=tmp_path, token="token", **hook)
    code = simulator.code(REPOSITORY)
    code.push("main", FILES)
    code.push("change", {"x": "y"})
    simulator.bells.copies = 2
    simulator.bells.release(backwards=True)
    assert [json.loads(body)["ref"] for _event, _delivery, _signature, body in told] == [
        f"refs/heads/{name}" for name in ("change", "change", "main", "main")
    ]
    assert (told[0][1] == told[1][1], told[1][1] == told[2][1]) == (True, False)
    assert all(
        signature == "sha256=" + hmac.new(b"sesame", body, hashlib.sha256).hexdigest() for _event, _delivery, signature, body in told
    )
