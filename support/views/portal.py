"""A community's tickets: open one, follow it, answer, say that it is solved or not."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import can_see_community, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from ground.states import WrongState
from knowledgebase.suggestions import Suggestion, suggest
from support import incidents, replies, search, tickets
from support.access import ARRANGE_WIDGET, EDIT_TERMS, FOLLOW_TEAM, can_approve, can_confide, can_rate, may_open
from support.asking import capacity, deflecting
from support.asking.rating import current, may_rate
from support.clocks import wording
from support.files.contents import Refused
from support.forms.asking import DeclineForm, RatingForm, ReadersForm, SubjectForm
from support.forms.tickets import AnswerForm, NewTicketForm
from support.history import PUBLIC_KINDS, story
from support.lists import ASKED
from support.models import Message, Ticket
from support.models.tickets import TicketQuerySet
from support.states import StatusGroup, SyncState
from support.tickets import terms
from support.timing import objectives
from support.views.fresh import answer_if_new
from support.views.outside import are_asked_for, let_in, outside
from support.working import spending
from support.writing_up import cited

PAGE = 25


@require_safe
@signed_in
def ticket_list(request: ActingRequest, slug: str) -> HttpResponseBase:
    """The tickets of this community that this person may follow."""
    community = community_of(request, slug)
    chosen = _chosen(request)
    rows = _rows(request, community, chosen)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{community.slug}-tickets", ASKED, rows.order_by("-updated_at", "-pk")))
    page = keyset(rows, order=("-updated_at", "-pk"), cursor=request.GET.get("cursor", ""), size=PAGE)
    sees_report = FOLLOW_TEAM.is_held_by(request.actor, community)
    around = {**surroundings(request, community), **to_know(request, community)}
    said = {"promise": _promise(community), "used": _used(request, community)}
    context = {**around, **said, "page": page, "sees_report": sees_report, **chosen}
    return render(request, "support/portal/tickets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_ticket(request: ActingRequest, slug: str) -> HttpResponse:
    """Write a ticket, and send it."""
    community = community_of(request, slug)
    form = NewTicketForm(
        request.POST or None,
        request.FILES or None,
        community=community,
        actor=request.actor,
        initial={"subject": request.GET.get("subject", "")[:255], "hub": request.GET.get("hub", "")},
    )
    if not form.is_valid():
        return _ask(request, community, form, status=422 if form.is_bound else 200)
    chosen = form.cleaned_data
    ticket = tickets.open_ticket(
        community,
        subject=chosen["subject"],
        body=chosen["body"],
        hub=chosen.get("hub"),
        confidential=chosen["confidential"],
        readers=chosen.get("readers", ()),
        topic=chosen["topic"],
        files=chosen["attachments"],
        by=request.actor,
    )
    _count_sent(request.POST.get("form", ""), ticket)
    messages.success(request, _received(ticket))
    return redirect("support:ticket", slug=community.slug, reference=ticket.reference)


@require_POST
@signed_in
def answers(request: ActingRequest, slug: str) -> HttpResponse:
    """Articles that may answer what is being written: beside the form, or with the form again where there is no script."""
    community = community_of(request, slug)
    found = _suggested(request, community)
    word = request.POST.get("form") or deflecting.new_form()
    if found:
        deflecting.note_shown(word, community=community, articles=[each.id for each in found])
    shown: dict[str, Any] = {"suggestions": found, "asked": True, "form_word": word}
    if request.htmx:
        return render(request, "support/portal/answers.html", {**shown, "community": community})
    form = NewTicketForm(initial=request.POST.dict(), community=community, actor=request.actor)
    return _ask(request, community, form, **shown)


@require_safe
@signed_in
def ticket(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """One ticket as its community reads it."""
    community = community_of(request, slug)
    shown = ticket_of(request, community, reference)
    response = page_of(request, community, shown)
    return let_in(response) if are_asked_for(request) else response


@require_safe
@signed_in
def conversation(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """The exchange alone, for the page that watches it: 304 while nobody wrote."""
    community = community_of(request, slug)
    context = {**_exchange(request, ticket_of(request, community, reference)), "community": community}
    ticket = context["ticket"]
    state = [ticket.told_status.pk, ticket.sync_state, ticket.next_due_at, [(entry.key, entry.html) for entry in context["entries"]]]
    return answer_if_new(request, "support/portal/conversation.html", context, state=state)


@require_POST
@signed_in
def answer(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Write in the ticket."""
    community = community_of(request, slug)
    shown = ticket_of(request, community, reference)
    if shown.sync_state == SyncState.AWAITING_APPROVAL and shown.approval.outcome:
        raise WrongState("somebody has decided about this ticket")
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return page_of(request, community, shown, status=422, form=form)
    try:
        replies.add_incoming(shown, body=form.cleaned_data["body"], files=form.cleaned_data["attachments"], by=request.actor)
    except Refused as refusal:
        form.refuse(refusal)
        return page_of(request, community, shown, status=422, form=form)
    messages.success(request, _("Your message is kept and on its way."))
    return redirect("support:ticket", slug=community.slug, reference=shown.reference)


@require_POST
@signed_in
def solve(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Say that nothing is left to do."""
    shown = ticket_of(request, community_of(request, slug), reference)
    if not shown.is_over:
        tickets.solve(shown, by=request.actor)
    messages.success(request, _solved(shown))
    return redirect("support:ticket", slug=slug, reference=shown.reference)


@require_POST
@signed_in
def reopen(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Say that something is left to do after all."""
    shown = ticket_of(request, community_of(request, slug), reference)
    if shown.is_over and shown.sync_state != SyncState.AWAITING_APPROVAL:
        tickets.reopen(shown, by=request.actor)
        messages.success(request, _("It is open again. Tell us what is left to do."))
    return redirect("support:ticket", slug=slug, reference=shown.reference)


def community_of(request: ActingRequest, slug: str) -> Community:
    """The community of a page, if this person may ask something there."""
    community = Community.objects.select_related("support_terms").filter(slug=slug).first()
    if community is None or not may_open(request.actor, community):
        raise Http404
    return community


def ticket_of(request: ActingRequest, community: Community, reference: str) -> Ticket:
    """The ticket of a page, if this person may follow it."""
    rows = Ticket.objects.visible_to(request.actor).filter(community=community)
    try:
        return rows.select_related("status", "community", "requester", "opened_by", "assignee", "hub", "merged_into__status").get(
            reference=reference
        )
    except Ticket.DoesNotExist as error:
        raise Http404 from error


def surroundings(request: ActingRequest, community: Community) -> dict[str, Any]:
    """What stands around every page of a community's tickets: whether one may go up from here, and change how it is done."""
    return {
        "community": community,
        "belongs": can_see_community(request.actor, community),
        "may_edit_terms": EDIT_TERMS.is_held_by(request.actor, community),
        "may_arrange_widget": ARRANGE_WIDGET.is_held_by(request.actor, community),
    }


def to_know(request: ActingRequest, community: Community) -> dict[str, Any]:
    """What everybody who asks should know first: whether the desk can do less, and what is broken. One query on an ordinary day."""
    return {
        "notice": capacity.notice_for(community),
        "incidents": incidents.open_for(community, may_follow=Ticket.objects.visible_to(request.actor)),
    }


def _promise(community: Community) -> str:
    """By when we answer, in words."""
    return wording.promised(objectives.promise(community))


def _used(request: ActingRequest, community: Community) -> str:
    """Support time used this month, for those who speak for the community; empty for others."""
    may_read = FOLLOW_TEAM.is_held_by(request.actor, community)
    return spending.in_words(spending.used_this_month(community)) if may_read else ""


def page_of(request: ActingRequest, community: Community, shown: Ticket, *, status: int = 200, **forms: object) -> HttpResponse:
    """A ticket's page, with whatever form comes back."""
    context = {
        **surroundings(request, community),
        **to_know(request, community),
        **_exchange(request, shown),
        **_before(request, shown),
        **_around(request, shown),
        "form": AnswerForm(),
        **forms,
    }
    return render(request, "support/portal/ticket.html", context, status=status)


def _before(request: ActingRequest, shown: Ticket) -> dict[str, Any]:
    """Of a ticket that the desk does not have yet: why, and the forms of who may decide."""
    if shown.sync_state != SyncState.AWAITING_APPROVAL:
        return {}
    if not can_approve(request.actor, shown):
        return {"approval": shown.approval}
    return {"approval": shown.approval, "subject_form": SubjectForm(initial={"subject": shown.subject}), "decline_form": DeclineForm()}


def _around(request: ActingRequest, shown: Ticket) -> dict[str, Any]:
    """What who asked may do besides answering: name readers, and say how it went."""
    rating = current(shown) if shown.satisfaction is not None else None
    face = rating and {"face": rating.rating, "feedback": rating.feedback}
    may_say = can_rate(request.actor, shown) and shown.sync_state != SyncState.AWAITING_APPROVAL and may_rate(shown, rating)
    return {
        "rating": rating,
        "rating_form": RatingForm(initial=face or {}) if may_say else None,
        "readers_form": ReadersForm.of(shown, request.actor) if can_confide(request.actor, shown) else None,
    }


def _exchange(request: ActingRequest, shown: Ticket) -> dict[str, Any]:
    """The public letters alone, whoever reads: this page is also what staff show to a community."""
    rows = Message.objects.visible_to(request.actor).as_asked(shown).filter(kind__in=PUBLIC_KINDS, removed_at=None)
    images = are_asked_for(request)
    entries = story(shown, rows.in_order(), (), {}, images=images)
    return {"ticket": shown, "entries": entries, "outside": outside(entries, are_shown=images)}


def _chosen(request: ActingRequest) -> dict[str, str]:
    """Which tickets the address asks for; words nobody knows choose the open ones of everybody."""
    show, whose, article = (request.GET.get(name, "") for name in ("show", "whose", "article"))
    article = article if article.isdecimal() and len(article) < 18 else ""
    return {
        "article": article,
        "show": show if show in SHOWN else "any" if article else "open",
        "whose": whose if whose in WHOSE else "",
        "q": request.GET.get("q", "").strip()[:200],
    }


def _rows(request: ActingRequest, community: Community, chosen: Mapping[str, str]) -> TicketQuerySet:
    """The tickets of that choice, unordered."""
    rows = Ticket.objects.visible_to(request.actor).kept().filter(community=community)
    rows = SHOWN[chosen["show"]](rows) if chosen["show"] in SHOWN else rows
    if chosen["article"]:
        rows = rows.filter(pk__in=cited.citing(int(chosen["article"]), reader=request.actor).values("pk"))
    if chosen["whose"]:
        mine = Ticket.objects.asked_by(request.actor.user).values("pk")
        rows = rows.filter(pk__in=mine) if chosen["whose"] == "mine" else rows.exclude(pk__in=mine)
    return search.match(rows, chosen["q"], by=request.actor).for_list().select_related("opened_by", "merged_into__status")


def _count_sent(form: str, ticket: Ticket) -> None:
    if ticket.confidential:
        deflecting.forget(form)
    else:
        deflecting.note_sent(form, community=ticket.community)


def _received(ticket: Ticket) -> str:
    """What happens next, to who has just asked."""
    if ticket.sync_state != SyncState.AWAITING_APPROVAL:
        return _("Your ticket %(reference)s is here. We will answer on this page and by mail.") % {"reference": ticket.reference}
    if ticket.confidential:
        return _("Your ticket %(reference)s is kept. It is confidential, so the support staff themselves decide whether they take it.") % {
            "reference": ticket.reference
        }
    return _("Your ticket %(reference)s is kept. A representative of your community reads it first, and was told.") % {
        "reference": ticket.reference
    }


def _solved(ticket: Ticket) -> str:
    if ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return _("Marked as solved. Nobody is asked to approve it any more.")
    return _("Marked as solved. Write in it again and it is open again.")


def _suggested(request: ActingRequest, community: Community) -> list[Suggestion]:
    words = f"{request.POST.get('subject', '')} {request.POST.get('body', '')[:500]}".strip()
    return suggest(words, actor=request.actor, community=community) if len(words) > 3 else []


def _ask(request: ActingRequest, community: Community, form: NewTicketForm, *, status: int = 200, **more: object) -> HttpResponse:
    waits = terms.why_it_waits(community, by=request.actor)
    around = {**surroundings(request, community), **to_know(request, community), "promise": _promise(community)}
    context = {**around, "form": form, "waits": waits, "form_word": request.POST.get("form") or request.GET.get("form", ""), **more}
    return render(request, "support/portal/new.html", context, status=status)


SHOWN: Mapping[str, Callable[[TicketQuerySet], TicketQuerySet]] = {
    "open": lambda rows: rows.active(),
    "waiting": lambda rows: rows.active().filter(sync_state=SyncState.AWAITING_APPROVAL),
    "solved": lambda rows: rows.of_groups(StatusGroup.SOLVED, StatusGroup.CLOSED),
}
WHOSE = frozenset({"mine", "team"})
