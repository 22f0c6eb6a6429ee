"""The server as a process: threads that answer, one that goes on by itself, one that calls back."""

import logging
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from hubs.deployers.serving.application import Application
from hubs.deployers.serving.calling import Caller
from hubs.deployers.serving.following import Follower

logger = logging.getLogger(__name__)
CALL_PAUSE = 1.0


@dataclass
class Service:
    """An application with what goes on behind it, whatever server carries it."""

    application: Application
    follower: Follower
    caller: Caller | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Let the threads behind it run until `end`, or until the process ends."""
        self._run(self._follow, self.follower.pause)
        if self.caller is not None:
            self._run(self.caller.call_due, CALL_PAUSE)

    def end(self) -> None:
        """Let them stop after what they are at."""
        self._stopping.set()

    def _follow(self) -> None:
        self.follower.follow()
        self.follower.look_at_hubs()

    def _run(self, act: Callable[[], object], pause: float) -> None:
        threading.Thread(target=self._keep_on, args=(act, pause), daemon=True).start()

    def _keep_on(self, act: Callable[[], object], pause: float) -> None:
        while not self._stopping.wait(pause):
            try:
                act()
            except Exception:
                logger.exception("A round went wrong; the next one comes.")


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """A thread per request."""

    daemon_threads = True
    request_queue_size = 64


class Handler(WSGIRequestHandler):
    """Quiet, and not waiting for ever for somebody who says nothing."""

    timeout = 60

    def address_string(self) -> str:
        """The number; looking up its name would cost seconds."""
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """One line a request, without its headers."""
        logger.info("%s %s", self.address_string(), format % args)


def serve(application: Application, *, host: str, port: int) -> Server:
    """A server that listens; the caller runs `serve_forever()`."""
    server = Server((host, port), Handler)
    server.set_app(application)
    return server
