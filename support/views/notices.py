"""Notices: the inbox of the desk, how one wants to be told, and who watches a ticket."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import needs, signed_in
from communities.models import User
from communities.roles import StaffGroup
from ground.actors import ActingRequest
from support.access import USE_DESK
from support.forms.tickets import desk_people
from support.mirror.away import away
from support.models import Notice, NoticePreferences, Ticket
from support.notices import inbox, watching
from support.notices.forms import NoticesForm
from support.policy import is_desk_staff, teams_of
from support.views.desk import back_to, ticket_or_404


@require_safe
@needs(USE_DESK)
def notices(request: ActingRequest) -> HttpResponse:
    """One's own, the newest first; unread ones alone where that is asked for."""
    only_unread = request.GET.get("show") != "all"
    page = inbox.page(request.actor, only_unread=only_unread, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "only_unread": only_unread, "unread": inbox.count(request.actor.user), "away": away()}
    return render(request, "support/notices/inbox.html", context)


@require_POST
@needs(USE_DESK)
def open_notice(request: ActingRequest, pk: int) -> HttpResponse:
    """To the ticket; what it was about is read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.actor).select_related("ticket"), pk=pk)
    inbox.read(request.actor, pk)
    return redirect(notice.ticket)


@require_POST
@needs(USE_DESK)
def read_notice(request: ActingRequest, pk: int) -> HttpResponse:
    """Read, without going there."""
    get_object_or_404(Notice.objects.visible_to(request.actor), pk=pk)
    inbox.read(request.actor, pk)
    return redirect("support:notices")


@require_POST
@needs(USE_DESK)
def read_notices(request: ActingRequest) -> HttpResponse:
    """Everything is read."""
    count = inbox.read_all(request.actor)
    messages.success(request, ngettext("%(n)d notice is read.", "%(n)d notices are read.", count) % {"n": count})
    return redirect("support:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def notice_settings(request: ActingRequest) -> HttpResponse:
    """What one is told, how and when."""
    form = _settings_form(request)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your choices are saved."))
        return redirect("support:notice_settings")
    return render(request, "support/notices/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@needs(USE_DESK)
def ticket_people(request: ActingRequest, reference: str) -> HttpResponse:
    """Who watches and why: a panel's inside, or a page where there is no script."""
    shown = ticket_or_404(request, reference)
    watchers = watching.watchers(shown)
    known = {each.user_id for each in watchers}
    context = {"ticket": shown, "watchers": watchers, "others": [each for each in desk_people() if each.pk not in known], "away": away()}
    return render(request, "support/notices/people.html" if request.htmx else "support/notices/people_page.html", context)


@require_POST
@needs(USE_DESK)
def watch(request: ActingRequest, reference: str) -> HttpResponse:
    """Watch it oneself."""
    return _watch(request, reference, request.actor.user)


@require_POST
@needs(USE_DESK)
def unwatch(request: ActingRequest, reference: str) -> HttpResponse:
    """Watch it no more."""
    shown = ticket_or_404(request, reference)
    if request.actor.user is not None:
        watching.stop(shown, request.actor.user)
    messages.success(request, _("You do not watch this ticket any more."))
    return back_to(request, shown)


@require_POST
@needs(USE_DESK)
def add_watcher(request: ActingRequest, reference: str) -> HttpResponse:
    """Let a colleague watch."""
    chosen = request.POST.get("user", "")
    return _watch(request, reference, get_object_or_404(desk_people(), pk=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0))


def _watch(request: ActingRequest, reference: str, person: User | None) -> HttpResponse:
    shown: Ticket = ticket_or_404(request, reference)
    if person is not None:
        watching.watch(shown, person, by=request.actor)
        messages.success(request, _("%(who)s watches this ticket now.") % {"who": person})
    return back_to(request, shown)


def _settings_form(request: ActingRequest) -> NoticesForm:
    user: Any = request.actor.user
    return NoticesForm(
        request.POST if request.method == "POST" else None,
        user=user,
        choice=NoticePreferences.of(user),
        is_staff=is_desk_staff(request.actor),
        is_triager=StaffGroup.SUPPORT_TRIAGER in user.staff_groups,
        leads=bool(teams_of(request.actor)),
    )
