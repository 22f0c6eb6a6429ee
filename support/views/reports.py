"""Reports of the desk and of one community, and the tickets behind each number."""

from datetime import date

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from communities.access import community_or_404, needs, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from support.access import FOLLOW_TEAM, SEE_REPORTS
from support.asking import deflecting
from support.lists import ASKED, TICKETS
from support.reports import PERIODS, Behind, Chosen, Numbers, Part, behind, parts_of
from support.states import Kind
from support.views.portal import community_of

PAGE = 50


@require_safe
@needs(SEE_REPORTS)
def reports(request: ActingRequest) -> HttpResponseBase:
    """How the whole desk does."""
    communities = list(Community.objects.visible_to(request.actor).order_by("name"))
    numbers = Numbers(Chosen.of(request.GET, communities=communities), request.actor)
    parts = list(parts_of(numbers, _addresses(numbers, "support:report_rows"), is_staff=True))
    return _answer(request, parts, {"chosen": numbers.chosen, "communities": communities})


@require_safe
@needs(SEE_REPORTS)
def report_rows(request: ActingRequest, what: str) -> HttpResponseBase:
    """The tickets behind a number."""
    chosen = Chosen.of(request.GET, communities=Community.objects.visible_to(request.actor))
    return _rows(request, Numbers(chosen, request.actor), what)


@require_safe
@signed_in
def community_report(request: ActingRequest, slug: str) -> HttpResponseBase:
    """How a community's tickets fare, for those who follow all of them."""
    community = _followed(request, slug)
    numbers = _numbers_of(request, community)
    parts = list(parts_of(numbers, _addresses(numbers, "support:community_report_rows", slug), is_staff=False))
    return _answer(request, parts, {"chosen": numbers.chosen, "community": community})


@require_safe
@signed_in
def community_report_rows(request: ActingRequest, slug: str, what: str) -> HttpResponseBase:
    """The tickets behind a number of a community's report, as the community reads them."""
    community = _followed(request, slug)
    return _rows(request, _numbers_of(request, community), what, community=community)


@require_safe
@signed_in
def opened(request: ActingRequest, slug: str) -> HttpResponse:
    """Count that a suggested article was opened, and go there."""
    community, target = community_of(request, slug), request.GET.get("to", "")
    if not deflecting.is_ours(target):
        raise Http404
    articles = deflecting.article_of(request.GET.get("article", ""))
    deflecting.note_opened(request.GET.get("form", ""), community=community, articles=articles)
    return redirect(target)


def _answer(request: ActingRequest, parts: list[Part], context: dict[str, object]) -> HttpResponseBase:
    for part in parts:
        if kind := exports.asked(request, part.key):
            return exports.answer(kind, part.sheet)
    return render(request, "support/reports/report.html", {"parts": parts, "periods": PERIODS.values(), "kinds": Kind.choices, **context})


def _rows(request: ActingRequest, numbers: Numbers, what: str, *, community: Community | None = None) -> HttpResponseBase:
    found = behind(numbers, what, step=request.GET.get("step", ""))
    if found is None:
        raise Http404
    found = found.for_list().select_related("opened_by")
    if kind := exports.asked(request):
        columns = TICKETS if community is None else ASKED
        return exports.answer(kind, exports.Sheet(f"tickets-{what}", columns, found.order_by("-created_at", "-pk")))
    page = keyset(found, order=("-created_at", "-pk"), cursor=request.GET.get("cursor", ""), size=PAGE)
    return render(request, "support/reports/rows.html", {"page": page, "chosen": numbers.chosen, "community": community, "what": what})


def _numbers_of(request: ActingRequest, community: Community) -> Numbers:
    asked = {**request.GET.dict(), "community": community.slug}
    return Numbers(Chosen.of(asked, communities=[community]), request.actor)


def _followed(request: ActingRequest, slug: str) -> Community:
    community = community_or_404(request.actor, slug)
    if not FOLLOW_TEAM.is_held_by(request.actor, community):
        raise Http404
    return community


def _addresses(numbers: Numbers, name: str, *args: str) -> Behind:
    """Where the tickets behind a number are listed, with the report's own choices."""

    def address(what: str, step: date | None = None, **narrowed: str) -> str:
        asked = numbers.chosen.address(**narrowed, **({"step": step.isoformat()} if step else {}))
        return f"{reverse(name, args=[*args, what])}?{asked}"

    return address
