"""Why a ticket's clocks say what they say."""

from datetime import tzinfo
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from communities.access import needs
from ground.actors import ActingRequest
from support import timing, vocabulary
from support.access import USE_DESK
from support.clocks import Clock, Line, WorkingCalendar, explain, wording
from support.timing import calendars
from support.views.desk import ticket_or_404


class WhatIf(forms.Form):
    """Another priority to think through."""

    priority = forms.TypedChoiceField(
        label=_("If its priority were"),
        choices=lambda: [("", _("as it is")), *vocabulary.priority_words().items()],
        coerce=int,
        required=False,
        empty_value=None,
    )

    def chosen(self) -> int | None:
        return self.cleaned_data.get("priority") if self.is_valid() else None


@require_safe
@needs(USE_DESK)
def ticket(request: ActingRequest, reference: str) -> HttpResponse:
    """All clocks of one ticket with what counted and what did not: a fragment of its page, or a page of its own without script."""
    shown, form = ticket_or_404(request, reference), WhatIf(request.GET)
    calendar, now, priority = calendars.of(shown.community), timezone.now(), form.chosen()
    context = {
        "ticket": shown,
        "clocks": [_told(clock, calendar) for clock in timing.stood(shown, now=now, priority=priority)],
        "hours": wording.hours(calendar),
        "zone": calendar.zone,
        "form": form,
        "is_what_if": priority is not None and priority != shown.priority,
        "now": now,
    }
    response = render(request, f"support/clocks/{'lines' if request.htmx else 'ticket'}.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _told(clock: Clock, calendar: WorkingCalendar) -> dict[str, Any]:
    """One clock in words, line by line."""
    lines, here = explain(clock.run, calendar, timezone.now()), timezone.get_current_timezone()
    return {
        "clock": clock,
        "word": clock.clock.label,
        "tone": wording.tone(clock),
        "standing": wording.standing(clock),
        "lines": [_line(line, here, calendar.tz) for line in lines],
    }


def _line(line: Line, here: tzinfo, there: tzinfo) -> dict[str, Any]:
    """A stretch of time by the reader's clock, and by the calendar's where that says something else."""
    by_ours, by_theirs = wording.when(line, here), wording.when(line, there)
    return {"line": line, "when": by_ours, "there": by_theirs if by_theirs != by_ours else "", "words": wording.reason(line)}
