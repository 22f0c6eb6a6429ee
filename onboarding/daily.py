"""What the calendar does on the way of a community: look again, keep dates, count use. Each task may run twice."""

from celery import shared_task
from django.utils import timezone

from onboarding import ending, plans, renewing, value


@shared_task
def look_at_changes() -> int:
    """Stamp within a minute what a change of a hub request, a matrix or the people made ready."""
    return plans.recompute_changed()


@shared_task
def look_again() -> int:
    """Look at every plan: what nobody announces, such as a day that has come, is found here."""
    return plans.recompute_all()


@shared_task
def begin_renewals() -> int:
    """Begin the renewal of every agreement whose time has come."""
    return renewing.begin_due(timezone.localdate())


@shared_task
def begin_endings() -> int:
    """Begin the end of every community whose last hub is closed by an accepted request."""
    return ending.begin_accepted(timezone.localdate())


@shared_task
def write_ending_letters() -> int:
    """Write the letters about an end whose day has come."""
    return ending.write_due(timezone.localdate())


@shared_task
def count_value() -> int:
    """Ask the hubs whose tokens we hold who used them."""
    return value.read_hubs(timezone.localdate())
