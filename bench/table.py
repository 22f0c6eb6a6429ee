"""One row a figure: value, limit, and how much of the limit it takes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Something measured. `limit` is what we promise; the ratio is value / limit, so that under 1 is kept."""

    name: str
    value: float
    limit: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.value / self.limit

    def __str__(self) -> str:
        return f"{self.name:<58} {self.value:>12,.1f} {self.limit:>12,.1f} {self.unit:<8} {self.ratio:>6.2f}"


HEAD = f"{'figure':<58} {'value':>12} {'limit':>12} {'unit':<8} {'ratio':>6}"
