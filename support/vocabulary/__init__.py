"""The words both sides use: seeds the tables, takes in what Freshdesk has and we do not know yet, keeps what an operator says of them."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.core.cache import cache
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from ground.texts import Text, pick
from support import wholesale
from support.models import Ticket, TicketPriority, TicketStatus, TicketType
from support.states import MessageKind, StatusGroup
from support.timing import calendars
from support.timing.tasks import recompute, recompute_status
from support.vocabulary.defaults import DEFAULT_PRIORITIES, DEFAULT_STATUSES, DEFAULT_TYPES

PRIORITIES = "ticket-priorities"
FRESH = 60  # seconds
DEFAULTS: dict[str, list[dict[str, Any]]] = {
    "TicketStatus": [
        {"code": each.code, "group": each.group, "word": dict(each.word), "customer_word": dict(each.customer_word)}
        for each in DEFAULT_STATUSES
    ],
    "TicketPriority": [{"code": code, "word": dict(word)} for code, word in DEFAULT_PRIORITIES],
    "TicketType": [{"word": each.word, "kind": each.kind, "is_said": each.is_said, "is_offered": False} for each in DEFAULT_TYPES],
}


def ensure() -> None:
    """Add the default words that are missing. What an operator changed stays."""
    for model in (TicketStatus, TicketPriority, TicketType):
        _add_missing(model)


def ensure_after_migrate(*, apps: Apps = installed, **_kwargs: Any) -> None:
    """Tickets point at statuses, so the tables are filled as soon as they exist, with the columns they have by then; after a flush too."""
    for name in DEFAULTS:
        if name.lower() in apps.all_models["support"]:
            _add_missing(apps.get_model("support", name))


def learn(code: int, *, word: str = "", customer_word: str = "", group: str = StatusGroup.OPEN) -> TicketStatus:
    """The status of that code; one we have not met is taken in, open until an operator says otherwise."""
    status, _is_new = TicketStatus.objects.get_or_create(
        code=code,
        defaults={
            "group": group,
            "word": {"en": word or f"Status {code}"},
            "customer_word": {"en": customer_word or word or f"Status {code}"},
            "is_learned": True,
        },
    )
    return status


def priority_words() -> dict[int, str]:
    """Every priority's word for the reader, asked once in a while for everybody."""
    texts = cache.get_or_set(PRIORITIES, lambda: dict(TicketPriority.objects.values_list("code", "word")), FRESH) or {}
    return {code: pick(text) for code, text in texts.items()}


def meet_priorities(words: dict[int, str]) -> None:
    """Take in the priorities we do not know, by Freshdesk's words for them."""
    rows = [TicketPriority(code=code, word={"en": word}, is_learned=True) for code, word in words.items()]
    TicketPriority.objects.bulk_create(rows, ignore_conflicts=True)


def offer_types(words: Iterable[str]) -> None:
    """What Freshdesk's form offers today; only those are said there."""
    offered = list(words)
    meet_types(offered)
    TicketType.objects.filter(word__in=offered, is_offered=False).update(is_offered=True)
    TicketType.objects.filter(is_offered=True).exclude(word__in=offered).update(is_offered=False)


def meet_types(words: Iterable[str]) -> None:
    """Take in the types we do not know, without a kind until an operator says which."""
    TicketType.objects.bulk_create([TicketType(word=word[:100]) for word in words if word], ignore_conflicts=True)


@transaction.atomic
def explain_status(status: TicketStatus, *, word: Text, customer_word: Text, group: str, by: Actor) -> None:
    """Say what a status means. When it moves to another group, the clocks of its tickets follow."""
    held = TicketStatus.objects.select_for_update().get(pk=status.pk)
    before, held.group = held.group, group
    held.word, held.customer_word, held.is_learned = dict(word), dict(customer_word), False
    held.save()
    if before != group:
        _turn_clocks(held)
    _log(held, by=by, group=group)


@transaction.atomic
def explain_priority(priority: TicketPriority, *, word: Text, by: Actor) -> None:
    """Say what a priority is called."""
    held = TicketPriority.objects.select_for_update().get(pk=priority.pk)
    held.word, held.is_learned = dict(word), False
    held.save()
    transaction.on_commit(lambda: cache.delete(PRIORITIES))
    _log(held, by=by)


@transaction.atomic
def explain_type(type_: TicketType, *, kind: str, is_said: bool, by: Actor) -> int:
    """Say which kind a type of Freshdesk's is, and whether that kind is told to Freshdesk by it: one type a kind is.

    Tickets of the type that have no kind yet get it; what somebody triaged stays. The number of tickets.
    """
    held = TicketType.objects.select_for_update().get(pk=type_.pk)
    held.kind, held.is_said = kind, is_said and bool(kind)
    if held.is_said:
        TicketType.objects.filter(kind=kind, is_said=True).exclude(pk=held.pk).update(is_said=False)
    held.save()
    number = _give_kind(held, by=by) if kind else 0
    _log(held, by=by, kind=kind, tickets=number)
    return number


def kinds_of_types() -> dict[str, str]:
    """Every type's kind by its word in lower case; blank where nobody has said."""
    return {row.word.casefold(): row.kind for row in TicketType.objects.all()}


def types_of_kinds() -> dict[str, str]:
    """How each kind is told to Freshdesk: by its said word, else by another of its words, and only by one that the form offers."""
    offered = TicketType.objects.filter(is_offered=True).exclude(kind="").order_by("is_said", "-pk")
    return dict(offered.values_list("kind", "word"))


def _give_kind(type_: TicketType, *, by: Actor) -> int:
    """Both sides agree on it from now on, so nothing goes out."""
    rows = Ticket.objects.filter(kind="", remote_raw__type=type_.word)
    number = wholesale.change(rows, field="kind", before="", after=type_.kind, by=by, agreed_kind=type_.kind)
    if number:
        recompute.delay_on_commit()  # type: ignore[attr-defined]  # ground.outbox.Task has it
    return number


def _turn_clocks(status: TicketStatus) -> None:
    """Nobody waits for us in a status that is not open; in one that becomes open, whoever spoke last waits from now on."""
    rows = Ticket.objects.filter(status=status)
    if status.group != StatusGroup.OPEN:
        rows.update(waiting_since=None, next_due_at=None, due_clock="")
    else:
        rows.filter(waiting_since=None, last_public_kind=MessageKind.INCOMING).update(waiting_since=timezone.now())
    calendars.forget()
    transaction.on_commit(calendars.forget)
    recompute_status.delay_on_commit(status.pk)  # type: ignore[attr-defined]  # ground.outbox.Task has it


def _log(row: TicketStatus | TicketPriority | TicketType, *, by: Actor, **said: object) -> None:
    log(row, "support.explain_word", user=by.user, data={"word": str(row), "by": by.label, **said})


def _add_missing(model: type[Model]) -> None:
    rows = [model(**values) for values in DEFAULTS[model.__name__]]
    model._base_manager.bulk_create(rows, ignore_conflicts=True)
