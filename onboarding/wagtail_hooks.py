"""The onboarding room's decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from onboarding.editing_retention import OperatorsChangeDays, RetentionRuleViewSet
from onboarding.models import RetentionRule

register_permission_policy(RetentionRule, OperatorsChangeDays(RetentionRule))
register_snippet(RetentionRuleViewSet)

ACTIONS = {
    "onboarding.publish_form": _("Form published"),
    "onboarding.answer_gates": _("Gates answered"),
    "onboarding.propose": _("Decision proposed"),
    "onboarding.approve": _("Decision approved"),
    "onboarding.set_aside": _("Decision set aside"),
    "onboarding.release": _("Decision released"),
    "onboarding.edit_letter": _("Letter changed"),
    "onboarding.erase": _("People forgotten"),
    "onboarding.refuse_privacy": _("Request to be forgotten refused"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)
