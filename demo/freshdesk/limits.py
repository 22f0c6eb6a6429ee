"""The account's budget: so many credits a minute, told in headers as float strings."""

from collections.abc import Mapping

from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer

WINDOW = 60.0


class Budget:
    """A fixed window of a minute. Refused requests count too."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._window_began = 0.0
        self.used = 0.0
        self.used_ever = 0.0

    def seconds_until_more(self) -> float:
        """0 while there is some left."""
        now = self._account.clock.now().timestamp()
        if now - self._window_began >= WINDOW:
            self._window_began, self.used = now, 0.0
        if self.used < self._account.knobs.limit:
            return 0.0
        return max(self._window_began + WINDOW - now, 1.0)

    def spend(self, answer: Answer) -> Mapping[str, str]:
        """Count an answer and tell it."""
        self.used += answer.credits
        self.used_ever += answer.credits
        left = max(self._account.knobs.limit - self.used, 0)
        figures = {"total": self._account.knobs.limit, "remaining": left, "used-currentrequest": answer.credits}
        match self._account.knobs.rate_headers:
            case "missing":
                return {}
            case "int":
                return {f"x-ratelimit-{name}": str(int(figure)) for name, figure in figures.items()}
        return {
            f"x-ratelimit-{name}": str(int(figure) if name == "used-currentrequest" else float(figure)) for name, figure in figures.items()
        }
