"""The letters of a decision as a page shows them: what may be edited, what reviewers wrote for the applicant, which languages can be added."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from onboarding import emails
from onboarding.forms.deciding import LetterForm
from onboarding.models import Decision, Letter, Review
from onboarding.states import DecisionState, LetterState


@dataclass(frozen=True)
class Note:
    """What a reviewer wrote for the applicant."""

    by: str
    words: str


@dataclass(frozen=True)
class LetterPage:
    """One letter; `form` as long as it may be edited, `preview` its subject and words as the applicant gets them."""

    letter: Letter
    form: LetterForm | None
    notes: Sequence[Note]
    preview: tuple[str, str]


def pages_of(decision: Decision | None, reviews: Sequence[Review], *, people: bool, typed: LetterForm | None = None) -> list[LetterPage]:
    """Every letter of the decision, the applicant's own language first; `typed` is a form that came back with something wrong.

    A letter greets somebody by name, so where `people` are hidden it is too.
    """
    if decision is None or not people:
        return []
    notes = [Note(str(review.reviewer), review.note_applicant) for review in reviews if review.note_applicant]
    letters = sorted(decision.letters.all(), key=lambda letter: (letter.language != decision.application.language, letter.language))
    return [LetterPage(letter, _form(letter, typed), notes, emails.letter_in_full(letter)) for letter in letters]


def offered(decision: Decision | None) -> list[tuple[str, str]]:
    """The languages in which the letter could be written too."""
    if decision is None or decision.state != DecisionState.PROPOSED:
        return []
    there = {letter.language for letter in decision.letters.all()}
    return [(code, str(name)) for code, name in settings.LANGUAGES if code not in there]


def _form(letter: Letter, typed: LetterForm | None) -> LetterForm | None:
    if letter.state != LetterState.DRAFT:
        return None
    if typed is not None and typed.instance.pk == letter.pk:
        return typed
    return LetterForm(instance=letter, auto_id=f"{letter.language}_%s")
