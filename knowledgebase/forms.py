"""What is typed and chosen: the search box, what a reader says of an article, what a change means for translations, an offer."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from ground.search import LONGEST_QUERY
from knowledgebase import voting
from knowledgebase.models import Edition, Vote, Why
from knowledgebase.models.care import LONGEST_WORDS
from knowledgebase.significance import Significance


class SearchForm(forms.Form):
    """Some words to look for; whatever somebody types is a query."""

    q = forms.CharField(required=False, label=_("Search the knowledge base"), strip=True)

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:LONGEST_QUERY]


class SignificanceForm(forms.Form):
    """What a change of an original means for its translations."""

    significance = forms.ChoiceField(
        label=_("What does this change mean for the translations?"), choices=Significance, widget=forms.RadioSelect
    )


class OfferForm(forms.Form):
    """A word to the staff who read the offer."""

    note = forms.CharField(
        label=_("A word to the staff"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why it would help others, or what should be changed first."),
    )


class DeclineForm(forms.Form):
    """Why an offer is not taken."""

    reason = forms.CharField(
        label=_("Why not"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The community gets these words by mail. Say what would make it fit."),
    )


class FewWords(forms.CharField):
    """Words whose letters are counted as browsers count them: the end of a line is one."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


class VoteForm(forms.Form):
    """Whether an article helped; why not, and a few words, may follow."""

    helped = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.HiddenInput)
    why = forms.ChoiceField(label=_("What was missing?"), choices=Why.choices, required=False, widget=forms.RadioSelect)
    words = FewWords(
        label=_("In your words"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Only those who look after this article read it, and it is deleted after a year. Please write no names and no passwords."
        ),
    )
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "feedback-%s", **kwargs})
        if self["helped"].value() == "yes":
            del self.fields["why"]

    @classmethod
    def of(cls, vote: Vote | None) -> Self:
        """With what was said before."""
        if vote is None:
            return cls()
        return cls(initial={"helped": "yes" if vote.helped else "no", "why": vote.why, "words": vote.words})

    @property
    def is_of_a_machine(self) -> bool:
        """Nobody sees the field that is filled."""
        return bool(self.cleaned_data["website"])

    def say(self, edition: Edition, reader: voting.Reader) -> Vote:
        """Keep it. The two buttons alone leave the words of before."""
        helped = self.cleaned_data["helped"] == "yes"
        if "words" not in self.data:
            return voting.vote(edition, helped=helped, reader=reader)
        return voting.explain(edition, helped=helped, reader=reader, why=self.cleaned_data.get("why", ""), words=self.cleaned_data["words"])
