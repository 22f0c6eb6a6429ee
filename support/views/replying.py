"""Sending what was written at the desk: a reply, a note, a solution; and taking a reply back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from communities.access import needs
from ground.actors import ActingRequest
from support import queue, replies, tickets
from support.access import USE_DESK
from support.composing import drafts, macros, undoing
from support.files.contents import Refused
from support.forms.tickets import Composed, NoteForm, ReplyForm
from support.models import DeskPreferences, Macro, Message, Ticket
from support.queue import Moment
from support.recording import guard
from support.states import AfterSend, DraftKind
from support.views.desk import again, back_to, ticket_or_404
from support.views.queue import place_of, query_of


@require_POST
@needs(USE_DESK)
def reply(request: ActingRequest, reference: str) -> HttpResponse:
    """Answer the requester, and change the ticket with it."""
    at, shown = queue.moment(request.actor), ticket_or_404(request, reference)
    return _send(request, shown, at, ReplyForm(request.POST, request.FILES, statuses=at.statuses))


@require_POST
@needs(USE_DESK)
def solve(request: ActingRequest, reference: str) -> HttpResponse:
    """Say that it is solved; what is written goes out with it."""
    return _solve(request, reference, then=AfterSend.SOLVE)


@require_POST
@needs(USE_DESK)
def solve_next(request: ActingRequest, reference: str) -> HttpResponse:
    """Say that it is solved, and open the next one."""
    return _solve(request, reference, then=AfterSend.SOLVE_NEXT)


@require_POST
@needs(USE_DESK)
def note(request: ActingRequest, reference: str) -> HttpResponse:
    """Write among staff, and change the ticket with it."""
    at, shown = queue.moment(request.actor), ticket_or_404(request, reference)
    form = NoteForm(request.POST, request.FILES, statuses=at.statuses)
    if not form.is_valid():
        return again(request, shown, at, note_form=form)
    try:
        replies.note(shown, version=form.cleaned_data["version"], by=request.actor, **_chosen(request, form))
    except guard.Stale as stale:
        return again(request, stale.ticket, at, note_form=form.on(stale.ticket, letter=_newest(stale)), stale=stale)
    except Refused as refusal:
        form.refuse(refusal)
        return again(request, shown, at, note_form=form)
    _forget_draft(request, shown, form, DraftKind.NOTE)
    messages.success(request, _("Your note is kept. Only staff read it."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def undo(request: ActingRequest, pk: int) -> HttpResponse:
    """Take back a reply that has not left; its words are a draft again."""
    message = _message_or_404(request, pk)
    has_files = message.files.exists()
    try:
        undoing.undo(message)
    except undoing.Left:
        messages.error(request, _("It had left already and cannot be taken back. Write again if something is to be put right."))
        return back_to(request, message.ticket)
    words = _("Taken back. Nothing was sent or changed; the words are a draft again. A browser keeps no files: choose them again.")
    messages.success(request, words if has_files else _("Taken back. Nothing was sent or changed; the words are a draft again."))
    return back_to(request, message.ticket)


def _send(request: ActingRequest, shown: Ticket, at: Moment, form: ReplyForm) -> HttpResponse:
    if not form.is_valid():
        return again(request, shown, at, reply_form=form)
    following = _next(request, shown, at) if form.goes_on else None
    chosen = _chosen(request, form)
    try:
        undoing.send(
            shown,
            cc=form.cleaned_data["cc"],
            version=form.cleaned_data["version"],
            letter=form.cleaned_data["letter"],
            by=request.actor,
            **chosen,
        )
    except guard.Stale as stale:
        return again(request, stale.ticket, at, reply_form=form.on(stale.ticket, letter=_newest(stale)), stale=stale)
    except Refused as refusal:
        form.refuse(refusal)
        return again(request, shown, at, reply_form=form)
    _forget_draft(request, shown, form, DraftKind.REPLY)
    _remember(request)
    messages.success(request, _said())
    return _onward(request, shown, following) if form.goes_on else back_to(request, shown)


def _solve(request: ActingRequest, reference: str, *, then: str) -> HttpResponse:
    """With words it is a reply that solves; without it is the status alone."""
    at, shown = queue.moment(request.actor), ticket_or_404(request, reference)
    if request.POST.get("reply-body", "").strip():
        return _send(request, shown, at, ReplyForm(_with(request.POST, then), request.FILES, statuses=at.statuses))
    following = _next(request, shown, at) if then == AfterSend.SOLVE_NEXT else None
    version = request.POST.get("reply-version", "")
    try:
        tickets.solve_unless_written(shown, by=request.actor, version=int(version) if version.isdecimal() and len(version) < 10 else None)
    except guard.Stale as stale:
        form = ReplyForm(statuses=at.statuses, initial={"version": stale.ticket.version, "letter": _newest(stale), "then": then})
        return again(request, stale.ticket, at, reply_form=form, stale=stale)
    messages.success(request, _("%(reference)s is solved.") % {"reference": shown.reference})
    return _onward(request, shown, following) if then == AfterSend.SOLVE_NEXT else back_to(request, shown)


def _chosen(request: ActingRequest, form: Composed) -> dict[str, Any]:
    """What was written and chosen. A macro's status is the form's own, so that it can be put right before sending."""
    found = macros.find(form.cleaned_data["macro"], by=request.actor) if form.cleaned_data["macro"] else None
    changes = macros.changes_of(found) if form.cleaned_data["with_changes"] else macros.NOTHING
    return {
        "body": form.cleaned_data["body"],
        "files": form.cleaned_data["attachments"],
        "changes": changes.with_status(form.chosen_status()),
        "macro": found if isinstance(found, Macro) else None,
    }


def _with(posted: QueryDict, then: str) -> QueryDict:
    changed = posted.copy()
    changed["reply-then"] = then
    changed["reply-status"] = ""
    return changed


def _said() -> str:
    seconds = int(settings.DESK_UNDO_SECONDS)
    if not seconds:
        return _("Your reply is kept and on its way.")
    words = ngettext("Your reply leaves in %(number)s second.", "Your reply leaves in %(number)s seconds.", seconds) % {"number": seconds}
    return f"{words} {_('Until then it can be taken back.')}"


def _forget_draft(request: ActingRequest, shown: Ticket, form: Composed, kind: DraftKind) -> None:
    if request.actor.user is not None:
        revision = form.cleaned_data["revision"]
        drafts.sent(shown, kind=kind, by=request.actor.user, body=form.data[form.add_prefix("body")], revision=revision)


def _remember(request: ActingRequest) -> None:
    """What this person does after sending, where they chose otherwise than before."""
    then, before = request.POST.get("reply-then", ""), request.POST.get("reply-then-was", "")
    if then in AfterSend.values and then != before:
        DeskPreferences.objects.update_or_create(user=request.actor.user, defaults={"after_send": then})


def _next(request: ActingRequest, shown: Ticket, at: Moment) -> str | None:
    """The reference of the ticket that follows in the view it was opened from; the first where it stands last."""
    place = place_of(request, shown, at)
    return place.after or place.before


def _onward(request: ActingRequest, shown: Ticket, reference: str | None) -> HttpResponse:
    query = query_of(request)
    if reference is None:
        messages.success(request, _("That was the last one of this view."))
        return back_to(request, shown)
    response = redirect("support:desk_ticket", reference=reference)
    response["Location"] += f"?{query}" if query else ""
    return response


def _newest(stale: guard.Stale) -> int:
    return max((message.pk for message in stale.messages), default=0)


def _message_or_404(request: ActingRequest, pk: int) -> Message:
    try:
        return Message.objects.visible_to(request.actor).select_related("ticket").get(pk=pk)
    except Message.DoesNotExist as error:
        raise Http404 from error
