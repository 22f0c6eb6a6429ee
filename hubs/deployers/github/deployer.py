"""A deployer that proposes pull requests on GitHub and watches what people and workflows do with them. It never merges."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
from hubs.deployers.git import Repository, initialise
from hubs.deployers.github import following, judging, proposing, wording
from hubs.deployers.github.options import Options
from hubs.deployers.github.proposing import Workshop
from hubs.deployers.github.reading import Reading
from hubs.deployers.github.record import DEPLOYMENT, PullRecord, branch_name, checks_for, jobs_for
from hubs.deployers.github.remote import Remote
from hubs.deployers.gitops import inventory, planning
from hubs.deployers.gitops.planning import Planned
from hubs.deployers.gitops.rendering import Circumstances
from hubs.deployers.gitops.steps import rewound
from hubs.deployers.interface import Capabilities, Cluster, Deployment, Event, Features, Hub, Log, Order, Organisation, Plan, State, Step
from hubs.deployers.records import Entry, Moved, RecordsOf, fingerprint, found_again, not_now, order_id, with_precondition, with_step
from hubs.deployers.redaction import without_secrets
from hubs.deployers.remembering import refuse_busy, refuse_unapproved
from hubs.schema import USUAL_NOTICE, Notice, cleaned

ATTEMPTS = 5
TYPES = {"begun": "step", "done": "step", "failed": "step", "met": "precondition", "not-needed": "precondition"}
LONGEST_PIECE = 200_000  # characters of a log at once


class GitHub:
    """Pull requests on one repository. Branch and pull request are found by the order's name; how far it was followed is remembered in `folder`."""

    def __init__(
        self,
        remote: Remote,
        folder: Repository,
        *,
        options: Options,
        organisation: Organisation,
        secrets: tuple[str, ...] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.remote = remote
        self.reading = Reading(remote, folder)
        self.records = RecordsOf(folder, PullRecord)
        self.options = options
        self.organisation = organisation
        self.secrets = secrets
        self.clock = clock
        self._rest_of_log: dict[tuple[str, str], str] = {}  # the one being read, so that it is fetched once for all its pieces

    def capabilities(self) -> Capabilities:
        """GitHub is asked once a minute; its webhooks are told sooner."""
        return Capabilities("github", features=Features(logs=True, callbacks=True), poll_after_seconds=60)

    def plan(self, request: Mapping[str, Any], *, notice: Notice = USUAL_NOTICE) -> Plan:
        """What the request would change at the head of the main branch."""
        shop = self._shop()
        today = shop.now.date()
        request = planning.sound(request, today=today, notice=notice)
        configuration = self.reading.configuration(self.remote.main()[1])
        return planning.make_plan(request, configuration, Circumstances(self.organisation), today=today, notice=notice).plan

    def start(self, order: Order) -> Deployment:
        """Take the order. Nothing is written yet but that it is remembered; `read` takes the steps."""
        name = order_id(order)
        order = replace(order, request=cleaned(order.request))
        self._ready()
        if found := self._find(name):
            return self._found_again(*found, order)
        record = self._taken(name, order)
        try:
            self.records.save(record, token="")
        except Moved:
            return found_again(self.records.get(name)[0], order)
        return record.deployment

    def read(self, deployment_id: str) -> Deployment:
        """Write what is to be written, then look at GitHub and say how far it is."""
        record, token = self._get(deployment_id)
        try:
            return self._carried_on(record, token).deployment
        except Moved:
            return self._get(deployment_id)[0].deployment

    def cancel(self, deployment_id: str, *, by: str, reason: str) -> Deployment:
        """Close the pull request and forget its branch, unless it is merged. First on GitHub: closed by us or by people is cancelled all the same."""
        record, _token = self._get(deployment_id)
        if record.deployment.state is not State.CANCELLED:
            self._refuse_merged(record)
            following.close(record, self._shop(), words=wording.cancelled(by=by, reason=reason))
        words = _("Cancelled by %(who)s.") % {"who": by}
        facts = {"state": State.CANCELLED, "stage": "cancelled", "description": words, "cancellable": False}

        def cancelled(record: PullRecord) -> PullRecord:
            if record.deployment.state is State.CANCELLED:
                return record
            record = replace(record, to_say=(), is_to_close=False)
            return record.changed(at=self.clock(), what="cancelled", by=by, note=reason, **facts)

        return self._change(deployment_id, cancelled).deployment

    def retry(self, deployment_id: str, *, by: str) -> Deployment:
        """The failed jobs once more, unless somebody on GitHub was quicker; then another look."""
        record, _token = self._get(deployment_id)
        _refuse_retry(record)
        following.rerun(record, self._shop())

        def again(record: PullRecord) -> PullRecord:
            _refuse_retry(record)
            now, deployment = self.clock(), record.deployment
            names = [step.name for step in deployment.steps if step.status == "failed"]
            facts: dict[str, Any] = {"state": State.IN_PROGRESS, "error": None, "hub_usable": None, "attempt": deployment.attempt + 1}
            facts |= {"steps": rewound(record, *names), "description": _("It is tried again.")}
            return replace(record, retried_at=now).changed(at=now, what="retried", by=by, **facts)

        return self._change(deployment_id, again).deployment

    def settle(
        self, deployment_id: str, key: str, *, status: str, by: str, note: str = "", outputs: Mapping[str, str] | None = None
    ) -> Deployment:
        """A precondition is met or not needed. `read` writes it below the pull request, and what was told with it into the branch."""

        def settled(record: PullRecord) -> PullRecord:
            if record.deployment.state in {State.CANCELLED, State.FAILED}:
                raise not_now("not-open", _("This deployment has ended."))
            known = with_precondition(record.deployment.preconditions, key, status=status, outputs=outputs or {})
            if known == record.deployment.preconditions:
                return record
            item = next(item for item in known if item.key == key)
            record = replace(record, to_say=(*record.to_say, wording.settled(item, by=by, note=note))) if record.pull else record
            facts = {"preconditions": known, **_to_go_on(record, told=bool(outputs))}
            return record.changed(at=self.clock(), what=f"{key} {status}", by=by, note=note, **facts)

        return self._change(deployment_id, settled).deployment

    def log(self, deployment_id: str, step: str, *, offset: int = 0) -> Log:
        """What the job of a step printed, without secrets. Rejected 404 where there is none."""
        begin = max(offset, 0)
        text = self._rest_of_log.get((deployment_id, step)) if begin else None
        if text is None:
            text = self._fetched_log(deployment_id, step)
        piece = text[begin:][:LONGEST_PIECE]
        self._rest_of_log = {(deployment_id, step): text} if piece else {}
        return Log(piece, begin + len(piece))

    def events(self, deployment_id: str, *, after: int = 0) -> list[Event]:
        """What happened to a deployment, at the desk and on GitHub."""
        record, _token = self._get(deployment_id)
        return [_event(number, entry) for number, entry in enumerate(record.history, start=1) if number > after]

    def hubs(self) -> list[Hub]:
        """The hubs the main branch describes."""
        return inventory.all_hubs(self.reading.configuration(self.remote.main()[1]))

    def clusters(self) -> list[Cluster]:
        """The clusters the main branch describes."""
        return inventory.all_clusters(self.reading.configuration(self.remote.main()[1]))

    def _fetched_log(self, deployment_id: str, step: str) -> str:
        record, _token = self._get(deployment_id)
        job = following.job_of(record, step, self._shop())
        return without_secrets(self.remote.log(job).decode("utf-8", "replace"), known=self.secrets)

    def _shop(self) -> Workshop:
        return Workshop(self.remote, self.reading, self.organisation, self.options, self.clock())

    def _ready(self) -> None:
        if not self.records.repository.exists():
            initialise(self.records.repository.path)

    # what is remembered, or read back from a pull request where it is not

    def _get(self, deployment_id: str) -> tuple[PullRecord, str]:
        self._ready()
        found = self._find(deployment_id)
        if found is None:
            raise Rejected(_("There is no such deployment."), status=404)
        return found

    def _find(self, deployment_id: str) -> tuple[PullRecord, str] | None:
        named = DEPLOYMENT.fullmatch(deployment_id)
        if named is None:
            return None
        if found := self.records.find(deployment_id):
            return found
        pull = self.remote.find_pull(branch_name(named["id"], int(named["revision"])))
        told = wording.read_back(pull.body) if pull else None
        if pull is None or told is None:
            return None
        record = following.rebuilt(deployment_id, named["id"], int(named["revision"]), told, pull, now=self.clock())
        return record, self.records.save(record, token="")

    def _found_again(self, record: PullRecord, token: str, order: Order) -> Deployment:
        """The deployment an order has become; a memory that was lost is whole again with it."""
        if record.lost and record.lost == fingerprint(order):
            record = replace(record, order=order, lost="")
            self.records.save(record, token=token)
        return found_again(record, order)

    def _taken(self, name: str, order: Order) -> PullRecord:
        """The record of a new order. Rejected 409 when the plan is another by now or the hub is busy, 422 when it may not be carried out."""
        shop = self._shop()
        order = replace(order, request=planning.sound(order.request, today=date.min))
        refuse_unapproved(order)
        main = self.remote.main()[1]
        configuration = self.reading.configuration(main)
        planned = planning.make_plan(order.request, configuration, Circumstances(self.organisation), today=shop.now.date())
        plan = planned.plan
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
            preconditions=plan.preconditions,
            description=_("Taken; it begins in a moment."),
        )
        record = PullRecord(order, deployment, (Entry(shop.now, "started", order.approval.by),))
        record = replace(record, approved_on=proposing.refuse_another_plan(record, plan, shop), compared=main)
        if not plan.is_sound:
            raise Rejected(_("The changed configuration does not pass the checks."), status=422)
        refuse_busy(order, self.records.all())
        return self._with_ways(record, planned)

    def _with_ways(self, record: PullRecord, planned: Planned) -> PullRecord:
        """The jobs that will deploy it, and the steps on the way."""
        after = self.reading.configuration(planned.plan.base).with_edits(planned.edits)
        wanted = jobs_for(planned.plan, record.order.request, after, self.options)
        record = replace(record, wanted=wanted, checks=checks_for(planned.plan, self.options))
        return replace(record, deployment=replace(record.deployment, steps=following.first_steps(record)))

    # what is done

    def _carried_on(self, record: PullRecord, token: str) -> PullRecord:
        shop = self._shop()
        record, token = self._told(record, token, shop)
        if record.deployment.state.is_final:
            return record
        if not record.has_begun:
            return self._proposed(record, token, shop)
        if not record.pull:
            return self._kept(record, judging.without_change(record, now=shop.now), token)
        return self._kept(record, following.looked(record, shop), token)

    def _told(self, record: PullRecord, token: str, shop: Workshop) -> tuple[PullRecord, str]:
        """What GitHub is to be told, told; and then forgotten."""
        if not (record.to_say or record.is_to_close):
            return record, token
        following.tell(record, shop)
        record = replace(record, to_say=(), is_to_close=False)
        return record, self.records.save(record, token=token)

    def _proposed(self, record: PullRecord, token: str, shop: Workshop) -> PullRecord:
        """Say that the branch is being written, write it, say how it went: whoever is killed between them leaves enough for the next."""
        if record.deployment.steps[0].status == "pending":
            record = proposing.begun(record, shop)
            token = self.records.save(record, token=token)
        record = proposing.taken(record, shop)
        self.records.save(record, token=token)
        return record

    def _kept(self, before: PullRecord, after: PullRecord, token: str) -> PullRecord:
        if after != before:
            token = self.records.save(after, token=token)
        return self._told(after, token, self._shop())[0]

    def _refuse_merged(self, record: PullRecord) -> None:
        pull = self.remote.find_pull(record.branch)
        if (pull and pull.merged_at) or not (record.deployment.cancellable or record.deployment.state.is_final):
            raise not_now("not-cancellable", _("It is merged already; ask for a change instead."))
        if record.deployment.state is State.SUCCEEDED:
            raise not_now("not-cancellable", _("It is done already; ask for a change instead."))

    def _change(self, deployment_id: str, change: Callable[[PullRecord], PullRecord]) -> PullRecord:
        """Change a record, again upon the newest when somebody else was quicker."""
        for _attempt in range(ATTEMPTS):
            record, token = self._get(deployment_id)
            changed = change(record)
            try:
                if changed != record:
                    self.records.save(changed, token=token)
            except Moved:
                continue
            return changed
        raise Unavailable("The deployment is being changed by somebody else.")


def _event(number: int, entry: Entry) -> Event:
    """An entry as the API tells it: what a person wrote on GitHub is a comment."""
    subject, _space, word = entry.what.rpartition(" ")
    kind = "comment" if subject == "review" else TYPES.get(word, "state")
    about = {"step": {"step": subject, "status": word}, "precondition": {"key": subject, "status": word}}.get(kind, {"what": entry.what})
    return Event(number, entry.at, kind, entry.by, {**about, **({"note": entry.note} if entry.note else {})})


def _to_go_on(record: PullRecord, *, told: bool) -> dict[str, Any]:
    """What settling does to a deployment on its way: until the merge, what was told is written into the branch first."""
    if record.deployment.state.is_final or not record.deployment.cancellable:
        return {}
    steps: tuple[Step, ...] = record.deployment.steps
    if told and not record.lost:
        steps = with_step(rewound(record, "propose", "check"), "merge", status="pending")
    return {"steps": steps, "state": State.PENDING, "stage": "proposed", "description": _("It goes on in a moment.")}


def _refuse_retry(record: PullRecord) -> None:
    deployment = record.deployment
    if deployment.state is not State.FAILED or not (deployment.error and deployment.error.retryable):
        raise not_now("not-retryable", _("There is nothing here to try again."))
