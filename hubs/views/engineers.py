"""The engineers' pages: the queue, and one request with its plan."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState
from hubs import access, assessing, choosing, diffs, drifting, following, occasions, owing, preparing, requests
from hubs.forms import AnswersForm, ApprovalForm, AssessmentForm, CancelForm, DriftForm, RejectionForm, SettlementForm
from hubs.lists import ASSESSED
from hubs.models import Assessment, Hub, HubRequest, needs_assessment
from hubs.states import RequestState
from hubs.views.community import progress_tag

LATELY = 20
SHORT_DIGEST = 12


@needs(access.QUEUE)
@require_GET
def queue(request: ActingRequest) -> HttpResponseBase:
    """What waits for an engineer, what waits for people, what runs, what was done lately."""
    rows = HubRequest.objects.visible_to(request.actor).select_related("community", "hub", "assessment")
    open_rows = list(rows.open().order_by("submitted_at", "pk"))
    done = rows.finished().order_by("-finished_at", "-pk")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("hub-requests", ASSESSED, [*open_rows, *done[:LATELY]]))
    context = {
        "sections": [
            (_("Waiting for you"), [row for row in open_rows if row.is_for_review]),
            (_("Waiting for somebody to do something"), [row for row in open_rows if row.is_for_people]),
            (_("In progress"), [row for row in open_rows if row.is_in_progress]),
            (_("With the community"), [row for row in open_rows if row.is_editable]),
            (_("Done lately"), list(done[:LATELY])),
        ],
        "late": preparing.late(timezone.now(), actor=request.actor),
        "to_hand_over": list(rows.to_hand_over().order_by("finished_at", "pk")[:LATELY]),
        "nothing": not open_rows,
        "deployer_problem": choosing.problem(),
    }
    return render(request, "hubs/queue.html", context)


@needs(access.QUEUE, access.ASSESS)
@require_GET
def review(request: ActingRequest, reference: str) -> HttpResponse:
    """One request: the plan as a diff, what restarts, what people have to do, and yes or no."""
    return _page(request, _row(request, reference))


@needs(access.QUEUE, access.ASSESS)
@require_GET
def progress(request: ActingRequest, reference: str) -> HttpResponse:
    """The moving part of the page, for an engineer."""
    row = _row(request, reference)
    tag = progress_tag(row)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    response = render(request, "hubs/parts/work.html", _context(request, row))
    response["ETag"] = tag
    return response


@needs(access.APPROVE)
@require_POST
def answer(request: ActingRequest, reference: str) -> HttpResponse:
    """Keep the answers only we can give; the plan is made, or made again."""
    row = _row(request, reference)
    form = AnswersForm.of(row, supplier="provider", data=request.POST)
    if not form.is_valid():
        return _page(request, row, answers=form, status=422)
    try:
        requests.save(row, values=form.values, unsure=form.still_unsure, by=request.actor, version=form.cleaned_data["version"])
    except requests.Stale:
        row.refresh_from_db()
        fresh = request.POST.copy()
        fresh["version"] = str(row.version)
        form.start_over(row, fresh)
        form.add_error(
            None, _("Somebody else changed the answers while you wrote. Yours are kept on this page; look them over and save again.")
        )
        return _page(request, row, answers=form, status=409)
    except WrongState:
        messages.error(request, _("The answers cannot change any more."))
    return redirect("hubs:review", reference)


@needs(access.APPROVE)
@require_POST
def approve(request: ActingRequest, reference: str) -> HttpResponse:
    """Approve the plan that was on the page."""
    row = _row(request, reference)
    form = ApprovalForm(request.POST)
    if not form.is_valid() and "not_before" in form.errors:
        return _page(request, row, approval=form, status=422)
    given = {"plan_digest": "", **form.cleaned_data}
    try:
        row = requests.approve(row, **given, by=request.actor)
    except tuple(REFUSED) as error:
        return _page(request, _row(request, reference), words=str(REFUSED[type(error)]), status=409)
    messages.success(request, _approved(row))
    return redirect("hubs:review", reference)


def _approved(row: HubRequest) -> str:
    if row.needs_second_approval:
        return _("Approved. A second engineer has to approve too.")
    return _("Approved. It starts when its day has come.") if row.time_to_wait else _("Approved. It starts now.")


@needs(access.APPROVE)
@require_POST
def start_now(request: ActingRequest, reference: str) -> HttpResponse:
    """Do not wait for the day."""
    try:
        requests.start_now(_row(request, reference), by=request.actor)
    except requests.BeforeLastDay as error:
        return _page(request, _row(request, reference), words=str(error), status=409)
    except WrongState:
        return _page(request, _row(request, reference), words=_("This request does not wait for its day any more."), status=409)
    messages.success(request, _("It starts now."))
    return redirect("hubs:review", reference)


@needs(access.APPROVE)
@require_POST
def take_answer(request: ActingRequest, reference: str) -> HttpResponse:
    """Put an answer that changed elsewhere into the request."""
    return _settle_drift(request, reference, requests.take_answer, _("The new answer is in the request; the plan is made again."))


@needs(access.APPROVE)
@require_POST
def leave_answer(request: ActingRequest, reference: str) -> HttpResponse:
    """Leave the request as it is."""
    return _settle_drift(request, reference, requests.leave_answer, _("The request stays as it is."))


def _settle_drift(request: ActingRequest, reference: str, decide: Callable[..., HubRequest], done: str) -> HttpResponse:
    row, form = _row(request, reference), DriftForm(request.POST)
    if not form.is_valid():
        return _page(request, row, words=_("Choose one of the answers on this page."), status=422)
    try:
        decide(row, **form.cleaned_data, by=request.actor)
    except KeyError:
        return _page(request, _row(request, reference), words=_("This was settled already."), status=409)
    except requests.TooLarge:
        return _page(request, _row(request, reference), words=_("This is more than a request can hold."), status=422)
    except WrongState:
        words = _("The answers cannot change any more. Ask for a change of the hub once it is there, or leave this one.")
        return _page(request, _row(request, reference), words=words, status=409)
    messages.success(request, done)
    return redirect("hubs:review", reference)


@needs(access.ASSESS)
@require_POST
def assess(request: ActingRequest, reference: str) -> HttpResponse:
    """Record what another hub of this community means."""
    row, form = _row(request, reference), AssessmentForm(request.POST)
    if not form.is_valid():
        return _page(request, row, assessment=form, status=422)
    try:
        assessing.record(row, form.findings, by=request.actor)
    except WrongState:
        return _page(request, _row(request, reference), words=_("There is nothing to assess here now."), status=409)
    messages.success(request, _("The assessment is recorded."))
    return redirect("hubs:review", reference)


@needs(access.APPROVE)
@require_POST
def reject(request: ActingRequest, reference: str) -> HttpResponse:
    """Say no, with a reason."""
    row = _row(request, reference)
    form = RejectionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, rejection=form, status=422)
    try:
        requests.reject(row, reason=form.cleaned_data["reason"], by=request.actor)
    except WrongState:
        return _page(request, _row(request, reference), words=_("This request cannot be rejected any more."), status=409)
    messages.success(request, _("Rejected. The community can read your reason."))
    return redirect("hubs:review", reference)


@needs(access.APPROVE)
@require_POST
def settle(request: ActingRequest, reference: str) -> HttpResponse:
    """Say that a precondition is met, or not needed."""
    row = _row(request, reference)
    form = SettlementForm(request.POST)
    if not form.is_valid():
        return _page(request, row, words=_("Choose one of the steps on this page, and how it stands."), status=422)
    try:
        requests.settle(row, **form.cleaned_data, outputs=form.outputs, by=request.actor)
    except (KeyError, WrongState):
        return _page(request, _row(request, reference), words=_("There is nothing of this kind to settle now."), status=409)
    return redirect("hubs:review", reference)


@needs(access.APPROVE)
@require_POST
def retry(request: ActingRequest, reference: str) -> HttpResponse:
    """Try again what failed."""
    try:
        requests.retry(_row(request, reference), by=request.actor)
    except WrongState:
        return _page(request, _row(request, reference), words=_("There is nothing to try again now."), status=409)
    messages.success(request, _("It is tried again."))
    return redirect("hubs:review", reference)


@needs(access.APPROVE)
@require_POST
def take_back(request: ActingRequest, reference: str) -> HttpResponse:
    """Cancel, while that is possible."""
    row = _row(request, reference)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, row, words=_("The reason is too long."), status=422)
    try:
        requests.cancel(row, reason=form.cleaned_data["reason"], by=request.actor)
    except WrongState:
        return _page(request, _row(request, reference), words=_("This cannot be cancelled any more."), status=409)
    messages.success(request, _("Cancelled, or the deployer was asked to stop."))
    return redirect("hubs:review", reference)


def _row(request: ActingRequest, reference: str) -> HubRequest:
    people = ("approved_by", "second_approved_by", "submitted_by")
    return get_object_or_404(
        HubRequest.objects.visible_to(request.actor).select_related("community", "hub__cluster", *people), reference=reference
    )


def _page(
    request: ActingRequest,
    row: HubRequest,
    *,
    words: str = "",
    answers: AnswersForm | None = None,
    rejection: RejectionForm | None = None,
    approval: ApprovalForm | None = None,
    assessment: AssessmentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    more = {
        "words": words,
        "form": answers or _answers(row),
        "rejection": rejection or RejectionForm(),
        "approval": approval or (ApprovalForm.of(row) if row.state == RequestState.PLANNED else None),
        "answers": following.answers(row),
        "restarts": following.restarts(row),
        "clashes": occasions.clashing(row),
        "drift": [change | drifting.told(change) for change in row.drift],
    }
    return render(request, "hubs/review.html", _context(request, row) | more | _assessment(request, row, assessment), status=status)


def _assessment(request: ActingRequest, row: HubRequest, form: AssessmentForm | None) -> dict[str, object]:
    """The assessment, and its form for whoever may record it while it can still matter."""
    found = Assessment.objects.visible_to(request.actor).filter(request=row).select_related("recorded_by").first()
    is_needed = needs_assessment(row)
    can_record = is_needed and row.can_change_answers and access.ASSESS.is_held_by(request.actor)
    return {
        "assessment": found,
        "needs_assessment": is_needed and not row.is_final,
        "assessment_form": (form or AssessmentForm.of(found)) if can_record else None,
        "theirs": Hub.objects.present().filter(community=row.community_id).select_related("cluster") if is_needed else [],
    }


def _answers(row: HubRequest) -> AnswersForm | None:
    if not row.can_change_answers:
        return None
    form = AnswersForm.of(row, supplier="provider")
    form.repeat(row.problems)
    return form


def _context(request: ActingRequest, row: HubRequest) -> dict[str, object]:
    debts = [] if row.is_final else owing.debts(row)
    return {
        "request_row": row,
        "community": row.community,
        "sentence": following.work_sentence(row),
        "steps": following.work_steps(row),
        "events": following.work_events(row),
        "debts": owing.by_phase(debts),
        "owes": owing.counted(debts),
        "who": owing.WHO_TO_STAFF,
        "is_incomplete": any(debt.pointer for debt in debts),
        "files": [shown(change) for change in row.plan.get("files", [])],
        "short_digest": row.plan_digest.removeprefix("sha256:")[:SHORT_DIGEST],
        "can_see_queue": access.QUEUE.is_held_by(request.actor),
        "can_act": access.APPROVE.is_held_by(request.actor),
        "has_approved": row.approved_by_id is not None and request.actor.user is not None and row.approved_by_id == request.actor.user.pk,
    }


REFUSED: dict[type[Exception], str | Promise] = {
    requests.PlanChanged: gettext_lazy("The plan changed while you read it. Nothing was approved; this is the new plan."),
    requests.Unsound: gettext_lazy("A check of this plan failed, so it cannot be approved."),
    requests.Unassessed: gettext_lazy("This community runs a hub already. First record what another one means, then approve."),
    requests.SamePerson: gettext_lazy("You have approved already. Closing a hub takes a second person."),
    WrongState: gettext_lazy("This request is not waiting for approval any more."),
}


def shown(change: Mapping[str, Any]) -> dict[str, Any]:
    """A file of the plan with its diff as lines, as a code review shows it."""
    added, removed = diffs.counted(change.get("diff", ""))
    return {**change, "lines": diffs.lines(change.get("diff", "")), "added": added, "removed": removed}
