"""What GitHub answers about issues, as far as we read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ground.errors import Unavailable


@dataclass(frozen=True)
class Issue:
    """One issue. `state` is open or closed; times are aware."""

    number: int
    title: str
    body: str
    state: str
    state_reason: str
    url: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    is_pull_request: bool = False

    @classmethod
    def read(cls, payload: Any) -> "Issue":
        """Raises Unavailable for what is no issue."""
        try:
            return cls(
                number=int(payload["number"]),
                title=str(payload["title"]),
                body=str(payload.get("body") or ""),
                state=str(payload["state"]),
                state_reason=str(payload.get("state_reason") or ""),
                url=str(payload["html_url"]),
                labels=tuple(_names(payload.get("labels"), "name")),
                assignees=tuple(_names(payload.get("assignees"), "login")),
                created_at=datetime.fromisoformat(payload["created_at"]),
                updated_at=datetime.fromisoformat(payload["updated_at"]),
                is_pull_request="pull_request" in payload,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable(f"GitHub sent something that is no issue: {error!r}") from error


@dataclass(frozen=True)
class Page:
    """One page of a list, or that it has not changed since the ETag."""

    issues: tuple[Issue, ...]
    etag: str
    has_next: bool
    is_unchanged: bool = False


def _names(listed: Any, key: str) -> list[str]:
    """Labels come as objects, and in old issues as words."""
    return [str(each[key]) if isinstance(each, Mapping) else str(each) for each in listed or ()]
