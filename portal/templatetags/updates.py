"""An update as its readers see it, on its page, in the editor's preview and in feeds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ground.plots import Bar, Plot, bars
from ground.sanitising import from_markdown
from ground.texts import pick
from portal.drafting.facts import FACTS
from portal.models import CommunityUpdate

register = Library()
HOUR, DAY = 60, 24 * 60


@register.filter
def day(said: str) -> str:
    """A day of a document, in the reader's way; as it is written where it is none."""
    found: date | None = parse_date(said[:10]) if said else None
    return date_format(found, "j M Y") if found else said


@register.simple_tag
def update_body(update: CommunityUpdate, behind: str = "") -> SafeString:
    """Its text and its numbers, in its own language; `behind` is where staff look up what each number counts."""
    with override(update.language):
        context = {"update": update, "parts": list(_parts(update)), "behind": behind, **_facts(update, behind)}
        return mark_safe(render_to_string("portal/updates/body.html", context))  # noqa: S308  a template of ours escapes


def _parts(update: CommunityUpdate) -> Iterator[dict[str, Any]]:
    for block in update.body:
        words = block.value if block.block_type == "introduction" else block.value["text"]
        heading = "" if block.block_type == "introduction" else block.value["heading"]
        yield {"kind": block.block_type, "heading": heading, "html": mark_safe(from_markdown(words))}  # noqa: S308  cleaned there


def _facts(update: CommunityUpdate, behind: str) -> dict[str, Any]:
    named = update.facts.get("named", {})
    return {
        "numbers": list(_numbers(update.facts.get("numbers", {}), behind)),
        "plot": _plot(update),
        "articles": [_article(update, each) for each in named.get("articles", ())],
        "incidents": [{"title": pick(each["title"], update.language), "began_at": each["began_at"]} for each in named.get("incidents", ())],
        "communities": update.facts.get("communities", []),
    }


def _numbers(numbers: dict[str, Any], behind: str) -> Iterator[dict[str, Any]]:
    """Each with its words; what is not known is not there."""
    for fact in FACTS:
        if fact.key in numbers:
            yield {"words": fact.words, "value": numbers[fact.key], "url": behind and f"{behind}{fact.key}/"}
    if numbers.get("people") is not None:
        yield {"words": _("People on the hubs"), "value": numbers["people"], "url": ""}
    if numbers.get("first_response_minutes") is not None:
        yield {"words": _("Until our first answer (half of the time)"), "value": _as_time(numbers["first_response_minutes"]), "url": ""}


def _as_time(minutes: int) -> str:
    """Working hours and minutes."""
    if minutes < HOUR:
        return ngettext("%(number)d working minute", "%(number)d working minutes", minutes) % {"number": minutes}
    hours = round(minutes / HOUR)
    return ngettext("%(number)d working hour", "%(number)d working hours", hours) % {"number": hours}


def _plot(update: CommunityUpdate) -> Plot:
    rows = [
        Bar(date_format(date.fromisoformat(f"{each['month']}-01"), "M Y"), [each["opened"], each["solved"]])
        for each in update.facts.get("series", ())
    ]
    return bars(
        "questions",
        title=_("Questions asked and solved"),
        description=_("In each month, how many questions came and how many were solved."),
        rows=rows,
        series=[_("asked"), _("solved")],
        heading=_("Month"),
    )


def _article(update: CommunityUpdate, article: dict[str, str]) -> dict[str, str]:
    url = reverse("knowledgebase:community_article", args=[update.community.slug, article["address"]]) if update.community else ""
    return {"title": article["title"], "url": url}
