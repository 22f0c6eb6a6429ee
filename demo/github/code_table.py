"""Which address of a repository's code is answered by what."""

import re
from collections.abc import Callable

from demo.github import code_routes, pull_routes
from demo.github.code import Code
from demo.github.exchange import Answer, Request

Handler = Callable[..., Answer]
Row = tuple[str, re.Pattern[str], Handler]


def _row(method: str, path: str, handler: Handler) -> Row:
    words = {"name": "[^?]+", "path": ".+", "sha": "[0-9a-f]{40}", "number": r"\d+", "workflow": "[^/]+"}
    pattern = re.sub(r"<(\w+)>", lambda found: f"(?P<{found[1]}>{words[found[1]]})", path)
    return method, re.compile(f"/repos/(?P<repository>[^/]+/[^/]+){pattern}"), handler


ROWS: tuple[Row, ...] = (
    _row("GET", "", code_routes.repository),
    _row("GET", "/git/ref/<name>", code_routes.reference),
    _row("POST", "/git/refs", code_routes.make_reference),
    _row("PATCH", "/git/refs/<name>", code_routes.move_reference),
    _row("DELETE", "/git/refs/<name>", code_routes.remove_reference),
    _row("GET", "/git/commits/<sha>", code_routes.commit_object),
    _row("POST", "/git/commits", code_routes.make_commit),
    _row("GET", "/git/trees/<sha>", code_routes.tree),
    _row("POST", "/git/trees", code_routes.make_tree),
    _row("GET", "/git/blobs/<sha>", code_routes.blob),
    _row("GET", "/contents/<path>", code_routes.contents),
    _row("GET", "/commits", code_routes.commits),
    _row("GET", "/commits/<sha>/check-runs", pull_routes.check_runs),
    _row("GET", "/commits/<sha>/status", pull_routes.status),
    _row("GET", "/pulls", pull_routes.pulls),
    _row("POST", "/pulls", pull_routes.make_pull),
    _row("GET", "/pulls/<number>", pull_routes.pull),
    _row("PATCH", "/pulls/<number>", pull_routes.change_pull),
    _row("GET", "/pulls/<number>/reviews", pull_routes.reviews),
    _row("POST", "/pulls/<number>/requested_reviewers", pull_routes.ask_reviewers),
    _row("POST", "/issues/<number>/labels", pull_routes.label),
    _row("GET", "/issues/<number>/comments", pull_routes.comments),
    _row("POST", "/issues/<number>/comments", pull_routes.comment),
    _row("GET", "/actions/runs", pull_routes.runs),
    _row("GET", "/actions/workflows/<workflow>/runs", pull_routes.runs),
    _row("GET", "/actions/runs/<number>", pull_routes.one_run),
    _row("GET", "/actions/runs/<number>/jobs", pull_routes.jobs),
    _row("POST", "/actions/runs/<number>/rerun-failed-jobs", pull_routes.rerun),
    _row("GET", "/actions/jobs/<number>/logs", pull_routes.log),
)


def answer(find: Callable[[str], Code | None], request: Request) -> Answer | None:
    """What the address says; None where it is not about code."""
    for method, pattern, handler in ROWS:
        if method == request.method and (found := pattern.fullmatch(request.path)):
            parts = found.groupdict()
            code = find(parts.pop("repository"))
            if code is None:
                return None
            said = handler(code, request, **parts)
            code.keep()
            return said
    return None
