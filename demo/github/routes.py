"""The addresses of the API that the simulator answers: issues of a repository, an App's installation and its token."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.github.exchange import Answer, Request
from demo.github.store import Issue, Store

NOT_FOUND = Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
ISSUES = re.compile(r"/repos/(?P<repository>[^/]+/[^/]+)/issues")
ISSUE = re.compile(r"/repos/(?P<repository>[^/]+/[^/]+)/issues/(?P<number>\d+)")
INSTALLATION = re.compile(r"/repos/(?P<repository>[^/]+/[^/]+)/installation")
ACCESS = re.compile(r"/app/installations/(?P<number>\d+)/access_tokens")
MAY_CHANGE = frozenset({"title", "body", "state", "state_reason"})


def listed(store: Store, request: Request, repository: str) -> Answer:
    """A page, with its ETag and a link to the next."""
    if repository not in store.repositories:
        return NOT_FOUND
    found = [issue for issue in store.open(repository) if _is_asked_for(issue, request)]
    found.sort(key=lambda issue: issue["created_at" if request.query.get("sort") == "created" else "updated_at"])
    if request.query.get("direction", "desc") == "desc":
        found.reverse()
    size, page = min(int(request.query.get("per_page", 30)), 100), int(request.query.get("page", 1))
    shown = found[(page - 1) * size : page * size]
    headers = {"link": f'<{request.host}{request.path}?page={page + 1}>; rel="next"'} if len(found) > page * size else {}
    return with_etag(request, shown, headers)


def created(store: Store, request: Request, repository: str) -> Answer:
    """A new issue; without a title GitHub refuses."""
    if repository not in store.repositories:
        return NOT_FOUND
    said = request.json()
    if not str(said.get("title", "")).strip():
        return Answer(422, {"message": "Validation Failed", "errors": [{"resource": "Issue", "code": "missing_field", "field": "title"}]})
    issue = store.add(
        repository, title=said["title"], body=said.get("body") or "", labels=list(said.get("labels") or ()), host=request.host
    )
    return Answer(201, issue)


def one(store: Store, request: Request, repository: str, number: str) -> Answer:
    """One issue; one that was moved says where it is."""
    issue = store.find(repository, int(number))
    if issue is None:
        return NOT_FOUND
    if moved := issue.get("moved_to"):
        return Answer(301, {"message": "Moved Permanently"}, {"location": f"{request.host}{moved}"})
    if issue.get("is_deleted"):
        return Answer(410, {"message": "This issue was deleted"})
    return with_etag(request, issue, {})


def changed(store: Store, request: Request, repository: str, number: str) -> Answer:
    """Title, body, state, labels and assignees."""
    issue = store.find(repository, int(number))
    if issue is None:
        return NOT_FOUND
    said = request.json()
    values: dict[str, Any] = {name: said[name] for name in MAY_CHANGE & set(said)}
    if "labels" in said:
        values["labels"] = [{"name": label} for label in said["labels"]]
    if "assignees" in said:
        values["assignees"] = [{"login": login} for login in said["assignees"]]
    return Answer(200, store.change(issue, **values))


def installation(store: Store, _request: Request, repository: str) -> Answer:
    return Answer(200, {"id": 4242}) if repository in store.repositories else NOT_FOUND


def access(store: Store, _request: Request, number: str) -> Answer:
    until = store.now().astimezone(UTC) + timedelta(hours=1)
    return Answer(201, {"token": f"ghs_installation{number}", "expires_at": until.strftime("%Y-%m-%dT%H:%M:%SZ")})


Handler = Callable[..., Answer]
ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = (
    ("GET", ISSUES, listed),
    ("POST", ISSUES, created),
    ("GET", ISSUE, one),
    ("PATCH", ISSUE, changed),
    ("GET", INSTALLATION, installation),
    ("POST", ACCESS, access),
)


def answer(store: Store, request: Request) -> Answer:
    """What the address that was asked for says."""
    for method, pattern, handler in ROUTES:
        if method == request.method and (found := pattern.fullmatch(request.path)):
            with store.lock:
                return handler(store, request, **found.groupdict())
    return NOT_FOUND


def _is_asked_for(issue: Issue, request: Request) -> bool:
    if issue.get("is_deleted") or issue.get("moved_to"):
        return False
    state, since = request.query.get("state", "open"), request.query.get("since", "")
    return state in {"all", issue["state"]} and (not since or datetime.fromisoformat(issue["updated_at"]) >= datetime.fromisoformat(since))


def with_etag(request: Request, payload: Any, headers: Mapping[str, str]) -> Answer:
    """The answer, or that it is still the same."""
    etag = f'W/"{hashlib.sha256(json.dumps(payload).encode()).hexdigest()[:32]}"'
    if request.etag == etag:
        return Answer(304, None, {"etag": etag})
    return Answer(200, payload, {"etag": etag, **headers})
