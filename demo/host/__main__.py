"""`python -m demo.host`: serves the documentation site that carries the widget."""

import argparse
from wsgiref.simple_server import make_server

from demo.host import KEY, site


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.host", description="A documentation site that carries the support widget.")
    parser.add_argument("--port", type=int, default=8003)
    parser.add_argument("--desk", default="http://127.0.0.1:8000", help="where the desk answers")
    parser.add_argument("--key", default=KEY, help="the key of the site at the desk")
    options = parser.parse_args()
    with make_server("127.0.0.1", options.port, site(desk=options.desk, key=options.key)) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
