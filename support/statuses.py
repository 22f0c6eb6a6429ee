"""Seeds the table of statuses, and takes in a status that Freshdesk has and we do not know yet."""

from typing import Any

from support.default_statuses import DEFAULT_STATUSES
from support.models import TicketStatus
from support.states import StatusGroup


def ensure() -> None:
    """Add the default statuses that are missing. What an operator changed stays."""
    rows = [
        TicketStatus(code=each.code, group=each.group, word=dict(each.word), customer_word=dict(each.customer_word))
        for each in DEFAULT_STATUSES
    ]
    TicketStatus.objects.bulk_create(rows, ignore_conflicts=True)


def ensure_after_migrate(**_kwargs: Any) -> None:
    """Tickets point at statuses, so the table is filled as soon as it exists."""
    ensure()


def learn(code: int, *, word: str = "", customer_word: str = "", group: str = StatusGroup.OPEN) -> TicketStatus:
    """The status of that code; one we have not met is taken in, open until an operator says otherwise."""
    status, _is_new = TicketStatus.objects.get_or_create(
        code=code,
        defaults={
            "group": group,
            "word": {"en": word or f"Status {code}"},
            "customer_word": {"en": customer_word or word or f"Status {code}"},
        },
    )
    return status
