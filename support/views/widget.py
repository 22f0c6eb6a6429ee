"""What the widget on somebody's documentation site asks of the desk: from its allowed origins alone, and without any cookie."""

import functools
import hashlib
from collections.abc import Callable
from functools import cache

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest, Actor
from ground.rates import Limit, TooMany, count
from support.asking import deflecting, widget
from support.forms.asking import WidgetAskForm
from support.models import Suggested, WidgetSite
from support.states import SyncState
from support.tickets import terms

A_DAY = 86_400
LOOKS, LOOKS_OF_SITE = Limit("widget-look", 120, 60), Limit("widget-look-site", 3000, 60)
ASKS, ASKS_OF_SITE = Limit("widget-ask", 6, 600), Limit("widget-ask-site", 120, 3600)
ALLOWED_SITES = frozenset({"", "cross-site", "same-site", "same-origin"})
LONGEST_BODY = 200_000  # octets; Markdown of a question, not a file
Answer = Callable[[ActingRequest, WidgetSite, str], HttpResponse]


@require_safe
def script(request: ActingRequest) -> HttpResponseBase:
    """`/widget.js`: the same for every site, kept by browsers for a day and asked for again by its mark."""
    octets, etag = _script()
    response = get_conditional_response(request, etag=etag) or HttpResponse(octets, content_type="text/javascript; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={A_DAY}, stale-while-revalidate={7 * A_DAY}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def from_its_site(view: Answer) -> Callable[[ActingRequest, str], HttpResponse]:
    """Let in who holds a site's key and stands on one of its origins, and say so to the browser; preflights too."""

    @csrf_exempt
    @functools.wraps(view)
    def guarded(request: ActingRequest, key: str) -> HttpResponse:
        site = WidgetSite.objects.on().filter(key=key).select_related("community", "hub").first()
        origin = request.headers.get("Origin", "")
        if site is None:
            response: HttpResponse = _refusal(_("This page’s key is not known at the desk."), status=404)
        elif origin not in site.origins or not _is_asked_by_a_page(request):
            response = _refusal(_("The widget may not be used on this page."), status=403)
        else:
            response = _let_in(_answered(view, request, site, origin), origin)
        patch_vary_headers(response, ["Origin"])
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


@from_its_site
def start(_request: ActingRequest, site: WidgetSite, _origin: str) -> HttpResponse:
    """The dialog was opened: what it says, and a mark of when."""
    waits = bool(terms.why_it_waits(site.community, by=Actor.widget("")))
    return JsonResponse({"token": widget.begin(site), "desk": settings.OPERATOR_NAME, "community": site.community.name, "waits": waits})


@from_its_site
def articles(request: ActingRequest, site: WidgetSite, _origin: str) -> HttpResponse:
    """Public articles that may answer what is being written."""
    found = widget.answers(site, request.POST.get("q", "")[:500])
    if found:
        shown = [each.id for each in found]
        deflecting.note_shown(request.POST.get("form", ""), community=site.community, articles=shown, place=Suggested.Place.WIDGET)
    rows = [{"id": each.id, "title": each.title, "url": settings.SITE_URL + each.url, "excerpt": each.excerpt} for each in found]
    return JsonResponse({"articles": rows})


@from_its_site
def opened(request: ActingRequest, site: WidgetSite, _origin: str) -> HttpResponse:
    """Count that a suggested article was opened."""
    articles = deflecting.article_of(request.POST.get("article", ""))
    deflecting.note_opened(request.POST.get("form", ""), community=site.community, articles=articles, place=Suggested.Place.WIDGET)
    return HttpResponse(status=204)


@from_its_site
def ask(request: ActingRequest, site: WidgetSite, origin: str) -> HttpResponse:
    """Open a ticket; 422 names what is missing, in the page's language."""
    _count(request, site, ASKS, ASKS_OF_SITE)
    with override(_language(request.POST.get("language", ""))):
        form = WidgetAskForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"errors": {name: list(errors) for name, errors in form.errors.items()}}, status=422)
        ticket = widget.take(site, widget.Asked(**form.cleaned_data), origin=origin)
    deflecting.note_sent(request.POST.get("form", ""), community=site.community, place=Suggested.Place.WIDGET)
    waits = ticket.sync_state == SyncState.AWAITING_APPROVAL
    return JsonResponse({"reference": ticket.reference, "waits": waits}, status=201)


def _answered(view: Answer, request: ActingRequest, site: WidgetSite, origin: str) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method != "POST":
        return _refusal(_("The widget only sends."), status=405)
    if _is_too_long(request.headers.get("Content-Length") or "0"):
        return _refusal(_("That is more than the widget takes."), status=413)
    try:
        _count(request, site, LOOKS, LOOKS_OF_SITE)
        return view(request, site, origin)
    except TooMany as much:
        response = _refusal(_("That was a lot at once. What you wrote is kept; try again in a while."), status=429)
        response.headers["Retry-After"] = str(much.seconds)
        return response


def _count(request: ActingRequest, site: WidgetSite, of_one: Limit, of_site: Limit) -> None:
    """Raises TooMany."""
    count(of_site, site.key)
    count(of_one, f"{site.key} {get_adapter().get_client_ip(request)}")


def _is_asked_by_a_page(request: ActingRequest) -> bool:
    """A browser says how it came to ask; what says nothing is no browser, and is held back by the limits alone."""
    mode = request.headers.get("Sec-Fetch-Mode", "cors")
    return request.headers.get("Sec-Fetch-Site", "") in ALLOWED_SITES and mode == "cors"


def _let_in(response: HttpResponse, origin: str) -> HttpResponse:
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "X-Widget"
    response.headers["Access-Control-Max-Age"] = "600"
    response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return response


def _is_too_long(length: str) -> bool:
    """A length that is no number may be any."""
    return not length.isdecimal() or len(length) > len(str(LONGEST_BODY)) or int(length) > LONGEST_BODY


def _refusal(words: str, *, status: int) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)


def _language(wanted: str) -> str:
    return next((code for code, _word in settings.LANGUAGES if code == wanted[:2].lower()), "en")


@cache
def _script() -> tuple[bytes, str]:
    octets = (settings.BASE_DIR / "static" / "widget" / "widget.js").read_bytes()
    return octets, f'"{hashlib.sha256(octets).hexdigest()[:20]}"'
