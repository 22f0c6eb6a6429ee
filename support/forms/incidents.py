"""What people type about incidents. Whatever communities or the public will read must name no community."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from ground.texts import Text
from hubs.models import Cluster, Hub
from support import incidents
from support.forms.tickets import desk_people
from support.incidents import Declaration
from support.models import Incident, StatusComponent
from support.states import IncidentRole, IncidentState, Severity

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OTHERS = [code for code in LANGUAGES if code != "en"]
LONGEST = 20_000


class SpokenForm(forms.Form):
    """A form with words in every language, of which English is needed. Naming a community must be meant."""

    names_are_meant = forms.BooleanField(label=_("Everybody affected may read these names"), required=False)

    spoken = "text"
    longest = LONGEST
    widget: type[forms.Widget] = forms.Textarea
    label: Any = ""

    def __init__(self, *args: Any, audience: Iterable[Community] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience = audience
        for code, name in settings.LANGUAGES:
            attrs = {"lang": code, **({"rows": 5} if self.widget is forms.Textarea else {})}
            self.fields[f"{self.spoken}_{code}"] = forms.CharField(
                label=_("%(what)s, in %(language)s") % {"what": self.label, "language": name},
                required=code == "en",
                max_length=self.longest,
                widget=self.widget(attrs=attrs),
            )
        self.fields["names_are_meant"].widget = forms.HiddenInput()

    def text(self) -> Text:
        """By language; only those that somebody wrote."""
        said = {code: self.cleaned_data.get(f"{self.spoken}_{code}", "").strip() for code in LANGUAGES}
        return {code: words for code, words in said.items() if words}

    def in_english(self) -> Any:
        return self[f"{self.spoken}_en"]

    def in_others(self) -> list[Any]:
        return [self[f"{self.spoken}_{code}"] for code in OTHERS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = incidents.named_in(self.text().values(), self._audience())
        if named and not cleaned.get("names_are_meant"):
            self.fields["names_are_meant"].widget = forms.CheckboxInput()
            raise ValidationError(
                _(
                    "This names %(names)s. Every affected community would read it, and perhaps everybody. Take it out, or say below that it is meant."
                ),
                params={"names": ", ".join(named)},
            )
        return cleaned

    def _audience(self) -> Iterable[Community]:
        return self.audience if self.audience is not None else ()


class IncidentForm(SpokenForm):
    """What an incident is of."""

    spoken, longest, widget, label = "title", 120, forms.TextInput, _("Title")

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, initial=Severity.MAJOR)
    cluster = forms.ModelChoiceField(
        label=_("Cluster"),
        queryset=Cluster.objects.all(),
        required=False,
        empty_label=_("None"),
        help_text=_("All its hubs are affected, unless you choose hubs below."),
    )
    hubs = forms.ModelMultipleChoiceField(
        label=_("Hubs"), queryset=Hub.objects.none(), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    components = forms.ModelMultipleChoiceField(
        label=_("Shown on the status page under"),
        queryset=StatusComponent.objects.filter(is_public=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_public = forms.BooleanField(label=_("On the public status page"), required=False, initial=True)
    summary = forms.CharField(
        label=_("What the desk knows"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Nobody else reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hubs"].queryset = Hub.objects.running().select_related("cluster")  # type: ignore[attr-defined]

    @classmethod
    def of(cls, incident: Incident, data: Any = None) -> "IncidentForm":
        """As it is now."""
        initial = {name: getattr(incident, name) for name in ("severity", "cluster", "is_public", "summary")}
        initial |= {f"title_{code}": incident.title.get(code, "") for code in LANGUAGES}
        initial |= {"hubs": list(incident.hubs.all()), "components": list(incident.components.all())}
        return cls(data, initial=initial)

    def declaration(self) -> Declaration:
        names = ("severity", "summary", "is_public", "cluster", "hubs", "components")
        return Declaration(title=self.text(), **{name: self.cleaned_data[name] for name in names})

    def _audience(self) -> Iterable[Community]:
        """Everybody whose hub was chosen, or runs on the cluster."""
        hubs = self.cleaned_data.get("hubs") or Hub.objects.running().filter(cluster=self.cleaned_data.get("cluster"))
        return Community.objects.filter(hubs__in=hubs).distinct()


class UpdateForm(SpokenForm):
    """How it stands now."""

    prefix = "update"
    label = _("Update")

    state = forms.ChoiceField(label=_("State"), choices=IncidentState)
    solves = forms.BooleanField(label=_("When resolved, solve the tickets with these words"), required=False, initial=True)

    @classmethod
    def of(cls, incident: Incident, audience: Iterable[Community], data: Any = None) -> "UpdateForm":
        return cls(data, audience=audience, initial={"state": incident.state, "solves": True})


class DutiesForm(forms.Form):
    """Who does what."""

    prefix = "duties"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role, word in IncidentRole.choices:
            self.fields[role] = forms.ModelChoiceField(label=word, queryset=desk_people(), required=False, empty_label=_("nobody"))

    @classmethod
    def of(cls, incident: Incident, data: Any = None) -> "DutiesForm":
        return cls(data, initial={duty.role: duty.user_id for duty in incident.duties.all()})

    def chosen(self) -> dict[str, User | None]:
        return {role: self.cleaned_data[role] for role in IncidentRole.values}


class NoteForm(forms.Form):
    """A line of the timeline."""

    prefix = "line"

    text = forms.CharField(label=_("Note for the timeline"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))


class FollowUpForm(forms.Form):
    """Something to do afterwards."""

    prefix = "follow-up"

    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("nobody yet"))
    issue_url = forms.URLField(label=_("Issue"), required=False, max_length=300, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = desk_people()  # type: ignore[attr-defined]


class AttachForm(forms.Form):
    """Which incident a ticket tells of."""

    prefix = "incident"

    incident = forms.ModelChoiceField(label=_("Incident"), queryset=Incident.objects.none(), empty_label=_("choose an incident"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["incident"].queryset = Incident.objects.open().order_by("-began_at")  # type: ignore[attr-defined]
