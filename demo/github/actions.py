"""Workflows that run when somebody pushes: jobs by name, walking from queued to completed a little with every look at them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from ruamel.yaml import YAML

from demo.github.git import Git, Refused

CLUSTERS = "config/clusters/"
DEPLOY, VALIDATE = "deploy-hubs.yaml", "validate-clusters.yaml"
EVENTS = {DEPLOY: "push", VALIDATE: "pull_request"}
PHASES = ("support", "staging", "prod")
Run = dict[str, Any]
Job = dict[str, Any]


@dataclass
class Wishes:
    """What shall happen: names of jobs that fail, are cancelled or never appear, and after how many looks a run appears."""

    failing: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    beside: set[str] = field(default_factory=set)  # further jobs, which are none of ours
    appears_after: int = 1
    stands_still: bool = False
    log: str = "Upgrading\nRunning the health check\n"


class Actions:
    """The runs of one repository."""

    def __init__(self, runs: list[Run], wishes: Wishes, *, host: str) -> None:
        self.runs, self.wishes, self.host = runs, wishes, host
        self._ids = count(max([9000, *(job["id"] for run in runs for job in run["jobs"])]) + 1)

    def validate(self, git: Git, base: str, head: str, *, branch: str, at: str) -> Run:
        """What a pull request sets off."""
        names = [f"validate-{cluster}" for cluster in sorted(_clusters(git.changed(base, head)))]
        return self._begin(VALIDATE, head, [(name, "", "") for name in names], branch=branch, at=at)

    def deploy(self, git: Git, old: str, new: str, *, branch: str, at: str) -> Run | None:
        """What a push to the main branch sets off, where it touches clusters; deleting files deploys nothing."""
        changed = git.changed(old, new)
        if not _clusters(changed):
            return None
        touched = {path for path, how in changed.items() if how in "AM"}
        return self._begin(DEPLOY, new, [("generate-jobs", "", ""), *_hub_jobs(git, new, touched)], branch=branch, at=at)

    def visible(self, **wanted: str) -> list[Run]:
        """The runs that have appeared, newest first."""
        found = [run for run in reversed(self.runs) if all(run[key] == value for key, value in wanted.items())]
        shown = [run for run in found if not run["hidden"]]
        for run in found:
            run["hidden"] -= run["hidden"] > 0
        return shown

    def find(self, number: int) -> Run | None:
        return next((run for run in self.runs if run["id"] == number), None)

    def job(self, number: int) -> Job | None:
        return next((job for run in self.runs for job in run["jobs"] if job["id"] == number), None)

    def look(self, run: Run, *, at: str) -> bool:
        """Somebody looks: time passes. True when the run ended with this look."""
        was = run["status"]
        if not self.wishes.stands_still:
            for phase in ("", *PHASES):
                jobs = [job for job in run["jobs"] if job["phase"] == phase]
                for job in jobs:
                    self._walk(run, job, at)
                if any(job["status"] != "completed" for job in jobs):
                    break
        _conclude(run)
        return run["status"] != was and run["status"] == "completed"

    def again(self, run: Run) -> None:
        """Run what did not succeed once more, as new jobs."""
        run["run_attempt"] += 1
        for job in run["jobs"]:
            if job["conclusion"] != "success":
                job.update(
                    id=next(self._ids), status="queued", conclusion=None, started_at=None, completed_at=None, steps=[], step=0, html_url=""
                )
                self._address(run, job)
        run.update(status="queued", conclusion=None)

    def _begin(self, workflow: str, sha: str, jobs: list[tuple[str, str, str]], *, branch: str, at: str) -> Run:
        number = next(self._ids)
        run: Run = {
            "id": number,
            "path": f".github/workflows/{workflow}",
            "workflow": workflow,
            "event": EVENTS[workflow],
            "head_sha": sha,
            "head_branch": branch,
            "status": "queued",
            "conclusion": None,
            "run_attempt": 1,
            "created_at": at,
            "html_url": f"{self.host}/actions/runs/{number}",
            "hidden": self.wishes.appears_after,
            "jobs": [],
        }
        beside = [(name, "prod", "") for name in sorted(self.wishes.beside)] if workflow == DEPLOY else []
        for name, phase, cluster in (*jobs, *beside):
            if name not in self.wishes.absent:
                job = {"id": next(self._ids), "run_id": number, "name": name, "phase": phase, "cluster": cluster}
                job |= {
                    "head_sha": sha,
                    "status": "queued",
                    "conclusion": None,
                    "started_at": None,
                    "completed_at": None,
                    "steps": [],
                    "step": 0,
                }
                run["jobs"].append(job)
                self._address(run, job)
        self.runs.append(run)
        return run

    @staticmethod
    def _address(run: Run, job: Job) -> None:
        job["html_url"] = f"{run['html_url']}/job/{job['id']}"

    def _walk(self, run: Run, job: Job, at: str) -> None:
        if job["status"] == "completed":
            return
        if job["phase"] == "prod" and _is_held(run, job):
            job.update(status="completed", conclusion="skipped", completed_at=at)
            return
        job["step"] += 1
        is_last = job["step"] > (2 if job["phase"] else 1)
        fails, ends = job["name"] in self.wishes.failing, job["name"] in self.wishes.cancelled
        conclusion = "cancelled" if ends else "failure" if fails else "success"
        job["steps"] = _steps(job, conclusion if is_last else "")
        job.update(status="in_progress", started_at=job["started_at"] or at)
        if is_last:
            job.update(status="completed", conclusion=conclusion, completed_at=at)


def _is_held(run: Run, job: Job) -> bool:
    """Has a staging hub, or the support, of its cluster failed?"""
    before = [other for other in run["jobs"] if other["phase"] in {"support", "staging"} and other["cluster"] == job["cluster"]]
    return any(other["conclusion"] in {"failure", "cancelled"} for other in before)


def _steps(job: Job, conclusion: str) -> list[dict[str, Any]]:
    """What a job does: first the upgrade, then the look whether the hub works."""
    if not job["phase"]:
        return [{"name": "Run", "number": 1, "status": "completed" if conclusion else "in_progress", "conclusion": conclusion or None}]
    names = [f"Upgrade {job['name']}", f"Run health check for {job['name']}"]
    first = {"name": names[0], "number": 1, "status": "completed" if job["step"] > 1 else "in_progress"}
    second = {"name": names[1], "number": 2, "status": "completed" if conclusion else "in_progress" if job["step"] > 1 else "queued"}
    return [
        {**first, "conclusion": "success" if job["step"] > 1 else None},
        {**second, "conclusion": conclusion or None},
    ]


def _conclude(run: Run) -> None:
    jobs = run["jobs"]
    if any(job["status"] != "completed" for job in jobs):
        run["status"] = "in_progress" if any(job["status"] != "queued" for job in jobs) else "queued"
        return
    bad = {job["conclusion"] for job in jobs} & {"failure", "cancelled"}
    run.update(status="completed", conclusion="failure" if "failure" in bad else "cancelled" if bad else "success")


def _clusters(changed: dict[str, str]) -> set[str]:
    return {path.split("/")[2] for path in changed if path.startswith(CLUSTERS) and path.count("/") > 2}


def _hub_jobs(git: Git, commit: str, touched: set[str]) -> Iterator[tuple[str, str, str]]:
    """The jobs of a deployment: changed hubs, and before them the hubs of the same cluster on which changes are tried."""
    for name in sorted(_clusters(dict.fromkeys(touched, "M"))):
        cluster = _cluster(git, commit, name)
        provider, folder = cluster.get("provider", ""), f"{CLUSTERS}{name}/"
        if f"{folder}support.values.yaml" in touched:
            yield f"support-{name}-{provider}", "support", name
        hubs = cluster.get("hubs") or []
        hit = [hub["name"] for hub in hubs if any(f"{folder}{file}" in touched for file in hub["helm_chart_values_files"])]
        for hub in (each["name"] for each in hubs if hit and "staging" in each["name"]):
            yield f"{name}-{hub}-{provider}", "staging", name
        for hub in (each for each in hit if "staging" not in each):
            yield f"{name}-{hub}-{provider}", "prod", name


def _cluster(git: Git, commit: str, name: str) -> dict[str, Any]:
    try:
        text = git.text("show", f"{commit}:{CLUSTERS}{name}/cluster.yaml")
    except Refused:
        return {}
    return YAML(typ="safe", pure=True).load(text) or {}
