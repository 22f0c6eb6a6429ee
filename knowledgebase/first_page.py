"""The first page of the editor for who writes for a community: what is theirs to go on with, and the way back to reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import Page, WorkflowState

from knowledgebase import care
from knowledgebase.editing import Reach
from knowledgebase.models import KnowledgeBase

MOST = 10


@dataclass(frozen=True)
class Line:
    """One thing to go on with."""

    title: str
    url: str
    why: str | Promise = ""


@dataclass(frozen=True)
class Home:
    """One knowledge base, and where its doors lead."""

    title: str
    read_url: str
    write_url: str
    all_url: str


class FirstPage(Component):
    """What stands on the first page."""

    name = "first_page"
    order = 50
    template_name = "knowledgebase/editor/first_page.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        reach = Reach(user)
        states = waiting(reach)
        return {
            "homes": homes(reach),
            "to_read": [state for state in states if state.requested_by_id != user.pk],
            "sent": [state for state in states if state.requested_by_id == user.pk],
            "drafts": drafts(reach, apart_from=[int(state.object_id) for state in states]),
            "care": needing_care(reach),
            "changed": changed(reach),
            "oldest_url": reverse("wagtailadmin_reports:aging_pages"),
        }


def homes(reach: Reach) -> list[Home]:
    """The knowledge bases they write for."""
    rows = KnowledgeBase.objects.filter(pk__in=reach.pages.values("pk")).select_related("community").order_by("title")
    return [
        Home(
            title=row.title,
            read_url=row.address_on_site(),
            write_url=reverse("wagtailadmin_pages:add", args=["knowledgebase", "article", row.pk]),
            all_url=reverse("wagtailadmin_explore", args=[row.pk]),
        )
        for row in rows[:MOST]
    ]


def needing_care(reach: Reach) -> list[Line]:
    """Of each knowledge base they write for, how many of its articles need care."""
    communities = KnowledgeBase.objects.filter(pk__in=reach.pages.values("pk"), community__isnull=False).values_list("community", flat=True)
    return [
        Line(
            title=ngettext("%(number)s article of %(community)s", "%(number)s articles of %(community)s", each.number)
            % {"number": each.number, "community": each.community},
            url=reverse("knowledgebase:community_care", args=[each.community.slug]),
        )
        for each in care.waiting(list(communities))
        if each.community
    ]


def drafts(reach: Reach, *, apart_from: Sequence[int]) -> list[Page]:
    """What they began or changed last, and nobody reads yet."""
    theirs = Q(owner=reach.user) | Q(latest_revision__user=reach.user)
    begun = reach.pages.filter(theirs, has_unpublished_changes=True).exclude(pk__in=apart_from)
    return list(begun.order_by("-latest_revision_created_at")[:MOST])


def changed(reach: Reach) -> list[Page]:
    """What was changed last, by whomever; `latest_revision.user` says by whom."""
    written = reach.pages.filter(latest_revision__isnull=False).select_related("latest_revision__user")
    return list(written.order_by("-latest_revision_created_at")[:MOST])


def waiting(reach: Reach) -> list[WorkflowState]:
    """What is on its way to a second reader, the longest first."""
    keys = reach.pages.annotate(key=Cast("pk", CharField())).values("key")
    states = WorkflowState.objects.active().filter(base_content_type__app_label="wagtailcore", object_id__in=keys)
    return list(states.select_related("requested_by").prefetch_related("content_object").order_by("created_at")[:MOST])
