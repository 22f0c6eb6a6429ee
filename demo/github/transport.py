"""The simulator as an httpx transport, without a socket: a dropped connection looks to the client as it would on the wire."""

import httpx

from demo.github.exchange import Dropped, TimedOut
from demo.github.simulator import Simulator


class SimulatorTransport(httpx.BaseTransport):
    """httpx's WSGI transport around a simulator."""

    def __init__(self, simulator: Simulator) -> None:
        self._wsgi = httpx.WSGITransport(app=simulator)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._wsgi.handle_request(request)
        except TimedOut as error:
            raise httpx.ReadTimeout("the answer did not come in time", request=request) from error
        except Dropped as error:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request) from error
