"""The simulator as an httpx transport, without a socket: a dropped connection looks to the client as it would on the wire."""

from collections.abc import Iterator

import httpx

from demo.freshdesk.exchange import Dropped, TimedOut
from demo.freshdesk.simulator import Simulator


class SimulatorTransport(httpx.BaseTransport):
    """httpx's WSGI transport around a simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._wsgi = httpx.WSGITransport(app=simulator)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            answer = self._wsgi.handle_request(request)
        except TimedOut as error:
            raise httpx.ReadTimeout("the answer did not come in time", request=request) from error
        except Dropped as error:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request) from error
        if isinstance(answer.stream, httpx.SyncByteStream):
            answer.stream = Body(answer.stream, request)
        return answer


class Body(httpx.SyncByteStream):
    """A body that may break off in the middle."""

    def __init__(self, parts: httpx.SyncByteStream, request: httpx.Request) -> None:
        self._parts, self._request = parts, request

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._parts
        except Dropped as error:
            message = "peer closed connection without sending complete message body"
            raise httpx.RemoteProtocolError(message, request=self._request) from error

    def close(self) -> None:
        self._parts.close()


class SimulatorClock:
    """A client's clock that is the simulator's: who waits moves it, and nobody really waits."""

    def __init__(self, simulator: Simulator) -> None:
        self._clock = simulator.account.clock

    def now(self) -> float:
        return self._clock.now().timestamp()

    def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)
