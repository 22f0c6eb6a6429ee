"""What differs between two readings of a matrix: a pure rule over rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

FIELDS = ("party", "person", "minutes_quarter", "note", "text")
Value = str | int | None


@dataclass(frozen=True)
class Change:
    """One field of a row, before and after. Minutes are whole minutes a quarter; a person is a name."""

    field: str
    before: Value
    after: Value


class Row(Protocol):
    """What a row of a matrix must tell."""

    key: str

    def said(self) -> Mapping[str, Value]: ...


@dataclass(frozen=True)
class Pair:
    """One row of either reading; `before` is None for a new row, `after` for one that is gone."""

    key: str
    before: Row | None
    after: Row | None
    changes: Sequence[Change] = ()

    @property
    def row(self) -> Row:
        """The row as it would be, or as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101  a pair without a row cannot be made by `compare`
        return found


@dataclass(frozen=True)
class Difference:
    """Rows that differ first, then those that stay."""

    changed: Sequence[Pair]
    same: Sequence[Pair]


def compare(before: Iterable[Row], after: Iterable[Row]) -> Difference:
    """Row by row by key, in the order of `after`; what is gone comes last."""
    earlier, later = {row.key: row for row in before}, {row.key: row for row in after}
    pairs = [_pair(earlier.get(key), row) for key, row in later.items()]
    gone = [Pair(key, row, None) for key, row in earlier.items() if key not in later]
    changed = [pair for pair in pairs if pair.changes or pair.before is None]
    return Difference([*changed, *gone], [pair for pair in pairs if pair.before is not None and not pair.changes])


def changes(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[Change]:
    """The fields that differ."""
    return [Change(name, before[name], after[name]) for name in FIELDS if before[name] != after[name]]


def _pair(before: Row | None, after: Row) -> Pair:
    return Pair(after.key, before, after, changes(before.said(), after.said()) if before else ())
