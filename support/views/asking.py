"""What surrounds a community's tickets: approvals, named readers, ratings, and the terms."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from communities.access import community_or_404, needs, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest, Actor
from ground.paging import keyset
from ground.states import WrongState
from support.access import EDIT_TERMS, USE_DESK, approves_in, can_approve, can_confide, can_rate
from support.asking import approving, confiding, rating, surveys
from support.forms.asking import DeclineForm, RatingForm, ReadersForm, SubjectForm, TermsForm
from support.lists import TICKETS
from support.models import SupportTerms, Ticket
from support.tickets import terms
from support.views.portal import community_of, page_of, surroundings, ticket_of

PAGE = 25


@require_POST
@signed_in
def approve(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Let a ticket through to the desk."""
    _community, shown = _to_approve(request, slug, reference)
    approving.approve(shown, by=request.actor)
    messages.success(request, _("Approved. The support staff have it now."))
    return _back(slug, shown)


@require_POST
@signed_in
def decline(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Do not pass a ticket on, and say why."""
    community, shown = _to_approve(request, slug, reference)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return page_of(request, community, shown, status=422, decline_form=form)
    approving.decline(shown, reason=form.cleaned_data["reason"], by=request.actor)
    messages.success(request, _("Not passed on. Who asked is told why."))
    return _back(slug, shown)


@require_POST
@signed_in
def rename(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Say better what a ticket is about before the desk sees it."""
    community, shown = _to_approve(request, slug, reference)
    form = SubjectForm(request.POST)
    if not form.is_valid():
        return page_of(request, community, shown, status=422, subject_form=form)
    approving.rename(shown, subject=form.cleaned_data["subject"], by=request.actor)
    messages.success(request, _("The subject is changed."))
    return _back(slug, shown)


@require_POST
@signed_in
def readers(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Say whether a ticket is confidential, and who may read it."""
    community = community_of(request, slug)
    shown = ticket_of(request, community, reference)
    if not can_confide(request.actor, shown):
        raise Http404
    form = ReadersForm(request.POST, ticket=shown, actor=request.actor)
    if not form.is_valid():
        return page_of(request, community, shown, status=422, readers_form=form)
    chosen = form.cleaned_data
    confiding.confide(shown, confidential=chosen["confidential"], readers=chosen.get("readers"), by=request.actor)
    messages.success(request, _("Saved. Whoever is not named does not find it any more.") if chosen["confidential"] else _("Saved."))
    return _back(slug, shown)


@require_POST
@signed_in
def rate(request: ActingRequest, slug: str, reference: str) -> HttpResponse:
    """Say how one was helped."""
    community = community_of(request, slug)
    shown = ticket_of(request, community, reference)
    if not can_rate(request.actor, shown):
        raise Http404
    form = RatingForm(request.POST)
    if not form.is_valid():
        return page_of(request, community, shown, status=422, rating_form=form)
    rating.rate(shown, face=form.cleaned_data["face"], feedback=form.cleaned_data["feedback"], by=request.actor)
    messages.success(request, _("Thank you. You may change it for seven days."))
    return _back(slug, shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate_by_link(request: ActingRequest, token: str) -> HttpResponse:
    """The same by the link of a mail, without signing in. Opening it says nothing; only sending the form does."""
    shown = surveys.ticket_of(token)
    if shown is None:
        raise Http404
    given = rating.current(shown)
    if not rating.may_rate(shown, given):
        return render(request, "support/portal/rate.html", {"ticket": shown, "given": given, "is_over": True})
    form = RatingForm(request.POST or None, initial={"face": given.rating, "feedback": given.feedback} if given else {})
    if not form.is_valid():
        return render(request, "support/portal/rate.html", {"ticket": shown, "form": form}, status=422 if form.is_bound else 200)
    rating.rate(shown, face=form.cleaned_data["face"], feedback=form.cleaned_data["feedback"], by=_by_link(shown))
    return render(request, "support/portal/rate.html", {"ticket": shown, "is_kept": True})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_terms(request: ActingRequest, slug: str) -> HttpResponse:
    """Who may open tickets, who sees them, who approves."""
    community = community_or_404(request.actor, slug)
    if not EDIT_TERMS.is_held_by(request.actor, community):
        raise Http404
    form = TermsForm(request.POST or None, instance=SupportTerms.of(community))
    if not form.is_valid():
        return _terms_page(request, community, form)
    terms.change(community, by=request.actor, **form.cleaned_data)
    messages.success(request, _("Saved. It holds from the next ticket on, and for who sees tickets at once."))
    return redirect("support:terms", slug=slug)


@require_safe
@needs(USE_DESK)
def held(request: ActingRequest) -> HttpResponseBase:
    """What the desk does not work on yet: tickets that wait for somebody's approval, the longest first."""
    rows = Ticket.objects.to_approve_by(request.actor).for_list().select_related("approval", "opened_by")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("tickets-to-approve", TICKETS, rows.order_by("created_at", "pk")))
    page = keyset(rows, order=("created_at", "pk"), cursor=request.GET.get("cursor", ""), size=PAGE)
    return render(request, "support/asking/held.html", {"page": page})


def _to_approve(request: ActingRequest, slug: str, reference: str) -> tuple[Community, Ticket]:
    """The ticket of a page, if this person may decide about it. One that was decided meanwhile says so (409)."""
    community = community_of(request, slug)
    shown = ticket_of(request, community, reference)
    if can_approve(request.actor, shown):
        return community, shown
    if USE_DESK.is_held_by(request.actor) or approves_in(request.actor, SupportTerms.of(community)):
        raise WrongState("somebody has decided about this ticket")
    raise Http404


def _terms_page(request: ActingRequest, community: Community, form: TermsForm) -> HttpResponse:
    context = {**surroundings(request, community), "form": form, "changes": terms.changes(community)}
    return render(request, "support/portal/terms.html", context, status=422 if form.is_bound else 200)


def _by_link(ticket: Ticket) -> Actor:
    """Who holds the link: the mail went to the requester."""
    requester = ticket.requester
    if requester is not None and requester.user is not None:
        return Actor.link(requester.user)
    return Actor(user=None, role="link", label=ticket.requester_label)


def _back(slug: str, ticket: Ticket) -> HttpResponse:
    return redirect("support:ticket", slug=slug, reference=ticket.reference)
