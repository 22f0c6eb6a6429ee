"""Facts of a hub as rows of words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hubs.told import is_size

Words = str | Promise


@dataclass(frozen=True)
class Row:
    """One fact: what it is called and what it is."""

    label: Words
    values: Sequence[Words]


@dataclass(frozen=True)
class Group:
    """Facts that belong together; those that are not known are left out."""

    title: Words
    rows: Sequence[Row]


def row(label: Words, *values: Any) -> Iterator[Row]:
    """A fact, where it is known."""
    known = [value if isinstance(value, Promise) else str(value) for value in values if value not in (None, "", [], {})]
    if known:
        yield Row(label, known)


def yes_no(value: Any) -> Words:
    """A truth in words; blank where it is not known."""
    return {True: _("yes"), False: _("no")}.get(value, "") if isinstance(value, bool) else ""


def size(known: Mapping[str, Any]) -> str:
    """What somebody gets, in one line."""
    memory, sure = known.get("memory_gb"), known.get("memory_guaranteed_gb")
    parts = [
        gigabytes(memory) if memory else "",
        _("%(size)s for sure") % {"size": gigabytes(sure)} if sure and sure != memory else "",
        _processors(known.get("cpus")),
        _("%(number)s processors for sure") % {"number": number_format(known["cpus_guaranteed"])}
        if is_size(known.get("cpus_guaranteed"))
        else "",
        f"{known['gpus']} × {known.get('gpu') or _('graphics card')}" if known.get("gpus") else "",
        str(known.get("machine") or ""),
    ]
    return ", ".join(filter(None, parts))


def gigabytes(size: Any) -> str:
    """Memory with its unit."""
    return _("%(size)s GB") % {"size": number_format(size)} if is_size(size) else str(size)


def _processors(number: Any) -> str:
    if not is_size(number):
        return ""
    return ngettext("%(number)s processor", "%(number)s processors", int(number) if number == int(number) else 2) % {
        "number": number_format(number)
    }
