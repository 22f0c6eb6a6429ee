"""The communities' decisions in the audit log, and the template of responsibilities in the editor."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from communities.access import PUBLISH_TEMPLATE
from communities.models import MatrixTemplate
from communities.views import templates
from ground.actors import Actor

ACTIONS = {
    "communities.found": _("Founded"),
    "communities.invite": _("Person invited"),
    "communities.change_role": _("Role changed"),
    "communities.remove": _("Person removed"),
    "communities.forget": _("Person forgotten"),
    "communities.matrix_draft": _("Responsibility matrix drafted"),
    "communities.matrix_propose": _("Responsibility matrix proposed"),
    "communities.matrix_agree": _("Responsibility matrix agreed"),
    "communities.matrix_row": _("Responsibility changed"),
    "communities.matrix_comment": _("Comment on a responsibility"),
    "communities.matrix_resolve": _("Comment settled"),
    "communities.matrix_withdraw": _("Proposed change taken back"),
    "communities.matrix_review_on": _("Day to look at it again changed"),
    "communities.publish_matrix_template": _("Template of responsibilities published"),
}


class MatrixTemplateViewSet(SnippetViewSet):
    """The draft of each programme: edited here, published on a page of ours."""

    model = MatrixTemplate
    icon = "list-ul"
    menu_label = _("Responsibilities")
    add_to_admin_menu = True
    copy_view_enabled = False


register_snippet(MatrixTemplateViewSet)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    return [path("responsibilities/<int:pk>/publish/", templates.publish, name="publish_matrix_template")]


@hooks.register("register_snippet_listing_buttons")
def publish_button(snippet: Any, user: Any, next_url: str | None = None) -> Any:  # noqa: ARG001  Wagtail's signature
    """From the list of drafts to the page that publishes one."""
    if isinstance(snippet, MatrixTemplate) and PUBLISH_TEMPLATE.is_held_by(Actor.person(user)):
        yield Button(_("Compare and publish"), reverse("publish_matrix_template", args=[snippet.pk]), priority=5, icon_name="upload")
