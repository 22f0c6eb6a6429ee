"""Was this helpful? Asked below each article, and answered without an account, a cookie or a script."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ground.actors import ActingRequest
from ground.rates import Limit, count
from knowledgebase import reading, voting
from knowledgebase.filling import Frame
from knowledgebase.forms import VoteForm
from knowledgebase.models import Audience, Edition
from knowledgebase.views.asked_here import from_our_pages
from knowledgebase.views.framing import for_all_methods, not_theirs

VOTES = Limit("votes", 30, 3600)


@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_all_methods
def feedback(request: ActingRequest, frame: Frame, *, key: int) -> HttpResponseBase:
    """The question alone, with what this reader said; and what they say."""
    edition = reading.readable(frame).listed().filter(pk=key).first()
    if edition is None:
        return _nothing_to_vote_on(request, key)
    address = get_adapter().get_client_ip(request)
    reader = voting.Reader.of(request.actor, edition, address=address, agent=request.headers.get("User-Agent", ""))
    if request.method != "POST":
        return _page(request, frame, edition, vote=voting.vote_of(edition, reader))
    count(VOTES, address)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _page(request, frame, edition, form=form, vote=voting.vote_of(edition, reader), status=422)
    if not form.is_of_a_machine:
        form.say(edition, reader)
    if request.htmx:
        return _page(request, frame, edition, vote=voting.vote_of(edition, reader))
    return HttpResponseRedirect(feedback_url(frame, edition), status=303)


def feedback_url(frame: Frame, edition: Edition) -> str:
    """Where a reader in that frame says what they think of it."""
    if frame.community is None:
        return reverse("knowledgebase:feedback", args=[edition.pk])
    return reverse("knowledgebase:community_feedback", args=[frame.community.slug, edition.pk])


def _page(
    request: ActingRequest, frame: Frame, edition: Edition, *, vote: Any = None, form: VoteForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "frame": frame,
        "community": frame.community,
        "edition": edition,
        "url": feedback_url(frame, edition),
        "article_url": reading.url_in(frame, edition),
        "vote": vote,
        "form": form or VoteForm.of(vote),
        "crumbs": reading.crumbs(frame, [edition]),
    }
    return render(
        request, "knowledgebase/feedback/box.html" if request.htmx else "knowledgebase/feedback/page.html", context, status=status
    )


def _nothing_to_vote_on(request: ActingRequest, key: int) -> HttpResponse:
    """Like an article one may not read: the login for a stranger who may be a member, else nothing."""
    if request.actor.user is None and Edition.objects.filter(pk=key, audience=Audience.MEMBERS).exists():
        return not_theirs(request)
    raise Http404
