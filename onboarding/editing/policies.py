"""The numbers and rules on which programmes differ, in the editor: for operators, with a plain word beside each."""

from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from communities.models import ServicePolicy
from communities.roles import StaffGroup
from ground.actors import Actor
from onboarding.access import EDIT_POLICIES
from onboarding.models import CommandPolicy, ReviewPolicy


class OperatorsChange(ModelPermissionPolicy):
    """A policy is a programme's: operators change it; `setup` makes it."""

    ACTIONS = frozenset({"view", "change"})

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.ACTIONS and user.is_authenticated and EDIT_POLICIES.is_held_by(Actor.person(user))


class OperatorsKeep(OperatorsChange):
    """Operators add and delete these rules too."""

    ACTIONS = frozenset({"view", "add", "change", "delete"})


class AtLeastOne(WagtailAdminModelForm):
    """Days and people are counted from one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.validators.append(MinValueValidator(1))
                field.widget.attrs["min"] = 1


class CommandForm(WagtailAdminModelForm):
    """The groups as boxes to tick."""

    groups = forms.MultipleChoiceField(
        label=_("Only these staff groups"),
        help_text=_("Nobody ticked: everybody who may give it anyway. A rule narrows who may; it never lets anybody in."),
        choices=StaffGroup.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ServicePolicyViewSet(SnippetViewSet):
    """Notice, renewal, first value, defaults of a hub."""

    model = ServicePolicy
    icon = "calendar"
    menu_label = _("Service")
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("reply_days", help_text=_("We promise this in mails, on the status page and in letters."))],
                heading=_("Applications"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("event_notice_days", help_text=_("Below this a request for an event is flagged; an exam is refused.")),
                    FieldPanel("ending_notice_days", help_text=_("Below this a request to remove a hub is flagged.")),
                    FieldPanel("renewal_days", help_text=_("On this day the talk about going on begins.")),
                    FieldPanel("agreement_days", help_text=_("365 is a year.")),
                    FieldPanel(
                        "quiet_periods",
                        help_text=_("One on each line, first and last day: 2026-12-21 2027-01-03 Winter break. Events then are flagged."),
                    ),
                ],
                heading=_("Notice and renewal"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("value_people", help_text=_("This many separate people used the hub: it is of use to somebody.")),
                    FieldPanel("value_days", help_text=_("Counted from the day the hub was handed over.")),
                    FieldPanel("value_counts_representatives", help_text=_("Our own staff never count.")),
                ],
                heading=_("Time to first value"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("default_memory_gb", help_text=_("What a person gets when a request says nothing else.")),
                    FieldPanel("default_cloud", help_text=_("Where a new cluster goes when nobody asked for another place.")),
                ],
                heading=_("Defaults of a hub"),
            ),
        ],
        base_form_class=AtLeastOne,
    )


class ReviewPolicyViewSet(SnippetViewSet):
    """What reviewers see, and how long they have."""

    model = ReviewPolicy
    icon = "view"
    menu_label = _("Reviews")
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("see_others", help_text=_("Who reads others first is swayed by them.")),
            FieldPanel("assigned_only", help_text=_("Otherwise every reviewer reads every application.")),
            FieldPanel("hide_people", help_text=_("In answers, mails and files a name may still be read.")),
            FieldPanel("review_days", help_text=_("Counted from the day somebody was asked; reminders follow it.")),
            FieldPanel("needs_calibration", help_text=_("Three example applications whose scores were agreed.")),
        ],
        base_form_class=AtLeastOne,
    )


class CommandPolicyViewSet(SnippetViewSet):
    """Commands switched off, or kept for some."""

    model = CommandPolicy
    icon = "lock"
    menu_label = _("Commands")
    list_display = ["command", "programme", "is_enabled"]
    inspect_view_enabled = False
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("programme"),
            FieldPanel("command", help_text=_("As the table of rights at /review/rights/ names it.")),
            FieldPanel("is_enabled", help_text=_("Switched off, nobody can give it.")),
            FieldPanel("groups"),
        ],
        base_form_class=CommandForm,
    )


class PoliciesGroup(SnippetViewSetGroup):
    """All three in one menu."""

    items = (ServicePolicyViewSet, ReviewPolicyViewSet, CommandPolicyViewSet)
    menu_label = _("Policies")
    menu_icon = "cog"
    menu_order = 220
