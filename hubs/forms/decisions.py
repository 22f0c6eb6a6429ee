"""What engineers and representatives say about a request besides yes: which plan, why not, what is settled."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from hubs.assessing import Findings
from hubs.documents import HubFacts
from hubs.models import Assessment, Hub, HubRequest, digits
from hubs.states import Kind

STATUSES = [("met", _("Done")), ("not-needed", _("Not needed"))]


class StartForm(forms.Form):
    """Which hub a request is about, the only one unless another is meant; a new hub is about none yet."""

    def __init__(self, *args: Any, community: Community, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        hubs = Hub.objects.filter(community=community).present().select_related("cluster")
        few = [] if kind == Kind.NEW_HUB else list(hubs[:2])
        self.has_hubs = bool(few)
        if self.has_hubs:
            if len(few) == 1 and not self.initial.get("hub"):
                self.initial["hub"] = few[0].pk
            own = _("A hub of its own, for this event only") if kind == Kind.EVENT else None
            self.fields["hub"] = forms.ModelChoiceField(
                label=_("Which hub?"), queryset=hubs, empty_label=own or _("Choose a hub"), required=own is None
            )

    @property
    def lacks_a_hub(self) -> bool:
        """There is nothing that could be changed or closed."""
        return self.kind in {Kind.CHANGE, Kind.DECOMMISSION} and not self.has_hubs

    @property
    def facts(self) -> HubFacts:
        """What the draft is about."""
        hub = self.cleaned_data.get("hub")
        values = {"/new_hub/type": "jupyterhub"} if self.kind == Kind.EVENT and hub is None else {}
        return HubFacts(kind=self.kind, hub=hub, values=values)


class ApprovalForm(forms.Form):
    """The digest of the plan on the page, so that exactly this plan is approved, and from when on it may be carried out."""

    plan_digest = forms.CharField(widget=forms.HiddenInput, max_length=80)
    not_before = forms.DateTimeField(
        label=_("Not before"),
        help_text=_("In your time zone. Empty: it starts at once."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    at_once = forms.BooleanField(
        label=_("Remove it at once, without waiting for the last day"),
        help_text=_("Both engineers have to say so. Otherwise the hub stays until the end of its last day."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Who says “at once” does not mean the day that the page proposed."""
        given = dict(self.cleaned_data)
        return given | {"not_before": None} if given.get("at_once") else given

    @classmethod
    def of(cls, request: HubRequest) -> Self:
        """The form for the plan as it is. A hub is not taken away before its last day is over, unless somebody says so."""
        initial = {"plan_digest": request.plan_digest, "not_before": request.not_before or request.after_last_day}
        return cls(initial=initial)


class DriftForm(forms.Form):
    """One answer that changed elsewhere."""

    pointer = forms.CharField(max_length=200, widget=forms.HiddenInput)
    source = forms.SlugField(max_length=20, widget=forms.HiddenInput)


class AssessmentForm(forms.Form):
    """What another hub of a community means."""

    covered = forms.ChoiceField(
        label=_("Does the agreement cover another hub?"), choices=Assessment.Cover.choices, widget=forms.RadioSelect, required=True
    )
    load = forms.ChoiceField(label=_("How much work is it to run?"), choices=Assessment.Load.choices, widget=forms.RadioSelect)
    load_note = forms.CharField(label=_("What makes it so?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    cost = forms.DecimalField(label=_("What does it cost a month?"), min_value=0, max_digits=9, decimal_places=2)
    currency = forms.RegexField(
        r"^[A-Z]{3}$", label=_("Currency"), initial="USD", error_messages={"invalid": _("Three capital letters, like USD or EUR.")}
    )
    paid_by = forms.ChoiceField(label=_("Who pays?"), choices=Assessment.Payer.choices, widget=forms.RadioSelect)

    @classmethod
    def of(cls, assessment: Assessment | None) -> Self:
        """The form as it was filled in last."""
        if assessment is None:
            return cls()
        names = ("covered", "load", "load_note", "currency", "paid_by")
        return cls(initial={name: getattr(assessment, name) for name in names} | {"cost": assessment.amount})

    @property
    def findings(self) -> Findings:
        """What was recorded, the cost in minor units."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "cost"}
        return Findings(**given, monthly_cost=int(self.cleaned_data["cost"].scaleb(digits(given["currency"]))))


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


class PublicForm(forms.Form):
    """Whether a hub is on the status page that everybody reads."""

    shown = forms.BooleanField(required=False)
