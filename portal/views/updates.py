"""Monthly updates: of a community for its people, and of all for everybody; drafting, publishing, and what stands behind a number."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from communities.access import community_or_404, needs, roles_in, signed_in
from communities.models import Community
from ground import exports
from ground.actors import ActingRequest
from ground.paging import keyset
from portal import feeds, updating
from portal.access import AGREE_TO_BE_NAMED, PUBLISH_UPDATES, WRITE_UPDATES
from portal.drafting.facts import BY_KEY, behind
from portal.emails import READERS
from portal.forms import DraftForm
from portal.lists import BEHIND, UPDATES
from portal.models import CommunityUpdate, NamedForAll, QuietReader
from portal.models.updates import CommunityUpdateQuerySet
from portal.months import Month

NEWEST = ["-month", "-pk"]


@require_safe
@signed_in
def updates(request: ActingRequest, slug: str) -> HttpResponseBase:
    """`/c/<slug>/updates/`: the updates of a community."""
    return _list(request, community_or_404(request.actor, slug))


@require_safe
def public_updates(request: ActingRequest) -> HttpResponseBase:
    """`/updates/`: the updates for everybody."""
    return _list(request, None)


@require_safe
@signed_in
def update(request: ActingRequest, slug: str, month: Month) -> HttpResponse:
    """`/c/<slug>/updates/<year>-<month>/`."""
    return _page(request, community_or_404(request.actor, slug), month)


@require_safe
def public_update(request: ActingRequest, month: Month) -> HttpResponse:
    """`/updates/<year>-<month>/`."""
    return _page(request, None, month)


@require_safe
@signed_in
def feed(request: ActingRequest, slug: str) -> HttpResponse:
    """A community's, for who is signed in and belongs to it."""
    response = _feed(request, community_or_404(request.actor, slug))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def public_feed(request: ActingRequest) -> HttpResponse:
    """The one for everybody."""
    return _feed(request, None)


@require_safe
@needs(WRITE_UPDATES)
def rows(request: ActingRequest, slug: str, month: Month, fact: str) -> HttpResponseBase:
    """What stands behind a number of a community's update, for staff."""
    return _behind(request, community_or_404(request.actor, slug), month, fact)


@require_safe
@needs(WRITE_UPDATES)
def public_rows(request: ActingRequest, month: Month, fact: str) -> HttpResponseBase:
    """The same for the one for everybody."""
    return _behind(request, None, month, fact)


@require_POST
@needs(WRITE_UPDATES)
def draft(request: ActingRequest, slug: str) -> HttpResponseBase:
    """Draft an update of a community now."""
    return _draft(request, community_or_404(request.actor, slug))


@require_POST
@needs(WRITE_UPDATES)
def public_draft(request: ActingRequest) -> HttpResponseBase:
    """Draft one for everybody now."""
    return _draft(request, None)


@require_POST
@needs(PUBLISH_UPDATES)
def publish(request: ActingRequest, pk: int) -> HttpResponse:
    """Publish what was written last."""
    found = CommunityUpdate.objects.visible_to(request.actor).select_related("community").filter(pk=pk).first()
    if found is None:
        raise Http404
    updating.publish(found, by=request.actor)
    messages.success(request, _("It is published."))
    return redirect(_url(found))


@require_POST
@signed_in
def stop_mails(request: ActingRequest, slug: str) -> HttpResponse:
    """No mail about this community's updates any more."""
    updating.stop_mails(_as_reader(request, slug), by=request.actor)
    return redirect("portal:updates", slug)


@require_POST
@signed_in
def start_mails(request: ActingRequest, slug: str) -> HttpResponse:
    """Mails again."""
    updating.start_mails(_as_reader(request, slug), by=request.actor)
    return redirect("portal:updates", slug)


@require_POST
@signed_in
def agree_to_be_named(request: ActingRequest, slug: str) -> HttpResponse:
    """The update for everybody may name us."""
    updating.agree_to_be_named(_as_speaker(request, slug), by=request.actor)
    return redirect("portal:updates", slug)


@require_POST
@signed_in
def take_name_back(request: ActingRequest, slug: str) -> HttpResponse:
    """It may not any more."""
    updating.take_name_back(_as_speaker(request, slug), by=request.actor)
    return redirect("portal:updates", slug)


def _list(request: ActingRequest, community: Community | None, *, form: DraftForm | None = None, status: int = 200) -> HttpResponseBase:
    found = _visible(request, community).defer("facts", "body")
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet("updates", UPDATES, found.order_by(*NEWEST)))
    may_write = WRITE_UPDATES.is_held_by(request.actor)
    context = {
        "page": keyset(found, order=NEWEST, cursor=request.GET.get("cursor", "")),
        "community": community,
        "feed_url": _address("feed", community),
        "may_write": may_write,
        "form": form or DraftForm(initial={"language": community.language if community else "en"}) if may_write else None,
        "draft_url": _address("draft", community),
        **(_choices(request, community) if community else {}),
    }
    return render(request, "portal/updates/list.html", context, status=status)


def _choices(request: ActingRequest, community: Community) -> dict[str, Any]:
    """What this reader may have otherwise."""
    is_reader, may_name = bool(roles_in(request.actor, community) & READERS), AGREE_TO_BE_NAMED.is_held_by(request.actor, community)
    return {
        "is_reader": is_reader,
        "is_quiet": is_reader and QuietReader.objects.filter(user=request.actor.user, community=community).exists(),
        "may_name": may_name and roles_in(request.actor, community),
        "is_named": may_name and NamedForAll.objects.filter(community=community).exists(),
    }


def _page(request: ActingRequest, community: Community | None, month: Month) -> HttpResponse:
    versions = list(_visible(request, community).filter(month=month.first).order_by("language"))
    if not versions:
        raise Http404
    shown = _in_language(
        versions, [request.GET.get("language", ""), (get_language() or "en").split("-")[0], community.language if community else "en"]
    )
    may_write = WRITE_UPDATES.is_held_by(request.actor)
    context = {
        "update": shown,
        "community": community,
        "other_languages": [each for each in versions if each is not shown],
        "list_url": _address("updates", community),
        "feed_url": _address("feed", community),
        "behind": _url(shown, with_language=False) + "rows/" if may_write else "",
        "may_write": may_write,
        "may_publish": PUBLISH_UPDATES.is_held_by(request.actor),
        "edit_url": reverse(CommunityUpdate.snippet_viewset.get_url_name("edit"), args=[shown.pk]) if may_write else "",
        "publish_url": reverse("portal:publish_update", args=[shown.pk]),
    }
    return render(request, "portal/updates/update.html", context)


def _feed(request: ActingRequest, community: Community | None) -> HttpResponse:
    newest = _visible(request, community).published().defer("facts").order_by("-first_published_at", "-pk")[: feeds.MOST]
    found = feeds.feed_of(community, newest, path=_address("updates", community))
    return HttpResponse(found.writeString("utf-8"), content_type=found.content_type)


def _behind(request: ActingRequest, community: Community | None, month: Month, key: str) -> HttpResponseBase:
    if key not in BY_KEY:
        raise Http404
    fact, found = BY_KEY[key], behind(key, month, community.pk if community else None)
    if kind := exports.asked(request):
        return exports.answer(kind, exports.Sheet(f"{key}-{month}", BEHIND, [fact.show(row) for row in found[: exports.CAP]]))
    page = keyset(found, order=["pk"], cursor=request.GET.get("cursor", ""))
    context = {
        "words": fact.words,
        "month": month,
        "community": community,
        "page": page,
        "rows": [fact.show(row) for row in page.rows],
        "back": _address("update", community, month),
    }
    return render(request, "portal/updates/behind.html", context)


def _draft(request: ActingRequest, community: Community | None) -> HttpResponseBase:
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _list(request, community, form=form, status=422)
    drafted = updating.draft(community, form.cleaned_data["month"], by=request.actor, language=form.cleaned_data["language"])
    return redirect(_url(drafted))


def _visible(request: ActingRequest, community: Community | None) -> CommunityUpdateQuerySet:
    return CommunityUpdate.objects.visible_to(request.actor).of(community).select_related("community")


def _in_language(versions: list[CommunityUpdate], wanted: list[str]) -> CommunityUpdate:
    """The first of the wanted languages that there is."""
    by_language = {each.language: each for each in versions}
    return next((by_language[code] for code in wanted if code in by_language), versions[0])


def _url(found: CommunityUpdate, *, with_language: bool = True) -> str:
    return found.get_absolute_url() + (f"?language={found.language}" if with_language else "")


def _address(name: str, community: Community | None, *more: object) -> str:
    """The page of that name among a community's, or among everybody's."""
    if community is None:
        return reverse(f"portal:public_{name}", args=more)
    names = {"feed": "updates_feed", "draft": "draft_update"}
    return reverse(f"portal:{names.get(name, name)}", args=[community.slug, *more])


def _as_reader(request: ActingRequest, slug: str) -> Community:
    """The community, for who is written to about it."""
    found = community_or_404(request.actor, slug)
    if not roles_in(request.actor, found) & READERS:
        raise Http404
    return found


def _as_speaker(request: ActingRequest, slug: str) -> Community:
    """The community, for who speaks for it."""
    found = community_or_404(request.actor, slug)
    if not AGREE_TO_BE_NAMED.is_held_by(request.actor, found):
        raise Http404
    return found
