"""Duplicates: two applications that are one wish are joined, keeping both rows; a mistake is taken apart again."""

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from onboarding import conflicts
from onboarding.models import AnswerRevision, Application, DuplicateLink
from onboarding.states import ApplicationState, Verdict

JOINED_SHOWN = 20
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
    """Joining them was a mistake: the other goes on by itself, where it was, with those that were joined through it.

    Raises `Conflicted`, and `WrongState` when they are not joined.
    """
    link = _locked(link, by)
    if link.verdict != Verdict.SAME:
        raise WrongState(_("These two are not joined."))
    link.verdict, link.by, link.at = Verdict.OPEN, None, None
    link.save(update_fields=["verdict", "by", "at"])
    kept = link.a.duplicate_of_id or link.a_id
    joined = Application.objects.select_for_update().get(pk=link.b_id if kept in _reached(link.a_id) else link.a_id)
    joined.duplicate_of = None
    joined.save(update_fields=["duplicate_of"])
    Application.objects.filter(pk__in=_reached(joined.pk) - {joined.pk}).update(duplicate_of=joined)
    log(joined, "onboarding.part", user=by.user, data={"by": by.label})
    return joined


def joined_answers(application: Application, *, by: Actor) -> list[AnswerRevision]:
    """What was sent last with each of those joined with it, the earliest first, but for those that this person is tied to."""
    joined = application.duplicates.filter(erased_at=None).order_by("pk")[:JOINED_SHOWN]
    newest = AnswerRevision.objects.filter(application=OuterRef("application")).order_by("-number").values("pk")[:1]
    found = AnswerRevision.objects.filter(application__in=conflicts.untied(joined, by=by), pk=Subquery(newest))
    return list(found.order_by("application_id").select_related("application", "form_version").defer("form_version__schema"))


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


def _reached(start: int) -> set[int]:
    """The keys of what is joined with this one, in however many steps."""
    found, level = {start}, {start}
    while level:
        pairs = DuplicateLink.objects.filter(Q(a__in=level) | Q(b__in=level), verdict=Verdict.SAME).values_list("a", "b")
        level = {key for pair in pairs for key in pair} - found
        found |= level
    return found


def _settle(link: DuplicateLink, verdict: Verdict, by: Actor) -> None:
    link.verdict, link.by, link.at = verdict, conflicts.person(by), timezone.now()
    link.save(update_fields=["verdict", "by", "at"])
