"""Planning a meeting, who is there, and what is said of one application."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import User
from onboarding.models import Meeting, MeetingItem
from onboarding.models.reviews import SCORERS
from onboarding.rubric import Criterion, RubricContent
from onboarding.scoring import HIGHEST, Mark
from onboarding.states import Recommendation

LEVELS = [("", gettext_lazy("not agreed")), *((str(level), str(level)) for level in range(HIGHEST + 1))]


def scorers() -> QuerySet[User]:
    """Whoever may sit in a meeting."""
    return User.objects.filter(Q(groups__name__in=SCORERS) | Q(is_superuser=True), is_active=True).distinct().order_by("name", "pk")


class MeetingForm(forms.ModelForm):
    """The day, and who leads it."""

    class Meta:
        model = Meeting
        fields = ["date", "chair"]
        widgets = {"date": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chair"].queryset = scorers()  # type: ignore[attr-defined]  # a choice of rows

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("date") and Meeting.objects.filter(programme=self.instance.programme, date=data["date"]).exists():
            self.add_error("date", _("There is a meeting on this day already."))
        return data


class PresentForm(forms.Form):
    """Who leads the meeting, and who is there."""

    chair = forms.ModelChoiceField(label=gettext_lazy("Chair"), queryset=User.objects.none())
    present = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who is there"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("chair", "present"):
            self.fields[name].queryset = scorers()  # type: ignore[attr-defined]  # a choice of rows


class ItemForm(forms.Form):
    """What a meeting says of one application: agreed levels where it agreed on some, what to answer, the minutes."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What would the meeting answer?"),
        required=False,
        choices=[("", gettext_lazy("nothing yet")), *Recommendation.choices],
    )
    minutes = forms.CharField(label=gettext_lazy("Minutes"), required=False, max_length=10000, widget=forms.Textarea(attrs={"rows": 6}))
    lead = forms.ModelChoiceField(label=gettext_lazy("Who presents it"), queryset=User.objects.none(), required=False)

    def __init__(self, content: RubricContent, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        self.fields["lead"].queryset = people  # type: ignore[attr-defined]  # a choice of rows
        for criterion in content.criteria:
            self.fields[f"level:{criterion.key}"] = forms.ChoiceField(label=str(criterion), choices=LEVELS, required=False)

    @classmethod
    def for_item(cls, item: MeetingItem, content: RubricContent, people: QuerySet[User]) -> "ItemForm":
        levels = {f"level:{key}": str(level) for key, level in item.agreed_scores.items()}
        return cls(content, people=people, initial={"outcome": item.outcome, "minutes": item.minutes, "lead": item.lead_id, **levels})

    def levels(self) -> Iterator[tuple[Criterion, forms.BoundField]]:
        return ((criterion, self[f"level:{criterion.key}"]) for criterion in self.content.criteria)

    def agreed(self) -> dict[str, int]:
        """The levels that were agreed on, by criterion."""
        chosen = ((criterion.key, self.cleaned_data[f"level:{criterion.key}"]) for criterion in self.content.criteria)
        return {key: int(level) for key, level in chosen if level}


def as_marks(agreed: dict[str, int]) -> list[Mark]:
    """Agreed levels as the score computes with them."""
    return [Mark(key, level) for key, level in agreed.items()]
