"""`python -m demo.freshdesk --port 8001 --folder var/freshdesk`: a Freshdesk on this machine until Ctrl-C."""

import argparse
import signal
import sys
from pathlib import Path

from demo.freshdesk.server import serve
from demo.freshdesk.simulator import Simulator


def main() -> None:
    options = _options()
    simulator = Simulator(options.folder, key=options.key, webhook_url=options.webhook, webhook_secret=options.secret)
    server = serve(simulator, host=options.host, port=options.port)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"Freshdesk simulator on http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo.freshdesk", description="A Freshdesk to rehearse with.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--folder", type=Path, help="where it remembers; without, it forgets when it ends")
    parser.add_argument("--key", default="demo-key", help="the API key it accepts")
    parser.add_argument("--webhook", default="", help="the address it tells about what agents do")
    parser.add_argument("--secret", default="", help="what it sends there as X-Webhook-Secret")
    return parser.parse_args()


if __name__ == "__main__":
    main()
