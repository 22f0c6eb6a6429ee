"""A deployer that keeps a configuration repository on this machine: commits, checks, merges, and records. It runs no hub itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
from hubs.deployers.git import Repository
from hubs.deployers.gitops import inventory, planning, steps
from hubs.deployers.gitops.rendering import Circumstances
from hubs.deployers.gitops.steps import Workshop
from hubs.deployers.interface import Capabilities, Cluster, Deployment, Features, Hub, Order, Organisation, Plan, State
from hubs.deployers.records import Entry, Moved, Record, Records, found_again, order_id, with_precondition
from hubs.schema import USUAL_NOTICE, Notice, cleaned

ATTEMPTS = 5


class GitOps:
    """Local GitOps in 2i2c's layout. Everything it knows is in the repository, so any process may go on where another was stopped."""

    def __init__(
        self, repository: Repository, *, organisation: Organisation, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.repository = repository
        self.records = Records(repository)
        self.organisation = organisation
        self.clock = clock

    def capabilities(self) -> Capabilities:
        """Plans, records, cancels until it is merged, tries again."""
        return Capabilities("local-git", features=Features(), poll_after_seconds=2)

    def plan(self, request: Mapping[str, Any], *, notice: Notice = USUAL_NOTICE) -> Plan:
        """What the request would change at the head of the main branch."""
        shop = self._shop()
        today, circumstances = shop.now.date(), Circumstances(self.organisation)
        request = planning.sound(request, today=today, notice=notice)
        return planning.make_plan(request, shop.configuration(), circumstances, today=today, notice=notice).plan

    def start(self, order: Order) -> Deployment:
        """Take the order. Nothing is changed yet but that it is remembered; `read` takes the steps."""
        name = order_id(order)
        order = replace(order, request=cleaned(order.request))
        if found := self.records.find(name):
            return found_again(found[0], order)
        record = self._taken(name, order)
        try:
            self.records.save(record, token="")
        except Moved:
            return found_again(self.records.get(name)[0], order)
        return record.deployment

    def read(self, deployment_id: str) -> Deployment:
        """Take the next step, if nothing stops it, and say how far the deployment is."""
        record, token = self.records.get(deployment_id)
        step = steps.next_step(record)
        if record.deployment.state.is_final or step is None:
            return record.deployment
        if record.deployment.state is State.WAITING and steps.is_blocked(record):
            return record.deployment
        try:
            return self._step(record, token)
        except Moved:
            return self.records.get(deployment_id)[0].deployment

    def cancel(self, deployment_id: str, *, by: str, reason: str) -> Deployment:
        """Forget the change, until it is being merged."""

        def cancelled(record: Record) -> Record:
            if record.deployment.state is State.CANCELLED:
                return record
            if not record.deployment.cancellable:
                raise _not_now("not-cancellable", _("It is in the configuration already; ask for a change instead."))
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

        record = self._change(deployment_id, cancelled)
        self.repository.remove(steps.branch_name(record.order.request_id, record.order.revision))
        return record.deployment

    def retry(self, deployment_id: str, *, by: str) -> Deployment:
        """Take the failed step again. A plan that has changed needs another approval instead."""

        def again(record: Record) -> Record:
            deployment = record.deployment
            if deployment.state is not State.FAILED or not (deployment.error and deployment.error.retryable):
                raise _not_now("not-retryable", _("There is nothing here to try again."))
            rewound = steps.rewound(record, "propose", "check", *(step.name for step in deployment.steps if step.status == "failed"))
            return record.changed(
                at=self.clock(),
                what="retried",
                by=by,
                state=State.PENDING,
                stage="planning",
                steps=rewound,
                error=None,
                attempt=deployment.attempt + 1,
            )

        return self._change(deployment_id, again).deployment

    def settle(
        self, deployment_id: str, key: str, *, status: str, by: str, note: str = "", outputs: Mapping[str, str] | None = None
    ) -> Deployment:
        """A precondition is met or not needed. What is told with it is written into the files, as long as they are not merged."""

        def settled(record: Record) -> Record:
            if record.deployment.state in {State.CANCELLED, State.FAILED}:
                raise _not_now("not-open", _("This deployment has ended."))
            known = with_precondition(record.deployment.preconditions, key, status=status, outputs=outputs or {})
            facts: dict[str, Any] = {"preconditions": known}
            if record.deployment.state is not State.SUCCEEDED:
                facts |= _to_go_on(record, told=bool(outputs))
            return record.changed(at=self.clock(), what=f"{key} {status}", by=by, note=note, **facts)

        return self._change(deployment_id, settled).deployment

    def hubs(self) -> list[Hub]:
        """The hubs the main branch describes."""
        return inventory.all_hubs(self._shop().configuration())

    def clusters(self) -> list[Cluster]:
        """The clusters the main branch describes."""
        return inventory.all_clusters(self._shop().configuration())

    def _shop(self) -> Workshop:
        if not self.repository.exists():
            raise Unavailable(_("The configuration repository is not there yet; run setup."))
        return Workshop(self.repository, self.organisation, self.clock())

    def _taken(self, name: str, order: Order) -> Record:
        """The record of a new order. Rejected 409 when the plan is another by now or the hub is busy, 422 when it may not be carried out."""
        shop = self._shop()
        order = replace(order, request=planning.sound(order.request, today=date.min))
        _refuse_unapproved(order)
        configuration = shop.configuration()
        plan = planning.make_plan(order.request, configuration, Circumstances(self.organisation), today=shop.now.date()).plan
        bases = self.repository.recent(configuration.base, steps.BASES_TO_COMPARE)
        if not planning.is_as_approved(plan, order.approval.plan_digest, bases):
            raise planning.plan_changed()
        if not plan.is_sound:
            raise Rejected(_("The changed configuration does not pass the checks."), status=422)
        self._refuse_busy(order)
        words = _("Taken; it begins in a moment.")
        deployment = Deployment(
            id=name,
            request_id=order.request_id,
            kind=order.request["kind"],
            state=State.PENDING,
            stage="planning",
            version=1,
            created_at=shop.now,
            updated_at=shop.now,
            cancellable=True,
            steps=steps.first_steps(),
            preconditions=plan.preconditions,
            description=words,
        )
        return Record(order, deployment, (Entry(shop.now, "started", order.approval.by),))

    def _refuse_busy(self, order: Order) -> None:
        """One operation a hub at a time."""
        for other in self.records.all():
            same = all(other.order.request.get(key) == order.request.get(key) for key in ("cluster", "hub"))
            if "hub" in order.request and same and not other.deployment.state.is_final:
                raise _not_now("hub-busy", _("Another change to this hub is being carried out."))

    def _step(self, record: Record, token: str) -> Deployment:
        """Say that a step begins, take it, say how it went: whoever is killed between them leaves enough for the next."""
        shop = self._shop()
        step = steps.next_step(record)
        if step is None:
            return record.deployment
        if step.status == "pending":
            record = steps.begun(record, step, shop)
            token = self.records.save(record, token=token)
            if record.deployment.state is State.WAITING:
                return record.deployment
        record = steps.taken(record, step, shop)
        self.records.save(record, token=token)
        return record.deployment

    def _change(self, deployment_id: str, change: Callable[[Record], Record]) -> Record:
        """Change a record, again upon the newest when somebody else was quicker."""
        for _attempt in range(ATTEMPTS):
            record, token = self.records.get(deployment_id)
            changed = change(record)
            try:
                self.records.save(changed, token=token)
            except Moved:
                continue
            return changed
        raise Unavailable("The deployment is being changed by somebody else.")


def _to_go_on(record: Record, *, told: bool) -> dict[str, Any]:
    """What settling does to a deployment on its way: it may go on, and writes what was told into the files first."""
    is_merging = any(step.name == "merge" and step.status != "pending" for step in record.deployment.steps)
    if is_merging:
        return {}
    facts: dict[str, Any] = {"steps": steps.rewound(record, "propose", "check")} if told else {}
    if record.deployment.state is State.WAITING:
        facts |= {"state": State.PENDING, "stage": "proposed", "description": _("It goes on in a moment.")}
    return facts


def _refuse_unapproved(order: Order) -> None:
    """A decommission takes two people."""
    if order.request["kind"] == "decommission" and order.approval.second_by in {"", order.approval.by}:
        raise Rejected(
            _("Removing a hub needs a second approver."),
            status=422,
            errors=[{"pointer": "/approval/second_by", "code": "required", "detail": ""}],
        )


def _not_now(code: str, detail: str) -> Rejected:
    return Rejected(detail, status=409, errors=[{"pointer": "", "code": code, "detail": detail}])
