"""The conflict question, the gates, and a review: the level's text is the choice itself."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import User
from onboarding.models import Application, CalibrationExample, Confidence, Conflict, Review
from onboarding.reviewing import Notes
from onboarding.rubric import Criterion, RubricContent
from onboarding.scoring import Mark
from onboarding.states import HARD_CONFLICTS, ConflictKind, GateResult, Recommendation

NOT_APPLICABLE = "na"
LONGEST_COMMENT = 4000


class ConflictForm(forms.Form):
    """Said before reading: whether there is a conflict of interest."""

    kind = forms.ChoiceField(label=gettext_lazy("Is there a conflict of interest?"), choices=ConflictKind.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("What should the team know?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineForm(forms.Form):
    """Why somebody who was asked cannot review."""

    reason = forms.CharField(
        label=gettext_lazy("Why not?"), help_text=gettext_lazy("One sentence is enough, for example: away until June."), max_length=500
    )


class WaiveForm(forms.Form):
    """Why a conflict does not matter."""

    conflict = forms.ModelChoiceField(Conflict.objects.none(), widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Why does it not matter?"), max_length=1000)

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conflict"].queryset = application.conflicts.select_related("application")  # type: ignore[attr-defined]  # a choice of rows


class RecuseForm(forms.Form):
    """A conflict that a lead knows of."""

    person = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who?"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Which conflict?"),
        choices=[(kind.value, kind.label) for kind in ConflictKind if kind in HARD_CONFLICTS],
    )
    note = forms.CharField(label=gettext_lazy("How do you know?"), max_length=1000)

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a choice of rows


class InviteForm(forms.Form):
    """Whom to ask, and until when if not as usual."""

    person = forms.ModelChoiceField(User.objects.none(), widget=forms.HiddenInput)
    due_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, people: QuerySet[User], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a choice of rows

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later one."))
        return day

    @property
    def due_at(self) -> datetime | None:
        """The end of that day, in the lead's time."""
        day = self.cleaned_data["due_on"]
        return timezone.make_aware(datetime.combine(day, time(23, 59))) if day else None


class PracticeForm(forms.Form):
    """An example to practise on: a level for each criterion on which the team agreed."""

    use_required_attribute = False

    def __init__(self, example: CalibrationExample, content: RubricContent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = [criterion for criterion in content.criteria if criterion.key in example.agreed]
        for criterion in self.criteria:
            self.fields[criterion.key] = forms.TypedChoiceField(
                label=str(criterion),
                coerce=int,
                choices=[(str(level), text) for level, text in criterion.choices],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose the sentence that fits best.")},
            )


class GatesForm(forms.Form):
    """Whether each gate holds; a gate nobody answered stays open."""

    use_required_attribute = False

    def __init__(self, content: RubricContent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gates = content.gates
        for gate in self.gates:
            self.fields[gate.key] = forms.ChoiceField(label=str(gate), required=False, choices=GateResult.choices, widget=forms.RadioSelect)

    @classmethod
    def for_application(cls, application: Application, content: RubricContent) -> "GatesForm":
        return cls(content, initial=dict(application.gate_answers.values_list("gate", "result")))

    def answers(self) -> dict[str, str]:
        """What is said of each gate, by its key."""
        return {key: result for key, result in self.cleaned_data.items() if result}


class DraftReviewForm(forms.Form):
    """A review as far as it is: anything may be missing."""

    use_required_attribute = False

    recommendation = forms.ChoiceField(
        label=gettext_lazy("What would you answer?"), required=False, choices=Recommendation.choices, widget=forms.RadioSelect
    )
    confidence = forms.TypedChoiceField(
        label=gettext_lazy("How sure are you?"),
        required=False,
        choices=Confidence.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    note_team = forms.CharField(
        label=gettext_lazy("Note to the team"), required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 4})
    )
    note_applicant = forms.CharField(
        label=gettext_lazy("Note for the applicant"),
        help_text=gettext_lazy("May go into the letter."),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, content: RubricContent, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for criterion in content.criteria:
            choices = [*((str(level), text) for level, text in criterion.choices), (NOT_APPLICABLE, _("Does not apply here (say why)"))]
            self.fields[f"level:{criterion.key}"] = forms.ChoiceField(
                label=str(criterion), required=False, choices=choices, widget=forms.RadioSelect
            )
            self.fields[f"comment:{criterion.key}"] = forms.CharField(
                label=_("Comment"), required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 2})
            )

    @classmethod
    def for_review(cls, review: Review | None, content: RubricContent) -> "DraftReviewForm":
        """The form with what was kept so far."""
        return cls(content, initial=_initial(review) if review else {})

    def criteria(self) -> Iterator[tuple[Criterion, forms.BoundField, forms.BoundField]]:
        """Each criterion with its two fields, for the page."""
        for criterion in self.content.criteria:
            yield criterion, self[f"level:{criterion.key}"], self[f"comment:{criterion.key}"]

    def marks(self) -> list[Mark]:
        return [self._mark(criterion.key) for criterion in self.content.criteria]

    def notes(self) -> Notes:
        said = self.cleaned_data
        return Notes(team=said["note_team"], applicant=said["note_applicant"], confidence=said["confidence"])

    @property
    def seen_or_none(self) -> str | None:
        """Which state of the review the page showed; None where the page did not say."""
        return self.cleaned_data["seen"] if "seen" in self.data else None

    def clean(self) -> dict[str, Any]:
        """Not applicable says why, in a draft too: the database holds us to it."""
        for mark in self.marks():
            if mark.not_applicable and not mark.is_complete:
                self.add_error(f"comment:{mark.criterion}", _("Say why this does not apply."))
        return self.cleaned_data

    def _mark(self, key: str) -> Mark:
        level, comment = self.cleaned_data.get(f"level:{key}", ""), self.cleaned_data.get(f"comment:{key}", "")
        not_applicable = level == NOT_APPLICABLE
        return Mark(key, int(level) if level and not not_applicable else None, not_applicable, comment)


class ReviewForm(DraftReviewForm):
    """A whole review."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        for mark in self.marks():
            if mark.level is None and not mark.not_applicable and f"level:{mark.criterion}" not in self.errors:
                self.add_error(f"level:{mark.criterion}", _("Choose the sentence that fits best."))
        if not self.cleaned_data.get("recommendation") and "recommendation" not in self.errors:
            self.add_error("recommendation", _("Say what you would answer."))
        return self.cleaned_data


def _initial(review: Review) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "seen": review.fingerprint,
        "confidence": review.confidence,
        "recommendation": review.recommendation,
        "note_team": review.note_team,
        "note_applicant": review.note_applicant,
    }
    for key, mark in review.marks.items():
        initial[f"level:{key}"] = NOT_APPLICABLE if mark.not_applicable else "" if mark.level is None else str(mark.level)
        initial[f"comment:{key}"] = mark.comment
    return initial
