"""What staff do around a ticket: panels, snoozing, tags, what is to be done, time and budget."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import community_or_404, needs
from ground.actors import ActingRequest
from support.access import SET_BUDGET, USE_DESK
from support.models import ChecklistItem, Ticket, TimeEntry
from support.relations import panels
from support.views.desk import back_to, ticket_or_404
from support.views.typed import BudgetForm, ItemForm, PanelForm, SnoozeForm, TimeForm
from support.working import checklists, snoozing, spending, tagging


@require_POST
@needs(USE_DESK)
def remember_panel(request: ActingRequest) -> HttpResponse:
    """Keep a panel as it was left."""
    form = PanelForm(request.POST)
    if not form.is_valid() or request.actor.user is None:
        return HttpResponse(status=422)
    panels.remember(request.actor.user, **form.cleaned_data)
    return HttpResponse(status=204)


@require_safe
@needs(USE_DESK)
def panel(request: ActingRequest, reference: str, panel: str) -> HttpResponse:
    """One panel: a fragment where it is unfolded, a page of its own without script."""
    if panel not in panels.FILLED:
        raise Http404
    response = _panel(request, ticket_or_404(request, reference), panel)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
@needs(USE_DESK)
def snooze(request: ActingRequest, reference: str) -> HttpResponse:
    """Keep it out of the way until then."""
    shown, form = ticket_or_404(request, reference), SnoozeForm(request.POST, user=request.actor.user)
    if not form.is_valid():
        messages.warning(request, _why(form))
        return back_to(request, shown)
    snoozing.snooze(shown, until=form.until(), by=request.actor)
    messages.success(request, _("Snoozed. It is back then, or as soon as its requester writes."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def wake(request: ActingRequest, reference: str) -> HttpResponse:
    """Have it back now."""
    shown = ticket_or_404(request, reference)
    snoozing.wake(shown, by=request.actor)
    return back_to(request, shown)


@require_safe
@needs(USE_DESK)
def tags(request: ActingRequest, reference: str) -> HttpResponse:
    """The tags in use, which the field offers that adds one."""
    ticket_or_404(request, reference)
    return render(request, "support/relations/tags.html", {"tags": tagging.used()})


@require_POST
@needs(USE_DESK)
def add_tag(request: ActingRequest, reference: str) -> HttpResponse:
    """Give it one more tag."""
    shown = ticket_or_404(request, reference)
    try:
        tagging.add(shown, request.POST.get("tag", "")[:200], by=request.actor)
    except tagging.NotPossible as refused:
        messages.warning(request, str(refused))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def remove_tag(request: ActingRequest, reference: str) -> HttpResponse:
    """Take one tag away."""
    shown = ticket_or_404(request, reference)
    tagging.remove(shown, request.POST.get("tag", ""), by=request.actor)
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def add_item(request: ActingRequest, reference: str) -> HttpResponse:
    """Put one more thing on the checklist."""
    shown, form = ticket_or_404(request, reference), ItemForm(request.POST)
    if not form.is_valid():
        return _work(request, shown, sorry=_("Write what is to be done first."))
    return _listed(request, shown, lambda: checklists.add(shown, form.cleaned_data["text"]))


@require_POST
@needs(USE_DESK)
def use_template(request: ActingRequest, reference: str) -> HttpResponse:
    """Put the things of a template on the checklist."""
    shown = ticket_or_404(request, reference)
    template = get_object_or_404(checklists.offered(shown), pk=_key(request.POST.get("template", "")))
    return _listed(request, shown, lambda: checklists.use(template, on=shown))


@require_POST
@needs(USE_DESK)
def tick(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """It is done."""
    shown = ticket_or_404(request, reference)
    checklists.tick(_item(request, shown, pk), by=request.actor)
    return _work(request, shown)


@require_POST
@needs(USE_DESK)
def untick(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """It is not done after all."""
    shown = ticket_or_404(request, reference)
    checklists.untick(_item(request, shown, pk))
    return _work(request, shown)


@require_POST
@needs(USE_DESK)
def move_up(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """One place nearer to the first."""
    shown = ticket_or_404(request, reference)
    checklists.move_up(_item(request, shown, pk))
    return _work(request, shown)


@require_POST
@needs(USE_DESK)
def move_down(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """One place nearer to the last."""
    shown = ticket_or_404(request, reference)
    checklists.move_down(_item(request, shown, pk))
    return _work(request, shown)


@require_POST
@needs(USE_DESK)
def remove_item(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """Take it off the list."""
    shown = ticket_or_404(request, reference)
    checklists.remove(_item(request, shown, pk))
    return _work(request, shown)


@require_POST
@needs(USE_DESK)
def add_time(request: ActingRequest, reference: str) -> HttpResponse:
    """Write time down."""
    shown, form = ticket_or_404(request, reference), TimeForm(request.POST)
    if not form.is_valid():
        return _work(request, shown, sorry=_why(form))
    spending.add(shown, by=request.actor, **form.cleaned_data)
    return _work(request, shown)


@require_POST
@needs(USE_DESK)
def remove_time(request: ActingRequest, reference: str, pk: int) -> HttpResponse:
    """Take an entry of one's own back."""
    shown = ticket_or_404(request, reference)
    spending.remove(get_object_or_404(TimeEntry.objects.visible_to(request.actor), ticket=shown, user=request.actor.user, pk=pk))
    return _work(request, shown)


@require_POST
@needs(SET_BUDGET)
def set_budget(request: ActingRequest, slug: str) -> HttpResponse:
    """Say how much support time is agreed with a community."""
    community, form = community_or_404(request.actor, slug), BudgetForm(request.POST)
    if form.is_valid():
        spending.agree(community, minutes=form.minutes(), period=form.cleaned_data["period"])
        messages.success(request, _("The budget is changed."))
    else:
        messages.warning(request, _("Nothing was changed: write the hours as a number, or leave them empty for no limit."))
    back = Ticket.objects.visible_to(request.actor).filter(reference=request.POST.get("ticket", "")[:20]).first()
    return redirect(back or community)


def _listed(request: ActingRequest, shown: Ticket, do: Callable[[], object]) -> HttpResponse:
    try:
        do()
    except checklists.TooMany:
        return _work(request, shown, sorry=_("A checklist has room for 100 items. Take some off first."))
    return _work(request, shown)


def _work(request: ActingRequest, shown: Ticket, *, sorry: str = "") -> HttpResponse:
    """The panel again where it was sent from it, else the ticket."""
    if request.htmx:
        return _panel(request, shown, "checklist", sorry=sorry)
    if sorry:
        messages.warning(request, sorry)
    return back_to(request, shown)


def _panel(request: ActingRequest, shown: Ticket, panel: str, *, sorry: str = "") -> HttpResponse:
    context = {"ticket": shown, "panel": panel, "sorry": sorry, "now": timezone.now(), **panels.shown(panel, shown, reader=request.actor)}
    template = f"support/relations/panels/{panel}.html" if request.htmx else "support/relations/panel.html"
    return render(request, template, context | {"body": f"support/relations/panels/{panel}.html"})


def _item(request: ActingRequest, shown: Ticket, pk: int) -> ChecklistItem:
    return get_object_or_404(ChecklistItem.objects.visible_to(request.actor), ticket=shown, pk=pk)


def _why(form: Form) -> str:
    """What is to be put right, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
