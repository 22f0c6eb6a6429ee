"""The communities' decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

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
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
