"""The editor, cut down to what its user may edit: no foreign titles in choosers, a short menu, our actions in the log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import policy_registry

from communities.access import is_staff
from ground.actors import ActingRequest

OF_CHAMPIONS = frozenset({"explorer", "images", "documents"})  # names of menu items
ACTIONS = {
    "knowledgebase.open": _("Knowledge base opened"),
}


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


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
