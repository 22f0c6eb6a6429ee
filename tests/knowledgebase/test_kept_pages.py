"""Pages kept for readers without cookies: what is kept, for whom, and when it is kept no more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from communities.roles import StaffGroup
from ground.actors import Actor
from knowledgebase import defaults, kept_pages, translating
from knowledgebase.models import Article, Change, Edition, KnowledgeBase, LanguageShelf, Translation
from knowledgebase.significance import Significance
from knowledgebase.translating import following
from tests.factories import CommunityFactory, member, staff
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db

MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}


class Broken(BaseCache):
    """A cache that nobody can reach."""

    def __init__(self, _location, params):
        super().__init__(params)

    def get(self, *_args, **_kwargs):
        raise ConnectionError("refused")

    add = set = get


@pytest.fixture(autouse=True)
def pages(settings):
    settings.CACHES = {**settings.CACHES, "pages": MEMORY}
    caches["pages"].clear()
    return caches["pages"]


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


def ask(path: str, *, client: Client | None = None, **headers: str) -> HttpResponse:
    """As somebody who comes for the first time does."""
    return (client or Client()).get(path, headers=headers)


def queries(path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(path, **headers)
    return len(captured)


def reworded(edition: Edition, words: str) -> None:
    """Behind everybody's back: what is kept does not know."""
    Edition.objects.filter(pk=edition.pk).update(parts=[{"html": f"<p>{words}</p>"}])


class TestKept:
    @pytest.mark.parametrize("path", ["/kb/one/", "/kb/", "/kb/one.md", "/kb/feed.xml", "/llms.txt", "/sitemap.xml"])
    def test_the_second_reader_costs_no_query_and_gets_the_same(self, path):
        published(bare(), title="One", body="words")
        first = ask(path)
        with CaptureQueriesContext(connection) as captured:
            second = ask(path)
        assert (first.status_code, len(captured)) == (200, 0)
        assert (second.content, dict(second.items())) == (first.content, dict(first.items()))

    def test_a_communitys_public_page_is_kept_too(self, community):
        published(bare(community), title="One")
        ask("/c/coastal/kb/one/")
        assert queries("/c/coastal/kb/one/") == 0

    def test_its_headers_tell_others_what_they_may_keep(self):
        published(bare(), title="One")
        headers = ask("/kb/one/").headers
        assert (headers["Cache-Control"], headers["ETag"][:2]) == ("public, no-cache", "W/")
        assert {"Accept-Language", "Cookie"} <= set(headers["Vary"].split(", "))
        assert "default-src 'self'" in headers["Content-Security-Policy"]

    def test_each_language_has_its_own(self):
        published(bare(), title="One")
        english, spanish = ask("/kb/one/"), ask("/kb/one/", accept_language="es-MX,es;q=0.9")
        again = ask("/kb/one/", accept_language="es"), ask("/kb/one/", accept_language="xx")
        assert (b'<html lang="es"' in spanish.content, b'<html lang="en"' in english.content) == (True, True)
        assert [page.content for page in again] == [spanish.content, english.content]

    def test_compressed_and_plain_are_kept_apart(self):
        published(bare(), title="One", body="many words " * 50)
        plain = ask("/kb/one/")
        packed = ask("/kb/one/", accept_encoding="gzip")
        assert (packed.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
        assert ask("/kb/one/", accept_encoding="gzip").content == packed.content
        assert ask("/kb/one/").content == plain.content

    def test_hosts_and_htmx_are_kept_apart(self, settings):
        settings.ALLOWED_HOSTS = ["testserver", "other.example"]
        published(bare(), title="One")
        ask("/kb/one/")
        assert queries("/kb/one/", host="other.example") > 0
        assert queries("/kb/one/", hx_request="true") > 0
        assert ask("/kb/one/", host="evil.example").status_code == 400

    def test_who_has_it_already_gets_304_without_a_query(self):
        published(bare(), title="One")
        tag = ask("/kb/one/").headers["ETag"]
        with CaptureQueriesContext(connection) as captured:
            again = ask("/kb/one/", if_none_match=tag)
        assert (again.status_code, again.content, again.headers["ETag"], len(captured)) == (304, b"", tag, 0)
        assert ask("/kb/one/", if_none_match='W/"other"').status_code == 200

    def test_who_has_it_already_gets_304_also_when_it_is_made_anew(self, pages):
        published(bare(), title="One")
        tag = ask("/kb/one/").headers["ETag"]
        pages.clear()
        assert ask("/kb/one/", if_none_match=tag).status_code == 304

    def test_markdown_says_since_when(self):
        edition = published(bare(), title="One")
        since = ask("/kb/one.md").headers["Last-Modified"]
        assert ask("/kb/one.md", if_modified_since=since).status_code == 304
        assert edition.published_at is not None


class TestNeverKept:
    def test_a_members_page_is_nobody_elses(self, community, pages):
        published(bare(), title="One")
        client = Client()
        client.force_login(member(community, name="Ana Example"), backend="django.contrib.auth.backends.ModelBackend")
        theirs = ask("/kb/one/", client=client)
        assert (b"Ana Example" in theirs.content, theirs.headers["Cache-Control"]) == (True, "private, no-store")
        assert pages._cache == {}
        strangers = ask("/kb/one/")
        assert (b"Ana Example" in strangers.content, strangers.status_code) == (False, 200)
        assert b"Ana Example" in ask("/kb/one/", client=client).content

    def test_a_login_a_404_and_a_405_are_asked_again(self, community):
        inner, missing = draft(bare(), title="Inner", audience="members"), draft(bare(), title="Missing")
        inner.save_revision().publish()
        before = [ask("/kb/inner/").status_code, ask("/kb/missing/").status_code, ask("/c/coastal/kb/").status_code]
        assert Client().post("/kb/inner/").status_code == 405
        Edition.objects.update(audience="public")
        missing.save_revision().publish()
        published(bare(community), title="Public")
        assert (before, [ask(path).status_code for path in ("/kb/inner/", "/kb/missing/", "/c/coastal/kb/")]) == (
            [302, 404, 302],
            [200] * 3,
        )

    @pytest.mark.parametrize(
        ("path", "headers"),
        [
            ("/kb/one/?a=1", {}),
            ("/kb/?download=csv", {}),
            ("/kb/search/", {}),
            ("/kb/one/", {"cookie": "theme=dark"}),
            ("/kb/one/", {"authorization": "Token x"}),
            ("/status/", {}),
        ],
    )
    def test_what_may_differ_is_made_for_each(self, path, headers, pages):
        published(bare(), title="One")
        assert ask(path, **headers).status_code == 200
        assert [key for key in pages._cache if "generation" not in key] == []

    @pytest.mark.parametrize("spoil", ["cookie", "nonce"])
    def test_an_answer_with_something_of_one_readers_is_not_kept(self, spoil, pages):
        response = kept_pages.for_everybody(HttpResponse("page"))
        if spoil == "cookie":
            response.set_cookie("csrftoken", "secret")
        else:
            response.headers["Content-Security-Policy"] = "script-src 'nonce-abc'"
        kept_pages.keep(kept_pages.Place("1", "key"), response)
        assert pages._cache == {}

    def test_an_answer_nobody_called_everybodys_is_not_kept(self, pages):
        request = RequestFactory().get("/kb/one/")
        assert kept_pages.middleware(lambda _request: HttpResponse("page"))(request).content == b"page"
        assert [key for key in pages._cache if "generation" not in key] == []

    def test_a_stranger_gets_no_cookie(self):
        published(bare(), title="One")
        assert [dict(ask(path).cookies) for path in ("/kb/", "/kb/one/")] == [{}, {}]


class TestDropped:
    @pytest.fixture
    def article(self):
        return published(bare(), title="One", body="old words").article

    def publish(self, article):
        article = Article.objects.get(pk=article.pk)
        article.body = [("text", "new words")]
        article.save_revision().publish()

    def test_a_page_published_anew_is_read_anew(self, article, django_capture_on_commit_callbacks):
        ask("/kb/one/")
        with django_capture_on_commit_callbacks(execute=True):
            self.publish(article)
            before_commit = b"new words" in ask("/kb/one/").content
        assert (before_commit, b"new words" in ask("/kb/one/").content) == (False, True)

    @pytest.mark.parametrize(
        "change",
        [
            lambda article: article.unpublish(),
            lambda article: article.delete(),
            lambda article: article.move(draft(bare(), title="Section"), pos="last-child"),
            lambda _article: KnowledgeBase.objects.get().save_revision().publish(),
            lambda _article: defaults.ensure(),
        ],
        ids=["unpublished", "deleted", "moved", "knowledge base", "setup"],
    )
    def test_whatever_else_changes_what_is_read_drops_them(self, article, change, django_capture_on_commit_callbacks):
        ask("/kb/one/")
        with django_capture_on_commit_callbacks(execute=True):
            change(Article.objects.get(pk=article.pk))
        assert queries("/kb/one/") > 0

    @pytest.mark.parametrize(
        ("decided", "told"),
        [
            (lambda row, by: translating.decide(Change.objects.get(), Significance.LARGE, by=by), True),
            (lambda row, by: translating.decide(Change.objects.get(), Significance.SMALL, by=by), False),
            (lambda row, by: translating.follow(row, change=Change.objects.get(), by=by), False),
        ],
        ids=["large", "small", "followed"],
    )
    def test_how_far_behind_a_translation_is_said_to_be_is_read_anew(self, article, decided, told, django_capture_on_commit_callbacks):
        spanish = bare().add_child(instance=LanguageShelf(title="Español", slug="es"))
        page = published(spanish, title="Uno", translation_of=article).article
        self.publish(article)
        Translation.objects.filter(pk=page.pk).update(lag=Significance.SMALL if told else Significance.LARGE)
        before = b"out of date" in ask("/kb/es/uno/").content
        with django_capture_on_commit_callbacks(execute=True):
            decided(Translation.objects.get(pk=page.pk), Actor.person(staff(StaffGroup.COMMUNITY_GUIDE)))
        assert (before, b"out of date" in ask("/kb/es/uno/").content) == (not told, told)

    def test_what_a_publication_means_for_translations_drops_them_by_itself(self, article, django_capture_on_commit_callbacks):
        ask("/kb/one/")
        with django_capture_on_commit_callbacks(execute=True):
            following.published(article, article.save_revision())
        assert queries("/kb/one/") > 0

    def test_a_page_made_from_what_was_before_is_found_by_nobody(self, article):
        request = RequestFactory().get("/kb/one/")
        place = kept_pages.place_of(request)
        kept_pages.drop()
        kept_pages.keep(place, kept_pages.for_everybody(HttpResponse("old words")))
        assert ask("/kb/one/").content != b"old words"

    def test_a_cache_that_forgot_the_generation_brings_no_old_page_back(self, article, pages):
        ask("/kb/one/")
        pages.delete(kept_pages.GENERATION)
        assert queries("/kb/one/") > 0

    @pytest.mark.services
    def test_another_process_drops_them_here(self, article, settings, tmp_path):
        settings.CACHES = {
            **settings.CACHES,
            "pages": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path / "pages")},
        }
        ask("/kb/one/")
        reworded(article.edition, "reworded")
        kept = ask("/kb/one/")
        there = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(tmp_path), "CACHE_URL": ""}
        drop = "import django; django.setup(); from knowledgebase import kept_pages; kept_pages.drop()"
        subprocess.run([sys.executable, "-c", drop], cwd=Path(site.BASE_DIR), env=there, check=True, timeout=120)
        assert (b"reworded" in kept.content, b"reworded" in ask("/kb/one/").content) == (False, True)


class TestFailing:
    @pytest.mark.parametrize(
        "cache",
        [
            {"BACKEND": f"{__name__}.Broken"},
            {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"},  # where nobody listens
        ],
        ids=["broken", "no Redis"],
    )
    def test_without_a_cache_the_page_is_made(self, settings, cache):
        settings.CACHES = {**settings.CACHES, "pages": cache}
        published(bare(), title="One", body="words")
        kept_pages.drop()
        assert [b"words" in ask("/kb/one/").content for _ in range(2)] == [True, True]

    def test_a_page_that_cannot_be_read_any_more_is_made(self, settings, tmp_path):
        settings.CACHES = {
            **settings.CACHES,
            "pages": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": str(tmp_path)},
        }
        published(bare(), title="One", body="words")
        ask("/kb/one/")
        for file in tmp_path.iterdir():
            file.write_bytes(b"torn")
        assert b"words" in ask("/kb/one/").content


def test_the_language_is_changed_without_a_token():
    """Kept pages hold nobody's token, so the switch asks for none (docs/adr/0066)."""
    client = Client(enforce_csrf_checks=True)
    response = client.post("/i18n/setlang/", {"language": "es", "next": "/kb/"})
    assert (response.status_code, response.headers["Location"], client.cookies["django_language"].value) == (302, "/kb/", "es")
