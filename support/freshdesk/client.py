"""One account's calls. Each raises Unavailable (later) or Rejected (never) and nothing else."""

from typing import Self

import httpx

from support.freshdesk.budget import Budget, Lane
from support.freshdesk.calls.base import Page
from support.freshdesk.calls.companies import CompanyCalls
from support.freshdesk.calls.contacts import ContactCalls
from support.freshdesk.calls.setup import SetupCalls
from support.freshdesk.calls.tickets import TicketCalls, WholeTicket
from support.freshdesk.clock import Clock
from support.freshdesk.downloads import Downloads
from support.freshdesk.wire import PATIENCE, Wire

__all__ = ["Freshdesk", "Page", "WholeTicket"]


class Freshdesk(TicketCalls, ContactCalls, CompanyCalls, SetupCalls):
    """One Freshdesk account, seen by the agent whose key we hold."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        transport: httpx.BaseTransport | None = None,
        *,
        lane: Lane = Lane.PERSON,
        patience: float = PATIENCE,
        budget: Budget | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`lane`: who waits for the calls. `patience`: how many seconds a call waits in place, for the budget or as Freshdesk asks.

        Without a budget the client keeps one for itself alone.
        """
        wire = Wire(base_url, api_key, transport=transport, lane=lane, patience=patience, budget=budget, clock=clock)
        super().__init__(wire, Downloads(base_url, transport=transport, clock=clock))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()
        self._downloads.close()

    @property
    def credits_used(self) -> float:
        """What our calls have cost so far."""
        return self._wire.credits_used
