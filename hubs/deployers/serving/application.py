"""The server as a WSGI application: who asks, what for, and what is answered."""

import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from ground.errors import OutsideError, Rejected
from hubs.deployers.interface import Deployer
from hubs.deployers.serving import discovery, ordering, watching
from hubs.deployers.serving.desk import Desk
from hubs.deployers.serving.exchange import Answer, NotAllowed, Request, problem, read_request
from hubs.deployers.serving.ledger import Ledger

logger = logging.getLogger(__name__)
Operation = Callable[..., Answer]
Start = Callable[[str, list[tuple[str, str]]], Any]


class Scope(StrEnum):
    """What a token is for."""

    READ = "read"
    PLAN = "plan"
    DEPLOY = "deploy"
    SETTLE = "settle"


EVERYTHING = frozenset(Scope)
ROUTES: tuple[tuple[str, str, Scope, Operation], ...] = (
    ("GET", "/v1/capabilities", Scope.READ, discovery.capabilities),
    ("GET", "/v1/request-schema", Scope.READ, discovery.request_schema),
    ("GET", "/v1/clusters", Scope.READ, discovery.clusters),
    ("GET", "/v1/hubs", Scope.READ, discovery.hubs),
    ("GET", "/v1/hubs/{cluster}/{hub}", Scope.READ, discovery.hub),
    ("POST", "/v1/plans", Scope.PLAN, ordering.plan),
    ("POST", "/v1/deployments", Scope.DEPLOY, ordering.create),
    ("GET", "/v1/deployments", Scope.READ, watching.deployments),
    ("GET", "/v1/deployments/{id}", Scope.READ, watching.deployment),
    ("GET", "/v1/deployments/{id}/events", Scope.READ, watching.events),
    ("GET", "/v1/deployments/{id}/steps/{step}/log", Scope.READ, watching.log),
    ("PUT", "/v1/deployments/{id}/preconditions/{key}", Scope.SETTLE, ordering.settle),
    ("POST", "/v1/deployments/{id}/cancel", Scope.DEPLOY, ordering.cancel),
    ("POST", "/v1/deployments/{id}/retry", Scope.DEPLOY, ordering.retry),
)
PATHS = tuple((method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), scope, act) for method, path, scope, act in ROUTES)


class Application:
    """Serves one deployer. `tokens`: what each may do; without any, everybody may everything (a developer's machine)."""

    def __init__(
        self,
        deployer: Deployer,
        ledger: Ledger,
        *,
        tokens: Mapping[str, frozenset[Scope]] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.desk = Desk(deployer, ledger, clock)
        self._tokens = {_mark(token): scopes for token, scopes in (tokens or {}).items()}

    def __call__(self, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        answer = self._answer(environ)
        start(f"{answer.status} {HTTPStatus(answer.status).phrase}", _headers(answer))
        return [answer.body] if isinstance(answer.body, bytes) else answer.body

    def _answer(self, environ: Mapping[str, Any]) -> Answer:
        try:
            held = self._scopes(environ)
            request = read_request(environ)
            scope, operation, names = _route(request)
            if scope not in held:
                raise Rejected(f"This token is not for “{scope}”.", status=403)
            return operation(self.desk, request, **names)
        except OutsideError as error:
            return problem(error)
        except Exception as error:
            logger.exception("A request to the deployer broke.")
            return problem(error)

    def _scopes(self, environ: Mapping[str, Any]) -> frozenset[Scope]:
        """What the bearer of the token may do. Rejected 401 when we do not know it."""
        if not self._tokens:
            return EVERYTHING
        kind, _space, given = str(environ.get("HTTP_AUTHORIZATION", "")).partition(" ")
        mark = _mark(given.strip()) if kind.lower() == "bearer" else ""
        found = [scopes for known, scopes in self._tokens.items() if hmac.compare_digest(known, mark)]
        if not found:
            raise Rejected("Say who you are, with a bearer token that we know.", status=401)
        return found[0]


def _mark(token: str) -> str:
    """Of one length, so that comparing takes one time."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _route(request: Request) -> tuple[Scope, Operation, dict[str, str]]:
    found = [(method, scope, act, match.groupdict()) for method, path, scope, act in PATHS if (match := path.fullmatch(request.path))]
    if not found:
        raise Rejected("There is nothing here.", status=404)
    for method, scope, act, names in found:
        if method == request.method:
            return scope, act, names
    raise NotAllowed(*sorted(method for method, *_rest in found))


def _headers(answer: Answer) -> list[tuple[str, str]]:
    headers = [*answer.headers.items(), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    if answer.kind:
        headers.append(("Content-Type", answer.kind))
    if isinstance(answer.body, bytes) and answer.status != 304:
        headers.append(("Content-Length", str(len(answer.body))))
    return headers
