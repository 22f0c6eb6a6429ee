"""What a client of the outside raises: come again later, or never with this."""

from collections.abc import Sequence
from typing import Any


class OutsideError(Exception):
    """Something outside did not do what it was asked."""


class Unavailable(OutsideError):
    """The outside did not answer, or asked us to wait; the same call may go through later.

    `retry_after` is in seconds. `outcome_unknown` says that the call may have been carried out all the same.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None, outcome_unknown: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.outcome_unknown = outcome_unknown


class Rejected(OutsideError):
    """The outside understood and refused; the same call will never go through. `code` is its own word for why, where it has one."""

    def __init__(self, message: str = "", *, status: int = 0, errors: Sequence[Any] = (), code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.errors = list(errors)
        self.code = code
