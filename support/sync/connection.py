"""Whether there is a Freshdesk, and the way to it."""

from django.conf import settings

from support.freshdesk import Freshdesk
from support.freshdesk.budget import Lane
from support.freshdesk.wire import PATIENCE
from support.sync import account

WHOLE_WINDOW = 90.0  # seconds: a command waits until the account's minute is over


def is_connected() -> bool:
    """Without an address and a key the desk works alone and nothing waits for the outside."""
    return bool(settings.FRESHDESK_URL and settings.FRESHDESK_API_KEY)


def open_freshdesk(*, lane: Lane = Lane.POLL, patience: float = PATIENCE) -> Freshdesk:
    """A client of the configured account, on the budget that all share; use it in a `with`. `lane` says who waits for its calls."""
    return Freshdesk(
        settings.FRESHDESK_URL,
        settings.FRESHDESK_API_KEY,
        transport=settings.FRESHDESK_TRANSPORT,
        lane=lane,
        patience=patience,
        budget=account.own_budget(),
        clock=account.clock(),
    )
