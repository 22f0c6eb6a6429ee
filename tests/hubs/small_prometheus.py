"""Prometheus' query API, small enough to hold in the hand: instant queries answered from rows by metric."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

Start = Callable[[str, list[tuple[str, str]]], Any]


class SmallPrometheus:
    """Serves WSGI. `rows`: by metric, its labels and value. `token`: what it wants to hear. Keeps the queries it was asked."""

    def __init__(self, rows: dict[str, list[tuple[dict[str, str], str]]], *, token: str = "") -> None:
        self.rows, self.token = rows, token
        self.body: bytes | None = None
        self.asked: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if self.token and environ.get("HTTP_AUTHORIZATION") != f"Bearer {self.token}":
            start("401 Unauthorized", [])
            return [b"Unauthorized"]
        query = parse_qs(environ["QUERY_STRING"]).get("query", [""])[0]
        self.asked.append(query)
        found = next((rows for name, rows in self.rows.items() if name in query), [])
        result = [{"metric": labels, "value": [1_795_000_000.123, value]} for labels, value in found]
        answer = {"status": "success", "data": {"resultType": "vector", "result": result}}
        start("200 OK", [("Content-Type", "application/json")])
        return [self.body if self.body is not None else json.dumps(answer).encode()]
