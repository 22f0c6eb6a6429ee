"""The WSGI application: the API under /api/v2/, the rehearsal's door under /_control/, and pages for the person who plays the agent."""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from demo.freshdesk import control, pages, routes
from demo.freshdesk.account import Account
from demo.freshdesk.exchange import Answer, Dropped, Refusal, Request, TimedOut
from demo.freshdesk.faults import Fault, Faults
from demo.freshdesk.limits import Budget
from demo.freshdesk.store import Row, Store
from demo.freshdesk.webhooks import Doorbell

UNAUTHORISED = {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."}
NOBODY_WAITS_LONGER = 30.0


class Simulator:
    """One Freshdesk account, as an application any WSGI server or httpx's WSGITransport can call."""

    def __init__(self, folder: Path | None = None, *, key: str = "demo-key", webhook_url: str = "", webhook_secret: str = "") -> None:
        self.store = Store(folder)
        self.account = Account(self.store, key)
        self.account.open()
        self.faults = Faults()
        self.budget = Budget(self.account)
        self._doorbell = Doorbell(webhook_url, webhook_secret)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self.answer(Request.read(environ))
        headers = {"date": format_datetime(self.account.clock.now(), usegmt=True), "content-type": answer.content_type, **answer.headers}
        content = b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.content()
        start_response(answer.status_line, [*headers.items(), ("content-length", str(len(content)))])
        return [content]

    def answer(self, request: Request) -> Answer:
        """Raises Dropped when a fault breaks the connection."""
        if request.path.startswith(routes.ROOT):
            return self._api(request)
        if request.path.startswith(control.ROOT):
            return self._in_turn(lambda: control.answer(self.account, self.faults, request))
        return self._in_turn(lambda: pages.answer(self.account, request))

    def agent_does(self, ticket_id: int, doing: str, **words: Any) -> Row:
        """For tests in this process: what the agent does at the pages."""
        with self._turn():
            return control.agent_does(self.account, ticket_id, doing, **words)

    def requester_writes(self, *, email: str, subject: str, body: str) -> Row:
        """For tests in this process: a mail from outside."""
        with self._turn():
            return control.requester_writes(self.account, email=email, subject=subject, body=body)

    def requester_answers(self, ticket_id: int, *, body: str) -> Row:
        """For tests in this process: a mail on a ticket there is."""
        with self._turn():
            return control.requester_answers(self.account, ticket_id, body=body)

    def _api(self, request: Request) -> Answer:
        answer = self._guarded(request)
        spent = {} if answer.status == 401 else self.budget.spend(answer)
        told = {
            "x-request-id": str(uuid.uuid4()),
            "x-freshdesk-api-version": "latest=v2; requested=v2",
            "cache-control": "no-store",
            "status": answer.status_line,
        }
        return replace(answer, headers={**told, **spent, **answer.headers})

    def _guarded(self, request: Request) -> Answer:
        if request.user != self.account.key:
            return Answer(401, UNAUTHORISED)
        wait = self.budget.seconds_until_more()
        if wait:
            return self.faults.throttled(wait)
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
            case "late":
                with self.store.turn():
                    self.account.later(
                        fault.seconds,
                        "request",
                        method=request.method,
                        path=request.path,
                        content=request.content.decode(),
                        content_type=request.content_type,
                    )
                raise Dropped
            case "slow":
                answer = self._performed(request)
                if fault.seconds >= NOBODY_WAITS_LONGER:
                    raise TimedOut
                time.sleep(fault.seconds)
                return answer
        raise Dropped

    def _performed(self, request: Request) -> Answer:
        return self._in_turn(lambda: routes.perform(self.account, request))

    def _in_turn(self, perform: Callable[[], Answer]) -> Answer:
        try:
            with self._turn():
                return perform()
        except Refusal as refusal:
            return refusal.answer
        finally:
            self._announce()

    def _turn(self) -> Any:
        self._settle()
        return self.store.turn()

    def _settle(self) -> None:
        """What was to happen by itself, and is due, has happened before anybody looks."""
        with self.store.turn():
            due = self.account.due_effects()
            for effect in due:
                self.store.effects.remove(effect["id"])
                self._happen(effect)

    def _happen(self, effect: Row) -> None:
        match effect["kind"]:
            case "due_times":
                self.account.set_due_times(effect["ticket_id"])
            case "bump":
                self.account.bump(effect["ticket_id"], self.account.now())
            case "request":
                routes.perform(
                    self.account,
                    Request(effect["method"], effect["path"], content=effect["content"].encode(), content_type=effect["content_type"]),
                )

    def _announce(self) -> None:
        while self.account.events:
            ticket_id, event = self.account.events.pop(0)
            for _ in range(self.account.knobs.hook_copies):
                self._doorbell.ring(ticket_id, event)
