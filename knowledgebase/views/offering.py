"""Offers to the shared shelf: a community's own, and for staff those that wait."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from communities.access import needs
from communities.models import Community
from ground.actors import ActingRequest
from ground.states import WrongState
from knowledgebase import offering, reading
from knowledgebase.access import OFFER, TAKE_OFFERS
from knowledgebase.filling import Frame, fill
from knowledgebase.forms import DeclineForm, OfferForm
from knowledgebase.models import Edition, Offer
from knowledgebase.views.writing import held_in_community

MOST_SHOWN = 100


@require_safe
@held_in_community(OFFER)
def of_community(request: ActingRequest, community: Community) -> HttpResponse:
    """What this community offered, and what became of it."""
    offers = Offer.objects.visible_to(request.actor).filter(knowledge_base__community=community)
    frame = Frame(request.actor, community)
    context = {
        "frame": frame,
        "community": community,
        "offers": offers.select_related("article", "taken_as__edition", "offered_by")[:MOST_SHOWN],
        "crumbs": reading.crumbs(frame, [], last=_("Our offers")),
    }
    return render(request, "knowledgebase/offering/of_community.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@held_in_community(OFFER)
def offer(request: ActingRequest, community: Community, article: int) -> HttpResponse:
    """Look at an own article with others' eyes, and offer it."""
    own = Edition.objects.visible_to(request.actor).filter(knowledge_base__community=community, in_place_of=None)
    edition = get_object_or_404(own.select_related("article", "knowledge_base"), pk=article)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        offering.offer(edition, note=form.cleaned_data["note"], by=request.actor)
        messages.success(request, _("Thank you. The staff will read it and write to you."))
        return redirect("knowledgebase:offers_of_community", community.slug)
    frame = Frame(request.actor, community)
    context = {
        "frame": frame,
        "community": community,
        "edition": edition,
        "form": form,
        "findings": offering.findings(edition.article, community),
        "crumbs": reading.crumbs(frame, [edition], last=_("Offer to every community")),
    }
    return render(request, "knowledgebase/offering/offer.html", context)


@require_POST
@held_in_community(OFFER)
def withdraw(request: ActingRequest, community: Community, pk: int) -> HttpResponse:
    """Take an offer back."""
    made = get_object_or_404(Offer.objects.visible_to(request.actor), pk=pk, knowledge_base__community=community)
    try:
        offering.withdraw(made, by=request.actor)
    except WrongState:
        messages.error(request, _("Somebody has decided about this offer already."))
    return redirect("knowledgebase:offers_of_community", community.slug)


@require_POST
@held_in_community(OFFER)
def use_shared(request: ActingRequest, community: Community, pk: int) -> HttpResponse:
    """Give up the original for the article on the shared shelf."""
    made = get_object_or_404(Offer.objects.visible_to(request.actor), pk=pk, knowledge_base__community=community)
    try:
        offering.use_shared(made, by=request.actor)
    except offering.CannotOffer as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your community reads the shared article now. Your own is kept as a draft in the editor."))
    return redirect("knowledgebase:offers_of_community", community.slug)


@require_GET
@needs(TAKE_OFFERS)
def waiting(request: ActingRequest) -> HttpResponse:
    """What communities offer, the oldest first, and what was decided lately."""
    offers = Offer.objects.visible_to(request.actor).select_related("knowledge_base__community", "offered_by", "decided_by", "taken_as")
    context = {
        "waiting": offers.waiting().order_by("offered_at", "pk")[:MOST_SHOWN],
        "decided": offers.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")[:20],
        "crumbs": reading.crumbs(Frame(request.actor), [], last=_("Offers to the shared shelf")),
    }
    return render(request, "knowledgebase/offering/waiting.html", context)


@require_GET
@needs(TAKE_OFFERS)
def one(request: ActingRequest, pk: int) -> HttpResponse:
    """One offer: its text, and what in it is the community's alone."""
    return _one(request, _offer(request, pk), DeclineForm())


@require_POST
@needs(TAKE_OFFERS)
def take(request: ActingRequest, pk: int) -> HttpResponse:
    """Copy it to the shared shelf, and open the draft."""
    try:
        draft = offering.take(_offer(request, pk), by=request.actor)
    except WrongState:
        messages.error(request, _("Somebody has decided about this offer already."))
    except offering.CannotOffer as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It is a draft on the shared shelf. Take out what is the community’s alone, then publish it."))
        return redirect("wagtailadmin_pages:edit", draft.pk)
    return redirect("knowledgebase:offer", pk)


@require_POST
@needs(TAKE_OFFERS)
def decline(request: ActingRequest, pk: int) -> HttpResponse:
    """Say no, and why."""
    made, form = _offer(request, pk), DeclineForm(request.POST)
    if not form.is_valid():
        return _one(request, made, form)
    try:
        offering.decline(made, reason=form.cleaned_data["reason"], by=request.actor)
    except WrongState:
        messages.error(request, _("Somebody has decided about this offer already."))
    return redirect("knowledgebase:offers")


def _offer(request: ActingRequest, pk: int) -> Offer:
    offers = Offer.objects.visible_to(request.actor).select_related(
        "article", "knowledge_base__community", "offered_by", "decided_by", "taken_as"
    )
    return get_object_or_404(offers, pk=pk)


def _one(request: ActingRequest, made: Offer, form: DeclineForm) -> HttpResponse:
    edition = Edition.objects.visible_to(request.actor).filter(pk=made.article_id).first() if made.article_id else None
    community = made.knowledge_base.community
    if community is None:
        raise Http404
    way = [*reading.crumbs(Frame(request.actor), []), reading.Crumb(_("Offers to the shared shelf"), reverse("knowledgebase:offers"))]
    context = {
        "offer": made,
        "community": community,
        "edition": edition,
        "parts": list(fill(edition.parts, Frame(request.actor))) if edition else [],
        "findings": offering.findings(made.article, community) if made.article else [],
        "form": form,
        "crumbs": [*way, reading.Crumb(made.title)],
    }
    return render(request, "knowledgebase/offering/one.html", context)
