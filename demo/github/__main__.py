"""`python -m demo.github --port 8002 --file var/github.json`: a GitHub on this machine until Ctrl-C."""

import argparse
import signal
import socketserver
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from demo.github.simulator import Simulator

REPOSITORIES = ("example-hubs/infrastructure", "example-hubs/private-operations")


class Server(socketserver.ThreadingMixIn, WSGIServer):
    """A thread per request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Writes no line for every request; what matters is in the store."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Nothing."""


def main() -> None:
    options = _options()
    simulator = Simulator(
        *REPOSITORIES, file=options.file, code=options.code, token=options.token, webhook_url=options.webhook, webhook_secret=options.secret
    )
    server = Server((options.host, options.port), Quiet)
    server.set_app(simulator)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"GitHub simulator on http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.github", description="A GitHub to rehearse with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8002, help="0 takes a free one")
    parser.add_argument("--file", type=Path, help="where it remembers; without, it forgets when it ends")
    parser.add_argument("--code", type=Path, help="where the repositories' git is kept; without, there are issues alone")
    parser.add_argument("--token", default="demo-token", help="the token it accepts")
    parser.add_argument("--webhook", default="", help="the address it tells about what changes")
    parser.add_argument("--secret", default="", help="the key it signs that with")
    return parser.parse_args()


if __name__ == "__main__":
    main()
