"""What the log calls the decisions of this room that move no state."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from hubs import matching

ACTIONS = {
    matching.MATCHED: _("Hub said to be a community's"),
    matching.OURS: _("Hub said to be the staff's own"),
    matching.UNMATCHED: _("Word on whose a hub is taken back"),
    "hubs.assess": _("Another hub assessed"),
    "hubs.take_answer": _("New answer taken into a hub request"),
    "hubs.leave_answer": _("New answer left out of a hub request"),
    "hubs.public_status": _("Hub on the public status page or off it"),
    "hubs.start_now": _("Hub request started before its day"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
