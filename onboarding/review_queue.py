"""The reviewers' queue: every open application, what is next with it, and who holds it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.states import Look
from onboarding.access import DECIDE
from onboarding.models import Application, Conflict, Decision, Review, RubricVersion
from onboarding.states import ApplicationState, DecisionState, ReviewState

RELEASED_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """One application in the queue. `next_step` says what is to be done and `holder` by whom."""

    reference: str
    name: str
    country: str
    sent_at: datetime | None
    state: str | Promise
    look: Look
    reviews: int
    next_step: str
    holder: str
    url: str


@dataclass
class Queue:
    """The queue of one person, by what they may do about it."""

    mine: list[Row] = field(default_factory=list)
    to_start: list[Row] = field(default_factory=list)
    to_decide: list[Row] = field(default_factory=list)
    with_others: list[Row] = field(default_factory=list)
    released: list[Row] = field(default_factory=list)


def queue_of(actor: Actor) -> Queue:
    """Everything this person may know of, each application once, in the section where they can do the most."""
    queue, opened, released = Queue(), _open(actor), _released(actor)
    facts = _Facts(actor, [*opened, *released])
    for application in opened:
        section, row = facts.place(application)
        getattr(queue, section).append(row)
    queue.released = [facts.released(application) for application in released]
    return queue


def next_to_score(actor: Actor, *, after: Application) -> str:
    """Where “save and next” leads: the next application to score, or the queue."""
    mine = [row for row in queue_of(actor).mine if row.reference != after.reference]
    return mine[0].url if mine else reverse("onboarding:review_queue")


def _open(actor: Actor) -> list[Application]:
    rows = Application.objects.visible_to(actor).exclude(state__in=[ApplicationState.DECIDED, ApplicationState.WITHDRAWN])
    return list(rows.order_by("sent_at", "pk"))


def _released(actor: Actor) -> list[Application]:
    rows = Application.objects.visible_to(actor).filter(state=ApplicationState.DECIDED)
    return list(rows.order_by("-sent_at", "-pk")[:RELEASED_SHOWN])


class _Facts:
    """What the rows of one queue have in common: the person, their reviews and conflicts, reviews in and decisions standing."""

    def __init__(self, actor: Actor, applications: list[Application]) -> None:
        self.actor = actor
        self.is_lead = DECIDE.is_held_by(actor)
        self.own = dict(Review.objects.by(actor).live().values_list("application_id", "state"))
        self.conflicted = set(Conflict.objects.hard().filter(person=actor.user).values_list("application_id", flat=True))
        submitted = Review.objects.submitted().filter(application__in=applications).order_by()
        self.submitted = dict(submitted.values_list("application").annotate(Count("pk")))
        standing = Decision.objects.standing().filter(application__in=applications).select_related("proposed_by")
        self.decisions = {decision.application_id: decision for decision in standing}
        self._minimum: dict[int, int] = {}

    def place(self, application: Application) -> tuple[str, Row]:
        decision = self.decisions.get(application.pk)
        if decision is not None:
            return self._decided(application, decision)
        if application.state == ApplicationState.APPLIED:
            return "with_others", self._row(application, _("Confirm the e-mail address"), _("the applicant"))
        if application.state == ApplicationState.SCREENING:
            return "to_start" if self.is_lead else "with_others", self._row(application, _("Start the review"), _("a review lead"))
        return self._being_reviewed(application)

    def released(self, application: Application) -> Row:
        return self._row(application, str(application.get_outcome_display()), "", page="decision")

    def _being_reviewed(self, application: Application) -> tuple[str, Row]:
        enough, own = self._submitted(application) >= self._needed(application), self.own.get(application.pk)
        if own != ReviewState.SUBMITTED and application.pk not in self.conflicted and not (enough and self.is_lead):
            return "mine", self._row(application, _("Finish your review") if own else _("Score it"), _("you"))
        if not enough:
            return "with_others", self._row(application, _("More reviews are needed"), _("other reviewers"))
        if application.pk in self.conflicted:
            return "with_others", self._row(application, _("Propose a decision"), _("a review lead"))
        return "to_decide", self._row(application, _("Propose a decision"), _("you"), page="decision")

    def _decided(self, application: Application, decision: Decision) -> tuple[str, Row]:
        if decision.state == DecisionState.APPROVED:
            return self._for_leads(application, _("Release the decision"), _("a review lead"))
        if decision.second_person and decision.proposed_by == self.actor.user:
            return "with_others", self._row(application, _("Approve the decision"), _("a review lead"), page="decision")
        return self._for_leads(application, _("Approve the decision"), _("a review lead"))

    def _for_leads(self, application: Application, words: str, holder: str) -> tuple[str, Row]:
        if self.is_lead and application.pk not in self.conflicted:
            return "to_decide", self._row(application, words, _("you"), page="decision")
        return "with_others", self._row(application, words, holder)

    def _submitted(self, application: Application) -> int:
        return self.submitted.get(application.pk, 0)

    def _needed(self, application: Application) -> int:
        programme = application.programme_id
        if programme not in self._minimum:
            self._minimum[programme] = RubricVersion.objects.current(programme).content.rules.min_reviews
        return self._minimum[programme]

    def _row(self, application: Application, next_step: str, holder: str, *, page: str = "") -> Row:
        decision = self.decisions.get(application.pk)
        name = "onboarding:decision" if page == "decision" else "onboarding:review"
        return Row(
            reference=application.reference,
            name=application.name,
            country=str(application.answers.get("community.country") or ""),
            sent_at=application.sent_at,
            state=decision.get_state_display() if decision and not decision.released_at else application.get_state_display(),
            look=decision.look if decision and not decision.released_at else application.look,
            reviews=self._submitted(application),
            next_step=next_step,
            holder=holder,
            url=reverse(name, args=[application.reference]),
        )
