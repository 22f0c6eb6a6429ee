"""The desk's decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = {
    "support.match_company": _("Company of Freshdesk matched"),
    "support.unmatch_company": _("Match with a company of Freshdesk taken back"),
    "support.ignore_company": _("Company of Freshdesk said to be no community"),
    "support.consider_company": _("Company of Freshdesk taken in again"),
    "support.explain_word": _("Word of Freshdesk explained"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
