"""Keeping what is being written: by itself where there is script, by a button where there is none."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from communities.access import needs
from ground.actors import ActingRequest
from ground.sanitising import from_markdown
from support import queue
from support.access import USE_DESK
from support.composing import drafts
from support.forms.tickets import LONGEST, NoteForm, ReplyForm
from support.models import Draft, Ticket
from support.replies import recipients
from support.states import DraftKind
from support.views.composing import with_composer
from support.views.desk import again, back_to, ticket_or_404

KEPT_BESIDE = ("cc", "status", "macro", "then")


@require_POST
@needs(USE_DESK)
def keep(request: ActingRequest, reference: str, kind: str) -> HttpResponse:
    """Keep the draft. To script: when it was kept, or what another window has kept since."""
    shown = _ticket(request, reference, kind)
    try:
        draft = _keep(request, shown, kind)
    except drafts.Overtaken as other:
        return _overtaken(request, shown, kind, other.draft)
    if _asks_by_script(request):
        return JsonResponse({"revision": draft.revision if draft else 0, "saved": _saved(draft)})
    messages.success(request, _saved(draft) or _("Nothing is written, so nothing is kept."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def discard(request: ActingRequest, reference: str, kind: str) -> HttpResponse:
    """Throw the draft away. What was thrown away is on the page that answers, to be put back."""
    shown = _ticket(request, reference, kind)
    if request.actor.user is not None:
        drafts.discard(shown, kind=kind, by=request.actor.user)
    if _asks_by_script(request):
        return JsonResponse({"revision": 0, "saved": ""})
    at = queue.moment(request.actor)
    fresh = ticket_or_404(request, reference, rows=with_composer)
    return again(request, fresh, at, discarded={"kind": kind, "body": _posted(request, kind, "body")}, is_fine=True)


@require_POST
@needs(USE_DESK)
def preview(request: ActingRequest, reference: str, kind: str) -> HttpResponse:
    """What the words will look like: beside the form, or with the form again where there is no script."""
    shown = _ticket(request, reference, kind)
    html = from_markdown(_posted(request, kind, "body"))
    if request.htmx:
        return render(request, "support/composing/preview.html", {"html": html})
    at = queue.moment(request.actor)
    form = (ReplyForm if kind == DraftKind.REPLY else NoteForm)(request.POST, statuses=at.statuses)
    return again(request, shown, at, **{f"{kind}_form": form, f"{kind}_preview": html, "is_fine": True})


@require_POST
@needs(USE_DESK)
def addressed(request: ActingRequest, reference: str) -> HttpResponse:
    """To whom the reply would go with these copies, and whom to look at twice."""
    shown = ticket_or_404(request, reference, rows=with_composer)
    cc = [each.lower() for each in recipients.APART.split(_posted(request, DraftKind.REPLY, "cc")) if each]
    return render(request, "support/composing/recipients.html", {"recipients": recipients.of(shown, cc=cc), "ticket": shown})


def _ticket(request: ActingRequest, reference: str, kind: str) -> Ticket:
    if kind not in DraftKind.values:
        raise Http404
    return ticket_or_404(request, reference)


def _keep(request: ActingRequest, shown: Ticket, kind: str) -> Draft | None:
    if request.actor.user is None:
        return None
    revision, version = _posted(request, kind, "revision"), _posted(request, kind, "version")
    return drafts.keep(
        shown,
        kind=kind,
        body=_posted(request, kind, "body"),
        by=request.actor.user,
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,
        choices={name: _posted(request, kind, name)[:2000] for name in KEPT_BESIDE if f"{kind}-{name}" in request.POST},
        version=int(version) if version.isdecimal() and len(version) < 10 else 0,
    )


def _overtaken(request: ActingRequest, shown: Ticket, kind: str, other: Draft) -> HttpResponse:
    """Both texts, and neither lost."""
    if _asks_by_script(request):
        return JsonResponse({"revision": other.revision, "body": other.body, "saved": _saved(other)}, status=409)
    at = queue.moment(request.actor)
    data = request.POST.copy()
    data[f"{kind}-revision"] = str(other.revision)
    form = (ReplyForm if kind == DraftKind.REPLY else NoteForm)(data, statuses=at.statuses)
    return again(request, shown, at, **{f"{kind}_form": form, "other_draft": other})


def _posted(request: ActingRequest, kind: str, name: str) -> str:
    return str(request.POST.get(f"{kind}-{name}", ""))[:LONGEST]


def _saved(draft: Draft | None) -> str:
    if draft is None:
        return ""
    return _("Kept %(time)s") % {"time": date_format(timezone.localtime(draft.updated_at), "H:i")}


def _asks_by_script(request: ActingRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
