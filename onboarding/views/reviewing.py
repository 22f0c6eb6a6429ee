"""The reviewers' pages: the queue, and one application to read and score."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest, Actor
from ground.states import WrongState
from onboarding import calibrating, conflicts, lists, opinions, review_page, review_queue, reviewing, viewing
from onboarding.access import DECIDE, PROPOSE, SCORE, sees_people
from onboarding.forms.reviewing import ConflictForm, DeclineForm, DraftReviewForm, GatesForm, ReviewForm
from onboarding.models import (
    AnswerRevision,
    Application,
    Assignment,
    Conflict,
    DuplicateLink,
    Review,
    ReviewPolicy,
    RubricVersion,
)
from onboarding.states import OPEN_TO_REVIEW, ApplicationState
from onboarding.views.giving import given, once_declared, opened_or_404

BEFORE_THE_QUESTION = {"community.org_type", "community.country"}


@require_safe
@needs(SCORE)
def queue(request: ActingRequest) -> HttpResponseBase:
    """Applications by what this person may do about them."""
    found = review_queue.queue_of(request.actor)
    if kind := exports.asked(request):
        return exports.answer(kind, lists.of_queue(found))
    return render(
        request,
        "onboarding/review/queue.html",
        {"queue": found, "is_lead": DECIDE.is_held_by(request.actor)},
    )


@require_safe
@needs(SCORE)
def application(request: ActingRequest, reference: str) -> HttpResponse:
    """The conflict question first; then the answers, and the rubric beside them."""
    row = _application(request.actor, reference)
    conflict = conflicts.look(row, by=request.actor)
    if conflict is None or not conflict.is_answered:
        return _conflict_page(request, row, ConflictForm(), conflict)
    if conflict.is_hard:
        return render(request, "onboarding/review/recused.html", {"application": row, "conflict": conflict})
    review = _own_review(row, request.actor)
    content = _content(row, review)
    return _page(request, row, review, DraftReviewForm.for_review(review, content))


@require_POST
@needs(SCORE)
def declare_conflict(request: ActingRequest, reference: str) -> HttpResponse:
    """Take the answer to the conflict question."""
    row = _application(request.actor, reference)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _conflict_page(request, row, form, conflicts.look(row, by=request.actor), status=422)
    try:
        reviewing.declare_conflict(row, kind=form.cleaned_data["kind"], note=form.cleaned_data["note"], by=request.actor)
    except WrongState as error:
        messages.error(request, str(error))
    return redirect("onboarding:review", reference)


@require_POST
@needs(SCORE)
@once_declared
def keep(request: ActingRequest, row: Application) -> HttpResponse:
    """Keep a review as a draft."""
    review = _own_review(row, request.actor)
    form = DraftReviewForm(_content(row, review), request.POST)
    if not form.is_valid():
        return _page(request, row, review, form, status=422)
    try:
        kept = _written(request, row, form, reviewing.keep)
    except reviewing.StaleReview as stale:
        return _clash(request, row, stale.review, form)
    if kept:
        messages.success(request, _("Your draft is kept. Only you can see it."))
    return redirect("onboarding:review", row.reference)


@require_POST
@needs(SCORE)
@once_declared
def submit(request: ActingRequest, row: Application) -> HttpResponse:
    """Submit a review, and stay to read the others."""
    return _submitted(request, row) or redirect("onboarding:review", row.reference)


@require_POST
@needs(SCORE)
@once_declared
def submit_and_next(request: ActingRequest, row: Application) -> HttpResponse:
    """Submit a review, and go on to the next of one's own."""
    return _submitted(request, row) or redirect(review_queue.next_to_score(request.actor, after=row))


@require_POST
@needs(SCORE)
@once_declared
def stand(request: ActingRequest, row: Application) -> HttpResponse:
    """Say that changed answers do not change one's scores."""
    review = get_object_or_404(Review.objects.by(request.actor).submitted(), application=row)
    try:
        reviewing.stand_by(review, by=request.actor)
    except WrongState as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your scores stand, and the team sees that you read the new answers."))
    return redirect("onboarding:review", row.reference)


@require_POST
@needs(SCORE)
@once_declared
def reopen(request: ActingRequest, row: Application) -> HttpResponse:
    """Take one's own review back into draft."""
    review = get_object_or_404(Review.objects.by(request.actor).submitted(), application=row)
    try:
        reviewing.reopen(review, by=request.actor)
    except WrongState as error:
        messages.error(request, str(error))
    return redirect("onboarding:review", row.reference)


@require_POST
@needs(DECIDE)
def start(request: ActingRequest, reference: str) -> HttpResponse:
    """Open an application to reviewers."""
    row = _application(request.actor, reference)
    if not given(request, row, "start_review"):
        return redirect("onboarding:where_it_stands", reference)
    messages.success(request, _("Reviewers can read and score %(name)s now.") % {"name": row.name})
    return redirect("onboarding:review_queue")


@require_POST
@needs(PROPOSE)
def gates(request: ActingRequest, reference: str) -> HttpResponse:
    """Write down whether the gates hold."""
    row, conflict = opened_or_404(request.actor, reference)
    if conflict is None:
        return redirect("onboarding:review", reference)
    form = GatesForm(RubricVersion.objects.current(row.programme).content, request.POST)
    if form.is_valid() and given(request, row, "answer_gates", gates=form.answers()):
        messages.success(request, _("The gates are kept."))
    return redirect("onboarding:decision", reference)


def _application(actor: Actor, reference: str) -> Application:
    rows = Application.objects.visible_to(actor).with_joined()
    rows = rows.select_related("programme__review_policy", "form_version", "duplicate_of")
    return get_object_or_404(rows.defer("form_version__schema"), reference=reference)


def _own_review(row: Application, actor: Actor) -> Review | None:
    return Review.objects.by(actor).live().filter(application=row).in_words().first()


def _content(row: Application, review: Review | None) -> Any:
    """The rubric as this review sees it: the one it is pinned to, else the current one."""
    version = review.rubric_version if review else RubricVersion.objects.current(row.programme)
    return version.content


def _submitted(request: ActingRequest, row: Application) -> HttpResponse | None:
    """None once the review is in; else the page that says what is missing, or that another tab was quicker."""
    review = _own_review(row, request.actor)
    form = ReviewForm(_content(row, review), request.POST)
    if not form.is_valid():
        return _page(request, row, review, form, status=422)
    try:
        done = _written(request, row, form, reviewing.record)
    except reviewing.StaleReview as stale:
        return _clash(request, row, stale.review, form)
    if done:
        messages.success(request, _("Your review of %(name)s is in.") % {"name": row.name})
    return None if done else redirect("onboarding:review", row.reference)


def _written(request: ActingRequest, row: Application, form: DraftReviewForm, write: Any) -> bool:
    """Whether it was written; what stood in the way is said."""
    said = {"scores": form.marks(), "recommendation": form.cleaned_data["recommendation"], "notes": form.notes()}
    try:
        write(row, **said, seen=form.seen_or_none, by=request.actor)
    except WrongState as error:
        messages.error(request, str(error))
        return False
    except reviewing.NotCalibrated:
        messages.error(request, _("Please score the examples first."))
        return False
    except conflicts.Conflicted as error:
        raise Http404 from error
    return True


def _clash(request: ActingRequest, row: Application, kept: Review, form: DraftReviewForm) -> HttpResponse:
    """Another tab kept something else meanwhile: both texts are shown, and sending again keeps what stands here."""
    data = request.POST.copy()
    data["seen"] = kept.fingerprint
    again = DraftReviewForm(form.content, data)
    again.is_valid()
    return _page(request, row, kept, again, status=409, clashes=review_page.clashes(kept, again))


def _conflict_page(
    request: ActingRequest, row: Application, form: ConflictForm, conflict: Conflict | None, *, status: int = 200
) -> HttpResponse:
    """Before the question is answered, the name, the kind of organisation and the country are all there is to see."""
    sections = review_page.sections_of(reviewing.newest_answers(row), people=False)
    lines = [line for section in sections for line in section.lines if line.key in BEFORE_THE_QUESTION]
    context = {
        "application": row,
        "form": form,
        "who": lines,
        "ties": conflict.ties_in_words if conflict else [],
        "assignment": _assignment(row, request.actor),
        "decline": DeclineForm(),
    }
    return render(request, "onboarding/review/conflict.html", context, status=status)


def _assignment(row: Application, actor: Actor) -> Assignment | None:
    """What this person was asked to do here and has not done."""
    return Assignment.objects.of(actor).due().filter(application=row).select_related("invited_by").first()


def _page(
    request: ActingRequest,
    row: Application,
    review: Review | None,
    form: DraftReviewForm,
    *,
    status: int = 200,
    clashes: Sequence[review_page.Clash] = (),
) -> HttpResponse:
    viewing.record(row, by=request.actor, where=viewing.Where.PAGE, label="review")
    actor, newest = request.actor, reviewing.newest_answers(row)
    shown = list(Review.objects.visible_to(actor).submitted().filter(application=row).exclude(reviewer=actor.user).in_words())
    is_in, people = bool(review and review.is_submitted), sees_people(actor, row.programme)
    needs_calibration = not is_in and calibrating.is_needed(conflicts.person(actor), row.programme)
    compared = [*shown, review] if shown and review and is_in else []
    summary = opinions.summary(row, compared) if compared else None
    is_lead, also_sent = DECIDE.is_held_by(actor), review_page.also_sent(row, newest, by=actor)
    viewing.record_all([each.application.pk for each in also_sent], by=actor, where=viewing.Where.PAGE, label="review")
    context = {
        "application": row,
        "sections": review_page.sections_of(newest, people=people),
        "also_sent": also_sent,
        "review": review,
        "form": form,
        "clashes": clashes,
        "cards": review_page.cards(form, newest.form_version.form),
        "own": review_page.written(review, newest=newest) if review else None,
        "changes": _changes(review, newest, people=people),
        "assignment": _assignment(row, actor) if not is_in else None,
        "decline": DeclineForm(),
        "is_open": row.state in OPEN_TO_REVIEW and not is_in and not needs_calibration,
        "needs_calibration": needs_calibration,
        "is_waiting": row.state == ApplicationState.SCREENING,
        "is_lead": is_lead,
        "may_decide": is_lead or is_in,
        "others": [review_page.written(other, newest=newest) for other in shown],
        "never_sees": not is_lead and ReviewPolicy.of(row.programme).see_others == ReviewPolicy.SeeOthers.NEVER,
        "summary": summary,
        "flags": review_page.flags_in_words(summary, compared) if summary else [],
        "readers": viewing.readers(row, actor=request.actor),
        "next_url": review_queue.next_to_score(actor, after=row) if is_in else "",
        "alike": list(DuplicateLink.objects.touching(row).open().in_earnest().select_related("a", "b")[:5]) if is_lead else [],
    }
    return render(request, "onboarding/review/application.html", context, status=status)


def _changes(review: Review | None, newest: AnswerRevision, *, people: bool) -> list[review_page.Change]:
    """What changed in the answers since a review that is in, or a draft, read them."""
    if review is None or review.answer_revision_id == newest.pk:
        return []
    read = AnswerRevision.objects.select_related("form_version").defer("form_version__schema").get(pk=review.answer_revision_id)
    return review_page.changes(read, newest, people=people)
