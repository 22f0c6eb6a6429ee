"""What is worth saying of an event once its circumstances are known: never ticked, always computed. Pure."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.quiet import Quiet
from hubs.schema.problems import Problem
from hubs.schema.rules import Document, moment

USUAL_MEMORY_GB = 2
MANY_MACHINES = 10
"""More at once than a cloud account usually may have without being asked."""
MARGIN = timedelta(hours=2)
"""Machines are still there, or being started, this long around an event."""


@dataclass(frozen=True)
class OtherEvent:
    """Another event on the same machines."""

    starts_at: datetime
    ends_at: datetime
    attendees: int = 0


@dataclass(frozen=True)
class Circumstances:
    """What is known around an event. Blank or 0: not known, so nothing is said about it.

    `largest` is the most people an earlier event had there; `machine_gb` the memory of its largest machine, `choice_gb` the
    most one person can choose on the hub now.
    """

    quiet: Sequence[Quiet] = ()
    others: Sequence[OtherEvent] = ()
    largest: int = 0
    agreed: int = 0
    machine_gb: float = 0
    choice_gb: float = 0


Rule = Callable[[Document, Circumstances], Iterator[Problem]]


def cautions(document: Document, around: Circumstances) -> list[Problem]:
    """Everything the circumstances say of the event; nothing of it stops the request."""
    event = document.get("event", {})
    return [found for rule in RULES for found in rule(event, around)]


def needed_gb(event: Document) -> float:
    """The memory of everybody together."""
    return float(event.get("attendees", 0)) * float(event.get("memory_gb_per_attendee", USUAL_MEMORY_GB))


def is_quiet(event: Document, around: Circumstances) -> Iterator[Problem]:
    """Few of us are there."""
    start, end = moment(event.get("starts_at")), moment(event.get("ends_at"))
    if not start or not end:
        return
    for time in around.quiet:
        if time.meets(start.date(), end.date()):
            words = {
                "first": date_format(time.starts_on, "j F Y"),
                "last": date_format(time.ends_on, "j F Y"),
                "why": f" ({time.why})" if time.why else "",
            }
            yield Problem(
                "/event/starts_at",
                "quiet-period",
                _("From %(first)s to %(last)s%(why)s few of us are there; help may take longer.") % words,
            )


def is_larger_than_before(event: Document, around: Circumstances) -> Iterator[Problem]:
    """Nobody has tried so many at once."""
    people = event.get("attendees", 0)
    if around.largest and people > around.largest:
        yield Problem(
            "/event/attendees",
            "larger-than-before",
            ngettext(
                "The largest event on these machines so far had %(n)s person.",
                "The largest event on these machines so far had %(n)s people.",
                around.largest,
            )
            % {"n": number_format(around.largest)},
        )


def is_larger_than_agreed(event: Document, around: Circumstances) -> Iterator[Problem]:
    """More people than the community and we have spoken of."""
    if around.agreed and event.get("attendees", 0) > around.agreed:
        words = _("We agreed on up to %(n)s people; more of them may cost more. We will talk to you about it.")
        yield Problem("/event/attendees", "larger-than-agreed", words % {"n": number_format(around.agreed)})


def needs_many_machines(event: Document, around: Circumstances) -> Iterator[Problem]:
    """The cloud provider has to allow more than usual first."""
    machines = math.ceil(needed_gb(event) / around.machine_gb) if around.machine_gb else 0
    if machines > MANY_MACHINES:
        words = _(
            "Together that is %(gb)s GB of memory, about %(n)s machines at once. The cloud provider has to allow so many first, which takes days."
        )
        yield Problem("/event/attendees", "many-machines", words % {"gb": number_format(round(needed_gb(event))), "n": machines})


def fits_no_machine(event: Document, around: Circumstances) -> Iterator[Problem]:
    """One person asks for more than a machine, or a choice of the hub, has."""
    each = float(event.get("memory_gb_per_attendee", USUAL_MEMORY_GB)) if "attendees" in event else 0
    if around.machine_gb and each > around.machine_gb:
        words = _("The largest machine there has %(n)s GB for people; nobody could start with so much.")
        yield Problem("/event/memory_gb_per_attendee", "no-such-machine", words % {"n": number_format(math.floor(around.machine_gb))})
    elif around.choice_gb and each > around.choice_gb:
        words = _("On this hub people can choose at most %(n)s GB now; we will add a larger choice.")
        yield Problem("/event/memory_gb_per_attendee", "no-such-choice", words % {"n": number_format(around.choice_gb)})


def clashes(event: Document, around: Circumstances) -> Iterator[Problem]:
    """Two events on the same machines at once."""
    start, end = moment(event.get("starts_at")), moment(event.get("ends_at"))
    if not start or not end:
        return
    others = [other for other in around.others if other.starts_at - MARGIN < end and start < other.ends_at + MARGIN]
    if others:
        words = ngettext(
            "Another event is on the same machines then, for up to %(people)s people.",
            "%(n)d other events are on the same machines then, for up to %(people)s people together.",
            len(others),
        )
        people = number_format(sum(other.attendees for other in others))
        yield Problem("/event/starts_at", "clash", words % {"n": len(others), "people": people})


RULES: tuple[Rule, ...] = (is_quiet, is_larger_than_before, is_larger_than_agreed, needs_many_machines, fits_no_machine, clashes)
