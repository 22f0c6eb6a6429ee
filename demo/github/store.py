"""The issues of the simulator, in memory or in one JSON file."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Issue = dict[str, Any]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Store:
    """Issues by repository, numbered from one. `now` is the simulator's clock."""

    file: Path | None = None
    now: Callable[[], datetime] = utc_now
    repositories: dict[str, list[Issue]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        if self.file and self.file.exists():
            self.repositories = json.loads(self.file.read_text())

    def open(self, repository: str) -> list[Issue]:
        return self.repositories.setdefault(repository, [])

    def find(self, repository: str, number: int) -> Issue | None:
        return next((issue for issue in self.repositories.get(repository, ()) if issue["number"] == number), None)

    def add(self, repository: str, *, title: str, body: str, labels: list[str], host: str) -> Issue:
        with self.lock:
            issues = self.open(repository)
            number, at = len(issues) + 1, self._stamp()
            issue: Issue = {
                "number": number,
                "title": title,
                "body": body,
                "state": "open",
                "state_reason": None,
                "html_url": f"{host}/{repository}/issues/{number}",
                "labels": [{"name": label} for label in labels],
                "assignees": [],
                "created_at": at,
                "updated_at": at,
            }
            issues.append(issue)
            self.keep()
            return issue

    def change(self, issue: Issue, **values: Any) -> Issue:
        with self.lock:
            issue.update(values, updated_at=self._stamp())
            self.keep()
            return issue

    def keep(self) -> None:
        """Survive the process, where there is a file."""
        if self.file:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            draft = self.file.with_suffix(".new")
            draft.write_text(json.dumps(self.repositories))
            draft.replace(self.file)

    def _stamp(self) -> str:
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
