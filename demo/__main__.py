"""`python -m demo`: prepares the demonstration under var/, starts its processes, and stops them all on Ctrl-C."""

import argparse
import sys
from pathlib import Path

from demo.processes import World


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m demo", description="Hubdesk with a Freshdesk, a mailbox and three communities, on this machine."
    )
    parser.add_argument("--port", type=int, default=8000, help="where the site answers; the Freshdesk simulator takes the next one")
    parser.add_argument("--reset", action="store_true", help="forget everything and start over")
    options = parser.parse_args()
    world = World(port=options.port, root=Path(__file__).resolve().parent.parent)
    if options.reset:
        world.forget()
    return world.run()


if __name__ == "__main__":
    sys.exit(main())
