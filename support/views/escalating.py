"""Working on a ticket against the clock, and handing it on to engineers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from support import escalating
from support.access import RUN_INCIDENTS, USE_DESK
from support.escalating.connection import form_address
from support.escalating.deciding import AlreadyLinked, NoIssue
from support.forms.escalating import EscalateForm, ExtendForm, HandOnForm, LinkForm, targets
from support.forms.incidents import AttachForm
from support.lists import TIMEBOXES
from support.models import GitHubIssue, IssueTarget, Ticket, TicketStatus, Timebox
from support.states import Status, StatusGroup
from support.views.desk import back_to, ticket_or_404
from support.working import timeboxing
from support.working.timeboxing import Busy, NotRunning

GONE_ON = gettext_lazy("Nothing was done: it has moved on since you opened the page.")


@require_POST
@needs(USE_DESK)
def start(request: ActingRequest, reference: str) -> HttpResponse:
    """Begin the half hour; where another one runs, ask first."""
    ticket = ticket_or_404(request, reference)
    try:
        timeboxing.start(ticket, by=request.actor)
    except Busy as busy:
        is_mine = busy.running.agent == request.actor.user
        return render(request, "support/escalating/busy.html", {"ticket": ticket, "running": busy.running, "is_mine": is_mine}, status=409)
    return back_to(request, ticket)


@require_POST
@needs(USE_DESK)
def move(request: ActingRequest, reference: str) -> HttpResponse:
    """Begin the half hour here, and end the one that runs elsewhere."""
    ticket = ticket_or_404(request, reference)
    timeboxing.move(ticket, by=request.actor)
    return back_to(request, ticket)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def extend(request: ActingRequest, reference: str) -> HttpResponse:
    """More minutes, with a reason."""
    ticket, box = _running(request, reference)
    form = ExtendForm(request.POST or None)
    if not form.is_valid():
        context = {"ticket": ticket, "form": form, "box": timeboxing.shown(ticket, reader=_reader(request), now=timezone.now())}
        return render(request, "support/escalating/extend.html", context, status=422 if form.is_bound else 200)
    return _ended(request, ticket, lambda: timeboxing.extend(box, **form.cleaned_data, by=request.actor))


@require_POST
@needs(USE_DESK)
def solve(request: ActingRequest, reference: str) -> HttpResponse:
    """Solved within its time."""
    ticket, box = _running(request, reference)
    return _ended(request, ticket, lambda: timeboxing.solve(box, by=request.actor))


@require_POST
@needs(USE_DESK)
def leave(request: ActingRequest, reference: str) -> HttpResponse:
    """Stop working on it for now; it stays with whom it is."""
    ticket, box = _running(request, reference)
    return _ended(request, ticket, lambda: timeboxing.end(box, by=request.actor))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def hand_on(request: ActingRequest, reference: str) -> HttpResponse:
    """To somebody else."""
    ticket, box = _running(request, reference)
    form = HandOnForm(request.POST or None, agent=box.agent_id)
    if not form.is_valid():
        return render(request, "support/escalating/hand_on.html", {"ticket": ticket, "form": form}, status=422 if form.is_bound else 200)
    return _ended(request, ticket, lambda: timeboxing.hand_on(box, to=form.cleaned_data["to"], by=request.actor))


@require_safe
@needs(USE_DESK)
def timeboxes(request: ActingRequest) -> HttpResponseBase:
    """Whose time runs on what: what is over first."""
    now = timezone.now()
    show = "over" if request.GET.get("show") == "over" else "running"
    rows = Timebox.objects.visible_to(request.actor).running().select_related("agent", "ticket__community", "ticket__status")
    rows = rows.filter(ends_at__lte=now) if show == "over" else rows
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("timeboxes", TIMEBOXES, rows.order_by("ends_at", "pk")))
    page = keyset(rows, order=("ends_at", "pk"), cursor=request.GET.get("cursor", ""))
    return render(request, "support/escalating/timeboxes.html", {"page": page, "show": show, "now": now, "tab": "timeboxes"})


@require_safe
@needs(USE_DESK)
def handing(request: ActingRequest, reference: str) -> HttpResponse:
    """The issues and the incident of a ticket: a fragment of its page, or a page of its own without script."""
    response = render(request, f"support/escalating/{'handing' if request.htmx else 'handing_page'}.html", _handing(request, reference))
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs(USE_DESK)
def escalate(request: ActingRequest, reference: str) -> HttpResponse:
    """An issue of the ticket: filled in, private details taken out, looked over, sent."""
    ticket, offered = ticket_or_404(request, reference), targets()
    target = _target(request, offered)
    if target is None:
        return render(request, "support/escalating/no_target.html", {"ticket": ticket, "link_form": LinkForm()})
    if request.method != "POST" or not escalating.is_connected():
        return _drafted(request, ticket, target, offered)
    form = EscalateForm(request.POST)
    if not form.is_valid():
        return _form(request, ticket, target, offered, form, status=422)
    if leaks := _leaks(request, ticket, target, form):
        return _form(request, ticket, target, offered, EscalateForm(initial=leaks["initial"]), status=422, leaks=leaks["taken"])
    escalating.escalate(ticket, target=target, draft=form.draft(), status=_waiting(ticket, form), by=request.actor)
    messages.success(request, _("The issue is kept and on its way to GitHub."))
    return back_to(request, ticket)


@require_POST
@needs(USE_DESK)
def link(request: ActingRequest, reference: str) -> HttpResponse:
    """An issue that is there already."""
    ticket = ticket_or_404(request, reference)
    form = LinkForm(request.POST)
    if form.is_valid():
        try:
            escalating.link(ticket, url=form.cleaned_data["url"], by=request.actor)
        except NoIssue:
            form.add_error("url", _("This is not the address of an issue. It looks like https://github.com/owner/name/issues/12."))
        except AlreadyLinked:
            form.add_error("url", _("This ticket has that issue already."))
        else:
            messages.success(request, _("The issue is linked."))
            return back_to(request, ticket)
    return render(request, "support/escalating/handing_page.html", {**_handing(request, reference), "link_form": form}, status=422)


@require_POST
@needs(USE_DESK)
def unlink(request: ActingRequest, pk: int) -> HttpResponse:
    """The ticket has nothing to do with it."""
    issue = _issue(request, pk)
    escalating.unlink(issue, by=request.actor)
    messages.success(request, _("The issue is not linked any more. It stays on GitHub."))
    return redirect(issue.ticket)


@require_POST
@needs(USE_DESK)
def retry(request: ActingRequest, pk: int) -> HttpResponse:
    """Ask GitHub again."""
    issue = _issue(request, pk)
    if issue.is_refused:
        escalating.retry(issue, by=request.actor)
        messages.success(request, _("It is tried again now."))
    return redirect(issue.ticket)


def _running(request: ActingRequest, reference: str) -> tuple[Ticket, Timebox]:
    """The ticket and its timebox; 404 when none runs."""
    ticket = ticket_or_404(request, reference)
    box = Timebox.objects.visible_to(request.actor).running().filter(ticket=ticket).first()
    if box is None:
        raise Http404
    return ticket, box


def _ended(request: ActingRequest, ticket: Ticket, act: Any) -> HttpResponse:
    try:
        act()
    except NotRunning:
        messages.info(request, GONE_ON)
    return back_to(request, ticket)


def _handing(request: ActingRequest, reference: str) -> dict[str, Any]:
    ticket = ticket_or_404(request, reference)
    return {
        "ticket": ticket,
        "issues": GitHubIssue.objects.visible_to(request.actor).linked().filter(ticket=ticket),
        "link_form": LinkForm(),
        "attach_form": AttachForm(),
        "may_run": RUN_INCIDENTS.is_held_by(request.actor),
        "tab": "",
    }


def _target(request: ActingRequest, offered: list[IssueTarget]) -> IssueTarget | None:
    """The repository that was chosen, else the first."""
    asked = request.POST.get("target") or request.GET.get("target", "")
    return next((each for each in offered if str(each.pk) == asked), offered[0] if offered else None)


def _drafted(request: ActingRequest, ticket: Ticket, target: IssueTarget, offered: list[IssueTarget]) -> HttpResponse:
    """Filled in from the ticket. Without a token: GitHub's own form, filled in, and a place to bring the address back to."""
    drafted = escalating.draft(ticket, target)
    address = ""
    if not escalating.is_connected():
        address = form_address(target.repository, title=drafted.title, body=drafted.body, labels=list(drafted.labels))
    return _form(request, ticket, target, offered, EscalateForm.of(drafted), taken=drafted.taken, address=address)


def _form(
    request: ActingRequest,
    ticket: Ticket,
    target: IssueTarget,
    offered: list[IssueTarget],
    form: EscalateForm,
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {"ticket": ticket, "target": target, "targets": offered, "form": form, "link_form": LinkForm(), **more}
    return render(request, "support/escalating/escalate.html", context, status=status)


def _leaks(request: ActingRequest, ticket: Ticket, target: IssueTarget, form: EscalateForm) -> dict[str, Any] | None:
    """What everybody would read and should not: the words again without it, unless somebody looked and says that it may stay."""
    if not target.is_public or request.POST.get("looked") == "1":
        return None
    found = {name: escalating.cleaned(ticket, target, form.cleaned_data[name]) for name in ("title", "body")}
    if not any(each.taken for each in found.values()):
        return None
    initial = {**form.cleaned_data, **{name: each.text for name, each in found.items()}}
    return {"initial": initial, "taken": [taken for each in found.values() for taken in each.taken]}


def _waiting(ticket: Ticket, form: EscalateForm) -> TicketStatus | None:
    """The status in which it waits on somebody else, unless it waits already or is not to."""
    if not form.cleaned_data["waits"] or ticket.status.group != StatusGroup.OPEN:
        return None
    return TicketStatus.objects.filter(code=Status.WAITING_ON_THIRD_PARTY).first()


def _issue(request: ActingRequest, pk: int) -> GitHubIssue:
    return get_object_or_404(GitHubIssue.objects.visible_to(request.actor).linked().select_related("ticket"), pk=pk)


def _reader(request: ActingRequest) -> int | None:
    return request.actor.user.pk if request.actor.user else None
