"""The reviewers' pages: the queue, and one application to read and score."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground.actors import ActingRequest, Actor
from ground.states import WrongState
from onboarding import conflicts, opinions, review_page, review_queue, reviewing, screening
from onboarding.access import DECIDE, PROPOSE, SCORE
from onboarding.forms.reviewing import ConflictForm, DraftReviewForm, GatesForm, ReviewForm
from onboarding.models import Application, Review, RubricVersion
from onboarding.questions.summary import summary as answers_in_words
from onboarding.states import OPEN_TO_REVIEW, ApplicationState
from onboarding.views.giving import application_or_404, given


@require_safe
@needs(SCORE)
def queue(request: ActingRequest) -> HttpResponse:
    """Applications by what this person may do about them."""
    return render(
        request,
        "onboarding/review/queue.html",
        {"queue": review_queue.queue_of(request.actor), "is_lead": DECIDE.is_held_by(request.actor)},
    )


@require_safe
@needs(SCORE)
def application(request: ActingRequest, reference: str) -> HttpResponse:
    """The conflict question first; then the answers, and the rubric beside them."""
    row = _application(request.actor, reference)
    conflict = conflicts.declared(row, by=request.actor)
    if conflict is None:
        return _conflict_page(request, row, ConflictForm())
    if conflict.is_hard:
        return render(request, "onboarding/review/recused.html", {"application": row, "conflict": conflict, "form": ConflictForm()})
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
        return _conflict_page(request, row, form, status=422)
    reviewing.declare_conflict(row, kind=form.cleaned_data["kind"], note=form.cleaned_data["note"], by=request.actor)
    return redirect("onboarding:review", reference)


@require_POST
@needs(SCORE)
def keep(request: ActingRequest, reference: str) -> HttpResponse:
    """Keep a review as a draft."""
    row = _application(request.actor, reference)
    review = _own_review(row, request.actor)
    form = DraftReviewForm(_content(row, review), request.POST)
    if not form.is_valid():
        return _page(request, row, review, form, status=422)
    if _written(request, row, form, reviewing.keep):
        messages.success(request, _("Your draft is kept. Only you can see it."))
    return redirect("onboarding:review", reference)


@require_POST
@needs(SCORE)
def submit(request: ActingRequest, reference: str) -> HttpResponse:
    """Submit a review, and go on to the next application."""
    row = _application(request.actor, reference)
    review = _own_review(row, request.actor)
    form = ReviewForm(_content(row, review), request.POST)
    if not form.is_valid():
        return _page(request, row, review, form, status=422)
    if not _written(request, row, form, reviewing.record):
        return redirect("onboarding:review", reference)
    messages.success(request, _("Your review of %(name)s is in. Now you see what the others wrote.") % {"name": row.name})
    return redirect("onboarding:review", reference)


@require_POST
@needs(SCORE)
def reopen(request: ActingRequest, reference: str) -> HttpResponse:
    """Take one's own review back into draft."""
    row = _application(request.actor, reference)
    review = get_object_or_404(Review.objects.by(request.actor).submitted(), application=row)
    try:
        reviewing.reopen(review, by=request.actor)
    except WrongState as error:
        messages.error(request, str(error))
    return redirect("onboarding:review", reference)


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
    row = application_or_404(request.actor, reference)
    form = GatesForm(RubricVersion.objects.current(row.programme).content, request.POST)
    if form.is_valid():
        screening.answer_gates(row, answers=form.answers(), by=request.actor)
        messages.success(request, _("The gates are kept."))
    return redirect("onboarding:decision", reference)


def _application(actor: Actor, reference: str) -> Application:
    rows = Application.objects.visible_to(actor).select_related("programme", "form_version")
    return get_object_or_404(rows, reference=reference)


def _own_review(row: Application, actor: Actor) -> Review | None:
    own = Review.objects.by(actor).live().filter(application=row)
    return own.select_related("rubric_version").prefetch_related("scores").first()


def _content(row: Application, review: Review | None) -> Any:
    """The rubric as this review sees it: the one it is pinned to, else the current one."""
    version = review.rubric_version if review else RubricVersion.objects.current(row.programme)
    return version.content


def _written(request: ActingRequest, row: Application, form: DraftReviewForm, write: Any) -> bool:
    """Whether it was written; what stood in the way is said."""
    try:
        write(row, scores=form.marks(), recommendation=form.cleaned_data["recommendation"], notes=form.notes(), by=request.actor)
    except WrongState as error:
        messages.error(request, str(error))
        return False
    except conflicts.Conflicted as error:
        raise Http404 from error
    return True


def _conflict_page(request: ActingRequest, row: Application, form: ConflictForm, *, status: int = 200) -> HttpResponse:
    """Before the question is answered, the name, the kind of organisation and the country are all there is to see."""
    revision = reviewing.newest_answers(row)
    known = {"community.org_type", "community.country"}
    lines = [
        line
        for section in answers_in_words(revision.form_version.form, revision.shown_answers)
        for line in section.lines
        if line.key in known
    ]
    return render(request, "onboarding/review/conflict.html", {"application": row, "form": form, "who": lines}, status=status)


def _page(request: ActingRequest, row: Application, review: Review | None, form: DraftReviewForm, *, status: int = 200) -> HttpResponse:
    revision = reviewing.newest_answers(row)
    questions = revision.form_version.form
    others = Review.objects.visible_to(request.actor).submitted().filter(application=row).exclude(reviewer=request.actor.user)
    shown = list(others.in_words())
    is_open = row.state in OPEN_TO_REVIEW and not (review and review.is_submitted)
    summary = opinions.summary(row, [*shown, review]) if shown and review and review.is_submitted else None
    context = {
        "application": row,
        "sections": answers_in_words(questions, revision.shown_answers),
        "review": review,
        "form": form,
        "cards": review_page.cards(form, questions),
        "own": review_page.written(review) if review else None,
        "is_open": is_open,
        "is_waiting": row.state == ApplicationState.SCREENING,
        "may_decide": DECIDE.is_held_by(request.actor) or bool(review and review.is_submitted),
        "others": [review_page.written(other) for other in shown],
        "summary": summary,
        "flags": review_page.flags_in_words(summary, form.content) if summary else [],
        "next_url": review_queue.next_to_score(request.actor, after=row) if review and review.is_submitted else "",
    }
    return render(request, "onboarding/review/application.html", context, status=status)
