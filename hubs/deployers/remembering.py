"""What deployers on this machine do alike: take an order once, cancel, settle, and tell what happened; all of it from their records."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from ground.errors import Rejected, Unavailable
from hubs.deployers import logs
from hubs.deployers.git import Repository
from hubs.deployers.interface import Deployment, Event, Log, Order, Precondition, State
from hubs.deployers.records import Entry, Moved, Record, Records, found_again, not_now, order_id, with_precondition
from hubs.deployers.redaction import without_secrets
from hubs.schema import cleaned

ATTEMPTS = 5
TYPES = {"begun": "step", "done": "step", "failed": "step", "met": "precondition", "not-needed": "precondition"}
"""What kind of event an entry is, by its last word; every other one tells of the whole deployment."""


class Remembering(ABC):
    """A deployer whose deployments are records in a git repository, so that any process may go on where another was stopped."""

    settles_until: ClassVar[frozenset[State]]
    """The states in which there is nothing more to settle."""

    def __init__(self, repository: Repository, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.repository = repository
        self.records = Records(repository)
        self.clock = clock

    def start(self, order: Order) -> Deployment:
        """Take the order. Nothing is changed yet but that it is remembered."""
        self._ready()
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
        """How far it is."""
        self._ready()
        return self.records.get(deployment_id)[0].deployment

    def cancel(self, deployment_id: str, *, by: str, reason: str) -> Deployment:
        """Stop, as long as it can be stopped. Cancelled twice is cancelled."""

        def cancelled(record: Record) -> Record:
            if record.deployment.state is State.CANCELLED:
                return record
            if not record.deployment.cancellable:
                raise not_now("not-cancellable", _("It is done already; ask for a change instead."))
            words = _("Cancelled by %(who)s.") % {"who": by}
            facts = {"state": State.CANCELLED, "stage": "cancelled", "description": words, "cancellable": False}
            return record.changed(at=self.clock(), what="cancelled", by=by, note=reason, **facts)

        record = self._change(deployment_id, cancelled)
        for name in self._leftovers(record):
            self.repository.remove(name)
        return record.deployment

    def settle(
        self, deployment_id: str, key: str, *, status: str, by: str, note: str = "", outputs: Mapping[str, str] | None = None
    ) -> Deployment:
        """A precondition is met or not needed; what is told with it is kept with it."""

        def settled(record: Record) -> Record:
            if record.deployment.state in self.settles_until:
                raise not_now("not-open", _("This deployment has ended."))
            known = with_precondition(record.deployment.preconditions, key, status=status, outputs=outputs or {})
            facts = self._after_settling(record, known, told=bool(outputs))
            return record.changed(at=self.clock(), what=f"{key} {status}", by=by, note=note, preconditions=known, **facts)

        return self._change(deployment_id, settled).deployment

    def log(self, deployment_id: str, step: str, *, offset: int = 0) -> Log:
        """What is written down of a step. Rejected 404 when nothing is."""
        self._ready()
        lines = [line for entry in self.records.get(deployment_id)[0].history if _subject(entry) == step for line in _lines(entry)]
        if not lines:
            raise Rejected(_("Nothing is written down of this step."), status=404)
        return logs.part("".join(lines), offset=offset)

    def events(self, deployment_id: str, *, after: int = 0) -> list[Event]:
        """What happened, as it was written down."""
        self._ready()
        history = self.records.get(deployment_id)[0].history
        return [_event(number, entry) for number, entry in enumerate(history, start=1) if number > after]

    @abstractmethod
    def _ready(self) -> None:
        """Be able to read and write records, or raise Unavailable."""

    @abstractmethod
    def _taken(self, name: str, order: Order) -> Record:
        """The first record of a new order. Raises Rejected when it may not be carried out."""

    @abstractmethod
    def _after_settling(self, record: Record, known: tuple[Precondition, ...], *, told: bool) -> dict[str, Any]:
        """What settling changes besides the preconditions; `told`: something was told with it."""

    def _leftovers(self, record: Record) -> Sequence[str]:  # noqa: ARG002  for those that begin branches
        """References that a cancelled deployment leaves behind."""
        return ()

    def _change(self, deployment_id: str, change: Callable[[Record], Record]) -> Record:
        """Change a record, again upon the newest when somebody else was quicker."""
        self._ready()
        for _attempt in range(ATTEMPTS):
            record, token = self.records.get(deployment_id)
            changed = change(record)
            try:
                self.records.save(changed, token=token)
            except Moved:
                continue
            return changed
        raise Unavailable(_("The deployment is being changed by somebody else."))


def refuse_unapproved(order: Order) -> None:
    """A decommission takes two people."""
    if order.request["kind"] == "decommission" and order.approval.second_by in {"", order.approval.by}:
        detail = _("Removing a hub needs a second approver.")
        raise Rejected(detail, status=422, errors=[{"pointer": "/approval/second_by", "code": "required", "detail": detail}])


def refuse_busy(order: Order, others: Sequence[Record]) -> None:
    """One operation a hub at a time."""
    if any(_is_busy_with(other, order) for other in others):
        raise not_now("hub-busy", _("Another change to this hub is being carried out."))


def _is_busy_with(other: Record, order: Order) -> bool:
    return not other.deployment.state.is_final and bool(_hubs_of(other.order.request) & _hubs_of(order.request))


def _hubs_of(request: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Cluster and name of every hub that a request is about or makes."""
    cluster = request.get("cluster") or request.get("new_cluster", {}).get("name", "")
    new = [*request.get("hubs", []), *([request["new_hub"]] if "new_hub" in request else [])]
    named = [request["hub"]] if "hub" in request else [spec["name"] for spec in new]
    return {(cluster, name) for name in named}


def _subject(entry: Entry) -> str:
    """The step or the precondition an entry is about."""
    return entry.what.rpartition(" ")[0]


def _lines(entry: Entry) -> list[str]:
    first = f"{entry.at:%Y-%m-%d %H:%M:%SZ} {entry.what.rpartition(' ')[2]}{f' ({entry.by})' if entry.by else ''}\n"
    return [first, *(f"  {line}\n" for line in entry.note.splitlines())]


def _event(number: int, entry: Entry) -> Event:
    subject, _space, word = entry.what.rpartition(" ")
    kind = TYPES.get(word, "state")
    about = {"step": {"step": subject, "status": word}, "precondition": {"key": subject, "status": word}, "state": {"what": entry.what}}
    note = {"note": without_secrets(entry.note)} if entry.note else {}
    return Event(number, entry.at, kind, entry.by, {**about[kind], **note})
