"""How long people are kept, in the editor: for operators."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from ground.actors import Actor
from onboarding.access import EDIT_RETENTION
from onboarding.models import RetentionRule


class OperatorsChangeDays(ModelPermissionPolicy):
    """`setup` makes a rule for each ending of each form; operators change its days."""

    ACTIONS = frozenset({"view", "change"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.ACTIONS and user.is_authenticated and EDIT_RETENTION.is_held_by(Actor.person(user))


class RetentionRuleViewSet(SnippetViewSet):
    """A line a form and ending."""

    model = RetentionRule
    icon = "history"
    menu_label = _("Retention")
    add_to_admin_menu = True
    list_display = ["definition", "get_ending_display", "days", "get_action_display"]
    list_filter = ["definition", "ending"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("definition", read_only=True),
            FieldPanel("ending", read_only=True),
            FieldPanel("action", read_only=True),
            FieldPanel(
                "days",
                help_text=_(
                    "Counted from the last change of a draft, the sending of what was never confirmed, the mark as spam, "
                    "the withdrawal, the release, or the end of the engagement."
                ),
            ),
        ]
    )
