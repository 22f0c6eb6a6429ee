"""A deployer that is a person: every step is a precondition that somebody ticks off on the request's page."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
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
from hubs.deployers.records import Entry, Moved, Record, Records, found_again, order_id, with_precondition

ATTEMPTS = 5


class Manual:
    """What a small organisation starts with. It knows no hubs and says nothing about their health; it remembers in a folder of its own."""

    def __init__(self, folder: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.repository = Repository(folder)
        self.records = Records(self.repository)
        self.clock = clock

    def capabilities(self) -> Capabilities:
        """People are not asked every few seconds."""
        return Capabilities("manual", features=Features(retry=False), poll_after_seconds=300)

    def plan(self, request: Mapping[str, Any], *, notice: schema.Notice = schema.USUAL_NOTICE) -> Plan:
        """The request checked by itself, and what the person will do. The digest is the request's."""
        today = self.clock().date()
        document = _sound(request, today=today, notice=notice)
        found = schema.warnings(document, today=today, notice=notice)
        warnings = tuple(PlanWarning(each.pointer, each.code, each.detail) for each in found)
        return Plan(_digest(document), base="", redeploys=_redeploys(document), preconditions=_by_hand(document), warnings=warnings)

    def start(self, order: Order) -> Deployment:
        """Wait for the person."""
        name = order_id(order)
        order = replace(order, request=_sound(order.request, today=date.min))
        self._ready()
        if found := self.records.find(name):
            return found_again(found[0], order)
        if order.approval.plan_digest != _digest(order.request):
            detail = _("The request has changed since it was approved.")
            raise Rejected(detail, status=409, errors=[{"pointer": "", "code": "plan-changed", "detail": detail}])
        record = self._taken(name, order)
        try:
            self.records.save(record, token="")
        except Moved:
            return found_again(self.records.get(name)[0], order)
        return record.deployment

    def read(self, deployment_id: str) -> Deployment:
        """How far the person is."""
        self._ready()
        return self.records.get(deployment_id)[0].deployment

    def cancel(self, deployment_id: str, *, by: str, reason: str) -> Deployment:
        """Tell the person to stop, as long as they are not done."""

        def cancelled(record: Record) -> Record:
            if record.deployment.state is State.CANCELLED:
                return record
            if not record.deployment.cancellable:
                raise _not_now("not-cancellable", _("It is done already; ask for a change instead."))
            words = _("Cancelled by %(who)s.") % {"who": by}
            return record.changed(
                at=self.clock(),
                what="cancelled",
                by=by,
                note=reason,
                state=State.CANCELLED,
                stage="cancelled",
                description=words,
                cancellable=False,
            )

        return self._change(deployment_id, cancelled)

    def retry(self, deployment_id: str, *, by: str) -> Deployment:  # noqa: ARG002  the interface's
        """A person tries again without being told."""
        raise _not_now("not-retryable", _("There is nothing here to try again."))

    def settle(
        self, deployment_id: str, key: str, *, status: str, by: str, note: str = "", outputs: Mapping[str, str] | None = None
    ) -> Deployment:
        """Tick off a step; with the last one the deployment is done."""

        def settled(record: Record) -> Record:
            if record.deployment.state.is_final:
                raise _not_now("not-open", _("This deployment has ended."))
            now = self.clock()
            known = with_precondition(record.deployment.preconditions, key, status=status, outputs=outputs or {})
            facts: dict[str, Any] = {"preconditions": known, "steps": _steps(known, now, record.deployment.steps)}
            if not any(item.is_open for item in known):
                words = _("Done by hand. Whether the hub runs is not known here.")
                facts |= {"state": State.SUCCEEDED, "stage": "done-by-hand", "description": words, "cancellable": False}
            return record.changed(at=now, what=f"{key} {status}", by=by, note=note, **facts)

        return self._change(deployment_id, settled)

    def hubs(self) -> list[Hub]:
        """A person's memory is not read here."""
        return []

    def clusters(self) -> list[Cluster]:
        """The same."""
        return []

    def _taken(self, name: str, order: Order) -> Record:
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

    def _ready(self) -> None:
        if not self.repository.exists():
            initialise(self.repository.path)

    def _change(self, deployment_id: str, change: Callable[[Record], Record]) -> Deployment:
        self._ready()
        for _attempt in range(ATTEMPTS):
            record, token = self.records.get(deployment_id)
            changed = change(record)
            try:
                self.records.save(changed, token=token)
            except Moved:
                continue
            return changed.deployment
        raise Unavailable("The deployment is being changed by somebody else.")


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
        Step(item.key, item.title, status[item.status], finished_at=None if item.is_open else finished.get(item.key) or now)
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


def _not_now(code: str, detail: str) -> Rejected:
    return Rejected(detail, status=409, errors=[{"pointer": "", "code": code, "detail": detail}])
