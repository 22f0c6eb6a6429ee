"""The repository on GitHub: what is asked and what is written, each call with what it answers when it was made before."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
from ground.github import Connection, answers
from hubs.deployers.github import shapes
from hubs.deployers.github.shapes import Check, Commit, Job, Pull, Review, Run, shaped

T = TypeVar("T")
LARGEST_LOG = 5_000_000  # bytes
REFUSES_US = {401, 403}


@dataclass(frozen=True)
class Remote:
    """One repository. Who refuses us (a token taken back, an App not installed) is Unavailable: an operator mends that, and it goes on."""

    connection: Connection
    repository: str

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.repository.partition("/")[0]

    # what is there

    def main(self) -> tuple[str, str]:
        """The name of the branch everything is merged to, and its newest commit."""
        name = str(self._get("", needed=True)["default_branch"])
        return name, str(self._get(f"git/ref/heads/{name}", needed=True)["object"]["sha"])

    def head(self, branch: str) -> str:
        """A branch's newest commit, blank where there is no such branch."""
        found = self._get(f"git/ref/heads/{branch}")
        return str(found["object"]["sha"]) if found else ""

    def commit(self, sha: str) -> Commit:
        """A commit."""
        return shaped(shapes.commit, self._get(f"git/commits/{sha}", needed=True))

    def recent(self, sha: str, count: int) -> list[str]:
        """A commit and those before it, by hundreds."""
        pages = range(1, count // 100 + 1)
        rows = [row for page in pages for row in self._asked(self._look, "commits", expect=list, sha=sha, per_page=100, page=page)]
        return [str(row["sha"]) for row in rows]

    def tree(self, sha: str) -> dict[str, str]:
        """Every file of a commit, with its blob."""
        told = self._get(f"git/trees/{sha}", needed=True, recursive=1)
        if told.get("truncated"):
            raise Unavailable(_("The repository has more files than GitHub lists at once."))
        return {str(row["path"]): str(row["sha"]) for row in told["tree"] if row["type"] == "blob" and str(row["mode"]).startswith("100")}

    def blob(self, sha: str) -> bytes:
        """The bytes of a file."""
        told = self._get(f"git/blobs/{sha}", needed=True)
        try:
            return base64.b64decode(told["content"])
        except (binascii.Error, KeyError, TypeError) as error:
            raise Unavailable("GitHub sent a file that cannot be read") from error

    def find_pull(self, branch: str) -> Pull | None:
        """The newest pull request of a branch of this repository, whatever became of it."""
        found = self._asked(self._look, "pulls", expect=list, head=f"{self.owner}:{branch}", state="all")
        numbers = [int(row["number"]) for row in found if row["head"]["ref"] == branch]
        return self.pull(max(numbers)) if numbers else None

    def pull(self, number: int) -> Pull:
        """One pull request."""
        return shaped(shapes.pull, self._get(f"pulls/{number}", needed=True))

    def reviews(self, number: int) -> tuple[Review, ...]:
        """What people said of it."""
        return self._all(shapes.review, f"pulls/{number}/reviews")

    def comments(self, number: int) -> list[str]:
        """What was written below it."""
        return [str(row.get("body") or "") for row in self._asked(self.connection.pages, self.repository, f"issues/{number}/comments")]

    def checks(self, sha: str) -> tuple[Check, ...]:
        """Check runs, and statuses of the older kind."""
        runs = self._all(shapes.check, f"commits/{sha}/check-runs", within="check_runs", filter="latest")
        told = self._get(f"commits/{sha}/status", needed=True)
        return (*runs, *(shaped(shapes.status, row) for row in told.get("statuses") or ()))

    def deployment_run(self, workflow: str, sha: str) -> Run | None:
        """The newest run of a workflow that the push of a commit set off."""
        found = self._get(f"actions/workflows/{workflow}/runs", head_sha=sha, event="push")
        runs = [shaped(shapes.run, row) for row in (found or {}).get("workflow_runs", ())]
        return max(runs, key=lambda run: run.number, default=None)

    def check_runs_of(self, sha: str) -> list[Run]:
        """The runs that a pull request's newest commit set off."""
        found = self._get("actions/runs", needed=True, head_sha=sha, event="pull_request")
        return [shaped(shapes.run, row) for row in found["workflow_runs"]]

    def run(self, number: int) -> Run:
        """One run of a workflow."""
        return shaped(shapes.run, self._get(f"actions/runs/{number}", needed=True))

    def jobs(self, number: int) -> tuple[Job, ...]:
        """The jobs of a run's latest attempt."""
        return self._all(shapes.job, f"actions/runs/{number}/jobs", within="jobs", filter="latest")

    def log(self, job: int) -> bytes:
        """What a job printed. Rejected 404 where there is nothing yet, or no more."""
        return self._asked(self.connection.download, self.repository, f"actions/jobs/{job}/logs", limit=LARGEST_LOG)

    # what is written

    def make_tree(self, base: str, files: Mapping[str, str | None]) -> str:
        """A tree upon another with these texts (None deletes); the same is the same."""
        entries = [{"path": path, "mode": "100644", "type": "blob", **_content(text)} for path, text in sorted(files.items())]
        return str(self._post("git/trees", base_tree=base, tree=entries)["sha"])

    def make_commit(self, tree: str, parent: str, *, message: str, by: tuple[str, str], at: datetime) -> str:
        """A commit; the same words, people and time make the same one."""
        name, email = by
        who = {"name": name, "email": email, "date": at.isoformat(timespec="seconds")}
        return str(self._post("git/commits", message=message, tree=tree, parents=[parent], author=who, committer=who)["sha"])

    def make_branch(self, branch: str, sha: str) -> str:
        """A branch at a commit; where it is already, what it stands for."""
        try:
            self._post("git/refs", ref=f"refs/heads/{branch}", sha=sha)
        except Rejected as refusal:
            if found := self.head(branch):
                return found
            raise refusal
        return sha

    def move_branch(self, branch: str, sha: str) -> str:
        """Let a branch go on to a commit that stands upon it. Unavailable when somebody else was quicker: look again."""
        try:
            self._asked(self.connection.send, "PATCH", self.repository, f"git/refs/heads/{branch}", json={"sha": sha, "force": False})
        except Rejected as refusal:
            if self.head(branch) != sha:
                raise Unavailable(_("The branch was changed by somebody else a moment ago.")) from refusal
        return sha

    def remove_branch(self, branch: str) -> None:
        """Forget a branch, if it is there."""
        try:
            self._asked(self.connection.send, "DELETE", self.repository, f"git/refs/heads/{branch}")
        except Rejected as refusal:
            if refusal.status not in {404, 422}:
                raise

    def open_pull(self, branch: str, *, base: str, title: str, body: str) -> Pull:
        """A pull request; where there is one already, that."""
        try:
            return shaped(shapes.pull, self._post("pulls", title=title, body=body, head=branch, base=base, maintainer_can_modify=True))
        except Rejected as refusal:
            if found := self.find_pull(branch):
                return found
            raise refusal

    def change_pull(self, number: int, **values: str) -> Pull:
        """Another body, or closed."""
        response = self._asked(self.connection.send, "PATCH", self.repository, f"pulls/{number}", json=values)
        return shaped(shapes.pull, answers.content(response, dict))

    def label(self, number: int, labels: Sequence[str]) -> None:
        """Put labels on it; those it has stay."""
        if labels:
            self._post(f"issues/{number}/labels", expect=list, labels=list(labels))

    def ask(self, number: int, *, people: Sequence[str], teams: Sequence[str]) -> None:
        """Ask for reviews. Rejected 422 where somebody cannot be asked."""
        if people or teams:
            self._post(f"pulls/{number}/requested_reviewers", reviewers=list(people), team_reviewers=list(teams))

    def say(self, number: int, words: str) -> None:
        """Write below it, unless it stands there."""
        if words not in self.comments(number):
            self._post(f"issues/{number}/comments", body=words)

    def rerun(self, number: int, *, attempt: int) -> None:
        """Let the failed jobs of a run be done again, unless somebody has seen to it since that attempt."""
        run = self.run(number)
        if run.is_complete and run.attempt <= attempt:
            self._asked(self.connection.send, "POST", self.repository, f"actions/runs/{number}/rerun-failed-jobs")

    # how it is asked

    def _all(self, what: Callable[[Any], T], path: str, **more: Any) -> tuple[T, ...]:
        return tuple(shaped(what, row) for row in self._asked(self.connection.pages, self.repository, path, **more))

    def _get(self, path: str, *, needed: bool = False, **params: Any) -> Any:
        """None for what is not there, unless it has to be."""
        try:
            return self._asked(self._look, path, **params)
        except Rejected as refusal:
            if refusal.status not in {404, 409}:
                raise
            if needed:
                raise Unavailable(_("GitHub does not show us %(what)s.") % {"what": f"{self.repository}/{path}".rstrip("/")}) from refusal
            return None

    def _look(self, path: str, **params: Any) -> Any:
        return self.connection.look(self.repository, path, **params)

    def _post(self, path: str, *, expect: type = dict, **content: Any) -> Any:
        return answers.content(self._asked(self.connection.send, "POST", self.repository, path, json=content), expect)

    @staticmethod
    def _asked(call: Callable[..., T], *arguments: Any, **options: Any) -> T:
        try:
            return call(*arguments, **options)
        except Rejected as refusal:
            if refusal.status in REFUSES_US:
                raise Unavailable(_("GitHub refuses us: %(why)s. An operator has to look at the token.") % {"why": refusal}) from refusal
            raise _in_our_words(refusal) from refusal


def _in_our_words(refusal: Rejected) -> Rejected:
    """A refusal with its errors as ours are: GitHub's are objects or words, each with more or less in it."""
    details = [
        str(error.get("message") or error.get("code") or "") if isinstance(error, Mapping) else str(error) for error in refusal.errors
    ]
    words = ": ".join([str(refusal), *filter(None, details)])
    return Rejected(words, status=refusal.status, errors=[{"pointer": "", "code": "refused", "detail": words}])


def _content(text: str | None) -> dict[str, str | None]:
    return {"sha": None} if text is None else {"content": text}
