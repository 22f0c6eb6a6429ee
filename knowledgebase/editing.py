"""What of Wagtail's editor opens for who edits one community's articles: the addresses named here, with nothing of anybody else's."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import ResolverMatch
from wagtail.admin.views.pages.search import page_filter_search
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.permissions import policy_registry

from ground.actors import Actor
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Edition, EditionQuerySet, KnowledgeBase

EDITS = ("change",)
FILES = ("choose", "change")


@dataclass(frozen=True)
class Reach:
    """Everything one person may meet in the editor."""

    user: Any

    @functools.cached_property
    def pages(self) -> QuerySet[Page]:
        """What they may edit."""
        return policy_registry.get_by_type(Page).instances_user_has_any_permission_for(self.user, EDITS)

    @functools.cached_property
    def around(self) -> QuerySet[Page]:
        """What they may edit, and the pages above it."""
        return policy_registry.get_by_type(Page).explorable_instances(self.user)

    @functools.cached_property
    def originals(self) -> QuerySet[Page]:
        """What an article of theirs may translate: their own, and what everybody is served from the shared shelf."""
        shared = Article.objects.filter(edition__knowledge_base__community=None, live=True)
        return Page.objects.filter(Q(pk__in=self.pages.values("pk")) | Q(pk__in=shared.values("pk")))

    @functools.cached_property
    def images(self) -> QuerySet[ArticleImage]:
        return policy_registry.get_by_type(ArticleImage).instances_user_has_any_permission_for(self.user, FILES)

    @functools.cached_property
    def documents(self) -> QuerySet[ArticleDocument]:
        return policy_registry.get_by_type(ArticleDocument).instances_user_has_any_permission_for(self.user, FILES)

    @functools.cached_property
    def published(self) -> EditionQuerySet:
        """What they read, and what is published of what they edit."""
        readable = Edition.objects.visible_to(Actor.person(self.user))
        return Edition.objects.filter(Q(pk__in=readable.values("pk")) | Q(pk__in=self.pages.values("pk")))

    @functools.cached_property
    def shown_images(self) -> QuerySet[ArticleImage]:
        """Their own, and those of the shared shelf that stand in an article of `published`."""
        came_along = Q(collection__in=_shared_collections(), pk__in=self.published.values("images"))
        return ArticleImage.objects.filter(Q(pk__in=self.images.values("pk")) | came_along)

    @functools.cached_property
    def shown_documents(self) -> QuerySet[ArticleDocument]:
        came_along = Q(collection__in=_shared_collections(), pk__in=self.published.values("documents"))
        return ArticleDocument.objects.filter(Q(pk__in=self.documents.values("pk")) | came_along)


NUMBERS: Mapping[str, str] = {  # what a number of that name is, in an address, a query or a form; the word is one of Reach's
    "page_id": "pages",
    "page_to_move_id": "pages",
    "destination_id": "pages",
    "new_parent_page": "pages",
    "parent_page_id": "around",
    "childOf": "around",
    "child_of": "around",
    "descendant_of": "around",
    "ancestor_of": "around",
    "target_pages[]": "pages",
    "parent_page": "around",
    "translation_of": "originals",
    "image_id": "images",
    "document_id": "documents",
    "doc_id": "documents",
}
WORDS = frozenset({"", "root"})  # what stands in the place of a number and names nobody's page
LONGEST = 19  # digits of a key
IN_BODY = re.compile(r"^body-.+-(?P<block>image|document|video|captions)$")
BODIES = {"image": "shown_images", "document": "shown_documents", "video": "shown_documents", "captions": "shown_documents"}
PK: Mapping[str, str] = {  # the same, for what Wagtail calls only pk or id, by the name of the address
    "wagtailadmin_pages:revisions_compare": "pages",
    "wagtailadmin_api:pages:detail": "around",
    "wagtailadmin_choose_page_chosen_multiple": "pages",
    "wagtailimages_chooser:chosen": "images",
    "wagtailimages_chooser:chosen_multiple": "images",
    "wagtaildocs_chooser:chosen": "documents",
    "wagtaildocs_chooser:chosen_multiple": "documents",
}
BULK: Mapping[tuple[str, str], str] = {
    ("wagtailcore", "page"): "pages",
    ("knowledgebase", "articleimage"): "images",
    ("knowledgebase", "articledocument"): "documents",
}


def _named(prefix: str, names: str) -> frozenset[str]:
    return frozenset(prefix + name for name in names.split())


OPEN = frozenset(
    {
        *_named("wagtailadmin_", "home explore_root explore explore_results choose_page choose_page_child choose_page_search"),
        *_named("wagtailadmin_", "choose_page_chosen_multiple account logout dismissibles block_preview sprite javascript_catalog"),
        "wagtail_bulk_action",
        *_named("wagtailadmin_api:pages:", "listing detail"),
        *_named("wagtailadmin_pages:", "add preview_on_add add_subpage edit preview_on_edit view_draft delete unpublish copy usage"),
        *_named("wagtailadmin_pages:", "search search_results move move_confirm set_page_position lock unlock history history_results"),
        *_named("wagtailadmin_pages:", "workflow_action collect_workflow_action_data confirm_workflow_cancellation workflow_preview"),
        *_named("wagtailadmin_pages:", "workflow_history workflow_history_detail"),
        *_named("wagtailadmin_pages:", "revisions_index revisions_view revisions_revert revisions_unschedule revisions_compare"),
        *_named("wagtailadmin_editing_sessions:", "ping release"),
        *_named("wagtailadmin_reports:", "aging_pages aging_pages_results"),  # the others list everybody's names in their filters
        *_named("wagtailimages:", "index index_results add edit delete preview image_usage add_multiple edit_multiple delete_multiple"),
        *_named("wagtailimages:", "create_multiple_from_uploaded_image delete_upload_multiple"),
        *_named("wagtailimages_chooser:", "choose choose_results chosen chosen_multiple create"),
        *_named("wagtaildocs:", "index index_results add edit delete document_usage add_multiple edit_multiple delete_multiple"),
        *_named("wagtaildocs:", "create_multiple_from_uploaded_document delete_upload_multiple"),
        *_named("wagtaildocs_chooser:", "choose choose_results chosen chosen_multiple create"),
        "knowledgebase_editing:links",
    }
)
"""The names that open. What Wagtail, or a room of ours, adds later stays shut until it is named here."""


def opens(request: HttpRequest, match: ResolverMatch) -> bool:
    """Whether that address opens for this editor, and everything it and its form name is theirs."""
    reach = Reach(request.user)
    if match.view_name not in OPEN:
        return False
    special = SPECIAL.get(match.view_name)
    if special is not None and not special(request, match, reach):
        return False
    return all(_is_within(getattr(reach, word), number) for word, number in _numbers(request, match))


def _numbers(request: HttpRequest, match: ResolverMatch) -> Iterator[tuple[str, Any]]:
    """Every number named, and what it is one of."""
    forms: tuple[QueryDict, ...] = (request.GET, request.POST)
    named = [*match.kwargs.items(), *((name, value) for form in forms for name in form for value in form.getlist(name))]
    for name, value in named:
        if name in NUMBERS and value not in WORDS:
            yield NUMBERS[name], value
        elif name in {"pk", "id"} and match.view_name in PK:
            yield PK[match.view_name], value
        elif value and (in_body := IN_BODY.match(name)):
            yield BODIES[in_body["block"]], value


def _is_within(rows: QuerySet[Any], number: Any) -> bool:
    """Whether that is the key of one of them."""
    text = str(number).strip()
    return text.isdecimal() and len(text) < LONGEST and rows.filter(pk=int(text)).exists()


def _bulk(request: HttpRequest, match: ResolverMatch, reach: Reach) -> bool:
    """Many at once: only theirs, and `all` of a listing is all of theirs in it."""
    word = BULK.get((match.kwargs["app_label"], match.kwargs["model_name"]))
    if word is None:
        return False
    rows, keys = getattr(reach, word), request.GET.getlist("id")
    if "all" in keys and word == "pages" and "childOf" not in request.GET:
        chosen = request.GET.copy()
        chosen.setlist("id", [str(key) for key in _found(rows, request.GET.get("q", ""))])
        request.GET = chosen  # type: ignore[assignment]  # Wagtail reads it again, and would take every page there is
        return True
    return all(key == "all" or _is_within(rows, key) for key in keys)


def _found(pages: QuerySet[Page], query: str) -> Iterator[int]:
    if not query:
        return iter(pages.values_list("pk", flat=True))
    return (page.pk for page in page_filter_search(query, pages)[0])


def _session(_request: HttpRequest, match: ResolverMatch, reach: Reach) -> bool:
    """Who else has the same page open."""
    return _is_within(reach.pages, match.kwargs["object_id"])


def _step(_request: HttpRequest, match: ResolverMatch, _reach: Reach) -> bool:
    """A step of a workflow belongs to the page beside it in the address."""
    state = TaskState.objects.filter(pk=match.kwargs["task_state_id"])
    return state.filter(workflow_state__object_id=str(match.kwargs["page_id"])).exists()


def _workflow(_request: HttpRequest, match: ResolverMatch, _reach: Reach) -> bool:
    state = WorkflowState.objects.filter(pk=match.kwargs["workflow_state_id"])
    return state.filter(object_id=str(match.kwargs["page_id"])).exists()


SPECIAL: Mapping[str, Callable[[HttpRequest, ResolverMatch, Reach], bool]] = {
    "wagtail_bulk_action": _bulk,
    "wagtailadmin_editing_sessions:ping": _session,
    "wagtailadmin_pages:workflow_action": _step,
    "wagtailadmin_pages:collect_workflow_action_data": _step,
    "wagtailadmin_pages:workflow_history_detail": _workflow,
}


def _shared_collections() -> QuerySet[KnowledgeBase]:
    return KnowledgeBase.objects.filter(community=None).values("collection")
