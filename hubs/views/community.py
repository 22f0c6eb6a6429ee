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
from hubs import access, following, occasions, owing, requests
from hubs.forms import AnswersForm, CancelForm, StartForm
from hubs.lists import HUBS, REQUESTS
from hubs.models import Hub, HubRequest
from hubs.prefill import MOST_HUBS
from hubs.states import Kind, RequestState


@signed_in
@require_GET
def community(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The hubs of a community and what was asked for."""
    home = _home(request, slug, access.SEE_HUBS)
    hubs = Hub.objects.visible_to(request.actor).filter(community=home).select_related("cluster", "community")
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
        return _go_on(request, begun)
    form = StartForm(request.POST if request.method == "POST" else None, community=home, kind=kind, initial={"hub": request.GET.get("hub")})
    if request.method == "POST" and form.is_valid() and not form.lacks_a_hub:
        row = requests.draft(home, facts=form.facts, by=request.actor)
        return redirect("hubs:request", slug, row.reference)
    return render(request, "hubs/start.html", {"community": home, "kind": Kind(kind), "form": form})


@signed_in
@require_POST
def start_instead(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Take a draft back and begin one of its kind about another hub."""
    row = _row(request, slug, reference)
    form = StartForm(request.POST, community=row.community, kind=row.kind)
    if not (_may_fill_in(request, row) and access.CANCEL.is_held_by(request.actor, row.community)) or not form.is_valid():
        raise Http404
    try:
        row = requests.draft_instead(row, facts=form.facts, by=request.actor)
    except WrongState:
        messages.error(request, _("This request cannot be taken back any more."))
    return redirect(row)


def _go_on(request: ActingRequest, begun: HubRequest) -> HttpResponse:
    """On with the draft; where another hub was meant, first say which one it is about and offer both."""
    asked = request.GET.get("hub", "")
    meant = Hub.objects.filter(community=begun.community, pk=asked).first() if asked.isascii() and asked.isdigit() else None
    if meant is None or meant == begun.hub:
        return redirect(begun)
    context = {
        "community": begun.community,
        "kind": Kind(begun.kind),
        "begun": begun,
        "hub": meant,
        "can_cancel": access.CANCEL.is_held_by(request.actor, begun.community),
    }
    return render(request, "hubs/begun.html", context)


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
    except requests.ForeignHub as error:
        row.refresh_from_db()
        form = _form(row, _with_version(request.POST, row))
        form.add_error(None, str(error))
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
def add_hub(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Keep the answers, then put one more hub beside those there are."""
    row = _row(request, slug, reference)
    if not _may_fill_in(request, row):
        raise Http404
    form = _form(row, request.POST)
    if not _keep(form, row, request):
        return _form_page(request, row, form, status=_refusal(form))
    row.refresh_from_db()
    try:
        requests.add_hub(row, by=request.actor, version=row.version)
    except (requests.TooMany, requests.Stale):
        messages.error(request, _("No further hub was added. One request can hold six of them."))
    else:
        messages.success(request, _("Another hub is added, as the first one. Look at its name, and change what shall differ."))
    return redirect("hubs:request", slug, reference)


@signed_in
@require_POST
def remove_hub(request: ActingRequest, slug: str, reference: str, number: int) -> HttpResponse:
    """Keep the answers, then take one of the hubs out."""
    row = _row(request, slug, reference)
    if not _may_fill_in(request, row):
        raise Http404
    form = _form(row, request.POST)
    if not _keep(form, row, request):
        return _form_page(request, row, form, status=_refusal(form))
    row.refresh_from_db()
    try:
        requests.remove_hub(row, number=number, by=request.actor, version=row.version)
    except (requests.TooMany, requests.Stale):
        messages.error(request, _("Nothing was taken out. A request for a hub needs one at least."))
    else:
        messages.success(request, _("This hub is taken out of the request."))
    return redirect("hubs:request", slug, reference)


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
        row.last_error,
        row.is_unheard,
        row.orders,
        row.problems,
        row.version,
        row.not_before,
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
    except requests.TooLarge:
        form.add_error(None, _("This is more than a request can hold. Shorten the longest answer; your words are still on this page."))
        return False
    except requests.ForeignHub as error:
        form.add_error(None, str(error))
        return False
    except WrongState:
        form.add_error(None, _("This request was sent meanwhile, so its answers cannot change here any more."))
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
        "missing": form.places(owing.owed_by_community(row)),
        "others": owing.by_phase(debt for debt in owing.debts(row) if debt.who != owing.COMMUNITY),
        "who": owing.WHO,
        "cautions": form.cautions_at(occasions.cautions(row, form.document)),
        "can_add_hub": row.kind == Kind.NEW_HUB and 0 < len(row.document.get("hubs") or []) < MOST_HUBS,
        "can_submit": access.SUBMIT.is_held_by(request.actor, row.community),
        "can_cancel": access.CANCEL.is_held_by(request.actor, row.community),
    }


def _status_page(request: ActingRequest, row: HubRequest) -> HttpResponse:
    return render(
        request, "hubs/status.html", _status_context(request, row) | {"answers": following.answers(row), "events": following.events(row)}
    )


def _status_context(request: ActingRequest, row: HubRequest) -> dict[str, object]:
    debts = [] if row.is_final else owing.debts(row)
    return {
        "request_row": row,
        "community": row.community,
        "sentence": following.sentence(row),
        "steps": following.steps(row),
        "owed": [debt for debt in debts if debt.who == owing.COMMUNITY and debt.key],
        "debts": owing.by_phase(debts),
        "who": owing.WHO,
        "can_cancel": not row.is_final and access.CANCEL.is_held_by(request.actor, row.community),
        "can_review": access.QUEUE.is_held_by(request.actor) or access.ASSESS.is_held_by(request.actor),
    }
