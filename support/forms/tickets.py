"""What people type at the desk and in a community's tickets."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from communities.access import SEE_PEOPLE
from communities.models import Community, User
from communities.states import Party
from ground.actors import Actor
from ground.texts import pick
from hubs.models import Hub
from support import files, vocabulary
from support.access import desk_people
from support.composing import placeholders
from support.desk import shortcuts
from support.files.contents import KINDS, Refused
from support.models import Ticket, TicketPriority, TicketStatus, TicketType
from support.queue import filters
from support.replies import recipients
from support.states import NEEDS_AUTHORITY, AfterSend, HeldFor, Impact, Kind, Status, StatusGroup, Topic
from support.tickets import terms
from support.triage import Decision, Rows
from support.triage.one_by_one import Decided

LONGEST = 50_000
CHOOSE_AGAIN = _("Nothing was sent. Your words are kept; a browser keeps no files, so choose them again.")


def people_to_name(community: Community, actor: Actor) -> QuerySet[User]:
    """Everybody else of the community, to be named as readers of a ticket by who may know them."""
    people = User.objects.filter(is_active=True, memberships__community=community).distinct().order_by("name", "email")
    return people.exclude(pk=actor.user.pk) if actor.user else people


def topics(community: Community, actor: Actor) -> list[tuple[str, str]]:
    """What a ticket may be about; beside what a representative approves first it says so, to whom that concerns."""
    approves = _("a representative approves it first")
    is_checked = terms.why_it_waits(community, by=actor, topic=Topic.QUOTA) == HeldFor.AUTHORITY
    waits = NEEDS_AUTHORITY if is_checked else frozenset()
    return [
        ("", str(_("Choose, if one fits"))),
        *((topic.value, f"{topic.label} ({approves})" if topic in waits else str(topic.label)) for topic in Topic),
    ]


def named(person: User) -> str:
    """A person of the desk where they are chosen: who is away says so."""
    until: date | None = getattr(person, "away_until", None)
    return _("%(who)s, away until %(day)s") % {"who": person, "day": date_format(until, "j M")} if until else str(person)


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
    topic = forms.ChoiceField(label=_("What is it about?"), required=False)
    hub = forms.ModelChoiceField(label=_("Hub"), queryset=Hub.objects.none(), required=False, empty_label=_("Not about one hub"))
    confidential = forms.BooleanField(
        label=_("Keep it between me, the support staff and the people I name"),
        help_text=_("Nobody else of the community finds it, neither in lists nor by searching."),
        required=False,
    )
    readers = forms.ModelMultipleChoiceField(
        label=_("Who else may read it"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    attachments = FilesField()

    def __init__(self, *args: Any, community: Community, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics(community, actor)  # type: ignore[attr-defined]
        self.fields["readers"].queryset = people_to_name(community, actor)  # type: ignore[attr-defined]
        if not SEE_PEOPLE.is_held_by(actor, community):
            del self.fields["readers"]
        hubs = Hub.objects.filter(community=community).running()
        self.fields["hub"].queryset = hubs  # type: ignore[attr-defined]
        if not hubs:
            del self.fields["hub"]


class AnswerForm(WithFiles):
    """A member writes in their ticket."""

    body = forms.CharField(label=_("Your message"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()


class Composed(WithFiles):
    """What the two composers have in common: words, files, a macro and a status, and what was seen while writing."""

    attachments = FilesField()
    status = forms.ChoiceField(label=_("Status"), required=False)
    macro = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    with_changes = forms.BooleanField(label=_("Change the ticket as it says"), required=False, initial=True)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    letter = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, statuses: Mapping[int, TicketStatus] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statuses = statuses or {}
        self.fields["status"].choices = [("", _("leave it as it is")), *status_choices(self.statuses)]  # type: ignore[attr-defined]

    def chosen_status(self) -> TicketStatus | None:
        """The status to move to, if one was named."""
        return self.statuses.get(int(self.cleaned_data["status"])) if self.cleaned_data["status"] else None

    def on(self, ticket: Ticket, *, letter: int = 0) -> Self:
        """The same words, on the ticket as it is now."""
        seen = {self.add_prefix("version"): ticket.version, self.add_prefix("letter"): max(letter, self.cleaned_data["letter"] or 0)}
        again = type(self)({**self.data.dict(), **seen}, statuses=self.statuses)  # type: ignore[attr-defined]
        if self.cleaned_data["attachments"]:
            again.add_error("attachments", CHOOSE_AGAIN)
        return again


class ReplyForm(Composed):
    """Staff answer the requester."""

    prefix = "reply"

    body = forms.CharField(
        label=_("Reply"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("Write to the requester")})
    )
    cc = forms.CharField(label=_("Cc"), required=False, max_length=2000)
    then = forms.ChoiceField(label=pgettext_lazy("after sending", "Then"), choices=AfterSend.choices, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_body(self) -> str:
        """What nobody filled in is not sent."""
        body: str = self.cleaned_data["body"]
        if left := placeholders.left_in(body):
            words = _("%(them)s is not filled in. Write what belongs there, or take it away. Nothing was sent.")
            raise ValidationError(words, params={"them": ", ".join(left)})
        return body

    def clean_cc(self) -> list[str] | None:
        """The addresses that get a copy; None where the page had no such field."""
        return recipients.parsed(self.cleaned_data["cc"]) if self.add_prefix("cc") in self.data else None

    def chosen_status(self) -> TicketStatus | None:
        """The status that was named, else the one that what comes next stands for."""
        return super().chosen_status() or self.statuses.get(THEN.get(self.cleaned_data["then"], 0))

    @property
    def goes_on(self) -> bool:
        """Whether the next ticket is opened."""
        return self.cleaned_data["then"] in {AfterSend.NEXT, AfterSend.SOLVE_NEXT}


class NoteForm(Composed):
    """Staff write among themselves."""

    prefix = "note"

    body = forms.CharField(
        label=_("Internal note"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("Write to other staff")})
    )


THEN: Mapping[str, int] = {
    AfterSend.WAIT: Status.WAITING_ON_REQUESTER,
    AfterSend.SOLVE: Status.SOLVED,
    AfterSend.SOLVE_NEXT: Status.SOLVED,
}
"""The status behind what comes next."""


class TriageForm(forms.Form):
    """What kind, how bad, whose job, who takes it, and where it stands."""

    prefix = "triage"

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Not decided")), *Kind.choices], required=False)
    impact = forms.ChoiceField(label=_("Impact"), choices=[("", _("Not decided")), *Impact.choices], required=False)
    responsible = forms.ChoiceField(label=_("Responsible"), required=False)
    row = forms.ChoiceField(label=_("Row of the matrix"), required=False)
    assignee = forms.ModelChoiceField(label=_("Assignee"), queryset=User.objects.none(), required=False, empty_label=_("Nobody"))
    status = forms.ChoiceField(label=_("Status"))
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, statuses: Mapping[int, TicketStatus], rows: Rows, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statuses, self.rows = statuses, rows
        self.fields["responsible"].choices = [("", _("Not decided")), *filters.parties().items()]  # type: ignore[attr-defined]
        self.fields["row"].choices = [("", _("Found by its words")), *((key, pick(row.text)) for key, row in rows.items())]  # type: ignore[attr-defined]
        if not rows:
            del self.fields["row"]
        self.fields["assignee"].queryset = desk_people()  # type: ignore[attr-defined]
        self.fields["assignee"].label_from_instance = named  # type: ignore[attr-defined]
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


class DecisionsForm(forms.Form):
    """The four decisions of triage, and what to do after them."""

    kind = forms.ChoiceField(choices=Kind.choices, error_messages={"required": _("Choose what kind of ticket this is.")})
    impact = forms.ChoiceField(choices=Impact.choices, required=False)
    responsible = forms.ChoiceField(choices=Party.choices, required=False)
    row = forms.CharField(max_length=100, required=False)
    assignee = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    somebody = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = self.fields["somebody"].queryset = desk_people()  # type: ignore[attr-defined]

    def decided(self) -> Decided:
        """What was decided; somebody chosen from the whole list goes before who was offered by a key."""
        chosen = self.cleaned_data
        return Decided(
            kind=chosen["kind"],
            impact=chosen["impact"],
            responsible=chosen["responsible"],
            row=chosen["row"],
            assignee=chosen["somebody"] or chosen["assignee"],
        )


class KeysForm(forms.Form):
    """A key for each action of the desk."""

    def __init__(self, *args: Any, changed: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for action, key in shortcuts.keys(changed).items():
            field = forms.CharField(label=str(shortcuts.SHORTCUTS[action].words), max_length=1, initial=key, strip=False)
            field.widget.attrs |= {"class": "key", "autocapitalize": "off", "autocomplete": "off", "spellcheck": "false"}
            self.fields[action] = field

    def clean(self) -> dict[str, str]:
        chosen = {action: key for action, key in self.cleaned_data.items() if action in self.fields}
        for action, key in chosen.items():
            if not shortcuts.is_key(key):
                self.add_error(action, _("A key is one letter or sign; digits choose in triage."))
        if not self.errors:
            for action, other in shortcuts.doubled(chosen).items():
                words = shortcuts.SHORTCUTS[other].words
                self.add_error(action, _("“%(key)s” is already the key of: %(other)s.") % {"key": chosen[action], "other": words})
        return self.cleaned_data

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by what their actions are about."""
        found: dict[str, list[forms.BoundField]] = {}
        for action, each in shortcuts.SHORTCUTS.items():
            found.setdefault(str(each.group), []).append(self[action])
        return list(found.items())


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
