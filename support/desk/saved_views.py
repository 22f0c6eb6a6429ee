"""Views that people keep: made, changed and dropped by their owner, shared ones also by who may."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify

from communities.models import User
from support.models import SavedView

LONGEST_KEY = 70


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a view is to be: value by filter, a word for its order, the columns of a row, and for whom."""

    name: str
    filters: Mapping[str, str]
    sort: str = ""
    columns: Sequence[str] = field(default_factory=list)
    is_shared: bool = False
    is_pinned: bool = False


@transaction.atomic
def keep(wish: Wish, *, owner: User, reserved: Collection[str] = ()) -> SavedView:
    """Keep a view under a key of its own, made from its name; `reserved` keys are the desk's."""
    return SavedView.objects.create(owner=owner, key=_free_key(wish.name, reserved), **_values(wish))


def change(view: SavedView, wish: Wish) -> SavedView:
    """Let the view be as wished. Its address stays."""
    for name, value in _values(wish).items():
        setattr(view, name, value)
    view.save()
    return view


def drop(view: SavedView) -> None:
    """The view is no more; its tickets are where they were."""
    view.delete()


def _values(wish: Wish) -> dict[str, object]:
    return {**vars(wish), "filters": dict(wish.filters), "columns": list(wish.columns)}


def _free_key(name: str, reserved: Collection[str]) -> str:
    word = slugify(name)[:LONGEST_KEY].strip("-") or "view"
    taken = {*reserved, *SavedView.objects.filter(key__startswith=word).values_list("key", flat=True)}
    return next(key for key in (word, *(f"{word}-{number}" for number in range(2, len(taken) + 3))) if key not in taken)
