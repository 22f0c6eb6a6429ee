"""Times when few of the operator's people are there, as they are written down: a line each, two days and why. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Quiet:
    """From its first day to its last, both included."""

    starts_on: date
    ends_on: date
    why: str = ""

    def meets(self, first: date, last: date) -> bool:
        """Whether any day from `first` to `last` is among its days."""
        return self.starts_on <= last and first <= self.ends_on


def read(text: str) -> list[Quiet]:
    """The times in that text. A line that is none of them is left out; `validate` has said so when it was written."""
    return [found for line in text.splitlines() if (found := _line(line))]


def validate(text: str) -> None:
    """Raises ValidationError, naming the lines that are not two days, the first not after the second."""
    if wrong := list(_wrong(text)):
        raise ValidationError(
            _("Write two days on each line, like 2026-12-21 2027-01-03 Winter break. Not so: %(lines)s") % {"lines": "; ".join(wrong)}
        )


def _wrong(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip() and _line(line) is None)


def _line(line: str) -> Quiet | None:
    first, last, why = [*line.split(maxsplit=2), "", "", ""][:3]
    try:
        found = Quiet(date.fromisoformat(first), date.fromisoformat(last), why.strip())
    except ValueError:
        return None
    return found if found.starts_on <= found.ends_on else None
