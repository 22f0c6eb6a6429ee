"""The editor, cut down to what its user may edit: no foreign titles in choosers, a short menu, our actions in the log."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from communities.access import is_staff
from ground.actors import ActingRequest, Actor
from knowledgebase import translating
from knowledgebase.access import KEEP_SYNONYMS
from knowledgebase.first_page import FirstPage
from knowledgebase.models import Article, SynonymSet
from knowledgebase.narrowing import narrow_filters
from knowledgebase.searching import synonyms
from knowledgebase.views import editing

OF_CHAMPIONS = frozenset({"explorer", "images", "documents"})  # names of menu items
ACTIONS = {
    "knowledgebase.open": _("Knowledge base opened"),
    "knowledgebase.draft": _("Article drafted"),
    "knowledgebase.translate": _("Translation begun"),
    "knowledgebase.significance": _("Said what a change means for translations"),
    "knowledgebase.follow": _("Translation up to date again"),
    "knowledgebase.override": _("Own version of a shared article begun"),
    "knowledgebase.adopt": _("Own version given up for the shared text"),
    "knowledgebase.keep": _("Own version kept beside a changed shared text"),
    "knowledgebase.stand_alone": _("Own version made an article of its own"),
    "knowledgebase.offer": _("Offered to the shared shelf"),
    "knowledgebase.take_offer": _("Taken to the shared shelf"),
    "knowledgebase.decline_offer": _("Not taken to the shared shelf"),
    "knowledgebase.use_shared": _("Given up for the article on the shared shelf"),
    "knowledgebase.look": _("Article found to be still right"),
}

narrow_filters()


@hooks.register("construct_page_chooser_queryset")
def choose_from_own_pages(pages: Any, request: ActingRequest) -> Any:
    """Wagtail's page chooser shows every page, drafts too; ours shows what its user may explore."""
    if request.user.is_superuser:
        return pages
    return pages & policy_registry.get_by_type(Page).explorable_instances(request.user)


@hooks.register("construct_main_menu")
def short_menu(request: ActingRequest, items: list[Any]) -> None:
    """Champions need pages, images and documents."""
    if not is_staff(request.actor):
        items[:] = [item for item in items if item.name in OF_CHAMPIONS]


@hooks.register("construct_homepage_panels")
def calm_first_page(request: ActingRequest, panels: list[Any]) -> None:
    """For champions what is theirs to go on with, instead of Wagtail's tables."""
    if not is_staff(request.actor):
        panels[:] = [FirstPage()]


@hooks.register("construct_homepage_summary_items", order=1000)
def no_counts(request: ActingRequest, items: list[Any]) -> None:
    if not is_staff(request.actor):
        items.clear()


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern | URLResolver]:
    patterns = [path("links/<int:page_id>/", editing.links, name="links")]
    return [path("articles/", include((patterns, "knowledgebase_editing")))]


@hooks.register("insert_global_admin_css")
def look() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/editor.css"))


@hooks.register("insert_editor_js")
def link_builder() -> SafeString:
    return format_html('<script type="module" src="{}"></script>', static("js/editor-links.js"))


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)


@hooks.register("after_publish_page")
def ask_about_translations(_request: ActingRequest, page: Page) -> HttpResponse | None:
    """A changed original: what it means for its translations. A translation that was behind: whether it is up to date now."""
    question = translating.question_after(page) if isinstance(page, Article) else ""
    return redirect(question) if question else None


@hooks.register("insert_global_admin_css")
def original_beside() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/editor-original.css"))


class OperatorsKeepSynonyms(ModelPermissionPolicy):
    """Operators say which words mean the same."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "add", "change", "delete"} and user.is_authenticated and KEEP_SYNONYMS.is_held_by(Actor.person(user))


class SynonymViewSet(SnippetViewSet):
    """Words that mean the same to who searches."""

    model = SynonymSet
    icon = "search"
    menu_label = _("Search words")
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["name", "en", "is_used"]
    search_fields = ["name", "en", "es", "pt", "fr", "leads_to"]


register_permission_policy(SynonymSet, OperatorsKeepSynonyms(SynonymSet))
register_snippet(SynonymViewSet)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def search_goes_by_it(_request: Any, instance: Any) -> None:
    """What was changed is searched by from now on."""
    if isinstance(instance, SynonymSet):
        synonyms.keep(instance)
