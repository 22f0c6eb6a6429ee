"""The simulator as a process: threads, and a connection that really breaks when a fault says so."""

import socketserver
import sys
from typing import Any, cast
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from demo.freshdesk.exchange import Dropped
from demo.freshdesk.simulator import Simulator


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """A thread per request."""

    daemon_threads = True
    request_queue_size = 64


class Answering(ServerHandler):
    """Writes an answer, or breaks off without one."""

    def handle_error(self) -> None:
        if not isinstance(sys.exc_info()[1], Dropped):
            super().handle_error()

    def log_exception(self, exc_info: Any) -> None:
        if not isinstance(exc_info[1], Dropped):
            super().log_exception(exc_info)


class Handler(WSGIRequestHandler):
    """One connection, one request."""

    def handle(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            return
        answering = Answering(cast("Any", self.rfile), cast("Any", self.wfile), self.get_stderr(), self.get_environ(), multithread=True)
        answering.request_handler = self  # type: ignore[attr-defined]  # wsgiref's own handshake between the two
        answering.run(self.server.get_app())  # type: ignore[attr-defined]

    def address_string(self) -> str:
        """The number; looking up its name would cost seconds."""
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Quiet: what matters is in the store."""


def serve(simulator: Simulator, *, host: str, port: int) -> Server:
    """A server that listens; the caller runs `serve_forever()`."""
    server = Server((host, port), Handler)
    server.set_app(simulator)
    return server
