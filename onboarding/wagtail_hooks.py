"""The onboarding room in the editor, and its decisions in the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from communities.models import ServicePolicy
from ground.actors import ActingRequest
from onboarding.editing_policies import OperatorsChange, OperatorsKeep, PoliciesGroup
from onboarding.editing_words import ByOperators, WordsGroup
from onboarding.models import CommandPolicy, LetterTemplate, ReviewPolicy, Statement

for words in (Statement, LetterTemplate):
    register_permission_policy(words, ByOperators(words))
for policy in (ServicePolicy, ReviewPolicy):
    register_permission_policy(policy, OperatorsChange(policy))
register_permission_policy(CommandPolicy, OperatorsKeep(CommandPolicy))
register_snippet(WordsGroup)
register_snippet(PoliciesGroup)

ACTIONS = {
    "onboarding.publish_form": _("Form published"),
    "onboarding.answer_gates": _("Gates answered"),
    "onboarding.propose": _("Decision proposed"),
    "onboarding.approve": _("Decision approved"),
    "onboarding.set_aside": _("Decision set aside"),
    "onboarding.release": _("Decision released"),
    "onboarding.edit_letter": _("Letter changed"),
    "onboarding.add_letter": _("Letter in another language added"),
    "onboarding.publish_words": _("Words published"),
}


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)


@hooks.register("construct_snippet_action_menu")
def nothing_is_unpublished(items: list[Any], _request: ActingRequest, context: dict[str, Any]) -> None:
    """A published version never goes away; another one follows it."""
    if context.get("model") in (Statement, LetterTemplate):
        items[:] = [item for item in items if item.name != "action-unpublish"]
