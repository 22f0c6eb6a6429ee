"""The code of a repository: git behind it, pull requests upon it, runs set off by it, and what people do by hand."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from demo.github.actions import Actions, Run, Wishes
from demo.github.bells import Bells
from demo.github.git import Git
from demo.github.store import Store

Pull = dict[str, Any]
PERSON = "octavia"
MAIN = "refs/heads/main"


class Code:
    """One repository's code. Its pull requests are issues of the store, with more to them."""

    def __init__(self, name: str, folder: Path, store: Store, bells: Bells, *, host: str) -> None:
        self.name, self.host, self.store, self.bells = name, host, store, bells
        self.git = Git(folder)
        self._file = folder / "simulated.json"
        state = json.loads(self._file.read_text()) if self._file.exists() else {}
        self.pulls: dict[int, Pull] = {int(number): pull for number, pull in state.get("pulls", {}).items()}
        self.comments: dict[str, list[dict[str, Any]]] = state.get("comments", {})
        self.statuses: dict[str, list[dict[str, Any]]] = state.get("statuses", {})
        self.wishes = Wishes()
        self.actions = Actions(state.get("runs", []), self.wishes, host=f"{host}/{name}")

    def keep(self) -> None:
        """Survive the process."""
        state = {"pulls": self.pulls, "comments": self.comments, "statuses": self.statuses, "runs": self.actions.runs}
        draft = self._file.with_suffix(".new")
        draft.write_text(json.dumps(state))
        draft.replace(self._file)

    # what a client does

    def open_pull(self, *, title: str, body: str, head: str, base: str, by: str) -> Pull:
        """A new pull request; its number is that of an issue."""
        issue = self.store.add(self.name, title=title, body=body, labels=[], host=self.host)
        issue["pull_request"] = {}
        issue["html_url"] = issue["html_url"].replace("/issues/", "/pull/")
        self.pulls[issue["number"]] = {
            "number": issue["number"],
            "head": head,
            "base": base,
            "sha": self.git.resolve(f"refs/heads/{head}"),
            "by": by,
            "merged_at": None,
            "merged_by": "",
            "merged_as": "",
            "tested": "",
            "reviews": [],
            "reviewers": [],
            "teams": [],
        }
        self._set_off(self.pulls[issue["number"]])
        self._ring(issue["number"], "opened")
        return self.pulls[issue["number"]]

    def moved(self, name: str, old: str, new: str) -> None:
        """A reference was moved: pull requests of the branch follow, workflows are set off."""
        branch = name.removeprefix("refs/heads/")
        self.bells.ring("push", self.name, ref=name, before=old, after=new)
        if name == MAIN and old and new:
            run = self.actions.deploy(self.git, old, new, branch=branch, at=self.at())
            self._tell_run(run, "requested")
        for pull in self.pulls.values():
            if pull["head"] == branch and self.issue(pull)["state"] == "open" and new:
                pull["sha"] = new
                self._set_off(pull)
                self._ring(pull["number"], "synchronize")

    def removed(self, branch: str) -> None:
        """A branch is gone: its open pull requests are closed."""
        for pull in self.pulls.values():
            if pull["head"] == branch and self.issue(pull)["state"] == "open":
                self.close_pull(pull["number"])

    def looked_at(self, run: Run) -> None:
        """Somebody asked how a run goes: time passes."""
        if self.actions.look(run, at=self.at()):
            self._tell_run(run, "completed")

    # what people do

    def review(self, number: int, *, by: str = PERSON, state: str = "APPROVED", body: str = "") -> None:
        pull = self.pulls[number]
        pull["reviews"].append({"id": len(pull["reviews"]) + 1, "user": {"login": by}, "state": state, "body": body} | self._seen(pull))
        self.bells.ring("pull_request_review", self.name, action="submitted", pull_request=self.described(pull))

    def merge(self, number: int, *, by: str = PERSON, squash: bool = False) -> str:
        """Merge it, as a person does with GitHub's button; the commit's SHA."""
        pull, main = self.pulls[number], self.git.resolve(MAIN)
        tree = self.git.merged(main, pull["sha"])
        if not tree or self.issue(pull)["state"] != "open":
            raise ValueError(f"#{number} cannot be merged")
        parents = [main] if squash else [main, pull["sha"]]
        title = self.issue(pull)["title"]
        words = f"{title} (#{number})" if squash else f"Merge pull request #{number} from {pull['head']}\n\n{title}"
        commit = self.git.commit_tree(tree, parents, words, author={"name": by, "email": f"{by}@github.test"})
        self.git.move(MAIN, commit)
        pull.update(merged_at=self.at(), merged_by=by, merged_as=commit)
        self.store.change(self.issue(pull), state="closed")
        self._ring(number, "closed")
        self.moved(MAIN, main, commit)
        return commit

    def close_pull(self, number: int) -> None:
        self.store.change(self.issue(self.pulls[number]), state="closed")
        self._ring(number, "closed")

    def reopen_pull(self, number: int) -> None:
        self.store.change(self.issue(self.pulls[number]), state="open")
        self._ring(number, "reopened")

    def push(self, branch: str, files: Mapping[str, str | None], *, by: str = PERSON, message: str = "By hand") -> str:
        """A commit upon a branch, as somebody makes on their own machine; the branch is made where there is none."""
        name = f"refs/heads/{branch}"
        old = self.git.resolve(name)
        entries: Sequence[Mapping[str, Any]] = [
            {"path": path, "mode": "100644", **({"sha": None} if text is None else {"content": text})} for path, text in files.items()
        ]
        tree = self.git.write_tree(old, entries)
        commit = self.git.commit_tree(tree, [old] if old else [], message, author={"name": by, "email": f"{by}@github.test"})
        self.git.move(name, commit)
        self.moved(name, old, commit)
        return commit

    def finish(self) -> None:
        """Let every run come to its end."""
        for run in self.actions.runs:
            run["hidden"] = 0
            while run["status"] != "completed":
                self.looked_at(run)

    # how it is told

    def issue(self, pull: Pull) -> dict[str, Any]:
        issue = self.store.find(self.name, pull["number"])
        if issue is None:
            raise LookupError(pull["number"])
        return issue

    def described(self, pull: Pull) -> dict[str, Any]:
        """As GitHub lists pull requests."""
        issue = self.issue(pull)
        owner = self.name.split("/")[0]
        repo = {"full_name": self.name, "default_branch": "main"}
        return {
            "number": pull["number"],
            "state": issue["state"],
            "title": issue["title"],
            "body": issue["body"],
            "html_url": issue["html_url"],
            "draft": False,
            "user": {"login": pull["by"]},
            "labels": issue["labels"],
            "head": {"ref": pull["head"], "sha": pull["sha"], "label": f"{owner}:{pull['head']}", "repo": repo},
            "base": {"ref": pull["base"], "sha": self.git.resolve(MAIN), "label": f"{owner}:{pull['base']}", "repo": repo},
            "merged_at": pull["merged_at"],
            "merge_commit_sha": pull["merged_as"] or None,
            "requested_reviewers": [{"login": login} for login in pull["reviewers"]],
            "requested_teams": [{"slug": slug} for slug in pull["teams"]],
            "created_at": issue["created_at"],
            "updated_at": issue["updated_at"],
        }

    def described_wholly(self, pull: Pull) -> dict[str, Any]:
        """One of them; whether it can be merged is found out after the first look, with a commit made to try it."""
        told = {**self.described(pull), "merged": bool(pull["merged_at"])}
        told["merged_by"] = {"login": pull["merged_by"]} if pull["merged_by"] else None
        if told["merged"]:
            return {**told, "mergeable": None, "mergeable_state": "unknown"}
        main = self.git.resolve(MAIN)
        is_known, pull["tested"] = pull["tested"] == f"{main} {pull['sha']}", f"{main} {pull['sha']}"
        if not is_known:
            return {**told, "mergeable": None, "mergeable_state": "unknown"}
        tree = self.git.merged(main, pull["sha"])
        test = self.git.commit_tree(tree, [main, pull["sha"]], "Merge to try it") if tree else None
        return {**told, "mergeable": bool(tree), "mergeable_state": "clean" if tree else "dirty", "merge_commit_sha": test}

    def at(self) -> str:
        return self.store.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _set_off(self, pull: Pull) -> None:
        base = self.git.base_of(MAIN, pull["sha"])
        run = self.actions.validate(self.git, base, pull["sha"], branch=pull["head"], at=self.at())
        self._tell_run(run, "requested")

    def _seen(self, pull: Pull) -> dict[str, Any]:
        return {"commit_id": pull["sha"], "submitted_at": self.at(), "html_url": self.issue(pull)["html_url"]}

    def _ring(self, number: int, action: str) -> None:
        pull = self.pulls[number]
        told = {**self.described(pull), "merged": bool(pull["merged_at"])}
        self.bells.ring("pull_request", self.name, action=action, number=number, pull_request=told)

    def _tell_run(self, run: Run | None, action: str) -> None:
        if run:
            facts = {key: run[key] for key in ("id", "head_sha", "head_branch", "event", "status", "conclusion")}
            self.bells.ring("workflow_run", self.name, action=action, workflow_run=facts)


Open = Callable[[str], "Code | None"]
"""Finds the code of a repository by its name."""
