"""The onboarding room's decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

ACTIONS = {
    "onboarding.publish_form": _("Form published"),
    "onboarding.answer_gates": _("Gates answered"),
    "onboarding.propose": _("Decision proposed"),
    "onboarding.approve": _("Decision approved"),
    "onboarding.set_aside": _("Decision set aside"),
    "onboarding.release": _("Decision released"),
    "onboarding.edit_letter": _("Letter changed"),
    "onboarding.go_live": _("Community went live"),
    "onboarding.agreement": _("Agreement recorded"),
    "onboarding.renewal": _("What comes after an agreement decided"),
    "onboarding.ending": _("End of the service begun"),
    "onboarding.value": _("Use of the hub stated"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
