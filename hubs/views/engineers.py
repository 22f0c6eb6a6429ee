"""The engineers' pages: the queue, one request with its plan, and the clusters."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState
from hubs import access, choosing, diffs, following, requests
from hubs.forms import AnswersForm, ApprovalForm, CancelForm, RejectionForm, SettlementForm
from hubs.lists import CLUSTERS, REQUESTS
from hubs.models import Cluster, HubRequest
from hubs.states import HubState
from hubs.views.community import progress_tag

LATELY = 20


@needs(access.QUEUE)
@require_GET
def queue(request: ActingRequest) -> HttpResponseBase:
    """What waits for an engineer, what waits for people, what runs, what was done lately."""
    rows = HubRequest.objects.visible_to(request.actor).select_related("community", "hub")
    open_rows = list(rows.open().order_by("submitted_at", "pk"))
    done = rows.finished().order_by("-finished_at", "-pk")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("hub-requests", REQUESTS, [*open_rows, *done[:LATELY]]))
    context = {
        "sections": [
            (_("Waiting for you"), [row for row in open_rows if row.is_for_review]),
            (_("Waiting for somebody to do something"), [row for row in open_rows if row.is_for_people]),
            (_("In progress"), [row for row in open_rows if row.is_in_progress]),
            (_("With the community"), [row for row in open_rows if row.is_editable]),
            (_("Done lately"), list(done[:LATELY])),
        ],
        "nothing": not open_rows,
        "deployer_problem": choosing.problem(),
    }
    return render(request, "hubs/queue.html", context)


@needs(access.QUEUE)
@require_GET
def clusters(request: ActingRequest) -> HttpResponseBase:
    """Every cluster, with how many hubs run on it."""
    running = Count("hubs", filter=~Q(hubs__state=HubState.ENDED))
    rows = Cluster.objects.visible_to(request.actor).annotate(running=running).order_by("name", "pk")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("clusters", CLUSTERS, rows))
    return render(request, "hubs/clusters.html", {"clusters": rows})


@needs(access.QUEUE)
@require_GET
def review(request: ActingRequest, reference: str) -> HttpResponse:
    """One request: the plan as a diff, what restarts, what people have to do, and yes or no."""
    return _page(request, _row(request, reference))


@needs(access.QUEUE)
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
    digest = form.cleaned_data["plan_digest"] if form.is_valid() else ""
    try:
        row = requests.approve(row, plan_digest=digest, by=request.actor)
    except requests.PlanChanged:
        return _page(request, row, words=_("The plan changed while you read it. Nothing was approved; this is the new plan."), status=409)
    except requests.Unsound:
        return _page(request, row, words=_("A check of this plan failed, so it cannot be approved."), status=409)
    except requests.SamePerson:
        return _page(request, row, words=_("You have approved already. Closing a hub takes a second person."), status=409)
    except WrongState:
        return _page(request, _row(request, reference), words=_("This request is not waiting for approval any more."), status=409)
    words = _("Approved. A second engineer has to approve too.") if row.needs_second_approval else _("Approved. It starts now.")
    messages.success(request, words)
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
    status: int = 200,
) -> HttpResponse:
    row.refresh_from_db()
    more = {"words": words, "form": answers or _answers(row), "rejection": rejection or RejectionForm(), "answers": following.answers(row)}
    return render(request, "hubs/review.html", _context(request, row) | more, status=status)


def _answers(row: HubRequest) -> AnswersForm | None:
    if not row.can_change_answers:
        return None
    form = AnswersForm.of(row, supplier="provider")
    form.repeat(row.problems)
    return form


def _context(request: ActingRequest, row: HubRequest) -> dict[str, object]:
    return {
        "request_row": row,
        "community": row.community,
        "sentence": following.sentence(row),
        "steps": following.steps(row),
        "events": following.events(row),
        "missing": requests.missing(row),
        "files": [shown(change) for change in row.plan.get("files", [])],
        "can_act": access.APPROVE.is_held_by(request.actor),
        "has_approved": row.approved_by_id is not None and request.actor.user is not None and row.approved_by_id == request.actor.user.pk,
    }


def shown(change: Mapping[str, Any]) -> dict[str, Any]:
    """A file of the plan with its diff as lines, as a code review shows it."""
    added, removed = diffs.counted(change.get("diff", ""))
    return {**change, "lines": diffs.lines(change.get("diff", "")), "added": added, "removed": removed}
