"""What a deployer on this machine remembers of its deployments: one reference of a git repository for each, written only where it was read.

A reference moves from one blob to the next or not at all, so a record survives being killed at any point, and of two processes
that write at once one is told that it was late.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs.deployers.documents import as_document, from_document
from hubs.deployers.git import Moved, Repository
from hubs.deployers.interface import Deployment, Order, Precondition, Step

PREFIX = "refs/hubdesk/deployments/"


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a deployment."""

    at: datetime
    what: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Record:
    """An order, how far it has come, and what happened on the way."""

    order: Order
    deployment: Deployment
    history: tuple[Entry, ...] = ()

    def changed(self, *, at: datetime, what: str, by: str = "", note: str = "", **facts: Any) -> Self:
        """The record with these facts about the deployment; its version grows."""
        version = self.deployment.version + 1
        deployment = replace(self.deployment, **facts, version=version, updated_at=at)
        return replace(self, deployment=deployment, history=(*self.history, Entry(at, what, by, note)))


R = TypeVar("R", bound=Record)


class RecordsOf(Generic[R]):
    """Deployments by id, in the shape that their deployer remembers them."""

    def __init__(self, repository: Repository, shape: type[R]) -> None:
        self.repository = repository
        self.shape = shape

    def find(self, deployment_id: str) -> tuple[R, str] | None:
        """The record, with the token that `save` wants back."""
        token = self.repository.resolve(PREFIX + deployment_id)
        return (self._read(self.repository.blobs([token])[token]), token) if token else None

    def get(self, deployment_id: str) -> tuple[R, str]:
        """The same. Rejected 404 where there is none."""
        found = self.find(deployment_id) if is_plain(deployment_id) else None
        if found is None:
            raise Rejected(_("There is no such deployment."), status=404)
        return found

    def save(self, record: R, *, token: str) -> str:
        """Write what follows from the record read with `token` (blank: there was none); the next token. Raises Moved when somebody was quicker."""
        content = json.dumps(as_document(record), ensure_ascii=False, sort_keys=True).encode()
        written = self.repository.write_blob(content)
        self.repository.move(PREFIX + record.deployment.id, written, old=token)
        return written

    def all(self) -> list[R]:
        """Every deployment there ever was."""
        tokens = self.repository.references(PREFIX).values()
        return [self._read(content) for content in self.repository.blobs(tokens).values()] if tokens else []

    def _read(self, content: bytes) -> R:
        return from_document(self.shape, json.loads(content))


class Records(RecordsOf[Record]):
    """Deployments by id."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(repository, Record)


def is_plain(name: str) -> bool:
    """A name that can be part of a branch: letters, digits, hyphens, nothing that leads elsewhere."""
    return 0 < len(name) <= 100 and name.isascii() and name.replace("-", "").replace("_", "").isalnum() and name[0].isalnum()


def order_id(order: Order) -> str:
    """A deployment's id, which the order alone decides: asked twice, it is found again."""
    if not is_plain(order.request_id) or order.revision < 1:
        raise Rejected(_("A request is known by letters, digits and hyphens, and a revision from 1."), status=422)
    return f"hub-request-{order.request_id}-r{order.revision}"


def fingerprint(order: Order) -> str:
    """Two orders are the same when these are."""
    facts = as_document(replace(order, ticket_url=""))
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def found_again(record: Record, order: Order) -> Deployment:
    """The deployment an order has already become. Rejected 422 when the same name stands for another order."""
    if fingerprint(record.order) != fingerprint(order):
        detail = _("This revision of the request has been ordered before, with other contents.")
        raise Rejected(detail, status=422, errors=[{"pointer": "", "code": "idempotency-key-reused", "detail": detail}])
    return record.deployment


def with_step(steps: tuple[Step, ...], name: str, **facts: Any) -> tuple[Step, ...]:
    """The steps, with these facts about one of them."""
    return tuple(replace(step, **facts) if step.name == name else step for step in steps)


def with_precondition(known: tuple[Precondition, ...], key: str, *, status: str, outputs: Mapping[str, str]) -> tuple[Precondition, ...]:
    """The preconditions, with one settled. Rejected 404 and 422 for what cannot be settled."""
    found = next((item for item in known if item.key == key), None)
    if found is None:
        raise Rejected(_("There is no such precondition."), status=404)
    if status not in {"met", "not-needed"}:
        raise _not_possible("/status", _("A precondition is met or not needed."))
    for name in outputs:
        if name not in found.outputs:
            raise _not_possible(f"/outputs/{name}", _("This precondition has nothing of this name to tell."))
    told = {**found.outputs, **{name: str(value).strip()[:500] for name, value in outputs.items()}}
    return tuple(replace(item, status=status, outputs=told) if item.key == key else item for item in known)


def not_now(code: str, detail: str) -> Rejected:
    """A refusal because of how things stand, which a `code` names."""
    return Rejected(detail, status=409, errors=[{"pointer": "", "code": code, "detail": detail}])


def _not_possible(pointer: str, detail: str) -> Rejected:
    return Rejected(detail, status=422, errors=[{"pointer": pointer, "code": "invalid", "detail": detail}])


__all__ = [
    "Entry",
    "Moved",
    "Record",
    "Records",
    "RecordsOf",
    "fingerprint",
    "found_again",
    "is_plain",
    "not_now",
    "order_id",
    "with_precondition",
    "with_step",
]
