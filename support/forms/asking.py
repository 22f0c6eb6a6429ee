"""What people type about asking: approvals, terms, named readers, ratings, and sites that carry the widget."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from communities.access import SEE_PEOPLE
from communities.models import Community, User
from ground.actors import Actor
from hubs.models import Hub
from support.forms.tickets import LONGEST, people_to_name
from support.models import SupportTerms, Ticket, WidgetSite
from support.states import Face, WhoOpens, WhoSees

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})


class TermsForm(forms.ModelForm[SupportTerms]):
    """Who may open tickets, who sees them, who approves."""

    who_opens = forms.ChoiceField(
        label=_("Whose tickets go to the support staff at once"),
        choices=WhoOpens,
        widget=forms.RadioSelect,
        help_text=_("Everybody else's ticket waits until a representative approves it."),
    )
    who_sees = forms.ChoiceField(
        label=_("Who reads a ticket that is not confidential"),
        choices=WhoSees,
        widget=forms.RadioSelect,
        help_text=_(
            "The support staff read every ticket. A confidential one is read by who asked and whom they name, whatever you choose here."
        ),
    )

    class Meta:
        model = SupportTerms
        fields = ("who_opens", "checks_authority", "champions_approve", "who_sees")


class SubjectForm(forms.Form):
    """What a ticket that waits is about, said better."""

    subject = forms.CharField(label=_("Subject"), max_length=255)


class DeclineForm(forms.Form):
    """Why a ticket is not passed on."""

    reason = forms.CharField(
        label=_("Why not"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who asked reads this. Say what they can do instead."),
    )


class ReadersForm(forms.Form):
    """Whether a ticket is confidential, and who may read it all the same."""

    confidential = forms.BooleanField(label=_("Keep it between who asked, the support staff and the people named here"), required=False)
    readers = forms.ModelMultipleChoiceField(
        label=_("Who else may read it"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ticket.community is None or not SEE_PEOPLE.is_held_by(actor, ticket.community):
            del self.fields["readers"]
        else:
            self.fields["readers"].queryset = people_to_name(ticket.community, actor)  # type: ignore[attr-defined]

    @classmethod
    def of(cls, ticket: Ticket, actor: Actor) -> "ReadersForm":
        """The form showing the ticket as it is."""
        named = list(ticket.named.values_list("user", flat=True))
        return cls(initial={"confidential": ticket.confidential, "readers": named}, ticket=ticket, actor=actor)


class RatingForm(forms.Form):
    """How somebody was helped."""

    face = forms.TypedChoiceField(
        label=_("How did we help?"), choices=Face, coerce=lambda value: Face(int(value)), widget=forms.RadioSelect
    )
    feedback = forms.CharField(label=_("What should we know?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class WidgetSiteForm(forms.ModelForm[WidgetSite]):
    """A site that carries the widget."""

    origins = forms.CharField(
        label=_("Addresses of the site"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, as the browser shows its beginning: https://docs.example.org. Nowhere else does the widget work."),
    )

    class Meta:
        model = WidgetSite
        fields = ("name", "origins", "hub", "is_on")
        labels = {"name": _("Name of the site"), "hub": _("Hub that the site is about"), "is_on": _("The widget works there")}

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hub = cast("forms.ModelChoiceField[Hub]", self.fields["hub"])
        hub.queryset, hub.empty_label = Hub.objects.filter(community=community).running(), str(_("Not about one hub"))
        if self.instance.pk:
            self.initial["origins"] = "\n".join(self.instance.origins)

    def clean_origins(self) -> list[str]:
        """Each as a browser writes an origin, once."""
        return list(dict.fromkeys(_origin(line) for line in self.cleaned_data["origins"].split()))


class WidgetAskForm(forms.Form):
    """What a stranger writes on a documentation site."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField()
    subject = forms.CharField(max_length=255)
    body = forms.CharField(max_length=LONGEST)
    page_url = forms.CharField(max_length=2000, required=False)
    page_title = forms.CharField(max_length=1000, required=False)
    language = forms.CharField(max_length=10, required=False)
    website = forms.CharField(max_length=1000, required=False)
    token = forms.CharField(max_length=300)


def _origin(line: str) -> str:
    """Scheme, host and port, lower case. Only a site on this machine may do without https."""
    try:
        parts = urlsplit(line.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise ValidationError(_now("“%(line)s” is not an address of a site.") % {"line": line}) from error
    host = f"[{host}]" if ":" in host else host
    if not host or parts.scheme not in {"https", "http"} or parts.username is not None:
        raise ValidationError(_now("“%(line)s” is not an address of a site; write for example https://docs.example.org.") % {"line": line})
    if parts.scheme == "http" and host not in LOCAL:
        raise ValidationError(_now("“%(line)s” has to begin with https://.") % {"line": line})
    is_usual = port in {None, 443 if parts.scheme == "https" else 80}
    return f"{parts.scheme}://{host}" + ("" if is_usual else f":{port}")
