"""Posting letters: the performing side of the letters' outbox."""

from django.db import transaction
from django.utils import timezone

from ground.actors import Actor
from ground.outbox import claim
from onboarding import emails
from onboarding.models import Letter
from onboarding.states import LetterState


def send(pk: int) -> None:
    """Send one waiting letter. A transport's refusal is tried again later; after the last try the letter has failed."""
    letter = claim(Letter, pk)
    if letter is None:
        return
    try:
        emails.decision_letter(letter)
    except OSError as error:  # smtplib's errors are OSErrors, like a network's
        if not letter.retry_later(error):
            letter.move_to(LetterState.FAILED, by=Actor.system(), note=str(error)[:200])
        return
    _sent(letter)


@transaction.atomic
def _sent(letter: Letter) -> None:
    letter.sent_at = timezone.now()
    letter.save(update_fields=["sent_at"])
    letter.move_to(LetterState.SENT, by=Actor.system())
    letter.settled()
