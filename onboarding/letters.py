"""Letters: drafted with the decision in the applicant's language, edited, approved with it, and sent when it is released."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import emails, tasks
from onboarding.models import Decision, Letter
from onboarding.states import DecisionState, LetterState

LONGEST_SUBJECT = 200


@transaction.atomic
def draft(decision: Decision) -> Letter:
    """Write the letter from the template of that outcome, in the applicant's language."""
    return _write(decision, decision.application.language)


@transaction.atomic
def add(decision: Decision, *, language: str, by: Actor) -> Letter:
    """The same letter in one more language, as long as nothing is approved. One that is there already stays as it is. Raises `WrongState`."""
    decision = Decision.objects.select_for_update(of=("self",)).select_related("application").get(pk=decision.pk)
    if decision.state != DecisionState.PROPOSED:
        raise WrongState(_("This letter is approved. Set the decision aside to change it."))
    if there := decision.letters.filter(language=language).first():
        return there
    letter = _write(decision, language)
    log(letter, "onboarding.add_letter", user=by.user, data={"language": language, "by": by.label})
    return letter


def _write(decision: Decision, language: str) -> Letter:
    """In the words of the template: nobody's own yet."""
    version, words = emails.letter_words_for(
        decision.application, decision.outcome, language=language, conditions=decision.conditions_in_letter
    )
    return Letter.objects.create(
        decision=decision,
        language=language,
        subject=words["subject"][:LONGEST_SUBJECT],
        body=words["body"],
        template_version=version,
    )


@transaction.atomic
def edit(letter: Letter, *, subject: str, body: str, by: Actor) -> Letter:
    """Change the words, as long as nobody has approved them; who keeps them as they are has edited nothing. Raises `WrongState`."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.state != LetterState.DRAFT:
        raise WrongState(_("This letter is approved. Set the decision aside to change it."))
    if subject == letter.subject and body.strip().splitlines() == letter.body.strip().splitlines():
        return letter
    letter.subject, letter.body, letter.edited_by = subject, body, by.user
    letter.save(update_fields=["subject", "body", "edited_by"])
    log(letter, "onboarding.edit_letter", user=by.user, data={"subject": subject, "by": by.label})
    return letter


def approve(decision: Decision, *, by: Actor) -> None:
    """Approve every letter of the decision as it stands."""
    for letter in decision.letters.all():
        letter.move_to(LetterState.APPROVED, by=by)


def queue(decision: Decision, *, by: Actor) -> None:
    """Let the decision's letters leave after commit."""
    for letter in decision.letters.all():
        letter.move_to(LetterState.QUEUED, by=by)
        letter.wait_for_outside(tasks.send_letter)


@transaction.atomic
def send_again(letter: Letter, *, by: Actor) -> None:
    """Queue a letter that could not be sent."""
    letter.move_to(LetterState.QUEUED, by=by)
    letter.wait_for_outside(tasks.send_letter)
