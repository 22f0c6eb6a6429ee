"""The words both sides use: seeds the tables, takes in what Freshdesk has and we do not know yet, and says kinds as types."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db.models import Model

from support.default_vocabulary import DEFAULT_PRIORITIES, DEFAULT_STATUSES, DEFAULT_TYPES
from support.models import TicketPriority, TicketStatus, TicketType
from support.states import StatusGroup

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


def kinds_of_types() -> dict[str, str]:
    """Every type's kind by its word in lower case; blank where nobody has said."""
    return {row.word.casefold(): row.kind for row in TicketType.objects.all()}


def types_of_kinds() -> dict[str, str]:
    """How each kind is told to Freshdesk: by its said word, else by another of its words, and only by one that the form offers."""
    offered = TicketType.objects.filter(is_offered=True).exclude(kind="").order_by("is_said", "-pk")
    return dict(offered.values_list("kind", "word"))


def _add_missing(model: type[Model]) -> None:
    rows = [model(**values) for values in DEFAULTS[model.__name__]]
    model._base_manager.bulk_create(rows, ignore_conflicts=True)
