"""A deployer that keeps a configuration repository on this machine: commits, checks, merges, and records. It runs no hub itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
from hubs.deployers.git import Repository
from hubs.deployers.gitops import inventory, planning, steps
from hubs.deployers.gitops.steps import Work, Workshop
from hubs.deployers.interface import Capabilities, Cluster, Deployment, Features, Hub, Order, Organisation, Plan, Precondition, State
from hubs.deployers.records import Entry, Moved, Record, not_now
from hubs.deployers.remembering import Remembering, refuse_busy, refuse_unapproved
from hubs.schema import USUAL_NOTICE, Notice


class GitOps(Remembering):
    """Local GitOps in 2i2c's layout. Everything it knows is in the repository; `read` takes the steps.

    Another deployer on such a repository takes other `works` in another order, and says whether people do any of it `by_hand`.
    """

    settles_until = frozenset({State.CANCELLED, State.FAILED})
    by_hand = True

    def __init__(
        self, repository: Repository, *, organisation: Organisation, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(repository, clock=clock)
        self.organisation = organisation

    def capabilities(self) -> Capabilities:
        """Plans, records, cancels until it is merged, tries again."""
        return Capabilities("local-git", features=Features(logs=True), poll_after_seconds=2)

    def plan(self, request: Mapping[str, Any], *, notice: Notice = USUAL_NOTICE) -> Plan:
        """What the request would change at the head of the main branch."""
        shop = self._shop()
        today = shop.now.date()
        request = planning.sound(request, today=today, notice=notice)
        return planning.make_plan(request, shop.configuration(), shop.circumstances(), today=today, notice=notice).plan

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

    def retry(self, deployment_id: str, *, by: str) -> Deployment:
        """Take the failed step again. A plan that has changed needs another approval instead."""

        def again(record: Record) -> Record:
            deployment = record.deployment
            if deployment.state is not State.FAILED or not (deployment.error and deployment.error.retryable):
                raise not_now("not-retryable", _("There is nothing here to try again."))
            return record.changed(
                at=self.clock(),
                what="retried",
                by=by,
                state=State.PENDING,
                stage="planning",
                steps=steps.again(record),
                error=None,
                attempt=deployment.attempt + 1,
            )

        return self._change(deployment_id, again).deployment

    def hubs(self) -> list[Hub]:
        """The hubs the main branch describes."""
        return inventory.all_hubs(self._shop().configuration())

    def clusters(self) -> list[Cluster]:
        """The clusters the main branch describes."""
        return inventory.all_clusters(self._shop().configuration())

    def _ready(self) -> None:
        if not self.repository.exists():
            raise Unavailable(_("The configuration repository is not there yet; run setup."))

    def _shop(self) -> Workshop:
        self._ready()
        return Workshop(self.repository, self.organisation, self.clock(), self.works(), self.by_hand)

    def works(self) -> Mapping[str, Work]:
        """What can be done, by name of the step."""
        return steps.WORKS

    def way(self, kind: str) -> tuple[str, ...]:  # noqa: ARG002  for a deployer whose way depends on it
        """The steps that a request of this kind takes."""
        return steps.NAMES

    def _after_settling(self, record: Record, known: tuple[Precondition, ...], *, told: bool) -> dict[str, Any]:  # noqa: ARG002  a base's signature
        """It may go on, and writes what was told into the files first, as long as they are not merged."""
        return {} if record.deployment.state is State.SUCCEEDED else _to_go_on(record, told=told)

    def _leftovers(self, record: Record) -> Sequence[str]:
        return (steps.branch_name(record.order.request_id, record.order.revision),)

    def _taken(self, name: str, order: Order) -> Record:
        """The record of a new order. Rejected 409 when the plan is another by now or the hub is busy, 422 when it may not be carried out."""
        shop = self._shop()
        order = replace(order, request=planning.sound(order.request, today=date.min))
        refuse_unapproved(order)
        configuration = shop.configuration()
        plan = planning.make_plan(order.request, configuration, shop.circumstances(), today=shop.now.date()).plan
        bases = self.repository.recent(configuration.base, steps.BASES_TO_COMPARE)
        if not planning.is_as_approved(plan, order.approval.plan_digest, bases):
            raise planning.plan_changed()
        if not plan.is_sound:
            raise Rejected(_("The changed configuration does not pass the checks."), status=422)
        refuse_busy(order, self.records.all())
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
            steps=steps.first_steps(self.way(order.request["kind"]), shop.works),
            preconditions=plan.preconditions,
            description=words,
        )
        return Record(order, deployment, (Entry(shop.now, "started", order.approval.by),))

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


def _to_go_on(record: Record, *, told: bool) -> dict[str, Any]:
    """What settling does to a deployment on its way: it may go on, and writes what was told into the files first."""
    is_merging = any(step.name == "merge" and step.status != "pending" for step in record.deployment.steps)
    if is_merging:
        return {}
    facts: dict[str, Any] = {"steps": steps.rewound(record, "propose", "check")} if told else {}
    if record.deployment.state is State.WAITING:
        facts |= {"state": State.PENDING, "stage": "proposed", "description": _("It goes on in a moment.")}
    return facts
