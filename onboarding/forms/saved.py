"""The line that says that nothing is lost."""

import zoneinfo
from dataclasses import dataclass

from django.utils.formats import time_format

from onboarding.forms.pages import Answered, guessed_zone


@dataclass(frozen=True)
class Saved:
    """When the answers were saved, in the applicant's zone where we can guess it, and where the link was mailed."""

    at: str
    email: str
    reference: str


def saved_line(application: Answered) -> Saved:
    """What the line says of this application."""
    zone = guessed_zone(application)
    local = application.saved_at.astimezone(zoneinfo.ZoneInfo(zone or "UTC"))
    return Saved(at=time_format(local, "H:i") + ("" if zone else " UTC"), email=application.email, reference=application.reference)
