"""What programs read: the feed, the sitemap, robots.txt, llms.txt, and each article as Markdown."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from ground.actors import ActingRequest, Actor
from knowledgebase import feeds, kept_pages, pointing, reading
from knowledgebase.filling import Frame
from knowledgebase.models import Edition
from knowledgebase.suggestions import url_of
from knowledgebase.views.framing import in_frame
from knowledgebase.views.keeping import kept_by_strangers
from knowledgebase.views.reading import moved, no_article

MOST_IN_A_SITEMAP = 50_000
MOST_LEVELS = 60  # more than a page's path has room for


@in_frame
@kept_by_strangers
def feed(_request: ActingRequest, frame: Frame) -> HttpResponseBase:
    """What was published or updated, newest first."""
    newest = list(reading.newest(frame, most=feeds.MOST).select_related("knowledge_base", "article"))
    found = feeds.feed_of(frame, newest)
    response = HttpResponse(found.writeString("utf-8"), content_type=found.content_type)
    if newest:
        response.headers["Last-Modified"] = http_date(newest[0].published_at.timestamp())
    return response


@in_frame
@kept_by_strangers
def markdown(request: ActingRequest, frame: Frame, *, address: str) -> HttpResponseBase:
    """One article as it can be taken along."""
    edition = reading.readable(frame).filter(address=address).only("address", "markdown", "published_at").in_reading_order().first()
    if edition is None:
        return moved(frame, address, ending=".md") or no_article(request, frame, address)
    response = HttpResponse(pointing.in_frame(edition.markdown, frame), content_type="text/markdown; charset=utf-8")
    response.headers["Link"] = f'<{settings.SITE_URL}{reading.url_in(frame, edition)}>; rel="canonical"'
    response.headers["Last-Modified"] = http_date(edition.published_at.timestamp())
    return response


@in_frame
@kept_by_strangers
def llms(request: ActingRequest, frame: Frame) -> HttpResponseBase:
    """What there is to read, for language models: title, summary, and where its Markdown is (llmstxt.org)."""
    sections = reading.by_section(reading.readable(frame).listed().in_reading_order(), levels=MOST_LEVELS)
    context = {"frame": frame, "site": settings.SITE_URL, "sections": sections}
    return render(request, "knowledgebase/llms.txt", context, content_type="text/markdown; charset=utf-8")


@require_safe
def sitemap(request: ActingRequest) -> HttpResponse:
    """Every article that is for everybody, whoever asks."""
    public = Edition.objects.visible_to(Actor.anonymous()).listed().select_related("knowledge_base__community").order_by("-published_at")
    rows = [(url_of(edition, None), edition.published_at) for edition in public[:MOST_IN_A_SITEMAP]]
    response = render(request, "knowledgebase/sitemap.xml", {"site": settings.SITE_URL, "rows": rows}, content_type="application/xml")
    return kept_pages.for_everybody(response)


@require_safe
def robots(request: ActingRequest) -> HttpResponse:
    """What search engines need not look at, and where the sitemap is."""
    return render(request, "knowledgebase/robots.txt", {"site": settings.SITE_URL}, content_type="text/plain; charset=utf-8")
