"""A community's pages: its hubs and requests, the form of a request, and how far it is."""

import hashlib

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_GET, require_http_methods, require_POST

from communities.access import Right, community_or_404, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState
from hubs import access, following, requests
from hubs.documents import HubFacts
from hubs.forms import AnswersForm, CancelForm, StartForm
from hubs.lists import HUBS, REQUESTS
from hubs.models import Hub, HubRequest
from hubs.states import Kind, RequestState


@signed_in
@require_GET
def community(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The hubs of a community and what was asked for."""
    home = _home(request, slug, access.SEE_HUBS)
    hubs = Hub.objects.visible_to(request.actor).filter(community=home).select_related("cluster")
    asked_for = HubRequest.objects.visible_to(request.actor).filter(community=home).select_related("hub")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{home.slug}-hubs", HUBS, hubs))
    if kind := exports.asked(request, "requests"):
        return exports.answer(kind, exports.Sheet(f"{home.slug}-hub-requests", REQUESTS, asked_for.select_related("hub", "community")))
    context = {
        "community": home,
        "hubs": hubs,
        "requests": asked_for,
        "kinds": Kind.choices if access.DRAFT.is_held_by(request.actor, home) else [],
    }
    return render(request, "hubs/community.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def start_request(request: ActingRequest, slug: str, kind: str) -> HttpResponse:
    """Begin a request of that kind, or go on with the one begun."""
    home = _home(request, slug, access.DRAFT)
    if kind not in Kind.values:
        raise Http404
    begun = HubRequest.objects.visible_to(request.actor).filter(community=home, kind=kind, state=RequestState.DRAFT).first()
    if begun is not None:
        return redirect("hubs:request", slug, begun.reference)
    form = StartForm(request.POST if request.method == "POST" else None, community=home, kind=kind, initial={"hub": request.GET.get("hub")})
    if request.method == "POST" and form.is_valid():
        row = requests.draft(home, facts=HubFacts(kind=kind, hub=form.cleaned_data.get("hub")), by=request.actor)
        return redirect("hubs:request", slug, row.reference)
    return render(request, "hubs/start.html", {"community": home, "kind": Kind(kind), "form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def request(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """The form while the community holds the request; how far it is afterwards. A POST keeps the answers."""
    row = _row(request, slug, reference)
    if not _may_fill_in(request, row):
        if request.method == "POST":
            raise Http404
        return _status_page(request, row)
    if request.method == "GET":
        return _form_page(request, row, _form(row, returned=True))
    form = _form(row, request.POST)
    if not _keep(form, row, request):
        return _form_page(request, row, form, status=_refusal(form))
    messages.success(request, _("Your answers are kept."))
    return redirect("hubs:request", slug, reference)


@signed_in
@require_POST
def submit(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Keep the answers, then send the request."""
    row = _row(request, slug, reference)
    if not (_may_fill_in(request, row) and access.SUBMIT.is_held_by(request.actor, row.community)):
        raise Http404
    form = _form(row, request.POST)
    if not _keep(form, row, request):
        return _form_page(request, row, form, status=_refusal(form))
    try:
        requests.submit(row, by=request.actor)
    except requests.Incomplete as error:
        row.refresh_from_db()
        form = _form(row, _with_version(request.POST, row))
        form.ask_for(error.missing)
        return _form_page(request, row, form, status=422)
    messages.success(request, _("Your request is sent. You can follow it here."))
    return redirect("hubs:request", slug, reference)


@signed_in
@require_POST
def questions(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """The questions drawn anew after a choice; nothing is kept yet."""
    row = _row(request, slug, reference)
    if not _may_fill_in(request, row):
        raise Http404
    return render(request, "hubs/parts/answers.html", _form_context(request, row, _form(row, request.POST)))


@signed_in
@require_POST
def cancel(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Take the request back."""
    row = _row(request, slug, reference)
    form = CancelForm(request.POST)
    if not access.CANCEL.is_held_by(request.actor, row.community) or not form.is_valid():
        raise Http404
    try:
        requests.cancel(row, by=request.actor, reason=form.cleaned_data["reason"])
    except WrongState:
        messages.error(request, _("This request cannot be taken back any more."))
    return redirect("hubs:request", slug, reference)


def fingerprint(request: ActingRequest, slug: str, reference: str) -> str | None:
    """Changes whenever the page of progress would: the fragment is sent again only then."""
    row = (
        HubRequest.objects.visible_to(request.actor).filter(community__slug=slug, reference=reference).first()
        if request.actor.user
        else None
    )
    return progress_tag(row) if row else None


def progress_tag(row: HubRequest) -> str:
    """What the progress of a request depends on, as an ETag."""
    seen = (
        row.state,
        row.deployment.get("version"),
        row.plan_digest,
        row.approved_by_id,
        row.next_attempt_at is None,
        row.orders,
        row.problems,
        get_language(),
    )
    return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:20]}"'


@signed_in
@condition(etag_func=fingerprint)
@require_GET
def progress(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """How far it is: the part of the page that moves."""
    return render(request, "hubs/parts/progress.html", _status_context(request, _row(request, slug, reference)))


def _home(request: ActingRequest, slug: str, right: Right) -> Community:
    home = community_or_404(request.actor, slug)
    if not right.is_held_by(request.actor, home):
        raise Http404
    return home


def _row(request: ActingRequest, slug: str, reference: str) -> HubRequest:
    rows = HubRequest.objects.visible_to(request.actor).select_related("community", "hub")
    return get_object_or_404(rows, community__slug=slug, reference=reference)


def _may_fill_in(request: ActingRequest, row: HubRequest) -> bool:
    return row.is_editable and access.DRAFT.is_held_by(request.actor, row.community)


def _form(row: HubRequest, data: QueryDict | None = None, *, returned: bool = False) -> AnswersForm:
    form = AnswersForm.of(row, supplier="community", data=data)
    if returned:
        form.repeat(row.problems)
    return form


def _keep(form: AnswersForm, row: HubRequest, request: ActingRequest) -> bool:
    """Save what is sound; False leaves the form with words about what is not."""
    if not form.is_valid():
        return False
    try:
        requests.save(row, values=form.values, unsure=form.still_unsure, by=request.actor, version=form.cleaned_data["version"])
    except requests.Stale:
        row.refresh_from_db()
        form.start_over(row, _with_version(request.POST, row))
        form.add_error(
            None, _("Somebody else changed the answers while you wrote. Yours are kept on this page; look them over and save again.")
        )
        return False
    return True


def _refusal(form: AnswersForm) -> int:
    return 409 if form.is_stale else 422


def _with_version(data: QueryDict, row: HubRequest) -> QueryDict:
    fresh = data.copy()
    fresh["version"] = str(row.version)
    return fresh


def _form_page(request: ActingRequest, row: HubRequest, form: AnswersForm, *, status: int = 200) -> HttpResponse:
    return render(request, "hubs/request.html", _form_context(request, row, form), status=status)


def _form_context(request: ActingRequest, row: HubRequest, form: AnswersForm) -> dict[str, object]:
    return {
        "request_row": row,
        "community": row.community,
        "form": form,
        "missing": form.places(requests.owed_by_community(row)),
        "ours": [answer for answer in requests.missing(row) if answer.supplier == "provider"],
        "can_submit": access.SUBMIT.is_held_by(request.actor, row.community),
        "can_cancel": access.CANCEL.is_held_by(request.actor, row.community),
    }


def _status_page(request: ActingRequest, row: HubRequest) -> HttpResponse:
    return render(
        request, "hubs/status.html", _status_context(request, row) | {"answers": following.answers(row), "events": following.events(row)}
    )


def _status_context(request: ActingRequest, row: HubRequest) -> dict[str, object]:
    return {
        "request_row": row,
        "community": row.community,
        "sentence": following.sentence(row),
        "steps": following.steps(row),
        "owed": [
            precondition
            for precondition in row.preconditions
            if precondition.get("who") == "community" and precondition["status"] == "open"
        ],
        "can_cancel": not row.is_final and access.CANCEL.is_held_by(request.actor, row.community),
        "can_review": access.QUEUE.is_held_by(request.actor),
    }
