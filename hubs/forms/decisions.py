"""What engineers and representatives say about a request besides yes: which plan, why not, what is settled."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from hubs.models import Hub
from hubs.states import Kind

STATUSES = [("met", _("Done")), ("not-needed", _("Not needed"))]


class StartForm(forms.Form):
    """Which hub a request is about; a new hub is about none yet."""

    def __init__(self, *args: Any, community: Community, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hubs = Hub.objects.filter(community=community).running()
        if kind != Kind.NEW_HUB and hubs.exists():
            self.fields["hub"] = forms.ModelChoiceField(label=_("Which hub?"), queryset=hubs, empty_label=None)


class ApprovalForm(forms.Form):
    """The digest of the plan on the page, so that exactly this plan is approved."""

    plan_digest = forms.CharField(widget=forms.HiddenInput, max_length=80)


class RejectionForm(forms.Form):
    """Why not; the community reads it."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("The community reads this. Say what would make it possible."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class CancelForm(forms.Form):
    """Why it is taken back, if somebody wants to say."""

    reason = forms.CharField(label=_("Why? (optional)"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=500)


class SettlementForm(forms.Form):
    """One precondition of the plan, done or not needed."""

    key = forms.SlugField(max_length=80, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("How does it stand?"), choices=STATUSES)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000)

    @property
    def outputs(self) -> dict[str, str]:
        """What is told with it, such as the id of a disk: the posted fields `output.<name>`."""
        told = {name.removeprefix("output."): str(value).strip()[:500] for name, value in self.data.items() if name.startswith("output.")}
        return {name: value for name, value in told.items() if value}
