"""A Freshdesk that says what it is told to say, and remembers what it was asked."""

import httpx

from support.freshdesk import Freshdesk

API = "https://acme.freshdesk.test"


class Stopped:
    """A clock that moves only when somebody waits."""

    def __init__(self, now=1000.0):
        self.moment, self.waits = now, []

    def now(self):
        return self.moment

    def sleep(self, seconds):
        self.waits.append(seconds)
        self.moment += seconds


class Saying:
    """One answer after the other; the last one again and again. An exception is raised, a function is called."""

    def __init__(self, *answers):
        self.asked, self._left = [], list(answers)

    def __call__(self, request):
        request.read()
        self.asked.append(request)
        answer = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    @property
    def paths(self):
        return [(request.method, request.url.raw_path.decode().removeprefix("/api/v2/")) for request in self.asked]


def client(said, **wishes):
    """A client of a `Saying`."""
    return Freshdesk(API, "key", transport=httpx.MockTransport(said), **{"clock": Stopped(), **wishes})


def saying(*answers, **wishes):
    return client(Saying(*answers), **wishes)


def rows(*items, more=False):
    """A list's page."""
    return httpx.Response(200, json=list(items), headers={"link": '<https://x/?page=2>;rel="next"'} if more else {})
