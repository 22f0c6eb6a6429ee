"""Meetings: planning them, their list, and one application after the other."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs
from communities.models import Programme
from ground import exports
from ground.actors import ActingRequest, Actor
from ground.paging import keyset
from ground.states import WrongState
from onboarding import conflicts, meeting_page, meetings, viewing
from onboarding.access import DECIDE, SCORE
from onboarding.forms.meetings import ItemForm, MeetingForm, PresentForm, scorers
from onboarding.leads_lists import MEETINGS
from onboarding.models import Application, Meeting, MeetingItem, RubricVersion
from onboarding.views.giving import application_or_404


@require_safe
@needs(SCORE)
def plans(request: ActingRequest) -> HttpResponseBase:
    """Meetings, the newest first."""
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("meetings", MEETINGS, _seen(request.actor).order_by("-date", "-pk")))
    return _plans(request, MeetingForm(instance=Meeting(programme=Programme.default())))


@require_POST
@needs(DECIDE)
def plan(request: ActingRequest) -> HttpResponse:
    """Plan a meeting."""
    form = MeetingForm(request.POST, instance=Meeting(programme=Programme.default()))
    if not form.is_valid():
        return _plans(request, form, status=422)
    meeting = meetings.plan(form.instance.programme, date=form.cleaned_data["date"], chair=form.cleaned_data["chair"], by=request.actor)
    return redirect("onboarding:meeting", meeting.pk)


@require_safe
@needs(SCORE)
def show(request: ActingRequest, pk: int) -> HttpResponse:
    """One meeting: its list, who is there, and what was said."""
    return _meeting(request, _meeting_or_404(request.actor, pk))


@require_POST
@needs(DECIDE)
def attend(request: ActingRequest, pk: int) -> HttpResponse:
    """Write down who is there."""
    meeting = _meeting_or_404(request.actor, pk)
    form = PresentForm(request.POST)
    if not form.is_valid():
        return _meeting(request, meeting, present=form, status=422)
    _done(
        request, lambda: meetings.attend(meeting, chair=form.cleaned_data["chair"], present=form.cleaned_data["present"], by=request.actor)
    )
    return redirect("onboarding:meeting", pk)


@require_POST
@needs(DECIDE)
def put_on(request: ActingRequest, pk: int) -> HttpResponse:
    """Put an application on the list by its reference."""
    meeting = _meeting_or_404(request.actor, pk)
    rows = Application.objects.visible_to(request.actor).in_earnest().filter(programme=meeting.programme_id)
    row = rows.filter(reference=request.POST.get("reference", "").strip().upper()).first()
    if row is None:
        messages.error(request, _("There is no application with this reference."))
    else:
        _done(request, lambda: meetings.put_on(meeting, row, by=request.actor))
    return redirect("onboarding:meeting", pk)


@require_POST
@needs(DECIDE)
def close(request: ActingRequest, pk: int) -> HttpResponse:
    """End the meeting."""
    meeting = _meeting_or_404(request.actor, pk)
    if _done(request, lambda: meetings.close(meeting, by=request.actor)):
        messages.success(request, _("The meeting is over. Its record can be printed."))
    return redirect("onboarding:meeting", pk)


@require_safe
@needs(SCORE)
def item(request: ActingRequest, pk: int, reference: str) -> HttpResponse:
    """One application, as large as a wall."""
    row = _item_or_404(request.actor, pk, reference)
    if conflicts.declared(row.application, by=request.actor) is None:
        return redirect("onboarding:review", reference)
    return _item(request, row)


@require_POST
@needs(DECIDE)
def begin(request: ActingRequest, pk: int, reference: str) -> HttpResponse:
    """Start the clock."""
    row = _item_or_404(request.actor, pk, reference)
    _done(request, lambda: meetings.begin(row, by=request.actor))
    return redirect("onboarding:meeting_item", pk, reference)


@require_POST
@needs(DECIDE)
def note(request: ActingRequest, pk: int, reference: str) -> HttpResponse:
    """Keep what was said."""
    row = _item_or_404(request.actor, pk, reference)
    if conflicts.declared(row.application, by=request.actor) is None:
        return redirect("onboarding:review", reference)
    if not meeting_page.is_open(row, request.actor):
        messages.error(request, _("You are reviewing this application yourself. Other reviews open once yours is in."))
        return redirect("onboarding:meeting_item", pk, reference)
    form = ItemForm(_content(row), request.POST, people=scorers())
    if not form.is_valid():
        return _item(request, row, form=form, status=422)
    said = {key: form.cleaned_data[key] for key in ("outcome", "minutes", "lead")}
    if _done(request, lambda: meetings.note(row, agreed_scores=form.agreed(), **said, by=request.actor)):
        messages.success(request, _("Kept."))
    return redirect("onboarding:meeting_item", pk, reference)


@require_POST
@needs(DECIDE)
def end(request: ActingRequest, pk: int, reference: str) -> HttpResponse:
    """Go on to the next application."""
    row = _item_or_404(request.actor, pk, reference)
    _done(request, lambda: meetings.end(row, by=request.actor))
    following = meeting_page.after(row, request.actor)
    if following is None:
        return redirect("onboarding:meeting", pk)
    return redirect("onboarding:meeting_item", pk, following.application.reference)


@require_POST
@needs(DECIDE)
def take_off(request: ActingRequest, pk: int, reference: str) -> HttpResponse:
    """Take an application off the list."""
    row = _item_or_404(request.actor, pk, reference)
    _done(request, lambda: meetings.take_off(row, by=request.actor))
    return redirect("onboarding:meeting", pk)


def _meeting_or_404(actor: Actor, pk: int) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(actor).select_related("chair"), pk=pk)


def _item_or_404(actor: Actor, pk: int, reference: str) -> MeetingItem:
    """Of whom a conflict keeps from judging, the item is not there; neither is what they may not read at all."""
    application = application_or_404(actor, reference)
    items = MeetingItem.objects.visible_to(actor).select_related("meeting__chair", "application__programme", "lead")
    return get_object_or_404(items, meeting=pk, application=application)


def _content(row: MeetingItem) -> Any:
    return RubricVersion.objects.current(row.application.programme_id).content


def _done(request: ActingRequest, act: Callable[[], Any]) -> bool:
    """Whether it was done; what stood in the way is said in words."""
    try:
        act()
    except WrongState as error:
        messages.error(request, str(error))
    except conflicts.Conflicted:
        messages.error(request, _("You said that you cannot judge this application."))
    else:
        return True
    return False


def _seen(actor: Actor) -> Any:
    return Meeting.objects.visible_to(actor).select_related("chair").annotate(number=Count("items"))


def _plans(request: ActingRequest, form: MeetingForm, *, status: int = 200) -> HttpResponse:
    page = keyset(_seen(request.actor), order=["-date", "-pk"], cursor=request.GET.get("cursor", ""))
    context = {"page": page, "form": form, "may_plan": DECIDE.is_held_by(request.actor)}
    return render(request, "onboarding/review/meetings.html", context, status=status)


def _meeting(request: ActingRequest, meeting: Meeting, *, present: PresentForm | None = None, status: int = 200) -> HttpResponse:
    there = list(meeting.present.order_by("name", "pk"))
    context = {
        "meeting": meeting,
        "lines": meeting_page.lines(meeting, request.actor),
        "there": there,
        "present": present or PresentForm(initial={"chair": meeting.chair_id, "present": there}),
        "may_hold": DECIDE.is_held_by(request.actor) and meeting.is_open,
    }
    return render(request, "onboarding/review/meeting.html", context, status=status)


def _item(request: ActingRequest, row: MeetingItem, *, form: ItemForm | None = None, status: int = 200) -> HttpResponse:
    viewing.record(row.application, by=request.actor, where=viewing.Where.PAGE, label="meeting")
    opens = meeting_page.is_open(row, request.actor)
    blank = ItemForm.for_item(row, _content(row), scorers()) if opens else ItemForm(_content(row), people=scorers())
    form = form or blank
    context = {
        "screen": meeting_page.screen(row, request.actor, form, opens=opens),
        "application": row.application,
        "meeting": row.meeting,
        "form": form,
        "may_hold": opens and DECIDE.is_held_by(request.actor) and row.meeting.is_open,
    }
    return render(request, "onboarding/review/meeting_item.html", context, status=status)
