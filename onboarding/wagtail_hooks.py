"""The onboarding room's decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = {
    "onboarding.publish_form": _("Form published"),
    "onboarding.answer_gates": _("Gates answered"),
    "onboarding.invite_reviewer": _("Reviewer asked"),
    "onboarding.waive_conflict": _("Conflict of interest waived"),
    "onboarding.state_conflict": _("Conflict of interest noted"),
    "onboarding.scores_stand": _("Scores stand after the answers changed"),
    "onboarding.compare": _("Verdict on a pair that looks alike"),
    "onboarding.merge": _("Joined with another application"),
    "onboarding.part": _("Taken apart again"),
    "onboarding.propose": _("Decision proposed"),
    "onboarding.approve": _("Decision approved"),
    "onboarding.set_aside": _("Decision set aside"),
    "onboarding.release": _("Decision released"),
    "onboarding.edit_letter": _("Letter changed"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
