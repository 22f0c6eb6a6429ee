"""A rating on its way to Freshdesk: told once. A plan without surveys ends it quietly, with a line in the ledger."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ground.errors import Rejected, Unavailable
from ground.outbox import backoff, claim
from support.freshdesk import Freshdesk
from support.freshdesk.drafts import NewRating
from support.freshdesk.shapes import SatisfactionRating as RemoteRating
from support.models import SatisfactionRating
from support.sync import ledger
from support.sync.outcomes import LOOKS, PATIENT_ATTEMPTS, Outcome

NOT_IN_THE_PLAN = 403
KEY_REFUSED = 401
TICKET_PAUSE = timedelta(seconds=30)


def push_rating(freshdesk: Freshdesk, pk: int) -> Outcome:
    """Tell Freshdesk what was said here of a ticket that is there."""
    rating = claim(SatisfactionRating, pk)
    if rating is None or rating.ticket is None:
        return Outcome.NOTHING
    number = rating.ticket.freshdesk_id
    if number is None:
        return _wait(rating, "its ticket is not in Freshdesk yet", pause=TICKET_PAUSE)
    try:
        return _tell(freshdesk, rating, number)
    except Unavailable as error:
        return _wait(rating, error, pause=timedelta(seconds=error.retry_after) if error.retry_after else None)
    except Rejected as error:
        return _refused(rating, error)


def _tell(freshdesk: Freshdesk, rating: SatisfactionRating, number: int) -> Outcome:
    """What may have arrived is looked for first, and sent again only when it has had time to show."""
    if rating.freshdesk_id is not None:
        rating.settled()
        return Outcome.NOTHING
    if rating.attempted_at is not None:
        found = next((each for each in freshdesk.ratings_of_ticket(number) if _is_same(each, rating)), None)
        if found is not None:
            return _arrived(rating, found, number)
        if timezone.now() - rating.attempted_at < timedelta(seconds=LOOKS[-1]):
            return _wait(rating, "Freshdesk has not shown this rating yet", pause=timedelta(seconds=LOOKS[1]))
    return _arrived(rating, _send(freshdesk, rating, number), number)


def _send(freshdesk: Freshdesk, rating: SatisfactionRating, number: int) -> RemoteRating:
    """The mark stands before it leaves, and falls only when it certainly did not arrive."""
    _keep(rating, attempted_at=timezone.now())
    draft = NewRating(ratings={"default_question": rating.rating or 0}, feedback=rating.feedback or None)
    try:
        return freshdesk.rate_ticket(number, draft)
    except Unavailable as error:
        if not error.outcome_unknown:
            _keep(rating, attempted_at=None)
        raise
    except Rejected:
        _keep(rating, attempted_at=None)
        raise


def _is_same(remote: RemoteRating, rating: SatisfactionRating) -> bool:
    """The same words, and no other row of ours has that number."""
    is_taken = SatisfactionRating.objects.filter(freshdesk_id=remote.id, is_ours=True).exists()
    return not is_taken and remote.overall == rating.rating and (remote.feedback or "") == rating.feedback


@transaction.atomic
def _arrived(rating: SatisfactionRating, remote: RemoteRating, number: int) -> Outcome:
    """A walk may have brought it in meanwhile: it is one rating, not two."""
    SatisfactionRating.objects.filter(freshdesk_id=remote.id, is_ours=False).delete()
    _keep(rating, freshdesk_id=remote.id, ticket_freshdesk_id=number, remote_raw=dict(remote.raw))
    rating.settled()
    ledger.went(ledger.What.RATING, ledger.Outcome.SENT, ticket=rating.ticket, number=remote.id)
    return Outcome.PUSHED


def _refused(rating: SatisfactionRating, error: Rejected) -> Outcome:
    if error.status == KEY_REFUSED:
        return _wait(rating, error, pause=timedelta(minutes=5))
    is_quiet = error.status == NOT_IN_THE_PLAN
    rating.give_up(error)
    outcome = ledger.Outcome.GIVEN_UP if is_quiet else ledger.Outcome.DEAD
    ledger.went(ledger.What.RATING, outcome, ticket=rating.ticket, note=error)
    return Outcome.NOTHING if is_quiet else Outcome.DEAD


def _wait(rating: SatisfactionRating, error: object, *, pause: timedelta | None = None) -> Outcome:
    """However long: what somebody said is not thrown away because Freshdesk is."""
    rating.attempts = min(rating.attempts, PATIENT_ATTEMPTS)
    rating.retry_later(error, pause=pause or backoff(rating.attempts))
    return Outcome.WAITING


def _keep(rating: SatisfactionRating, **values: object) -> None:
    for name, value in values.items():
        setattr(rating, name, value)
    SatisfactionRating.objects.filter(pk=rating.pk).update(**values)
