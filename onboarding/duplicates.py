"""Duplicates: two applications that are one wish are joined, keeping both rows; a mistake is taken apart again."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts
from onboarding.models import Application, DuplicateLink
from onboarding.states import ApplicationState, Verdict

FURTHEST_FIRST = [
    ApplicationState.DECIDED,
    ApplicationState.DISCUSSION,
    ApplicationState.IN_REVIEW,
    ApplicationState.SCREENING,
    ApplicationState.APPLIED,
    ApplicationState.WITHDRAWN,
]


def to_keep(link: DuplicateLink) -> Application:
    """The one that should go on: the further one, else the one with more reviews, else the earlier."""
    return min((link.a, link.b), key=lambda each: (FURTHEST_FIRST.index(ApplicationState(each.state)), -each.reviews_submitted, each.pk))


@transaction.atomic
def merge(link: DuplicateLink, *, keep: Application, by: Actor) -> Application:
    """They are one wish: the other leaves every queue, and everything of it is reached from the one that stays.

    Raises `Conflicted`, and `WrongState` when either is joined already or the other has been decided.
    """
    link = _locked(link, by)
    rows = {row.pk: row for row in Application.objects.select_for_update().filter(pk__in=[link.a_id, link.b_id])}
    kept = rows.pop(keep.pk)
    joined = rows.popitem()[1]
    _refuse_joining(kept, joined)
    joined.duplicates.update(duplicate_of=kept)
    joined.duplicate_of = kept
    joined.save(update_fields=["duplicate_of"])
    _settle(link, Verdict.SAME, by)
    log(joined, "onboarding.merge", user=by.user, data={"kept": kept.reference, "by": by.label})
    return kept


@transaction.atomic
def join(kept: Application, other: Application, *, by: Actor) -> Application:
    """The same of a pair that a person saw and nobody had found. Raises as `merge` does."""
    first, second = sorted((kept, other), key=lambda each: each.pk)
    link, _is_new = DuplicateLink.objects.get_or_create(a=first, b=second, defaults={"score": 0})
    return merge(link, keep=kept, by=by)


@transaction.atomic
def differ(link: DuplicateLink, *, by: Actor) -> DuplicateLink:
    """They are two wishes; the pair is not shown again. Raises `Conflicted`, and `WrongState` once they are joined."""
    link = _locked(link, by)
    if link.verdict == Verdict.SAME:
        raise WrongState(_("These two are joined. Take them apart first."))
    _settle(link, Verdict.DIFFERENT, by)
    log(link.b, "onboarding.compare", user=by.user, data={"with": link.a.reference, "verdict": str(link.verdict), "by": by.label})
    return link


@transaction.atomic
def part(link: DuplicateLink, *, by: Actor) -> Application:
    """Joining them was a mistake: the other goes on by itself, where it was. Raises `Conflicted`, and `WrongState` when they are not."""
    link = _locked(link, by)
    joined = Application.objects.select_for_update().filter(Q(pk=link.a_id) | Q(pk=link.b_id), duplicate_of__isnull=False).first()
    if link.verdict != Verdict.SAME or joined is None:
        raise WrongState(_("These two are not joined."))
    joined.duplicate_of = None
    joined.save(update_fields=["duplicate_of"])
    link.verdict, link.by, link.at = Verdict.OPEN, None, None
    link.save(update_fields=["verdict", "by", "at"])
    log(joined, "onboarding.part", user=by.user, data={"by": by.label})
    return joined


def family(application: Application) -> list[int]:
    """The keys of this application and of those joined with it: whose files, questions and links belong together."""
    return [application.pk, *application.duplicates.order_by("pk").values_list("pk", flat=True)]


def _refuse_joining(kept: Application, joined: Application) -> None:
    if kept.duplicate_of_id or joined.duplicate_of_id:
        raise WrongState(_("One of these is joined with another already."))
    if kept.state == ApplicationState.WITHDRAWN or kept.spam_at or kept.programme_id != joined.programme_id:
        raise WrongState(_("The one that would stay is not on its way, or belongs to another programme."))
    if joined.state == ApplicationState.DECIDED or joined.decisions.standing().exists():
        raise WrongState(_("The one that would go has a decision. Keep that one."))


def _locked(link: DuplicateLink, by: Actor) -> DuplicateLink:
    link = DuplicateLink.objects.select_for_update(of=("self",)).select_related("a", "b").get(pk=link.pk)
    for application in (link.a, link.b):
        conflicts.refuse_hard(application, by=by)
    return link


def _settle(link: DuplicateLink, verdict: Verdict, by: Actor) -> None:
    link.verdict, link.by, link.at = verdict, conflicts.person(by), timezone.now()
    link.save(update_fields=["verdict", "by", "at"])
