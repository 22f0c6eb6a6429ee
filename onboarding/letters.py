"""Letters: drafted with the decision in the applicant's language, edited, approved with it, and sent when it is released."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import emails, tasks
from onboarding.models import Decision, Letter
from onboarding.states import LetterState


@transaction.atomic
def draft(decision: Decision, *, by: Actor) -> Letter:
    """Write the letter from the template of that outcome, in the applicant's language."""
    application = decision.application
    context = {
        "application": application,
        "decision": decision,
        "name": emails.applicant_name(application),
        "operator": settings.OPERATOR_NAME,
    }
    with translation.override(application.language):
        text = render_to_string(f"mails/onboarding/letters/{decision.outcome}.txt", context)
    subject, _rest, body = text.strip().partition("\n")
    return Letter.objects.create(
        decision=decision, language=application.language, subject=subject.strip(), body=body.strip(), edited_by=by.user
    )


@transaction.atomic
def edit(letter: Letter, *, subject: str, body: str, by: Actor) -> Letter:
    """Change the words, as long as nobody has approved them. Raises `WrongState`."""
    letter = Letter.objects.select_for_update().get(pk=letter.pk)
    if letter.state != LetterState.DRAFT:
        raise WrongState(_("This letter is approved. Set the decision aside to change it."))
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
