"""What is wrong at one place of a hub request."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `pointer` (RFC 6901) says where, `code` is stable, `detail` is for the person who typed it."""

    pointer: str
    code: str
    detail: str
    allowed: tuple[Any, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """The shape of an `errors[]` entry of RFC 9457 problem details, as the deployer API has it."""
        entry: dict[str, Any] = {"pointer": self.pointer, "code": self.code, "detail": self.detail}
        return {**entry, "allowed": list(self.allowed)} if self.allowed else entry
