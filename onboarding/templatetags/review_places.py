"""The places of the review room, as the row of links on top of each of its pages."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.access import Right
from onboarding.access import ASSIGN, HANDLE_PRIVACY, READ_APPLICATIONS, SCORE, SEE_FIGURES, SEE_PLANS

register = template.Library()

# The name of an address, its words, and the right that finds it there.
PLACES: list[tuple[str, str | Promise, Right]] = [
    ("onboarding:review_queue", _("My reviews"), SCORE),
    ("onboarding:board", _("Board"), READ_APPLICATIONS),
    ("onboarding:meetings", _("Meetings"), SCORE),
    ("onboarding:waiting_list", _("Waiting list"), READ_APPLICATIONS),
    ("onboarding:duplicates", _("Duplicates"), ASSIGN),
    ("onboarding:plans", _("On the way"), SEE_PLANS),
    ("onboarding:figures", _("Figures"), SEE_FIGURES),
    ("onboarding:agreement", _("Agreement"), SCORE),
    ("onboarding:calibration", _("Practice"), SCORE),
    ("onboarding:exports", _("Downloads"), READ_APPLICATIONS),
    ("onboarding:privacy", _("Privacy"), HANDLE_PRIVACY),
    ("onboarding:rights", _("Rights"), READ_APPLICATIONS),
]


@register.inclusion_tag("onboarding/review/places.html", takes_context=True)
def review_places(context: dict[str, Any]) -> dict[str, Any]:
    """The links this reader has, the one of this page marked."""
    return {"places": list(_of(context["request"]))}


def _of(request: Any) -> Iterator[tuple[str, str | Promise, bool]]:
    for name, words, right in PLACES:
        if right.is_held_by(request.actor):
            yield (url := reverse(name)), words, request.path == url
