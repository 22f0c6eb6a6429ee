"""A deployer that is a person: every step is a precondition that somebody ticks off on the request's page."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected
from hubs import schema
from hubs.deployers.git import Repository, initialise
from hubs.deployers.interface import (
    Capabilities,
    Cluster,
    Deployment,
    Features,
    Hub,
    Order,
    Plan,
    PlanWarning,
    Precondition,
    Redeploy,
    State,
    Step,
)
from hubs.deployers.records import Entry, Record, not_now
from hubs.deployers.remembering import Remembering, refuse_busy, refuse_unapproved


class Manual(Remembering):
    """What a small organisation starts with. It knows no hubs and says nothing about their health; it remembers in a folder of its own."""

    settles_until = frozenset(state for state in State if state.is_final)

    def __init__(self, folder: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(Repository(folder), clock=clock)

    def capabilities(self) -> Capabilities:
        """People are not asked every few seconds."""
        return Capabilities("manual", features=Features(retry=False, logs=True), poll_after_seconds=300)

    def plan(self, request: Mapping[str, Any], *, notice: schema.Notice = schema.USUAL_NOTICE) -> Plan:
        """The request checked by itself, and what the person will do. The digest is the request's."""
        today = self.clock().date()
        document = _sound(request, today=today, notice=notice)
        found = schema.warnings(document, today=today, notice=notice)
        warnings = tuple(PlanWarning(each.pointer, each.code, each.detail) for each in found)
        return Plan(_digest(document), base="", redeploys=_redeploys(document), preconditions=_by_hand(document), warnings=warnings)

    def retry(self, deployment_id: str, *, by: str) -> Deployment:  # noqa: ARG002  the interface's
        """A person tries again without being told."""
        raise not_now("not-retryable", _("There is nothing here to try again."))

    def hubs(self) -> list[Hub]:
        """A person's memory is not read here."""
        return []

    def clusters(self) -> list[Cluster]:
        """The same."""
        return []

    def _taken(self, name: str, order: Order) -> Record:
        order = replace(order, request=_sound(order.request, today=date.min))
        if order.approval.plan_digest != _digest(order.request):
            raise not_now("plan-changed", _("The request has changed since it was approved."))
        refuse_unapproved(order)
        refuse_busy(order, self.records.all())
        now = self.clock()
        known = _by_hand(order.request)
        deployment = Deployment(
            id=name,
            request_id=order.request_id,
            kind=order.request["kind"],
            state=State.WAITING,
            stage="waiting-for-people",
            version=1,
            created_at=now,
            updated_at=now,
            cancellable=True,
            steps=_steps(known, now, ()),
            preconditions=known,
            description=_("An engineer does this by hand."),
        )
        return Record(order, deployment, (Entry(now, "started", order.approval.by),))

    def _after_settling(self, record: Record, known: tuple[Precondition, ...], *, told: bool) -> dict[str, Any]:  # noqa: ARG002  a base's signature
        """Tick off a step; with the last one the deployment is done."""
        facts: dict[str, Any] = {"steps": _steps(known, self.clock(), record.deployment.steps)}
        if any(item.is_open for item in known):
            return facts
        words = _("Done by hand. Whether the hub runs is not known here.")
        return facts | {"state": State.SUCCEEDED, "stage": "done-by-hand", "description": words, "cancellable": False}

    def _ready(self) -> None:
        if not self.repository.exists():
            initialise(self.repository.path)


def _by_hand(document: Mapping[str, Any]) -> tuple[Precondition, ...]:
    """What the person does, in order."""
    titles = {
        "new-hub": (("prepare", _("Accounts, machines and sign-in are ready")), ("deploy", _("The hub is deployed"))),
        "event": (
            ("prepare", _("Machines and limits are enough for everybody")),
            ("calendar", _("The event is in the engineers' calendar")),
        ),
        "change": (("deploy", _("The change is made")),),
        "decommission": (("data", _("The data is moved, or its deletion confirmed")), ("remove", _("The hub is removed"))),
    }
    last = {"decommission": ("letter", _("The representatives know that it is gone"))}
    steps = (*titles[document["kind"]], last.get(document["kind"], ("verify", _("Somebody signed in and started a server"))))
    return tuple(Precondition(key, title, who="engineer", blocks="hand-over") for key, title in steps)


def _steps(known: tuple[Precondition, ...], now: datetime, before: tuple[Step, ...]) -> tuple[Step, ...]:
    finished = {step.name: step.finished_at for step in before}
    status = {"open": "pending", "met": "succeeded", "not-needed": "skipped"}
    return tuple(
        Step(
            item.key,
            item.title,
            status[item.status],
            finished_at=None if item.is_open else finished.get(item.key) or now,
            has_log=not item.is_open,
        )
        for item in known
    )


def _redeploys(document: Mapping[str, Any]) -> tuple[Redeploy, ...]:
    if "hub" not in document or document["kind"] == "decommission":
        return ()
    return (Redeploy(document["cluster"], document["hub"], _("Its settings change."), staging="staging" in document["hub"]),)


def _sound(request: Mapping[str, Any], *, today: date, notice: schema.Notice = schema.USUAL_NOTICE) -> dict[str, Any]:
    document: dict[str, Any] = schema.cleaned(request)
    if found := schema.problems(document, today=today, notice=notice):
        raise Rejected(_("The request is not complete yet."), status=422, errors=[problem.as_document() for problem in found])
    return document


def _digest(document: Mapping[str, Any]) -> str:
    return f"sha256:{hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()}"
