"""Two workers may meet the same new thing at once: whoever comes second sees what the first has written, and tries again."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError

TRIES = 3
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def retried(write: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A function that writes all or nothing, tried again when a row was there already or the database chose it to break a deadlock."""

    @functools.wraps(write)
    def patient(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        for _ in range(TRIES - 1):
            try:
                return write(*args, **kwargs)
            except (IntegrityError, OperationalError):
                continue
        return write(*args, **kwargs)

    return patient
