"""`serve_deployer`: serves a deployer of this machine over the deployer API, until it is stopped."""

import signal
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from ground import commands
from hubs import serving
from hubs.deployers.serving import serve

LAST_PORT = 65535


class Command(commands.Command):
    help = "Serve a deployer of this machine over the deployer API (hubs/deployer-api.yaml), for a desk whose DEPLOYER_URL is its address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="The address to listen at; put a proxy with TLS before any other than loopback."
        )
        parser.add_argument("--port", type=int, default=8100, help="0 takes a free one.")
        parser.add_argument(
            "--url", default="", help="The deployer that is served: git+file:///path/to/repository (the default is under var/), or manual."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 0 <= options["port"] <= LAST_PORT:
            raise CommandError(f"--port is a number from 0 to {LAST_PORT}.", returncode=2)
        url = options["url"] or serving.served_by_default()
        service = serving.service(url)
        server = serve(service.application, host=options["host"], port=options["port"])
        signal.signal(signal.SIGTERM, _interrupt)
        calls = f"callbacks to {settings.DEPLOYER_CALLBACK_URL}" if service.caller else "no callbacks"
        self.stdout.write(f"Serving {url} at http://{options['host']}:{server.server_port}/v1 ({calls}). Ctrl-C stops it.")
        self.stdout.flush()
        service.begin()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            service.end()
            server.server_close()


def _interrupt(*_signal: object) -> None:
    raise KeyboardInterrupt
