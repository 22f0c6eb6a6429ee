"""What people type at the desk and in a community's tickets."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from communities.states import Party
from ground.texts import pick
from hubs.models import Hub
from support import files, vocabulary
from support.contents import KINDS, Refused
from support.models import Ticket, TicketPriority, TicketStatus, TicketType
from support.policy import DESK_GROUPS
from support.states import Impact, Kind, StatusGroup
from support.triage import Decision, Rows

LONGEST = 50_000
CHOOSE_AGAIN = _("Nothing was sent. Your words are kept; a browser keeps no files, so choose them again.")


def desk_people() -> QuerySet[User]:
    """Everybody a ticket may be assigned to."""
    return User.objects.filter(is_active=True, groups__name__in=DESK_GROUPS).distinct().order_by("name", "email")


class FilesInput(forms.FileInput):
    """Chooses several; a phone offers what it has of these kinds."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": ",".join(KINDS)})


class FilesField(forms.FileField):
    """Files to send along; what is wrong with each is said at once."""

    widget = FilesInput

    def __init__(self) -> None:
        super().__init__(
            label=_("Attach files"),
            required=False,
            help_text=_("At most 10 files, 20 MB together: pictures, PDF, text and data, office documents, ZIP."),
        )

    def clean(self, data: list[UploadedFile] | None, _initial: object = None) -> list[UploadedFile]:
        uploads = list(data or ())
        errors = [*_refusals(files.check_number, uploads), *(each for upload in uploads for each in _refusals(files.check, upload))]
        errors = errors or _refusals(files.check_together, uploads)
        if errors:
            raise ValidationError([*errors, CHOOSE_AGAIN])
        return uploads


def _refusals(check: Callable[[Any], None], subject: object) -> list[str]:
    try:
        check(subject)
    except Refused as refusal:
        return [str(refusal)]
    return []


class WithFiles(forms.Form):
    """A letter that may carry files."""

    def refuse(self, refusal: Refused) -> None:
        """What only the ticket could know: beside the field, every word kept."""
        self.add_error("attachments", [str(refusal), str(CHOOSE_AGAIN)])


class NewTicketForm(WithFiles):
    """A member opens a ticket."""

    subject = forms.CharField(
        label=_("Subject"), max_length=255, help_text=_("One line, for example “Students cannot start a server with R”.")
    )
    body = forms.CharField(
        label=_("What happens, and what did you expect?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Say which hub, since when, and for whom. You may use Markdown."),
    )
    hub = forms.ModelChoiceField(label=_("Hub"), queryset=Hub.objects.none(), required=False, empty_label=_("Not about one hub"))
    confidential = forms.BooleanField(label=_("Only I and the support staff may read this"), required=False)
    attachments = FilesField()

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hubs = Hub.objects.filter(community=community).running()
        self.fields["hub"].queryset = hubs  # type: ignore[attr-defined]
        if not hubs:
            del self.fields["hub"]


class AnswerForm(WithFiles):
    """A member writes in their ticket."""

    body = forms.CharField(label=_("Your message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()


class ReplyForm(WithFiles):
    """Staff answer the requester."""

    prefix = "reply"

    body = forms.CharField(
        label=_("Reply"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("Write to the requester")})
    )
    attachments = FilesField()
    status = forms.ChoiceField(label=_("Then"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, statuses: Mapping[int, TicketStatus], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statuses = statuses
        self.fields["status"].choices = [("", _("leave the status as it is")), *status_choices(statuses)]  # type: ignore[attr-defined]

    def chosen_status(self) -> TicketStatus | None:
        """The status to move to after sending, if one was named."""
        return self.statuses.get(int(self.cleaned_data["status"])) if self.cleaned_data["status"] else None

    def on(self, ticket: Ticket) -> "ReplyForm":
        """The same words, on the ticket as it is now."""
        again = ReplyForm({**self.data.dict(), self.add_prefix("version"): ticket.version}, statuses=self.statuses)  # type: ignore[attr-defined]
        if self.cleaned_data["attachments"]:
            again.add_error("attachments", CHOOSE_AGAIN)
        return again


class NoteForm(WithFiles):
    """Staff write among themselves."""

    prefix = "note"

    body = forms.CharField(
        label=_("Internal note"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("Write to other staff")})
    )
    attachments = FilesField()


class TriageForm(forms.Form):
    """What kind, how bad, whose job, who takes it, and where it stands."""

    prefix = "triage"

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Not decided")), *Kind.choices], required=False)
    impact = forms.ChoiceField(label=_("Impact"), choices=[("", _("Not decided")), *Impact.choices], required=False)
    responsible = forms.ChoiceField(label=_("Responsible"), choices=[("", _("Not decided")), *Party.choices], required=False)
    row = forms.ChoiceField(label=_("Row of the matrix"), required=False)
    assignee = forms.ModelChoiceField(label=_("Assignee"), queryset=User.objects.none(), required=False, empty_label=_("Nobody"))
    status = forms.ChoiceField(label=_("Status"))
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, statuses: Mapping[int, TicketStatus], rows: Rows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statuses, self.rows = statuses, rows
        self.fields["row"].choices = [("", _("Found by its words")), *((key, pick(row.text)) for key, row in rows.items())]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["row"]
        self.fields["assignee"].queryset = desk_people()  # type: ignore[attr-defined]
        self.fields["status"].choices = status_choices(statuses)  # type: ignore[attr-defined]
        self.fields["priority"].choices = list(vocabulary.priority_words().items())  # type: ignore[attr-defined]

    @classmethod
    def of(cls, ticket: Ticket, *, statuses: Mapping[int, TicketStatus], rows: Rows) -> "TriageForm":
        """The form showing the ticket as it is."""
        shown = {name: getattr(ticket, name) for name in ("kind", "impact", "responsible", "priority", "version")}
        others = {"row": ticket.responsibility_row, "assignee": ticket.assignee_id, "status": ticket.status_id}
        return cls(initial={**shown, **others}, statuses=statuses, rows=rows)

    def decision(self) -> Decision:
        """What was decided."""
        chosen = self.cleaned_data
        return Decision(
            kind=chosen["kind"],
            impact=chosen["impact"],
            responsible=chosen["responsible"],
            assignee=chosen["assignee"],
            status=self.statuses[int(chosen["status"])],
            priority=chosen["priority"],
            row=chosen.get("row", ""),
        )

    def on(self, ticket: Ticket) -> "TriageForm":
        """The same choices, on the ticket as it is now."""
        return TriageForm({**self.data.dict(), self.add_prefix("version"): ticket.version}, statuses=self.statuses, rows=self.rows)  # type: ignore[attr-defined]


def status_choices(statuses: Mapping[int, TicketStatus]) -> list[tuple[str, str]]:
    """Every status by its code, in the desk's words."""
    return [(str(code), str(status)) for code, status in statuses.items()]


class WordsForm(forms.Form):
    """Texts by language, one field each. English stands in where a language has none."""

    TEXTS: Mapping[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.TEXTS:
            for code, language in settings.LANGUAGES:
                self.fields[f"{name}_{code}"] = forms.CharField(label=language, max_length=60, required=code == "en")

    @classmethod
    def shown(cls, row: TicketStatus | TicketPriority) -> dict[str, str]:
        """The texts of a row as the fields show them."""
        return {f"{name}_{code}": getattr(row, name).get(code, "") for name in cls.TEXTS for code, _language in settings.LANGUAGES}

    def text(self, name: str) -> dict[str, str]:
        """What was written, by language."""
        written = {code: self.cleaned_data[f"{name}_{code}"] for code, _language in settings.LANGUAGES}
        return {code: word for code, word in written.items() if word}

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields of each text under its name."""
        return [(title, [self[f"{name}_{code}"] for code, _language in settings.LANGUAGES]) for name, title in self.TEXTS.items()]


class StatusForm(WordsForm):
    """What a status of Freshdesk's is called here, and what it asks of the desk."""

    TEXTS = {"word": _("What the desk reads"), "customer_word": _("What the community reads")}

    group = forms.ChoiceField(label=_("What it asks of us"), choices=StatusGroup.choices)

    @classmethod
    def of(cls, status: TicketStatus) -> "StatusForm":
        """The form showing the status as it is."""
        return cls(initial={**cls.shown(status), "group": status.group}, prefix=f"status-{status.pk}")


class PriorityForm(WordsForm):
    """What a priority of Freshdesk's is called here."""

    TEXTS = {"word": _("What the desk reads")}

    @classmethod
    def of(cls, priority: TicketPriority) -> "PriorityForm":
        """The form showing the priority as it is."""
        return cls(initial=cls.shown(priority), prefix=f"priority-{priority.pk}")


class TypeForm(forms.Form):
    """Which kind a type of Freshdesk's is."""

    kind = forms.ChoiceField(label=_("Kind here"), choices=[("", _("Not decided")), *Kind.choices], required=False)
    is_said = forms.BooleanField(label=_("Send this type to Freshdesk"), required=False)

    @classmethod
    def of(cls, type_: TicketType) -> "TypeForm":
        """The form showing the type as it is."""
        return cls(initial={"kind": type_.kind, "is_said": type_.is_said}, prefix=f"type-{type_.pk}")


class CommunityForm(forms.Form):
    """Which community a company of Freshdesk's is."""

    community = forms.ModelChoiceField(label=_("Community"), queryset=Community.objects.none(), empty_label=_("Choose a community"))

    def __init__(self, *args: Any, communities: QuerySet[Community], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]
