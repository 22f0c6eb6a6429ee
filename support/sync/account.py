"""The account that all workers share: one budget on one row, and whether Freshdesk answers."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from support.freshdesk import budget
from support.freshdesk.budget import Cost, Lane, Ledger
from support.freshdesk.clock import Clock, RealClock
from support.freshdesk.headers import Credits
from support.freshdesk.shapes import Agent
from support.models import FreshdeskAccount

FRESH = timedelta(seconds=30)  # an answer noted so recently need not be noted again


@dataclass(frozen=True)
class Standing:
    """How it stands with Freshdesk: for the ledger page, and for the banner while it is away."""

    is_away: bool = False
    since: datetime | None = None
    reason: str = ""
    key_refused_at: datetime | None = None
    last_answer_at: datetime | None = None
    blocked_until: datetime | None = None
    limit: float | None = None
    used_last_minute: float = 0.0
    used_today: int = 0
    left: tuple[tuple[Lane, float], ...] = ()
    """Credits that each lane could still spend this minute."""


class AccountBudget:
    """The budget on the account's row: each call reserved in one short transaction, so that processes and threads never overdraw together."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._seen: FreshdeskAccount | None = None

    def take(self, cost: Cost, lane: Lane) -> float:
        with transaction.atomic():
            account = _locked(self._name)
            ledger, wait = budget.take(Ledger.read(account.ledger), cost, lane, self._clock.now())
            if not wait:
                _spend(account, ledger, cost.credits, at=_moment(self._clock))
        self._seen = account
        return wait

    def learn(self, cost: Cost, told: Credits) -> None:
        """Writes only what is news: most answers say what was reserved."""
        if self._seen and not self._is_news(self._seen, cost, told):
            return
        with transaction.atomic():
            account = _locked(self._name)
            if self._is_news(account, cost, told):
                self._note(account, cost, told)
        self._seen = account

    def block(self, seconds: float) -> None:
        with transaction.atomic():
            account = _locked(self._name)
            account.ledger = budget.block(Ledger.read(account.ledger), seconds, self._clock.now()).as_json()
            account.save(update_fields=["ledger"])

    def lost(self, reason: str) -> None:
        _set_away(self._name, reason, at=_moment(self._clock))

    def refused(self, reason: str) -> None:
        _change(self._name, key_refused_at=_moment(self._clock), away_reason=reason)

    def _is_news(self, account: FreshdeskAccount, cost: Cost, told: Credits) -> bool:
        ledger = Ledger.read(account.ledger)
        if account.away_since or account.key_refused_at or account.last_answer_at is None:
            return True
        is_old = _moment(self._clock) - account.last_answer_at > FRESH
        return is_old or budget.learn(ledger, cost, told, self._clock.now()) != ledger

    def _note(self, account: FreshdeskAccount, cost: Cost, told: Credits) -> None:
        ledger = budget.learn(Ledger.read(account.ledger), cost, told, self._clock.now())
        account.away_since, account.away_reason, account.key_refused_at = None, "", None
        account.last_answer_at = _moment(self._clock)
        _spend(account, ledger, told.used - cost.credits, at=account.last_answer_at)


def clock() -> Clock:
    """The time we live in; tests and rehearsals have their own."""
    return settings.FRESHDESK_CLOCK or RealClock()


def account_name() -> str:
    """The configured account's host."""
    return urlsplit(settings.FRESHDESK_URL).netloc.rpartition("@")[2].lower()


def own_budget() -> AccountBudget:
    """The configured account's budget, shared with everybody who calls it."""
    return AccountBudget(account_name(), clock())


def mark_away(reason: str) -> None:
    """Freshdesk does not answer; since when stays from the first time."""
    _set_away(account_name(), reason, at=_moment(clock()))


def mark_back() -> None:
    """Freshdesk answers again."""
    _change(account_name(), away_since=None, away_reason="", key_refused_at=None)


def know_agent(agent: Agent) -> None:
    """Remember whose key it is and how much it may see."""
    _change(account_name(), agent_id=agent.id, agent_scope=agent.ticket_scope)


def standing() -> Standing:
    """One query; without an account that was ever called, nothing is wrong."""
    account = FreshdeskAccount.objects.filter(pk=account_name()).first()
    if account is None:
        return Standing()
    ledger, now = Ledger.read(account.ledger), clock().now()
    used = ledger.used(now)
    limit = ledger.limit or budget.UNTOLD
    return Standing(
        is_away=account.away_since is not None or account.key_refused_at is not None,
        since=account.away_since or account.key_refused_at,
        reason=account.away_reason,
        key_refused_at=account.key_refused_at,
        last_answer_at=account.last_answer_at,
        blocked_until=datetime.fromtimestamp(ledger.blocked_until, UTC) if ledger.blocked_until > now else None,
        limit=ledger.limit,
        used_last_minute=used,
        used_today=account.credits_today if account.day == _moment(clock()).date() else 0,
        left=tuple((lane, max(limit * lane.share - used, 0.0)) for lane in Lane),
    )


def _locked(name: str) -> FreshdeskAccount:
    """Inside a transaction: the row, for us alone."""
    ask: Callable[[], FreshdeskAccount | None] = FreshdeskAccount.objects.select_for_update().filter(pk=name).first
    known = ask()
    if known is None:
        FreshdeskAccount.objects.bulk_create([FreshdeskAccount(name=name)], ignore_conflicts=True)
        known = FreshdeskAccount.objects.select_for_update().get(pk=name)
    return known


def _spend(account: FreshdeskAccount, ledger: Ledger, credits_: float, *, at: datetime) -> None:
    before = account.credits_today if account.day == at.date() else 0
    account.ledger, account.day = ledger.as_json(), at.date()
    account.credits_today = max(before + math.ceil(credits_), 0)
    account.save()


def _set_away(name: str, reason: str, *, at: datetime) -> None:
    with transaction.atomic():
        account = _locked(name)
        account.away_since = account.away_since or at
        account.away_reason = reason[:2000]
        account.save(update_fields=["away_since", "away_reason"])


def _change(name: str, **values: object) -> None:
    with transaction.atomic():
        _locked(name)
        FreshdeskAccount.objects.filter(pk=name).update(**values)


def _moment(clock_: Clock) -> datetime:
    return datetime.fromtimestamp(clock_.now(), UTC)
