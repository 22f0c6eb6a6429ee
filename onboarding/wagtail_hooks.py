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
    "onboarding.reopen": _("Application taken up again"),
    "onboarding.ask": _("Applicant asked"),
    "onboarding.answer": _("Question answered"),
    "onboarding.spam": _("Application marked as spam"),
    "onboarding.not_spam": _("Application no spam after all"),
    "onboarding.merge": _("Application marked as a second copy"),
    "onboarding.plan_meeting": _("Meeting planned"),
    "onboarding.attend_meeting": _("Who is at a meeting"),
    "onboarding.note_meeting": _("Minutes of a meeting"),
    "onboarding.close_meeting": _("Meeting ended"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
