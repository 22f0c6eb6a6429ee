"""An article from a ticket: what to take, looking through it, the draft. And the tickets that cite an article."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import needs, signed_in
from ground.actors import ActingRequest
from ground.paging import keyset
from knowledgebase.models import Article
from support import writing_up
from support.access import FOLLOW_TEAM, USE_DESK
from support.models import Ticket
from support.relations.relating import NotPossible
from support.views.desk import ticket_or_404
from support.views.portal import community_of
from support.views.typed import DraftForm, TakeForm
from support.writing_up import cited

PAGE = 40


@require_safe
@needs(USE_DESK)
def take(request: ActingRequest, reference: str) -> HttpResponse:
    """Choose what to take, and where the article would stand."""
    shown = ticket_or_404(request, reference)
    if why := writing_up.refusal(shown):
        return _refused(request, shown, why)
    asked = _asked(request, shown)
    if not asked["shelves"]:
        raise Http404
    usual = [str(letter.pk) for letter in asked["letters"] if letter.kind == "reply"]
    first = "shared" if asked["shelves"][0].is_shared else "community"
    return _choose(request, shown, TakeForm(initial={"where": first, "letters": usual}, **asked))


@require_POST
@needs(USE_DESK)
def review(request: ActingRequest, reference: str) -> HttpResponse:
    """Look through what the article would say. Nothing is kept yet."""
    shown = ticket_or_404(request, reference)
    if why := writing_up.refusal(shown):
        return _refused(request, shown, why)
    form = TakeForm(request.POST, **_asked(request, shown))
    if not form.is_valid():
        return _choose(request, shown, form)
    proposal = writing_up.propose(shown, form.wanted())
    title, chosen = request.POST.get("title") or proposal.title, form.cleaned_data["chosen"]
    fields = DraftForm(initial={"title": title, "seen": proposal.digest, "chosen": chosen}, **_asked(request, shown))
    return _look(request, shown, form, fields, proposal)


@require_POST
@needs(USE_DESK)
def create(request: ActingRequest, reference: str) -> HttpResponse:
    """Begin the article, and open it in the editor."""
    shown = ticket_or_404(request, reference)
    if why := writing_up.refusal(shown):
        return _refused(request, shown, why)
    taken, form = TakeForm(request.POST, **_asked(request, shown)), DraftForm(request.POST, **_asked(request, shown))
    if not taken.is_valid():
        return _choose(request, shown, taken)
    proposal = writing_up.propose(shown, taken.wanted())
    if form.is_valid() and form.cleaned_data["seen"] != proposal.digest:
        form.add_error(None, _("The letters have changed since you looked. Look through them again."))
    if not form.is_valid():
        return _look(request, shown, taken, form, proposal)
    into = taken.wanted().knowledge_base
    try:
        article = writing_up.write_up(shown, proposal, into=into, title=form.cleaned_data["title"], kept=form.kept(), by=request.actor)
    except NotPossible as refused:
        return _refused(request, shown, str(refused))
    messages.success(request, _("The draft is here. Nobody reads it until you publish it."))
    return redirect("wagtailadmin_pages:edit", article.pk)


@require_safe
@needs(USE_DESK)
def desk_citing(request: ActingRequest, pk: int) -> HttpResponse:
    """The tickets that cite an article: how many, for its page; which, as a page."""
    rows = cited.citing(pk, reader=request.actor)
    if request.htmx:
        return _counted(request, rows.count(), reverse("support:desk_citing", args=[pk]))
    article = get_object_or_404(Article.objects.only("title"), pk=pk)
    page = keyset(rows.for_list(), order=("-updated_at", "-pk"), cursor=request.GET.get("cursor", ""), size=PAGE)
    return render(request, "support/writing_up/citing.html", {"article": article, "page": page})


@require_safe
@signed_in
def citing(request: ActingRequest, slug: str, pk: int) -> HttpResponse:
    """The same in one community, for who follows its tickets: how many; which are in their list of tickets."""
    community = community_of(request, slug)
    if not FOLLOW_TEAM.is_held_by(request.actor, community):
        raise Http404
    listed = f"{reverse('support:tickets', args=[slug])}?article={pk}"
    if not request.htmx:
        return redirect(listed)
    return _counted(request, cited.citing(pk, reader=request.actor).filter(community=community).count(), listed)


def _counted(request: ActingRequest, count: int, url: str) -> HttpResponse:
    response = render(request, "support/writing_up/cited.html", {"count": count, "url": url})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _refused(request: ActingRequest, shown: Ticket, why: str) -> HttpResponse:
    return render(request, "support/writing_up/refused.html", {"ticket": shown, "why": why})


def _asked(request: ActingRequest, shown: Ticket) -> dict[str, Any]:
    return {"shelves": writing_up.shelves(shown, request.actor), "letters": writing_up.letters_of(shown, request.actor)}


def _choose(request: ActingRequest, shown: Ticket, form: TakeForm) -> HttpResponse:
    return render(request, "support/writing_up/take.html", {"ticket": shown, "form": form}, status=422 if form.is_bound else 200)


def _look(request: ActingRequest, shown: Ticket, taken: TakeForm, form: DraftForm, proposal: writing_up.Proposal) -> HttpResponse:
    context = {
        "ticket": shown,
        "taken": taken.cleaned_data,
        "form": form,
        "proposal": proposal,
        "kept": form.kept(),
        "parts": _parts(proposal),
    }
    return render(request, "support/writing_up/review.html", context, status=422 if form.is_bound else 200)


def _parts(proposal: writing_up.Proposal) -> list[tuple[str, Any]]:
    return [(heading, blocks) for heading, blocks in ((_("The question"), proposal.question), (_("The answer"), proposal.answer)) if blocks]
