"""The onboarding room in Wagtail: its decisions in the audit log, and the operators' editor."""

from typing import Any

from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from communities.models import ServicePolicy
from ground.actors import ActingRequest
from onboarding.access import EDIT_FORMS
from onboarding.editing import urls
from onboarding.editing.policies import OperatorsChange, OperatorsKeep, PoliciesGroup
from onboarding.editing.retention import OperatorsChangeDays, RetentionRuleViewSet
from onboarding.editing.rights import OperatorsEdit
from onboarding.editing.viewsets import VIEWSETS, without_ending
from onboarding.editing.words import ByOperators, WordsGroup
from onboarding.models import CommandPolicy, LetterTemplate, RetentionRule, ReviewPolicy, Statement

ACTIONS = {
    "onboarding.add_form": _("Form added"),
    "onboarding.open_form": _("Form opened to everybody"),
    "onboarding.close_form": _("Form closed to everybody"),
    "onboarding.publish_form": _("Form published"),
    "onboarding.publish_rubric": _("Rubric published"),
    "onboarding.publish_plan": _("Onboarding plan published"),
    "onboarding.answer_gates": _("Gates answered"),
    "onboarding.invite_reviewer": _("Reviewer asked"),
    "onboarding.declare_conflict": _("Conflict of interest declared"),
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
    "onboarding.reopen": _("Application taken up again"),
    "onboarding.ask": _("Applicant asked"),
    "onboarding.answer": _("Applicant answered"),
    "onboarding.spam": _("Marked as spam"),
    "onboarding.not_spam": _("Marked as no spam"),
    "onboarding.plan_meeting": _("Meeting planned"),
    "onboarding.attend_meeting": _("Who is at a meeting"),
    "onboarding.note_meeting": _("Minutes of a meeting"),
    "onboarding.close_meeting": _("Meeting ended"),
    "onboarding.add_letter": _("Letter in another language added"),
    "onboarding.publish_words": _("Words published"),
    "onboarding.erase": _("People forgotten"),
    "onboarding.refuse_privacy": _("Request to be forgotten refused"),
    "onboarding.go_live": _("Community went live"),
    "onboarding.agreement": _("Agreement recorded"),
    "onboarding.renewal": _("What comes after an agreement decided"),
    "onboarding.ending": _("End of the service begun"),
    "onboarding.value": _("Use of the hub stated"),
}

for viewset in VIEWSETS:
    register_permission_policy(viewset.model, OperatorsEdit(viewset.model))
    register_snippet(viewset)
for words in (Statement, LetterTemplate):
    register_permission_policy(words, ByOperators(words))
for policy in (ServicePolicy, ReviewPolicy):
    register_permission_policy(policy, OperatorsChange(policy))
register_permission_policy(CommandPolicy, OperatorsKeep(CommandPolicy))
register_permission_policy(RetentionRule, OperatorsChangeDays(RetentionRule))
register_snippet(WordsGroup)
register_snippet(RetentionRuleViewSet)
register_snippet(PoliciesGroup)


class OperatorsItem(MenuItem):
    """A line of the menu for who may edit."""

    def is_shown(self, request: ActingRequest) -> bool:
        return EDIT_FORMS.is_held_by(request.actor)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return OperatorsItem(
        _("Forms and rubric"), reverse("onboarding_editing:overview"), name="onboarding_editing", icon_name="form", order=250
    )


@hooks.register("register_admin_urls")
def admin_urls() -> list[URLResolver]:
    return [path("onboarding/", include(urls))]


@hooks.register("construct_snippet_action_menu")
def action_menu(items: list[Any], _request: ActingRequest, context: dict[str, Any]) -> None:
    without_ending(items, context["model"])


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    for key, words in ACTIONS.items():
        actions.register_action(key, words, words)


@hooks.register("construct_snippet_action_menu")
def nothing_is_unpublished(items: list[Any], _request: ActingRequest, context: dict[str, Any]) -> None:
    """A published version never goes away; another one follows it."""
    if context.get("model") in (Statement, LetterTemplate):
        items[:] = [item for item in items if item.name != "action-unpublish"]
