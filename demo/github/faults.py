"""What can go wrong on request: each fault strikes so many of the requests it is meant for, and is gone."""

import re
from dataclasses import dataclass, replace

from demo.github.exchange import Answer, Request

KINDS = {
    "drop": "does what was asked, then breaks off before answering",
    "timeout": "does what was asked; nobody waits for the answer",
    "down": "breaks off at once and does nothing",
    "error": "answers a 5xx and does nothing",
    "html": "answers a page in place of JSON",
    "secondary": "answers 403 with Retry-After and does nothing",
    "secondary-untold": "answers 403 whose words alone speak of a limit",
    "primary": "answers 403 with no requests left until the hour",
    "refuse": "answers the status given, as for what may not be done",
}
DOES_IT_FIRST = frozenset({"drop", "timeout"})


@dataclass(frozen=True)
class Fault:
    """One thing that will go wrong. `path` is a regular expression."""

    kind: str
    method: str = ""
    path: str = ".*"
    times: int = 1
    seconds: int = 30
    status: int = 502

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")

    def is_meant_for(self, request: Request) -> bool:
        return self.method in {"", request.method} and re.fullmatch(self.path, request.path) is not None

    def answer(self, *, reset: int) -> Answer:
        """What is said in place of the true answer."""
        limited = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
        match self.kind:
            case "html":
                return Answer(200, "<html><body>Unicorn!</body></html>")
            case "secondary":
                return Answer(403, limited, {"retry-after": str(self.seconds)})
            case "secondary-untold":
                return Answer(403, limited)
            case "primary":
                return Answer(403, {"message": "API rate limit exceeded"}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(reset)})
            case _:
                return Answer(self.status, {"message": "Server Error" if self.status >= 500 else "Resource not accessible by integration"})


class Faults:
    """Those that still wait."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def strike(self, request: Request) -> Fault | None:
        """The fault that this request meets."""
        for place, fault in enumerate(self.waiting):
            if fault.is_meant_for(request):
                self.waiting[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None
