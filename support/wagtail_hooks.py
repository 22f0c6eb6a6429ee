"""The desk's decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from ground.actors import Actor
from support.access import EDIT_CHECKLISTS, KEEP_ESCALATION
from support.models import ChecklistTemplate, IssueTarget, StatusComponent
from support.timing import calendars
from support.timing.calendars.editing import MODELS, ClocksGroup, OperatorsKeep
from support.timing.tasks import recompute

ACTIONS = {
    "support.match_company": _("Company of Freshdesk matched"),
    "support.unmatch_company": _("Match with a company of Freshdesk taken back"),
    "support.ignore_company": _("Company of Freshdesk said to be no community"),
    "support.consider_company": _("Company of Freshdesk taken in again"),
    "support.change_terms": _("Support terms changed"),
    "support.change_widget": _("Site with the support widget changed"),
    "support.edit_rule": _("Rule edited"),
    "support.switch_on_rule": _("Rule switched on"),
    "support.switch_off_rule": _("Rule switched off"),
    "support.remove_rule": _("Rule removed"),
    "support.explain_word": _("Word of Freshdesk explained"),
    "support.edit_macro": _("Macro kept"),
    "support.remove_macro": _("Macro removed"),
}

for model in MODELS:
    register_permission_policy(model, OperatorsKeep(model))
register_snippet(ClocksGroup)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
def clocks_go_by_it(_request: Any, instance: Any) -> None:
    """What was changed holds from now on, everywhere; clocks that run are turned again in the background."""
    if isinstance(instance, MODELS):
        calendars.forget()
        recompute.delay_on_commit()  # type: ignore[attr-defined]  # ground.outbox.Task has it


@hooks.register("after_delete_snippet")
def clocks_go_without_it(request: Any, instances: Any) -> None:
    for instance in instances:
        clocks_go_by_it(request, instance)


class ByOperators(ModelPermissionPolicy):
    """Operators write the desk's checklists."""

    ACTIONS = frozenset({"view", "add", "change", "delete"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.ACTIONS and user.is_authenticated and EDIT_CHECKLISTS.is_held_by(Actor.person(user))


class ChecklistViewSet(SnippetViewSet):
    """What is to be done for a kind of ticket, one thing a line."""

    model = ChecklistTemplate
    icon = "tasks"
    menu_label = _("Checklists")
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ["name", "kind", "is_offered"]


register_permission_policy(ChecklistTemplate, ByOperators(ChecklistTemplate))
register_snippet(ChecklistViewSet)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)


class OperatorsKeepEscalation(ModelPermissionPolicy):
    """Operators keep what tickets are escalated to, and what the status page calls things."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in {"view", "add", "change", "delete"} and user.is_authenticated and KEEP_ESCALATION.is_held_by(Actor.person(user))


class IssueTargetViewSet(SnippetViewSet):
    """The repositories that tickets may be escalated to."""

    model = IssueTarget
    icon = "link-external"
    menu_label = _("Repositories for issues")
    list_display = ["name", "repository", "is_public", "is_offered"]
    copy_view_enabled = False


class StatusComponentViewSet(SnippetViewSet):
    """The parts of the service as the status page names them."""

    model = StatusComponent
    icon = "site"
    menu_label = _("Parts of the service")
    list_display = ["name", "cluster", "position", "is_public"]
    copy_view_enabled = False


class EscalationGroup(SnippetViewSetGroup):
    """Both under one word of the menu."""

    menu_label = _("Escalation and status")
    menu_icon = "warning"
    items = (IssueTargetViewSet, StatusComponentViewSet)


for kept in (IssueTarget, StatusComponent):
    register_permission_policy(kept, OperatorsKeepEscalation(kept))
register_snippet(EscalationGroup)
