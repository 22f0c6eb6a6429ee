"""Companies of Freshdesk and the communities they are, matched by hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from support.access import MEND_MIRROR, USE_DESK
from support.forms.tickets import CommunityForm
from support.lists import COMPANIES
from support.mirror import matching
from support.mirror.away import away
from support.models import CompanyLink


@require_safe
@needs(USE_DESK)
def companies(request: ActingRequest) -> HttpResponseBase:
    """What is not matched, what is, and what is none of ours."""
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("companies", COMPANIES, matching.matched().defer("remote_raw").order_by("name", "pk")))
    name = request.GET.get("q", "").replace("\0", "")[:100]
    context = {
        "tab": "companies",
        "away": away(),
        "name": name,
        "companies": matching.companies(name=name),
        "page": keyset(matching.matched().defer("remote_raw"), order=("name", "pk"), cursor=request.GET.get("cursor", "")),
        "ignored": list(matching.ignored().defer("remote_raw").order_by("name", "pk")[: matching.PAGE]),
        "may_mend": MEND_MIRROR.is_held_by(request.actor),
    }
    return render(request, "support/mirror/companies.html", context)


@require_safe
@needs(MEND_MIRROR)
def company(request: ActingRequest, pk: int) -> HttpResponse:
    """Choose a community for one company; with one chosen, what that opens and to whom."""
    return _company(request, get_object_or_404(CompanyLink, pk=pk, community=None))


@require_POST
@needs(MEND_MIRROR)
def match(request: ActingRequest, pk: int) -> HttpResponse:
    """This company is that community."""
    link = get_object_or_404(CompanyLink, pk=pk)
    form = CommunityForm(request.POST, communities=matching.without_company())
    if not form.is_valid():
        return _company(request, link, form=form, status=422)
    try:
        number = matching.match(link, form.cleaned_data["community"], by=request.actor)
    except matching.NotPossible as refused:
        messages.info(request, refused.reason)
    else:
        messages.success(request, _("%(company)s is matched. %(tickets)s") % {"company": link, "tickets": _opened(number)})
    return redirect("support:sync_companies")


@require_POST
@needs(MEND_MIRROR)
def unmatch(request: ActingRequest, pk: int) -> HttpResponse:
    """Take a match back."""
    return _decide(request, pk, matching.unmatch, _("The match is taken back. Only staff read those tickets now."))


@require_POST
@needs(MEND_MIRROR)
def ignore(request: ActingRequest, pk: int) -> HttpResponse:
    """This company is no community of ours."""
    return _decide(request, pk, matching.ignore, _("Set aside. You find it under “Not a community of ours”."))


@require_POST
@needs(MEND_MIRROR)
def consider(request: ActingRequest, pk: int) -> HttpResponse:
    """Take back that it is none of ours."""
    return _decide(request, pk, matching.consider, _("It is back among the companies without a community."))


def _company(request: ActingRequest, link: CompanyLink, *, form: CommunityForm | None = None, status: int = 200) -> HttpResponse:
    asked = "community" in request.GET
    form = form or CommunityForm(request.GET if asked else None, communities=matching.without_company())
    chosen = form.cleaned_data["community"] if form.is_bound and form.is_valid() else None
    context: dict[str, Any] = {
        "tab": "companies",
        "away": away(),
        "link": link,
        "form": form,
        "chosen": chosen,
        "opened": matching.what_opens(link, chosen) if chosen else None,
        "tickets": matching.waiting_tickets(link).count(),
    }
    return render(request, "support/mirror/company.html", context, status=status)


def _decide(request: ActingRequest, pk: int, decide: Callable[..., object], done: str) -> HttpResponse:
    try:
        decide(get_object_or_404(CompanyLink, pk=pk), by=request.actor)
    except matching.NotPossible as refused:
        messages.info(request, refused.reason)
    else:
        messages.success(request, done)
    return redirect("support:sync_companies")


def _opened(number: int) -> str:
    return ngettext("%(n)d ticket now belongs to the community.", "%(n)d tickets now belong to the community.", number) % {"n": number}
