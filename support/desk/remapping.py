"""Keys as one person wants them."""

from collections.abc import Mapping

from communities.models import User
from support.desk.shortcuts import differing
from support.models import DeskPreferences


def keep(user: User, *, keys: Mapping[str, str]) -> None:
    """Their own keys from now on."""
    _set(user, keys=differing(keys))


def forget(user: User) -> None:
    """The keys everybody has, again."""
    _set(user, keys={})


def switch(user: User, *, are_off: bool) -> None:
    """Keys of one letter, on or off (WCAG 2.1.4)."""
    _set(user, keys_are_off=are_off)


def _set(user: User, **values: object) -> None:
    DeskPreferences.objects.update_or_create(user=user, defaults=values)
