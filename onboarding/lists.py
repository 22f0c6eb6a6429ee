"""Applications, reviews, scores, decisions and plans as lists to download: what a person may read on the pages, and no more."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from communities.access import Right
from ground.actors import Actor
from ground.exports import CAP, Column, Sheet
from ground.texts import pick
from onboarding import opinions, viewing
from onboarding.access import HANDLE_APPLICATIONS, PROPOSE, SCORE
from onboarding.models import Application, Conflict, Decision, FormVersion, Review, ReviewPolicy, Score
from onboarding.models.applications import ApplicationQuerySet
from onboarding.plan_page import ShownItem, ShownPhase
from onboarding.questions.progress import hidden_keys
from onboarding.questions.shape import Field
from onboarding.review_queue import Queue, Row

QUEUE: list[Column[Row]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("name", _("Community"), lambda row: row.name),
    Column("country", _("Country"), lambda row: row.country),
    Column("sent", _("Sent"), lambda row: row.sent_at),
    Column("state", _("State"), lambda row: row.state),
    Column("reviews", _("Reviews"), lambda row: row.reviews),
    Column("next", _("Next"), lambda row: row.next_step),
    Column("holder", _("Held by"), lambda row: row.holder),
]
FACTS: list[Column[Application]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("state", _("State"), lambda row: row.state),
    Column("outcome", _("Outcome"), lambda row: row.outcome),
    Column("name", _("Community"), lambda row: row.name),
    Column("country", _("Country"), lambda row: str(row.country)),
    Column("language", _("Language"), lambda row: row.language),
    Column("sent_at", _("Sent"), lambda row: row.sent_at),
    Column("reviews", _("Reviews"), lambda row: row.reviews_submitted),
]
EMAIL: Column[Application] = Column("email", _("E-mail address"), lambda row: row.email)
REVIEWS: list[Column[Review]] = [
    Column("application", _("Application"), lambda row: row.application.reference),
    Column("name", _("Community"), lambda row: row.application.name),
    Column("reviewer", _("Reviewer"), lambda row: row.reviewer.get_full_name()),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("recommendation", _("Recommendation"), lambda row: row.get_recommendation_display()),
    Column("total", _("Total of 100"), lambda row: row.total),
    Column("coverage", _("Coverage"), lambda row: row.coverage),
    Column("rubric", _("Rubric"), lambda row: row.rubric_version),
    Column("submitted", _("Submitted"), lambda row: row.submitted_at),
    Column("note_team", _("Note to the team"), lambda row: row.note_team),
    Column("note_applicant", _("Note for the applicant"), lambda row: row.note_applicant),
]
SCORES: list[Column[Score]] = [
    Column("application", _("Application"), lambda row: row.review.application.reference),
    Column("reviewer", _("Reviewer"), lambda row: row.review.reviewer.get_full_name()),
    Column("criterion", _("Criterion"), lambda row: row.criterion),
    Column("level", _("Level"), lambda row: row.level),
    Column("not_applicable", _("Not applicable"), lambda row: row.not_applicable),
    Column("comment", _("Comment"), lambda row: row.comment),
]
DECISIONS: list[Column[Decision]] = [
    Column("application", _("Application"), lambda row: row.application.reference),
    Column("name", _("Community"), lambda row: row.application.name),
    Column("outcome", _("Outcome"), lambda row: row.get_outcome_display()),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("reasons", _("Reasons"), lambda row: row.reasons),
    Column("conditions", _("Conditions"), lambda row: row.conditions),
    Column("proposed_by", _("Proposed by"), lambda row: row.proposed_by.get_full_name()),
    Column("proposed", _("Proposed"), lambda row: row.proposed_at),
    Column("approved_by", _("Approved by"), lambda row: row.approved_by.get_full_name() if row.approved_by else ""),
    Column("approved", _("Approved"), lambda row: row.approved_at),
    Column("released", _("Released"), lambda row: row.released_at),
]


@dataclass(frozen=True)
class PlanLine:
    """One item of a plan under its phase."""

    phase: ShownPhase
    shown: ShownItem


PLAN: list[Column[PlanLine]] = [
    Column("phase", _("Phase"), lambda row: row.phase.title),
    Column("standing", _("Where it stands"), lambda row: row.phase.standing),
    Column("item", _("Item"), lambda row: row.shown.item.key),
    Column("what", _("What"), lambda row: pick(row.shown.item.text)),
    Column("holder", _("Who does it"), lambda row: row.shown.holder),
    Column("done", _("Done"), lambda row: row.shown.item.settled),
    Column("note", _("Note"), lambda row: row.shown.item.note),
]


def of_queue(queue: Queue) -> Sheet[Row]:
    """The reviewers' queue, section after section."""
    rows = [*queue.mine, *queue.volunteer, *queue.to_start, *queue.to_decide, *queue.with_others, *queue.released]
    return Sheet("queue", QUEUE, rows)


def of_plan(slug: str, phases: list[ShownPhase]) -> Sheet[PlanLine]:
    """A plan, item after item."""
    return Sheet(f"{slug}-onboarding", PLAN, [PlanLine(phase, shown) for phase in phases for shown in phase.items])


def openable(actor: Actor) -> ApplicationQuerySet:
    """What is on its way by itself, of the applications whose answers this person could open on a page now."""
    return readable(actor).in_earnest()


def readable(actor: Actor) -> ApplicationQuerySet:
    """The applications whose answers this person may read.

    Nobody has those they have a conflict with; a reviewer says so first, so what they said nothing of is left out too.
    """
    rows = Application.objects.visible_to(actor)
    declared = Conflict.objects.filter(person=actor.user)
    rows = rows.exclude(pk__in=declared.hard().values("application"))
    return rows if HANDLE_APPLICATIONS.is_held_by(actor) else rows.filter(pk__in=declared.clear().values("application"))


def versions(actor: Actor) -> list[FormVersion]:
    """The form versions with which something was answered that this person could open."""
    used = openable(actor).order_by().values("form_version")
    return list(FormVersion.objects.filter(pk__in=used).select_related("definition").defer("schema").order_by("definition__key", "number"))


def of_applications(version: FormVersion, *, actor: Actor) -> Sheet[Application]:
    """One column a question, under its key; answers as option keys. Every row that leaves is written down as an opening."""
    rows = openable(actor).filter(form_version=version).order_by("sent_at", "pk")
    name = f"{version.definition.key}-{version.number}"
    viewing.record_all(list(rows.values_list("pk", flat=True)[:CAP]), by=actor, where=viewing.Where.EXPORT, label=name)
    shows_people = not hides_people(version, actor)
    fields = [field for field in version.form.fields() if shows_people or not field.pii]
    columns = [*FACTS, *_opinions(version, actor), *([EMAIL] if shows_people else []), *map(_answer_column, fields)]
    return Sheet(f"applications-{name}", columns, rows.select_related("form_version").defer("form_version__schema"), by_key=True)


def hides_people(version: FormVersion, actor: Actor) -> bool:
    """Whether the programme's policy keeps names and addresses from this person."""
    return not HANDLE_APPLICATIONS.is_held_by(actor) and ReviewPolicy.of(version.definition.programme_id).hide_people


def of_reviews(actor: Actor) -> Sheet[Review]:
    """The reviews this person reads on the pages: others' only once they open there."""
    rows = Review.objects.visible_to(actor).live().select_related("application", "reviewer", "rubric_version__rubric")
    _opened(rows.values_list("application"), actor, "reviews")
    return Sheet("reviews", REVIEWS, rows.defer("rubric_version__document").order_by("application", "pk"))


def of_scores(actor: Actor) -> Sheet[Score]:
    """The scores of those reviews."""
    reviews = Review.objects.visible_to(actor).live()
    rows = Score.objects.filter(review__in=reviews.order_by().values("pk")).select_related("review__application", "review__reviewer")
    _opened(reviews.values_list("application"), actor, "scores")
    return Sheet("scores", SCORES, rows.order_by("review__application", "review", "pk"))


def of_decisions(actor: Actor) -> Sheet[Decision]:
    """The decisions on the applications this person could open."""
    rows = Decision.objects.filter(application__in=openable(actor).order_by().values("pk"))
    _opened(rows.values_list("application"), actor, "decisions")
    people = ("proposed_by", "approved_by", "released_by")
    return Sheet("decisions", DECISIONS, rows.select_related("application", *people).order_by("application", "pk"))


SHEETS: dict[str, tuple[Right, Callable[[Actor], Sheet[Any]]]] = {
    "reviews": (SCORE, of_reviews),
    "scores": (SCORE, of_scores),
    "decisions": (PROPOSE, of_decisions),
}


def _opinions(version: FormVersion, actor: Actor) -> list[Column[Application]]:
    """What reviewers think, empty as long as this person may not know it."""
    opened = frozenset(opinions.open_to(actor).filter(form_version=version).values_list("pk", flat=True))
    return [
        Column("median", _("Median"), lambda row: row.median if row.pk in opened else None),
        Column("flags", _("Flags"), lambda row: row.flags if row.pk in opened else []),
    ]


def _opened(applications: QuerySet[Any, tuple[int]], actor: Actor, name: str) -> None:
    """Every application that leaves in a download is written down as an opening."""
    keys = [key for (key,) in applications.order_by("application").distinct()[:CAP]]
    viewing.record_all(keys, by=actor, where=viewing.Where.EXPORT, label=name)


def _answer_column(field: Field) -> Column[Application]:
    return Column(field.key, field.key, lambda row: _answer(row, field))


def _answer(row: Application, field: Field) -> object:
    """The answer, unless another answer hid the question."""
    if field.key in row.answers and field.key not in hidden_keys(row.form_version.form, row.answers):
        return row.answers[field.key]
    return ""
