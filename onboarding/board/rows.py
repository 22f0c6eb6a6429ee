"""The rows behind the board: where each application hangs, who has to move, and what this person may see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from onboarding import opinions
from onboarding.access import DECIDE, SCORE
from onboarding.models import Application, Conflict, Decision, Review, RubricVersion
from onboarding.states import ApplicationState, DecisionState, ReviewState

FEWEST_REVIEWS = 2
Rows = QuerySet[Any]
"""Applications with what this module adds to each."""


class Column(TextChoices):
    """Where a card hangs. The values stand in addresses."""

    APPLICANT = "applicant", _("With the applicant")
    NEW = "new", _("New")
    REVIEW = "in_review", _("In review")
    DISCUSSION = "discussion", _("Discussion")
    DECISION = "decision", _("Decision")
    RELEASED = "decided", _("Decided")


class Holder(TextChoices):
    """Who has to move now."""

    APPLICANT = "applicant", _("the applicant")
    REVIEWERS = "reviewers", _("reviewers")
    LEAD = "lead", _("a review lead")
    NOBODY = "nobody", _("nobody")


@dataclass(frozen=True)
class Filters:
    """What of the board is looked at; everything empty is all of it."""

    stage: str = ""
    flag: str = ""
    country: str = ""
    waiting_on: str = ""
    mine: bool = False
    text: str = ""


def needed_reviews() -> dict[int, int]:
    """How many reviews each programme asks for."""
    rows = RubricVersion.objects.filter(is_current=True).values_list("rubric__programme", "document__rules__min_reviews")
    return {programme: number or FEWEST_REVIEWS for programme, number in rows}


def annotated(actor: Actor, needed: Mapping[int, int]) -> Rows:
    of_this = {"application": OuterRef("pk")}
    own = Review.objects.by(actor).live().filter(**of_this)
    pending = Decision.objects.pending().filter(**of_this)
    rows = Application.objects.visible_to(actor).in_earnest().exclude(state=ApplicationState.WITHDRAWN)
    rows = rows.annotate(
        is_pending=Exists(pending),
        mine_pending=Exists(pending.filter(state=DecisionState.PROPOSED).not_to_approve_by(actor.user)),
        own_review=Subquery(own.values("state")[:1]),
        is_conflicted=Exists(Conflict.objects.hard().filter(person=actor.user, **of_this)),
        needed=_by_programme(needed),
        since=Case(When(waiting_since__isnull=False, then=F("waiting_since")), default=F("state_since")),
    )
    return rows.annotate(column=_column(), holder=_holder(), shows_scores=Exists(opinions.open_to(actor).filter(pk=OuterRef("pk"))))


def _by_programme(needed: Mapping[int, int]) -> Case:
    whens = [When(programme=programme, then=Value(number)) for programme, number in needed.items()]
    return Case(*whens, default=Value(FEWEST_REVIEWS), output_field=IntegerField())


def _column() -> Case:
    return Case(
        When(state=ApplicationState.DECIDED, then=Value(Column.RELEASED.value)),
        When(Q(waiting_since__isnull=False) | Q(state=ApplicationState.APPLIED), then=Value(Column.APPLICANT.value)),
        When(state=ApplicationState.SCREENING, then=Value(Column.NEW.value)),
        When(is_pending=True, then=Value(Column.DECISION.value)),
        When(state=ApplicationState.DISCUSSION, then=Value(Column.DISCUSSION.value)),
        default=Value(Column.REVIEW.value),
        output_field=CharField(),
    )


def _holder() -> Case:
    return Case(
        When(state=ApplicationState.DECIDED, then=Value(Holder.NOBODY.value)),
        When(Q(waiting_since__isnull=False) | Q(state=ApplicationState.APPLIED), then=Value(Holder.APPLICANT.value)),
        When(Q(state=ApplicationState.IN_REVIEW, is_pending=False, reviews_submitted__lt=F("needed")), then=Value(Holder.REVIEWERS.value)),
        default=Value(Holder.LEAD.value),
        output_field=CharField(),
    )


def filtered(rows: Rows, filters: Filters, actor: Actor) -> Rows:
    if filters.stage:
        rows = rows.filter(column=filters.stage)
    if filters.country:
        rows = rows.filter(country=filters.country)
    if filters.waiting_on:
        rows = rows.filter(holder=filters.waiting_on)
    if filters.flag:
        rows = rows.annotate(flag_words=Cast("flags", TextField())).filter(flag_words__contains=f'"{filters.flag}"', shows_scores=True)
    if filters.mine:
        rows = rows.filter(_waits_for(actor))
    if filters.text:
        rows = rows.filter(Q(name__icontains=filters.text) | Q(reference__icontains=filters.text))
    return rows


def _waits_for(actor: Actor) -> Q:
    """What this very person can move: a review they have not submitted, or a step of the leads that is not barred to them."""
    moves = Q(pk__in=[])
    if SCORE.is_held_by(actor):
        moves |= Q(holder=Holder.REVIEWERS) & (Q(own_review__isnull=True) | Q(own_review=ReviewState.DRAFT))
    if DECIDE.is_held_by(actor):
        moves |= Q(holder=Holder.LEAD, mine_pending=False)
    return moves & Q(is_conflicted=False)


def first_of_each(rows: Rows, cards: int) -> Rows:
    """The cards that have hung longest in each column, in one query."""
    place = Window(RowNumber(), partition_by=[F("column")], order_by=[F("state_since").asc(), F("pk").asc()])
    return light(rows).exclude(column=Column.RELEASED).annotate(place=place).filter(place__lte=cards).order_by("column", "place")


def newest_released(rows: Rows, cards: int) -> Rows:
    return light(rows).filter(column=Column.RELEASED).order_by("-state_since", "-pk")[:cards]


def light(rows: Rows) -> Rows:
    """Without the answers, which no card shows."""
    return rows.defer("answers")
