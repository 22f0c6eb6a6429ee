"""How an account behaves: every knob a test or a person may turn, and the limits of the plans one can buy."""

from collections.abc import Collection
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass
class Knobs:
    """What is off by default is 0, empty or None."""

    # the budget
    limit: int = 400  # credits a minute
    ticket_creates: int = 0  # calls a minute; 0 sets no limit of its own
    ticket_updates: int = 0
    ticket_lists: int = 0
    contact_lists: int = 0
    window: str = "fixed"  # or sliding: whether a minute begins anew, or is always the last one
    rate_headers: str = "float"  # or int, or missing

    # what happens by itself
    due_by_delay: float = 2.0  # seconds until the due times are there
    late_due_by: bool = False  # a change of due_by answers with the old one, and shows after due_by_delay
    bump_delay: float = 0.0  # seconds until a conversation shows on its ticket's updated_at
    escalation_delay: float = 0.0  # seconds until an unsolved ticket is escalated
    job_delay: float = 0.0  # seconds a bulk job takes
    search_lag: float = 0.0  # seconds until a change is found by search
    archive_days: float = 120.0
    purge_days: float = 30.0
    reopens: bool = False  # a requester's words reopen a resolved or closed ticket
    edits_bump: bool = False  # an edited or deleted note shows on its ticket's updated_at

    # what this account has and has not
    multiple_companies: bool = False
    unsupported: Collection[str] = ()  # streams the plan lacks: surveys, archived, time_entries, companies, …
    contacts_since: str = "both"  # or updated_since, or _updated_since: the other one is an unknown parameter
    required_for_closure: Collection[str] = ()  # custom fields
    visible_groups: Collection[int] | None = None  # what the key may see; None is everything
    scope_lost: bool = False  # the key sees no ticket any more
    skew: float = 0.0  # seconds by which the Date header is wrong
    untold_keys: bool = False  # every object has a key nobody has told of
    null_lists: bool = False  # empty lists of addresses are null
    loose_links: bool = False  # a Link header with a blank too many and one too few

    # attachments
    attachment_total: int = 20 * MEGABYTE  # all files of a ticket together
    oversize_status: int = 400  # or 413; nobody has documented it
    attachment_seconds: float = 300.0  # how long a link to a file is good
    attachment_host: str = ""  # another address for files, as "https://files.example"

    # webhooks
    hook_copies: int = 1  # a webhook may come twice, or never
    hook_delay: float = 0.0  # seconds until it goes out
    hook_order: str = "kept"  # or reversed, or shuffled, among those due together
    hooks_an_hour: int = 0  # the surplus waits for the next hour; 0 sets no limit

    def turn(self, name: str, value: object) -> None:
        """Raises ValueError for a knob there is not."""
        if name not in self.__dataclass_fields__:
            raise ValueError(f"there is no knob {name}")
        setattr(self, name, value)

    def follow(self, plan: str) -> None:
        """The limits of a plan."""
        for name, value in PLANS[plan].__dict__.items():
            setattr(self, name, value)


@dataclass(frozen=True)
class Plan:
    """Credits a minute, and calls a minute of the four kinds that have a limit of their own."""

    limit: int
    ticket_creates: int = 0
    ticket_updates: int = 0
    ticket_lists: int = 0
    contact_lists: int = 0


PLANS = {
    "trial": Plan(50),
    "growth": Plan(200, 80, 80, 20, 20),
    "pro": Plan(400, 160, 160, 100, 100),
    "enterprise": Plan(700, 280, 280, 200, 200),
    "1000": Plan(1000, 400, 400, 300, 300),
    "2000": Plan(2000, 800, 800, 400, 400),
}
