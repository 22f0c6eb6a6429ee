"""Drafting the updates of a month from what the rooms know, for who edits them afterwards."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from communities.models import Community
from communities.states import CommunityState
from ground.actors import Actor
from portal.drafting.numbers import ALL, Numbers
from portal.models import CommunityUpdate
from portal.months import Month, first_working_day

SERVED = (CommunityState.LIVE, CommunityState.ENDING)
FOR_ALL = "en"


def draft_due(today: date) -> int:
    """From the first working day of a month on: the drafts of the month before, for all and for each community that is served."""
    month = Month.of(today)
    if today < first_working_day(month):
        return 0
    communities = Community.objects.filter(state__in=SERVED, created_at__lt=month.start).order_by("pk")
    return len(draft([ALL, *communities], month.before, by=Actor.system()))


@transaction.atomic
def draft(communities: Iterable[Community | None], month: Month, *, by: Actor, language: str = "") -> list[CommunityUpdate]:
    """One draft each, in the community's language unless another is asked for. One that somebody has written in is left as it is."""
    numbers, now = Numbers(month), timezone.now()
    wanted = {(each.pk if each else ALL, language or (each.language if each else FOR_ALL)): each for each in communities}
    kept = {(row.community_id, row.language): row for row in CommunityUpdate.objects.filter(month=month.first)}
    untouched = set(CommunityUpdate.objects.filter(month=month.first).untouched().values_list("pk", flat=True))
    rows = [
        _filled(kept.get(key) or _new(key, month), community, numbers, by=by)
        for key, community in wanted.items()
        if key not in kept or kept[key].pk in untouched
    ]
    for row in rows:
        row.drafted_at = now
    CommunityUpdate.objects.bulk_create([row for row in rows if row.pk is None])
    CommunityUpdate.objects.bulk_update([row for row in rows if row.pk is not None], ["body", "facts", "drafted_at", "drafted_by"])
    return rows


def _new(key: tuple[int | None, str], month: Month) -> CommunityUpdate:
    community, language = key
    return CommunityUpdate(community_id=community, month=month.first, language=language, live=False, has_unpublished_changes=True)


def _filled(row: CommunityUpdate, community: Community | None, numbers: Numbers, *, by: Actor) -> CommunityUpdate:
    row.facts = numbers.of(community.pk if community else ALL)
    row.body = _body(row, community)
    row.drafted_by = by.user
    return row


def _body(row: CommunityUpdate, community: Community | None) -> Any:
    """The words to begin with, in the update's own language."""
    with translation.override(row.language):
        said = {
            "community": community,
            "month": date_format(row.month, "F Y"),
            "numbers": row.facts["numbers"],
            "named": row.facts["named"],
        }
        return [
            ("introduction", _words("introduction", said)),
            ("facts", {"heading": _("The month in numbers"), "text": ""}),
            *([("next", {"heading": _("What comes next"), "text": text})] if (text := _words("next", said)) else []),
        ]


def _words(part: str, said: dict[str, Any]) -> str:
    return render_to_string(f"portal/updates/draft_{part}.md", said).strip()
