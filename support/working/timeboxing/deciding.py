"""Beginning a timebox, giving it more minutes, and the ways it ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from support import recording, tickets
from support.models import SupportTerms, Ticket, Timebox
from support.states import TimeboxOutcome


@dataclass
class Busy(Exception):
    """A timebox runs that would have to end first: the agent's own on another ticket, or a colleague's on this one."""

    running: Timebox


class NotRunning(Exception):
    """The timebox has ended."""


@transaction.atomic
def start(ticket: Ticket, *, by: Actor) -> Timebox:
    """Work on the ticket from now on; one that nobody has is taken. Raises `Busy`; asked twice it is one timebox."""
    held = recording.locked(ticket.pk)
    settle_solved()
    in_the_way = Timebox.objects.filter(ended_at=None).select_related("ticket", "agent")
    mine, theirs = in_the_way.filter(agent=by.user).first(), in_the_way.filter(ticket=held).first()
    if mine is not None and mine.ticket_id == held.pk:
        return mine
    if mine is not None or theirs is not None:
        raise Busy(mine or theirs)  # type: ignore[arg-type]  # one of them is
    return _begin(held, by=by)


@transaction.atomic
def move(ticket: Ticket, *, by: Actor) -> Timebox:
    """Begin here and end what is in the way: one's own elsewhere, a colleague's here."""
    held = recording.locked(ticket.pk)
    for running in Timebox.objects.filter(agent=by.user, ended_at=None).exclude(ticket=held).select_related("ticket"):
        _end(running, TimeboxOutcome.LEFT, by=by)
    for running in Timebox.objects.filter(ticket=held, ended_at=None).exclude(agent=by.user).select_related("ticket"):
        _end(running, TimeboxOutcome.HANDED_ON, by=by)
    return start(held, by=by)


@transaction.atomic
def take(ticket: Ticket, *, by: Actor) -> Ticket:
    """Take the ticket, and begin its timebox unless another one runs."""
    held = tickets.assign(ticket, to=by.user, by=by)
    if not held.is_over and not Timebox.objects.running().filter(agent=by.user).exists():
        try:
            start(held, by=by)
        except Busy:  # a colleague's timebox on it runs on; they see who took it
            return held
    return held


@transaction.atomic
def extend(box: Timebox, *, minutes: int, reason: str, by: Actor) -> Timebox:
    """More minutes, counted from now when it is over, and why. Raises `NotRunning`."""
    held = _held(box)
    from_then = max(held.ends_at, timezone.now())
    held.ends_at, held.told_over_at = from_then + timedelta(minutes=minutes), None
    held.extra_minutes, held.extensions = held.extra_minutes + minutes, held.extensions + 1
    held.save(update_fields=["ends_at", "told_over_at", "extra_minutes", "extensions"])
    recording.happened(held.ticket, "timebox_extended", after=str(minutes), note=reason, by=by)
    return held


@transaction.atomic
def solve(box: Timebox, *, by: Actor) -> Ticket:
    """Solve the ticket within its time. Raises `NotRunning`."""
    held = _held(box)
    solved = tickets.solve(held.ticket, by=by)
    _end(held, TimeboxOutcome.SOLVED, by=by)
    return solved


@transaction.atomic
def hand_on(box: Timebox, *, to: User, by: Actor) -> Ticket:
    """Give the ticket to somebody else; their time begins when they begin. Raises `NotRunning`."""
    held = _held(box)
    given = tickets.assign(held.ticket, to=to, by=by)
    _end(held, TimeboxOutcome.HANDED_ON, by=by, note=str(to))
    return given


@transaction.atomic
def end(box: Timebox, *, by: Actor) -> Timebox:
    """Stop working on it without solving it. Raises `NotRunning`."""
    return _end(_held(box), TimeboxOutcome.LEFT, by=by)


@transaction.atomic
def escalated(ticket: Ticket, *, by: Actor) -> None:
    """The ticket became an issue: whoever's time ran on it is done."""
    for running in Timebox.objects.running().filter(ticket=ticket).select_for_update(of=("self",)).select_related("ticket"):
        _end(running, TimeboxOutcome.ESCALATED, by=by)


def settle_solved() -> int:
    """Write down the end of those whose ticket was solved by whatever way; the number of them."""
    solved_at = Ticket.objects.filter(pk=OuterRef("ticket")).values("solved_at")[:1]
    running = Timebox.objects.filter(ended_at=None, ticket__solved_at__isnull=False)
    return running.update(ended_at=Subquery(solved_at), outcome=TimeboxOutcome.SOLVED)


@transaction.atomic
def tell_over(now: datetime) -> int:
    """Write down, once, that a timebox is over; the number of them. Watchers hear it from the ticket's history."""
    over = list(Timebox.objects.over(now).filter(told_over_at=None).select_related("ticket", "agent").select_for_update(of=("self",))[:200])
    for box in over:
        recording.happened(box.ticket, "timebox_over", after=str(box.total_minutes), note=str(box.agent), by=Actor.system())
    Timebox.objects.filter(pk__in=[box.pk for box in over]).update(told_over_at=now)
    return len(over)


def minutes_for(ticket: Ticket) -> int:
    """By the community's terms, else the usual half hour."""
    terms = SupportTerms.of(ticket.community_id) if ticket.community_id else None
    return (terms.timebox_minutes if terms else None) or settings.TIMEBOX_MINUTES


def _begin(ticket: Ticket, *, by: Actor) -> Timebox:
    assert by.user is not None  # noqa: S101  the desk's pages are for people
    now, minutes = timezone.now(), minutes_for(ticket)
    if ticket.assignee_id is None and not ticket.assignee_label:
        tickets.assign(ticket, to=by.user, by=by)
    try:
        with transaction.atomic():
            box = Timebox.objects.create(
                ticket=ticket, agent=by.user, minutes=minutes, began_at=now, ends_at=now + timedelta(minutes=minutes)
            )
    except IntegrityError as error:  # a second tab was quicker
        raise Busy(Timebox.objects.filter(agent=by.user, ended_at=None).select_related("ticket", "agent").get()) from error
    recording.happened(ticket, "timebox_begun", after=str(minutes), note="", by=by)
    return box


def _held(box: Timebox) -> Timebox:
    """The running row, locked after its ticket as everywhere. Raises `NotRunning`."""
    recording.locked(box.ticket_id)
    rows = Timebox.objects.select_for_update(of=("self",)).select_related("ticket", "agent")
    held = rows.filter(pk=box.pk, ended_at=None).first()
    if held is None:
        raise NotRunning
    return held


def _end(box: Timebox, outcome: TimeboxOutcome, *, by: Actor, note: str = "") -> Timebox:
    now = timezone.now()
    ended = Timebox.objects.filter(pk=box.pk, ended_at=None).update(ended_at=now, outcome=outcome)
    if ended:
        box.ended_at, box.outcome = now, outcome
        recording.happened(box.ticket, "timebox_ended", after=outcome, note=note, by=by)
    return box
