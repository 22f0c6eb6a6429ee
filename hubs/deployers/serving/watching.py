"""How far deployments are: lists, one of them, what happened to it, what its steps said."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime

from ground.errors import Rejected, Unavailable
from hubs.deployers.documents import as_document
from hubs.deployers.interface import Event, State
from hubs.deployers.serving.desk import Desk, deployment_document
from hubs.deployers.serving.exchange import Answer, Request, tagged, told, unsound
from hubs.deployers.serving.ledger import Wanted

PAUSE = 1.0
LONGEST_STREAM = 300.0
STREAMS = threading.BoundedSemaphore(16)
"""A stream holds a thread; the others are for everybody."""


def deployments(desk: Desk, request: Request) -> Answer:
    """A page of deployments, newest first."""
    state, since = request.query.get("state", ""), request.query.get("updated_after", "")
    if state and state not in set(State):
        raise unsound("", "state", f"“state” is one of {', '.join(State)}.")
    wanted = Wanted(
        state=state,
        request_id=request.query.get("request_id", ""),
        updated_after=_moment(since) if since else None,
        cursor=request.query.get("cursor", ""),
        limit=request.number("limit", default=50, least=1, most=200),
    )
    items, following = desk.ledger.listed(wanted)
    return told({"items": items, "next_cursor": following or None})


def deployment(desk: Desk, request: Request, id: str) -> Answer:  # noqa: A002  as the path names it
    """How far it is now; 304 to whoever knows it."""
    found = desk.kept(desk.deployer.read(id))
    return tagged(request, deployment_document(found), headers=desk.headers(found))


def events(desk: Desk, request: Request, id: str) -> Answer:  # noqa: A002
    """What happened, as a list, or as a stream while it goes on."""
    after = request.number("after", default=0)
    if "text/event-stream" not in request.headers.get("accept", ""):
        return told({"items": [as_document(event) for event in desk.deployer.events(id, after=after)]})
    last = request.headers.get("last-event-id", "")
    after = max(after, int(last)) if last.isascii() and last.isdigit() and len(last) < 17 else after
    desk.deployer.events(id, after=after)  # an unknown one is refused before the stream begins
    if not STREAMS.acquire(blocking=False):
        raise Rejected("Too many are listening; ask for the list instead.", status=429)
    return Answer(200, _Stream(_stream(desk, id, after)), "text/event-stream; charset=utf-8")


def log(desk: Desk, request: Request, id: str, step: str) -> Answer:  # noqa: A002
    """What a step said, from an offset on."""
    part = desk.deployer.log(id, step, offset=request.number("offset", default=0))
    return Answer(200, part.text.encode("utf-8", "replace"), "text/plain; charset=utf-8", {"X-Next-Offset": str(part.next_offset)})


class _Stream:
    """A stream that gives its place back however it ends, also when nobody ever began to read it."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._is_open = parts, True

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        """WSGI servers call it at the end."""
        if self._is_open:
            self._is_open = False
            STREAMS.release()


def _stream(desk: Desk, deployment_id: str, after: int) -> Iterator[bytes]:
    """Events as they come, until the deployment has ended; then one that says so."""
    until = time.monotonic() + LONGEST_STREAM
    while time.monotonic() < until:
        try:
            is_over = desk.kept(desk.deployer.read(deployment_id)).state.is_final
            found = desk.deployer.events(deployment_id, after=after)
        except Unavailable:
            is_over, found = False, []
        for event in found:
            after = event.seq
            yield _sent(event)
        if is_over:
            yield b"event: end\ndata: {}\n\n"
            return
        yield b": still here\n\n"
        time.sleep(PAUSE)


def _sent(event: Event) -> bytes:
    return f"id: {event.seq}\nevent: {event.type}\ndata: {json.dumps(as_document(event))}\n\n".encode()


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that nobody escaped
    except ValueError as error:
        raise unsound("", "updated_after", "“updated_after” is a time as RFC 3339 writes it.") from error
    if found.tzinfo is None:
        raise unsound("", "updated_after", "“updated_after” says its offset from UTC, such as Z.")
    return found
