"""The client of a deployer API: the same questions as to every deployer, each one call or two."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import httpx
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
from hubs import schema
from hubs.deployers.documents import as_document
from hubs.deployers.http.memory import Memory
from hubs.deployers.http.reading import one, page, read, unreadable
from hubs.deployers.http.wire import Answer, Wire
from hubs.deployers.interface import Capabilities, Cluster, Deployment, Event, Hub, Log, Order, Plan, PlanWarning
from hubs.deployers.redaction import without_secrets
from hubs.schema import USUAL_NOTICE, Notice

PAGE = 200
MOST_PAGES = 200
LONGEST_ID = 200
REMEMBERED = Memory()
TAGS_LAST, ABILITIES_LAST = 24 * 3600.0, 600.0


class HttpDeployer:
    """An organisation's own deployer, behind the deployer API."""

    def __init__(self, base: httpx.URL, *, token: str, transport: httpx.BaseTransport | None = None, memory: Memory = REMEMBERED) -> None:
        """`base` is what `base_address` made of DEPLOYER_URL."""
        self._wire, self._memory, self._base = Wire(base, token, transport=transport), memory, str(base)

    def capabilities(self) -> Capabilities:
        """What it can do, asked for every ten minutes at most; it is polled neither faster than every second nor less than hourly."""
        known: Capabilities | None = self._memory.get(self._base, "capabilities")
        if known is None:
            told = read(Capabilities, self._wire.call("GET", "capabilities"))
            known = replace(told, poll_after_seconds=min(max(told.poll_after_seconds, 1), 3600))
            self._memory.keep(self._base, "capabilities", value=known, seconds=ABILITIES_LAST)
        return known

    def plan(self, request: Mapping[str, Any], *, notice: Notice = USUAL_NOTICE) -> Plan:
        """Its plan; what our own programme asks in advance is ours to warn of."""
        plan = read(Plan, self._wire.call("POST", "plans", body=request))
        return replace(plan, warnings=(*_without_notice(plan), *_notice(request, notice)))

    def start(self, order: Order) -> Deployment:
        """Asked again after a lost answer, the same key finds the same deployment."""
        try:
            answer = self._wire.call("POST", "deployments", body=as_document(order), headers={"Idempotency-Key": key_of(order)})
        except Rejected as error:
            raise _about_the_request(error) from error
        deployment = read(Deployment, answer)
        if deployment.request_id != order.request_id or not 0 < len(deployment.id) <= LONGEST_ID:
            raise unreadable("it is not about what was ordered")
        return deployment

    def read(self, deployment_id: str) -> Deployment:
        """How far it is; where nothing changed, as it was last told."""
        path = _path("deployments", deployment_id)
        known: tuple[str, Deployment] | None = self._memory.get(self._base, path)
        answer = self._wire.call("GET", path, headers={"If-None-Match": known[0]} if known else {})
        if answer.status == 304:
            if known is None:
                raise unreadable("304 was not asked for")
            return known[1]
        deployment = self._this(deployment_id, answer)
        if tag := answer.headers.get("etag", "")[:200]:
            self._memory.keep(self._base, path, value=(tag, deployment), seconds=TAGS_LAST)
        return deployment

    def cancel(self, deployment_id: str, *, by: str, reason: str) -> Deployment:
        """Its refusal is a 409."""
        body = {"by": by, "reason": reason[:500]}
        return self._this(deployment_id, self._wire.call("POST", _path("deployments", deployment_id, "cancel"), body=body))

    def retry(self, deployment_id: str, *, by: str) -> Deployment:  # noqa: ARG002  the API does not ask who
        """Once for the attempt that failed: the key names it."""
        attempt = self.read(deployment_id).attempt
        key = f"retry-{deployment_id}"[:110] + f"-{attempt}"
        answer = self._wire.call("POST", _path("deployments", deployment_id, "retry"), headers={"Idempotency-Key": key})
        return self._this(deployment_id, answer)

    def settle(
        self, deployment_id: str, key: str, *, status: str, by: str, note: str = "", outputs: Mapping[str, str] | None = None
    ) -> Deployment:
        """A PUT: asked twice, it is settled once."""
        body: dict[str, Any] = {"status": status, "by": by, "note": note[:2000], "outputs": dict(outputs or {})}
        body = {name: value for name, value in body.items() if value or name in {"status", "by"}}
        path = _path("deployments", deployment_id, "preconditions", key)
        return self._this(deployment_id, self._wire.call("PUT", path, body=body))

    def log(self, deployment_id: str, step: str, *, offset: int = 0) -> Log:
        """The log from there on; a secret that slipped through is taken out here."""
        path = _path("deployments", deployment_id, "steps", step, "log")
        answer = self._wire.call("GET", path, params={"offset": offset}, headers={"Accept": "text/plain, application/problem+json"})
        told = answer.headers.get("x-next-offset", "")
        following = int(told) if told.isascii() and told.isdigit() and len(told) < 15 else offset + len(answer.text)
        return Log(without_secrets(answer.text.replace("\x00", "")), max(following, offset))

    def events(self, deployment_id: str, *, after: int = 0) -> list[Event]:
        """What happened after that number."""
        items, _following = page(self._wire.call("GET", _path("deployments", deployment_id, "events"), params={"after": after}))
        return [one(Event, item) for item in items]

    def hubs(self) -> list[Hub]:
        """Every hub, page by page."""
        return [one(Hub, item) for item in self._all("hubs")]

    def clusters(self) -> list[Cluster]:
        """Every cluster, page by page."""
        return [one(Cluster, item) for item in self._all("clusters")]

    def _all(self, path: str) -> Iterator[Any]:
        cursor, seen = "", {""}
        for _number in range(MOST_PAGES):
            items, cursor = page(self._wire.call("GET", path, params={"limit": PAGE, **({"cursor": cursor} if cursor else {})}))
            yield from items
            if not cursor:
                return
            if cursor in seen:
                break
            seen.add(cursor)
        raise Unavailable(f"The deployer’s list of {path} has no end")

    def _this(self, deployment_id: str, answer: Answer) -> Deployment:
        deployment = read(Deployment, answer)
        if deployment.id != deployment_id:
            raise unreadable("it is about another deployment")
        return deployment


def key_of(order: Order) -> str:
    """What makes an order unique: the request and its revision."""
    return f"hub-request-{order.request_id}-r{order.revision}"


def _path(*steps: str) -> str:
    """Steps of a path, none of which leads anywhere else."""
    if any(step in {"", ".", ".."} for step in steps):
        raise Rejected(_("There is no such deployment."), status=404)
    return "/".join(quote(step, safe="") for step in steps)


def _about_the_request(error: Rejected) -> Rejected:
    """The same refusal, its pointers into the request as everybody else's are, not into the order around it."""
    told = [{**each, "pointer": each["pointer"].removeprefix("/request")} for each in error.errors]
    return Rejected(str(error), status=error.status, errors=told, code=error.code)


def _without_notice(plan: Plan) -> tuple[PlanWarning, ...]:
    return tuple(warning for warning in plan.warnings if warning.code != "notice")


def _notice(request: Mapping[str, Any], notice: Notice) -> tuple[PlanWarning, ...]:
    found = schema.warnings(dict(schema.cleaned(request)), today=timezone.now().date(), notice=notice)
    return tuple(PlanWarning(each.pointer, each.code, each.detail) for each in found if each.code == "notice")
