"""What people type to say who takes tickets in turn, and when somebody is away."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from communities.models import Community, User
from support.models import Rotation, Turn
from support.states import Kind

BLANK = 2
MOST = 30


class RotationForm(forms.ModelForm[Rotation]):
    """The rotation itself, with its people as rows below."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Only these kinds"), required=False, choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Only communities that speak"), required=False, choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    communities = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Only these communities"),
        required=False,
        queryset=Community.objects.order_by("name"),
        help_text=gettext_lazy("None chosen: all."),
    )

    class Meta:
        model = Rotation
        fields = ("name", "is_on", "position", "kinds", "languages", "communities")
        labels = {
            "name": gettext_lazy("Name"),
            "is_on": gettext_lazy("It is in use"),
            "position": gettext_lazy("Place among the rotations"),
        }

    def __init__(self, data: Any = None, *, instance: Rotation, people: QuerySet[User]) -> None:
        super().__init__(data, instance=instance)
        turns = list(instance.turns.select_related("user")) if instance.pk else []
        count = min(len(turns) + BLANK, MOST) if data is None else MOST
        self.rows = [
            TurnForm(data, prefix=f"turn-{n}", people=people, turn=turns[n] if n < len(turns) else None)
            for n in range(count)
            if data is None or f"turn-{n}-user" in data
        ]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        if not all(list(map(TurnForm.is_valid, self.rows))):
            self.add_error(None, _("Some rows need a look: the reason stands beside each."))
            return chosen
        named = [row.cleaned_data["user"] for row in self.rows if row.cleaned_data.get("user")]
        if len(named) != len(set(named)):
            self.add_error(None, _("Somebody stands there twice."))
        return chosen

    @transaction.atomic
    def keep(self) -> Rotation:
        """The rotation and its people in their order; when each was last given a ticket stays."""
        rotation: Rotation = self.save()
        given = dict(rotation.turns.values_list("user_id", "given_at"))
        rotation.turns.all().delete()
        filled = [row.cleaned_data for row in self.rows if row.cleaned_data.get("user")]
        Turn.objects.bulk_create(
            Turn(
                rotation=rotation,
                user=each["user"],
                position=place,
                weight=each["weight"] or 1,
                most_open=each["most_open"],
                kinds=each["kinds"],
                languages=each["languages"],
                given_at=given.get(each["user"].pk),
            )
            for place, each in enumerate(filled)
        )
        return rotation


class TurnForm(forms.Form):
    """One person. An empty row is nobody."""

    user = forms.ModelChoiceField(label=gettext_lazy("Person"), required=False, queryset=User.objects.none(), empty_label="—")
    weight = forms.IntegerField(label=gettext_lazy("Share"), required=False, min_value=1, max_value=10)
    most_open = forms.IntegerField(label=gettext_lazy("Open tickets, at most"), required=False, min_value=1, max_value=500)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"), required=False, choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), required=False, choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: QuerySet[User], turn: Turn | None, **kwargs: Any) -> None:
        shown = {name: getattr(turn, name) for name in ("user", "weight", "most_open", "kinds", "languages")} if turn else {"weight": 1}
        super().__init__(*args, **{**kwargs, "initial": shown, "use_required_attribute": False})
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Days on which somebody is away."""

    user = forms.ModelChoiceField(label=gettext_lazy("Who"), queryset=User.objects.none(), empty_label=None)
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=200, help_text=gettext_lazy("The desk reads it, for example who stands in.")
    )

    def __init__(self, data: Any = None, *, people: QuerySet[User], user: User) -> None:
        super().__init__(data, initial={"user": user.pk})
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = chosen.get("first_day"), chosen.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        return chosen
