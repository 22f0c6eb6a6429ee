"""The WSGI application: the API under /api/v2/, files, the rehearsal's door under /_control/, and pages for the person who plays the agent."""

import base64
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx

from demo.freshdesk import attachments, control, jobs, pages, playing, routes, variety
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Dropped, Refusal, Request, TimedOut
from demo.freshdesk.faults import Fault, Faults
from demo.freshdesk.limits import Budget
from demo.freshdesk.store import Row, Store
from demo.freshdesk.webhooks import Doorbell

UNAUTHORISED = {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."}
NOBODY_WAITS_LONGER = 30.0
ACCEPTED = ("application/json", "*/*")
KEPT_OF_A_REQUEST = ("method", "path", "content_type", "boundary", "host")


class Simulator:
    """One Freshdesk account, as an application any WSGI server or httpx's WSGITransport can call.

    `before_answer` is called with every request of the API before it is looked at: a test's way to act in the middle of a walk. What such
    a call asks of the API itself calls nobody.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        key: str = "demo-key",
        webhook_url: str = "",
        webhook_secret: str = "",
        webhook_transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.store = Store(folder)
        self.account = Account(self.store, key, rings=bool(webhook_url))
        self.account.open()
        self.faults = Faults(self.account.clock)
        self.budget = Budget(self.account)
        self.before_answer: list[Callable[[Request], None]] = []
        self._within = threading.local()
        self._doorbell = Doorbell(self.account, webhook_url, webhook_secret, transport=webhook_transport)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.answer(Request.read(environ))
        moment = self.account.clock.now() + timedelta(seconds=self.account.knobs.skew)
        headers = {"date": format_datetime(moment, usegmt=True), "content-type": answer.content_type, **answer.headers}
        content = b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.content()
        start_response(answer.status_line, [*headers.items(), ("content-length", str(len(content)))])
        return _half(content) if answer.breaks else [content]

    def answer(self, request: Request) -> Answer:
        """Raises Dropped when a fault breaks the connection."""
        if request.path.startswith(routes.ROOT):
            self._call_before(request)
            return self._api(request)
        if request.path.startswith(attachments.ROOT):
            return self._in_turn(lambda: attachments.download(self.account, request))
        if request.path.startswith(control.ROOT):
            return self._in_turn(lambda: control.answer(control.Backstage(self.account, self.faults, self.budget), request))
        return self._in_turn(lambda: pages.answer(self.account, request))

    def agent_does(self, ticket_id: int, doing: str, **words: Any) -> Row:
        """For tests in this process: what the agent does at the pages."""
        return self._play(lambda: playing.agent_does(self.account, ticket_id, doing, **words))

    def requester_writes(self, *, email: str, subject: str, body: str, attachments: playing.Files = ()) -> Row:
        """For tests in this process: a mail from outside."""
        about = {"email": email, "subject": subject, "body": body}
        return self._play(lambda: playing.requester_writes(self.account, **about, attachments=attachments))

    def requester_answers(self, ticket_id: int, *, body: str, attachments: playing.Files = ()) -> Row:
        """For tests in this process: a mail on a ticket there is."""
        return self._play(lambda: playing.requester_answers(self.account, ticket_id, body=body, attachments=attachments))

    def requester_rates(self, ticket_id: int, *, rating: int, feedback: str = "") -> Row:
        """For tests in this process: an answer to the survey."""
        return self._play(lambda: playing.requester_rates(self.account, ticket_id, rating=rating, feedback=feedback))

    def add_field(self, name: str, *, label: str, kind: str = "custom_text", choices: list[str] | None = None) -> Row:
        """For tests in this process: a field of the ticket form, on every ticket from now on."""
        return self._play(lambda: self.account.add_field(name, label=label, kind=kind, choices=choices))

    def settle(self) -> None:
        """What was to happen by itself, and is due, has happened before anybody looks; each as of the moment it was due."""
        with self.store.lock:
            while self._happens_one():
                pass

    def hooks_are_out(self, *, within: float = 5.0) -> bool:
        """Whether every webhook due by now has been tried, after waiting so many seconds at most."""
        return self._doorbell.is_quiet(within=within)

    def _call_before(self, request: Request) -> None:
        if not self.before_answer or getattr(self._within, "call", False):
            return
        self._within.call = True
        try:
            for call in list(self.before_answer):
                call(request)
        finally:
            self._within.call = False

    def _api(self, request: Request) -> Answer:
        route = routes.name_of(request)
        answer = self._guarded(request, route)
        spent = {} if answer.status == 401 else self.budget.spend(answer, route)
        told = {
            "x-request-id": str(uuid.uuid4()),
            "x-freshdesk-api-version": "latest=v2; requested=v2",
            "cache-control": "no-store",
            "status": answer.status_line,
        }
        return replace(answer, headers={**told, **spent, **answer.headers})

    def _guarded(self, request: Request, route: str) -> Answer:
        if request.user != self.account.key:
            return Answer(401, UNAUTHORISED)
        wait = max(self.budget.seconds_until_more(route), self.faults.storm_seconds())
        if wait:
            return self.faults.throttled(wait)
        if request.accept and not any(kind in request.accept for kind in ACCEPTED):
            return Answer(406)
        fault = self.faults.strike(request)
        return self._struck(request, fault) if fault else self._performed(request)

    def _struck(self, request: Request, fault: Fault) -> Answer:
        said = self.faults.answer(fault)
        if said:
            return said
        match fault.kind:
            case "drop":
                self._performed(request)
                raise Dropped
            case "reset":
                return replace(self._performed(request), breaks=True)
            case "late":
                self._put_off(request, fault.seconds)
                raise Dropped
            case "slow":
                answer = self._performed(request)
                if fault.seconds >= NOBODY_WAITS_LONGER:
                    raise TimedOut
                time.sleep(fault.seconds)
                return answer
        raise Dropped

    def _put_off(self, request: Request, seconds: float) -> None:
        kept = {name: getattr(request, name) for name in KEPT_OF_A_REQUEST}
        with self.store.turn():
            content = base64.b64encode(request.content).decode()
            self.account.later(seconds, "request", **kept, query=dict(request.query), content=content)

    def _performed(self, request: Request) -> Answer:
        return variety.vary(self.account.knobs, self._in_turn(lambda: routes.perform(self.account, request)))

    def _play(self, perform: Callable[[], Row]) -> Row:
        with self._turn():
            row = perform()
        self._doorbell.look()
        return row

    def _in_turn(self, perform: Callable[[], Answer]) -> Answer:
        try:
            with self._turn():
                return perform()
        except Refusal as refusal:
            return refusal.answer
        finally:
            self._doorbell.look()

    def _turn(self) -> AbstractContextManager[None]:
        self.settle()
        return self.store.turn()

    def _happens_one(self) -> bool:
        with self.store.turn():
            self.account.tidy()
            effect = self.account.next_effect()
            if effect is None:
                return False
            self.store.effects.remove(effect["id"])
        with self.account.clock.held_at(datetime.fromtimestamp(effect["due"], UTC)):
            self._happen(effect)
        return True

    def _happen(self, effect: Row) -> None:
        """A late request that is refused by now leaves nothing behind."""
        try:
            with self.store.turn():
                self._do(effect)
        except Refusal:
            return

    def _do(self, effect: Row) -> None:
        match effect["kind"]:
            case "due_times":
                self.account.set_due_times(effect["ticket_id"], **effect.get("given", {}))
            case "escalate":
                self.account.escalate(effect["ticket_id"])
            case "bump":
                self.account.bump(effect["ticket_id"], self.account.now())
            case "job":
                jobs.finish(self.account, effect["job_id"])
            case "request":
                kept = {name: effect[name] for name in KEPT_OF_A_REQUEST}
                routes.perform(self.account, Request(**kept, query=effect["query"], content=base64.b64decode(effect["content"])))


def _half(content: bytes) -> Iterator[bytes]:
    """As far as it gets before the connection breaks."""
    yield content[: len(content) // 2]
    raise Dropped
