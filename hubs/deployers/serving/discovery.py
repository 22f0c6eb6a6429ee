"""What the deployer can do, and which clusters and hubs it knows."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from ground.errors import Rejected
from hubs.deployers.documents import as_document
from hubs.deployers.interface import Hub
from hubs.deployers.serving.desk import Desk, whole
from hubs.deployers.serving.exchange import Answer, Request, tagged, told, unsound
from hubs.schema import request_schema as schema_of_requests

LARGEST_PAGE = 2_000_000  # characters of JSON; a client reads 8 MB at most


def capabilities(desk: Desk, _request: Request) -> Answer:
    """The deployer's own, with what the server adds."""
    able = desk.deployer.capabilities()
    features = replace(able.features, events_stream=True, callbacks=desk.ledger.calls)
    return told(as_document(replace(able, features=features)))


def request_schema(_desk: Desk, request: Request) -> Answer:
    """The schema of a hub request."""
    return tagged(request, schema_of_requests(), kind="application/schema+json")


def clusters(desk: Desk, request: Request) -> Answer:
    """Clusters by name."""
    rows = sorted(desk.deployer.clusters(), key=lambda cluster: cluster.name)
    return _page(request, [(cluster.name, as_document(cluster)) for cluster in rows])


def hubs(desk: Desk, request: Request) -> Answer:
    """Hubs by cluster and name, of one cluster or one community when asked."""
    wanted = {name: request.query[name] for name in ("cluster", "community") if request.query.get(name)}
    rows = [hub for hub in desk.deployer.hubs() if all(getattr(hub, name) == value for name, value in wanted.items())]
    rows.sort(key=lambda hub: (hub.cluster, hub.name))
    return _page(request, [(f"{hub.cluster}/{hub.name}", _hub(hub)) for hub in rows])


def hub(desk: Desk, _request: Request, cluster: str, hub: str) -> Answer:
    """One hub. Rejected 404 when nobody knows it."""
    for known in desk.deployer.hubs():
        if (known.cluster, known.name) == (cluster, hub):
            return told(_hub(known))
    raise Rejected("There is no such hub.", status=404, code="unknown-hub")


def _hub(known: Hub) -> dict[str, Any]:
    return whole(known, "display_name", "url")


def _page(request: Request, rows: Sequence[tuple[str, Any]]) -> Answer:
    """The rows after the cursor, which is the key of the last one seen."""
    limit, after = request.number("limit", default=50, least=1, most=200), _read(request.query.get("cursor", ""))
    left = [row for row in rows if row[0] > after]
    page = left[: _fitting(left[:limit])]
    following = base64.urlsafe_b64encode(page[-1][0].encode()).decode() if len(left) > len(page) else None
    return told({"items": [document for _key, document in page], "next_cursor": following})


def _fitting(rows: Sequence[tuple[str, Any]]) -> int:
    """How many of them one answer may carry, one at least: merged values of hubs are long."""
    sizes = accumulate(len(json.dumps(document, default=str)) for _key, document in rows)
    return max(1, sum(size <= LARGEST_PAGE for size in sizes))


def _read(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor.encode("ascii", "strict")).decode()
    except (ValueError, binascii.Error) as error:
        raise unsound("", "cursor", "This is no cursor of ours.") from error
