"""The addresses of pull requests: made, found, changed, labelled, commented on, looked at by people and by workflows."""

import secrets
from typing import Any

from demo.github.actions import Job, Run
from demo.github.code import Code
from demo.github.code_routes import NOT_FOUND, invalid, sliced
from demo.github.exchange import Answer, Request

MAY_CHANGE = frozenset({"title", "body"})


def pulls(code: Code, request: Request) -> Answer:
    state, head = request.query.get("state", "open"), request.query.get("head", "")
    owner = code.name.split("/")[0]
    found = [code.described(pull) for pull in reversed(code.pulls.values()) if not head or head == f"{owner}:{pull['head']}"]
    return sliced(request, [pull for pull in found if state in {"all", pull["state"]}])


def make_pull(code: Code, request: Request) -> Answer:
    said = request.json()
    head, base = str(said.get("head", "")).rpartition(":")[2], str(said.get("base", ""))
    sha, onto = code.git.resolve(f"refs/heads/{head}"), code.git.resolve(f"refs/heads/{base}")
    if not sha or not onto:
        return invalid("", resource="PullRequest", code="invalid", field="base" if sha else "head")
    if any(pull["head"] == head and code.issue(pull)["state"] == "open" for pull in code.pulls.values()):
        owner = code.name.split("/")[0]
        return invalid("", resource="PullRequest", code="custom", message=f"A pull request already exists for {owner}:{head}.")
    if code.git.is_above(sha, onto):
        return invalid("", resource="PullRequest", code="custom", message=f"No commits between {base} and {head}")
    pull = code.open_pull(title=said["title"], body=said.get("body") or "", head=head, base=base, by=login(request))
    return Answer(201, code.described_wholly(pull))


def pull(code: Code, _request: Request, number: str) -> Answer:
    found = code.pulls.get(int(number))
    return Answer(200, code.described_wholly(found)) if found else NOT_FOUND


def change_pull(code: Code, request: Request, number: str) -> Answer:
    found = code.pulls.get(int(number))
    if found is None:
        return NOT_FOUND
    said = request.json()
    code.store.change(code.issue(found), **{name: said[name] for name in MAY_CHANGE & set(said)})
    if said.get("state") == "closed" and code.issue(found)["state"] == "open":
        code.close_pull(int(number))
    if said.get("state") == "open" and code.issue(found)["state"] == "closed":
        if found["merged_at"] or not code.git.resolve(f"refs/heads/{found['head']}"):
            return invalid("", resource="PullRequest", code="invalid", field="state")
        code.reopen_pull(int(number))
    return Answer(200, code.described_wholly(found))


def reviews(code: Code, request: Request, number: str) -> Answer:
    found = code.pulls.get(int(number))
    return sliced(request, found["reviews"]) if found else NOT_FOUND


def ask_reviewers(code: Code, request: Request, number: str) -> Answer:
    found, said = code.pulls.get(int(number)), request.json()
    if found is None:
        return NOT_FOUND
    if found["by"] in said.get("reviewers", ()):
        return invalid("Review cannot be requested from pull request author.")
    found["reviewers"] = sorted({*found["reviewers"], *said.get("reviewers", ())})
    found["teams"] = sorted({*found["teams"], *said.get("team_reviewers", ())})
    return Answer(201, code.described(found))


def label(code: Code, request: Request, number: str) -> Answer:
    issue = code.store.find(code.name, int(number))
    if issue is None:
        return NOT_FOUND
    names = {each["name"] for each in issue["labels"]} | set(request.json()["labels"])
    code.store.change(issue, labels=[{"name": name} for name in sorted(names)])
    return Answer(200, issue["labels"])


def comments(code: Code, request: Request, number: str) -> Answer:
    return sliced(request, code.comments.get(number, []))


def comment(code: Code, request: Request, number: str) -> Answer:
    if code.store.find(code.name, int(number)) is None:
        return NOT_FOUND
    said = {"id": sum(map(len, code.comments.values())) + 1, "body": request.json()["body"], "user": {"login": login(request)}}
    code.comments.setdefault(number, []).append(said | {"created_at": code.at()})
    return Answer(201, said)


def check_runs(code: Code, request: Request, sha: str) -> Answer:
    """Each job of a workflow is a check run of the same id."""
    found = []
    for run in code.actions.visible(head_sha=sha):
        code.looked_at(run)
        found += [{**_job(job), "details_url": job["html_url"], "app": {"slug": "github-actions"}} for job in run["jobs"]]
    return sliced(request, found, within="check_runs")


def status(code: Code, _request: Request, sha: str) -> Answer:
    told = code.statuses.get(sha, [])
    states = {each["state"] for each in told}
    state = "failure" if states & {"failure", "error"} else "pending" if "pending" in states or not states else "success"
    return Answer(200, {"sha": sha, "state": state, "statuses": told, "total_count": len(told)})


def runs(code: Code, request: Request, workflow: str = "") -> Answer:
    wanted = {key: request.query[key] for key in ("head_sha", "event") if key in request.query}
    found = code.actions.visible(**wanted, **({"workflow": workflow} if workflow else {}))
    return sliced(request, [_run(run) for run in found], within="workflow_runs")


def one_run(code: Code, _request: Request, number: str) -> Answer:
    run = code.actions.find(int(number))
    return Answer(200, _run(run)) if run else NOT_FOUND


def jobs(code: Code, request: Request, number: str) -> Answer:
    run = code.actions.find(int(number))
    if run is None:
        return NOT_FOUND
    code.looked_at(run)
    return sliced(request, [_job(job) for job in run["jobs"]], within="jobs")


def rerun(code: Code, _request: Request, number: str) -> Answer:
    run = code.actions.find(int(number))
    if run is None:
        return NOT_FOUND
    if run["status"] != "completed":
        return Answer(403, {"message": "This workflow is already running"})
    code.actions.again(run)
    return Answer(201, {})


def log(code: Code, request: Request, number: str) -> Answer:
    """A log is served at another address, for a minute, to whoever knows it."""
    job = code.actions.job(int(number))
    if job is None or job["status"] == "queued":
        return NOT_FOUND
    return Answer(302, None, {"location": f"{request.host}/_logs/{code.name}/{number}?key={secrets.token_hex(8)}"})


def login(request: Request) -> str:
    """Whose token it is."""
    return "hubdesk[bot]" if request.bearer.startswith("ghs_") else "hubdesk"


def _run(run: Run) -> dict[str, Any]:
    return {key: value for key, value in run.items() if key not in {"jobs", "hidden", "workflow"}}


def _job(job: Job) -> dict[str, Any]:
    return {key: value for key, value in job.items() if key not in {"phase", "step", "cluster"}}
