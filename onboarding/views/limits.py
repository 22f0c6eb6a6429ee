"""How often one address of the network may do what needs no account. Classrooms share one, so the limits are wide."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from allauth.account.adapter import get_adapter

from ground.actors import ActingRequest
from ground.rates import Limit, count

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")
HOUR = 3600

STARTS = Limit("intake-start", 40, HOUR)
LINKS = Limit("intake-link", 30, HOUR)
SENDS = Limit("intake-send", 40, HOUR)
SENDS_OF_ONE = Limit("intake-send-email", 12, HOUR)  # of one e-mail address, wherever it is sent from
UPLOADS = Limit("intake-upload", 120, HOUR)
LOOKUPS = Limit("intake-where", 60, HOUR)


def count_one(request: ActingRequest, limit: Limit) -> None:
    """Count what this reader does. Raises `TooMany`, which has a page of ours."""
    count(limit, str(get_adapter().get_client_ip(request)))


def limited(
    limit: Limit,
) -> Callable[[Callable[Concatenate[ActingRequest, Parameters], Answer]], Callable[Concatenate[ActingRequest, Parameters], Answer]]:
    """A page that may be posted to only so often; reading it is free."""

    def guard(view: Callable[Concatenate[ActingRequest, Parameters], Answer]) -> Callable[Concatenate[ActingRequest, Parameters], Answer]:
        @functools.wraps(view)
        def counted(request: ActingRequest, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            if request.method == "POST":
                count_one(request, limit)
            return view(request, *args, **kwargs)

        return counted

    return guard
