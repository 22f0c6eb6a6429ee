"""What is asked of the deployer: a plan, a deployment, and to settle, cancel or retry one."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ground.errors import Rejected
from hubs.deployers import contract
from hubs.deployers.documents import from_document
from hubs.deployers.interface import Deployment, Order
from hubs.deployers.serving.desk import Desk, deployment_document, whole
from hubs.deployers.serving.exchange import Answer, Request, told, unsound

SETTLING = "#/paths/~1deployments~1{id}~1preconditions~1{key}/put/requestBody/content/application~1json/schema"
CANCELLING = "#/paths/~1deployments~1{id}~1cancel/post/requestBody/content/application~1json/schema"


def plan(desk: Desk, request: Request) -> Answer:
    """What would change; nothing is written."""
    return told(whole(desk.deployer.plan(request.json()), "base"))


def create(desk: Desk, request: Request) -> Answer:
    """Take an order once, however often it is sent."""
    order = _order(request)

    def start() -> Deployment:
        try:
            return desk.deployer.start(order)
        except Rejected as error:
            raise _within_the_order(error) from error

    deployment = _once(desk, request, start)
    return _accepted(desk, deployment, Location=f"/v1/deployments/{deployment.id}")


def retry(desk: Desk, request: Request, id: str) -> Answer:  # noqa: A002  as the path names it
    """Another attempt; a key counts once."""
    return _accepted(desk, _once(desk, request, lambda: desk.deployer.retry(id, by="the desk")))


def cancel(desk: Desk, request: Request, id: str) -> Answer:  # noqa: A002
    """Stop, while it can be stopped."""
    given = _sound(request.json(), CANCELLING)
    return _accepted(desk, desk.deployer.cancel(id, by=given["by"], reason=given["reason"]))


def settle(desk: Desk, request: Request, id: str, key: str) -> Answer:  # noqa: A002
    """A precondition is met, or not needed."""
    given = _sound(request.json(), SETTLING)
    deployment = desk.deployer.settle(
        id, key, status=given["status"], by=given["by"], note=given.get("note", ""), outputs=given.get("outputs")
    )
    return told(deployment_document(desk.kept(deployment)))


def _order(request: Request) -> Order:
    """The order of a request. Rejected 422 when it is not of that shape; what is wrong with the hub request is the deployer's to say."""
    given = request.json()
    if not isinstance(given.get("request"), Mapping):
        raise unsound("/request", "type", "The request is an object.")
    wrong = [each for each in contract.complaints("DeploymentOrder", given) if not f"{each['pointer']}/".startswith("/request/")]
    if wrong:
        raise Rejected("The order is not complete.", status=422, errors=wrong, code="invalid-request")
    if "not_before" in given:
        raise unsound("/not_before", "unsupported", "This deployer begins at once.")
    return from_document(Order, given)


def _once(desk: Desk, request: Request, act: Callable[[], Deployment]) -> Deployment:
    """Act under the key of the request: another body under it is refused, and so is whoever comes while it is being done."""
    key = request.headers.get("idempotency-key", "")
    if not 8 <= len(key) <= 128:
        raise unsound("", "idempotency-key", "Send a header Idempotency-Key of 8 to 128 characters.")
    key, mark = f"{request.path} {key}", _said(request)
    desk.ledger.take(key, mark, now=desk.clock())
    try:
        deployment = act()
    except Exception:
        desk.ledger.not_taken(key)
        raise
    desk.ledger.taken(key)
    return desk.kept(deployment)


def _said(request: Request) -> bytes:
    """The body as the same order always reads, however it was spaced and sorted."""
    return json.dumps(request.json(), sort_keys=True).encode() if request.body else b""


def _accepted(desk: Desk, deployment: Deployment, **headers: str) -> Answer:
    desk.kept(deployment)
    return told(deployment_document(deployment), status=202, headers={**headers, **desk.headers(deployment)})


def _sound(given: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    wrong = contract.wrongs(pointer, given)
    if wrong:
        raise Rejected("Something is missing or not as it should be.", status=422, errors=wrong, code="invalid-request")
    return given


def _within_the_order(error: Rejected) -> Rejected:
    """The same refusal, its pointers into what was sent."""
    entries = [{**each, "pointer": _pointer(each.get("pointer", ""))} for each in error.errors]
    return Rejected(str(error), status=error.status, errors=entries, code=error.code)


def _pointer(pointer: str) -> str:
    return pointer if not pointer or pointer.startswith("/approval/") else f"/request{pointer}"
