"""People's own data: a link by mail, what it opens, and the team's side of requests to be forgotten."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.states import WrongState
from onboarding import exporting, privacy
from onboarding.access import HANDLE_PRIVACY
from onboarding.forms.entering import AddressForm
from onboarding.forms.privacy import RefusalForm
from onboarding.leads_lists import PRIVACY
from onboarding.models import PrivacyLink, PrivacyRequest
from onboarding.views.applicants import held, let_go
from onboarding.views.limits import LINKS, limited

SETTLED_SHOWN = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(LINKS)
def my_data(request: ActingRequest) -> HttpResponse:
    """Ask for the link; the answer is the same whether we know the address or not."""
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": _own_address(request)})
    if form.is_valid():
        privacy.ask_for_link(form.cleaned_data["email"], language=(get_language() or "en").split("-")[0])
        return render(request, "onboarding/privacy/link_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "onboarding/privacy/my_data.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def my_data_opened(request: ActingRequest, secret: str) -> HttpResponse:
    """A mailed link: what we hold in short, and two buttons. Mail programs follow links, so nothing happens before one is pressed."""
    link = privacy.find(secret)
    if link is None:
        return render(request, "onboarding/privacy/my_data.html", {"form": AddressForm(), "is_broken": True}, status=404)
    context = {"link": link, "secret": secret, "applications": list(exporting.applications_of(link.email))}
    return render(request, "onboarding/privacy/opened.html", context)


@never_cache
@require_POST
def take_my_data(request: ActingRequest, secret: str) -> HttpResponseBase:  # noqa: ARG001  the link says whose it is
    """Everything as a ZIP, made now and kept nowhere."""
    link = _link(secret)
    response = FileResponse(exporting.archive(link.email), as_attachment=True, filename=f"my-data-{timezone.localdate():%Y-%m-%d}.zip")
    response.headers["Cache-Control"] = "no-store, private"
    return response


@never_cache
@require_POST
def forget_me(request: ActingRequest, secret: str) -> HttpResponse:
    """Ask to be forgotten."""
    link = _link(secret)
    asked = privacy.ask_to_be_forgotten(link.email, language=link.language)
    if held(request) is None:
        let_go(request)
    return render(request, "onboarding/privacy/asked.html", {"asked": asked})


@require_safe
@needs(HANDLE_PRIVACY)
def requests_page(request: ActingRequest) -> HttpResponseBase:
    """Who asks to be forgotten, by when they must be answered, and what was answered."""
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("privacy", PRIVACY, PrivacyRequest.objects.visible_to(request.actor).open()))
    return _page(request)


@require_POST
@needs(HANDLE_PRIVACY)
def forget(request: ActingRequest, reference: str) -> HttpResponse:
    """Forget everything on that request's address."""
    row = _request(request, reference)
    try:
        privacy.confirm(row, by=request.actor)
    except WrongState:
        messages.info(request, _("Somebody else answered this meanwhile."))
    else:
        messages.success(request, _("Done. The people in it are forgotten, and they are told by mail."))
    return redirect("onboarding:privacy")


@require_POST
@needs(HANDLE_PRIVACY)
def refuse(request: ActingRequest, reference: str) -> HttpResponse:
    """Say no, and why."""
    row = _request(request, reference)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, refused=row, form=form, status=422)
    try:
        privacy.refuse(row, reason=form.cleaned_data["reason"], by=request.actor)
    except WrongState:
        messages.info(request, _("Somebody else answered this meanwhile."))
    else:
        messages.success(request, _("They are told why."))
    return redirect("onboarding:privacy")


def _page(
    request: ActingRequest, *, refused: PrivacyRequest | None = None, form: RefusalForm | None = None, status: int = 200
) -> HttpResponse:
    visible = PrivacyRequest.objects.visible_to(request.actor)
    waiting = list(visible.open()[:200])
    about = privacy.waiting_applications(waiting)
    rows: list[dict[str, Any]] = [
        {
            "request": each,
            "applications": about.get(each.email, []),
            "is_overdue": each.is_overdue(),
            "form": form if form is not None and each == refused else RefusalForm(auto_id=f"{each.reference}-%s"),
        }
        for each in waiting
    ]
    settled = visible.exclude(pk__in=[each.pk for each in waiting]).select_related("settled_by").order_by("-settled_at", "-pk")
    context = {"rows": rows, "settled": settled[:SETTLED_SHOWN]}
    return render(request, "onboarding/review/privacy.html", context, status=status)


def _request(request: ActingRequest, reference: str) -> PrivacyRequest:
    return get_object_or_404(PrivacyRequest.objects.visible_to(request.actor), reference=reference)


def _link(secret: str) -> PrivacyLink:
    link = privacy.find(secret)
    if link is None:
        raise Http404
    return link


def _own_address(request: ActingRequest) -> str:
    """The address of who is signed in, or of the application this browser holds."""
    if request.actor.user is not None:
        return request.actor.user.email
    application = held(request)
    return application.email if application else ""
