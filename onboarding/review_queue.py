"""The reviewers' queue: one's own reviews with their days first, then what is open to anyone, and who holds the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.states import Look
from onboarding.access import DECIDE
from onboarding.models import AnswerRevision, Application, Assignment, Conflict, Decision, Review, RubricVersion
from onboarding.states import OPEN_TO_REVIEW, ApplicationState, DecisionState, ReviewState

OPEN_SHOWN = 100
RELEASED_SHOWN = 20
NOT_OPEN = [ApplicationState.DECIDED, ApplicationState.WITHDRAWN]


@dataclass(frozen=True)
class Row:
    """One application in the queue. `next_step` says what is to be done and `holder` by whom; `due_at` when it was asked for."""

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
    due_at: datetime | None = None
    is_overdue: bool = False


@dataclass
class Queue:
    """The queue of one person, by what they may do about it; `more` open applications are not shown."""

    mine: list[Row] = field(default_factory=list)
    volunteer: list[Row] = field(default_factory=list)
    to_start: list[Row] = field(default_factory=list)
    to_decide: list[Row] = field(default_factory=list)
    with_others: list[Row] = field(default_factory=list)
    released: list[Row] = field(default_factory=list)
    more: int = 0


def queue_of(actor: Actor) -> Queue:
    """What this person may know of, each application once, in the section where they can do the most."""
    queue, opened, released = Queue(), list(_mine_first(_open(actor), actor)[:OPEN_SHOWN]), _released(actor)
    facts = _Facts(actor, [*opened, *released])
    for application in opened:
        section, row = facts.place(application)
        getattr(queue, section).append(row)
    queue.released = [facts.released(application) for application in released]
    queue.more = max(0, _open(actor).count() - OPEN_SHOWN)
    return queue


def next_to_score(actor: Actor, *, after: Application) -> str:
    """Where “save and next” leads: the next application of one's own to score, then one open to anyone, or the queue."""
    mine = {"application": OuterRef("pk")}
    rows = _open(actor).filter(state__in=OPEN_TO_REVIEW).exclude(pk=after.pk)
    rows = rows.exclude(Exists(Review.objects.submitted().by(actor).filter(**mine)))
    rows = rows.exclude(Exists(Conflict.objects.hard().filter(person=actor.user, **mine)))
    following = _mine_first(rows.exclude(Exists(Decision.objects.standing().filter(**mine))), actor).first()
    return reverse("onboarding:review", args=[following.reference]) if following else reverse("onboarding:review_queue")


def _open(actor: Actor) -> QuerySet[Application]:
    return Application.objects.visible_to(actor).in_earnest().exclude(state__in=NOT_OPEN).defer("answers")


def _mine_first(rows: QuerySet[Application], actor: Actor) -> QuerySet[Application]:
    """What one was asked for by its day, then what one began, then the longest waiting."""
    of_this = {"application": OuterRef("pk")}
    asked = Assignment.objects.of(actor).due().filter(**of_this)
    begun = Review.objects.by(actor).filter(state=ReviewState.DRAFT, **of_this)
    return rows.annotate(due_at=Subquery(asked.values("due_at")[:1]), is_begun=Exists(begun)).order_by(
        F("due_at").asc(nulls_last=True), "-is_begun", "sent_at", "pk"
    )


def _released(actor: Actor) -> list[Application]:
    rows = Application.objects.visible_to(actor).in_earnest().filter(state=ApplicationState.DECIDED).defer("answers")
    return list(rows.order_by("-sent_at", "-pk")[:RELEASED_SHOWN])


class _Facts:
    """What the rows of one queue have in common: the person, their reviews and conflicts, reviews in and decisions standing."""

    def __init__(self, actor: Actor, applications: Sequence[Application]) -> None:
        self.actor, self.now = actor, timezone.now()
        self.is_lead = DECIDE.is_held_by(actor)
        self.own, self.changed = _own_reviews(actor, applications)
        hard = Conflict.objects.hard().filter(person=actor.user, application__in=applications)
        self.conflicted = {conflict.application_id for conflict in hard if conflict.is_answered}
        submitted = Review.objects.submitted().filter(application__in=applications).order_by()
        self.submitted = dict(submitted.values_list("application").annotate(Count("pk")))
        standing = Decision.objects.standing().filter(application__in=applications).select_related("proposed_by")
        theirs = Decision.objects.not_to_approve_by(actor.user).filter(pk=OuterRef("pk"))
        self.decisions = {decision.application_id: decision for decision in standing.annotate(is_theirs=Exists(theirs))}
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
        is_mine = own == ReviewState.DRAFT or getattr(application, "due_at", None) is not None
        if application.pk in self.conflicted:
            words = _("Propose a decision") if enough else _("More reviews are needed")
            return "with_others", self._row(application, words, _("a review lead") if enough else _("other reviewers"))
        if application.pk in self.changed:
            return "mine", self._row(application, _("Answers changed since your review"), _("you"))
        if own != ReviewState.SUBMITTED and (is_mine or not (enough and self.is_lead)):
            words = _("Finish your review") if own else _("Score it")
            return "mine" if is_mine else "volunteer", self._row(application, words, _("you") if is_mine else "")
        if not enough:
            return "with_others", self._row(application, _("More reviews are needed"), _("other reviewers"))
        return "to_decide", self._row(application, _("Propose a decision"), _("you"), page="decision")

    def _decided(self, application: Application, decision: Decision) -> tuple[str, Row]:
        if decision.state == DecisionState.APPROVED:
            return self._for_leads(application, _("Release the decision"), _("a review lead"))
        if getattr(decision, "is_theirs", False):
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
        due_at = getattr(application, "due_at", None)
        return Row(
            reference=application.reference,
            name=application.name,
            country=application.get_country_display(),
            sent_at=application.sent_at,
            state=decision.get_state_display() if decision and not decision.released_at else application.get_state_display(),
            look=decision.look if decision and not decision.released_at else application.look,
            reviews=self._submitted(application),
            next_step=next_step,
            holder=holder,
            url=reverse(name, args=[application.reference]),
            due_at=due_at,
            is_overdue=bool(due_at and due_at < self.now),
        )


def _own_reviews(actor: Actor, applications: Sequence[Application]) -> tuple[dict[int, str], set[int]]:
    """One's own reviews by their state, and those that are in but older than the answers."""
    newest = AnswerRevision.objects.filter(application=OuterRef("application")).order_by("-number").values("number")[:1]
    rows = Review.objects.by(actor).live().filter(application__in=applications).annotate(newest=Subquery(newest))
    own = list(rows.values_list("application_id", "state", "answer_revision__number", "newest"))
    older = {pk for pk, state, read, last in own if state == ReviewState.SUBMITTED and read < last}
    return {pk: state for pk, state, _read, _last in own}, older
