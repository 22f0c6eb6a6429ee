"""The calls: make an issue, read one, list what changed."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Self

import httpx

from ground.github import Connection, Tokens, answers
from ground.github.answers import NOT_MODIFIED
from ground.github.connection import PAGE, has_next
from support.github.shapes import Issue, Page


class GitHub:
    """The issues of one GitHub."""

    def __init__(
        self, api_url: str, tokens: Tokens, *, transport: httpx.BaseTransport | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = Connection(api_url, tokens, transport=transport, now=now)

    def create_issue(self, repository: str, *, title: str, body: str, labels: Sequence[str] = ()) -> Issue:
        """Make it, once. Unavailable with `outcome_unknown` means: look before asking again."""
        response = self._connection.send("POST", repository, "issues", json={"title": title, "body": body, "labels": list(labels)})
        return Issue.read(answers.content(response, dict))

    def issue(self, repository: str, number: int) -> Issue:
        """Read one; one that moved to another repository is found there. Rejected 404 or 410: there is none for us."""
        return Issue.read(answers.content(self._connection.read(repository, f"issues/{number}"), dict))

    def issues(self, repository: str, *, since: datetime | None = None, page: int = 1, etag: str = "", newest_first: bool = False) -> Page:
        """A page of issues of every state changed at or after `since`, the longest unchanged first; unchanged when the ETag still holds."""
        order = {"sort": "created", "direction": "desc"} if newest_first else {"sort": "updated", "direction": "asc"}
        query: dict[str, Any] = {"state": "all", "per_page": PAGE, "page": page, **order}
        if since is not None:
            query["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        response = self._connection.read(repository, "issues", params=query, headers={"If-None-Match": etag} if etag else {})
        if response.status_code == NOT_MODIFIED:
            return Page((), etag, has_next=False, is_unchanged=True)
        listed = [Issue.read(each) for each in answers.content(response, list)]
        issues = tuple(each for each in listed if not each.is_pull_request)
        return Page(issues, response.headers.get("etag", ""), has_next=has_next(response.headers))

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
