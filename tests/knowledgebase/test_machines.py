"""What programs read: feed, sitemap, robots.txt, llms.txt, Markdown; and the worker for when there is no line."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.test import Client

from communities.roles import Role
from knowledgebase.models import Article, Edition, KnowledgeBase
from tests.factories import CommunityFactory, member
from tests.knowledgebase.factories import bare, picture, published

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def entries(client, path: str) -> list[dict[str, str]]:
    feed = ElementTree.fromstring(client.get(path).content)
    return [
        {
            "title": entry.findtext("a:title", namespaces=ATOM),
            "link": entry.find("a:link", ATOM).get("href"),
            "id": entry.findtext("a:id", namespaces=ATOM),
            "updated": entry.findtext("a:updated", namespaces=ATOM),
        }
        for entry in feed.findall("a:entry", ATOM)
    ]


class TestFeed:
    def test_the_newest_comes_first_with_where_it_is_and_when(self, client):
        old, new = published(bare(), title="Old", summary="Was."), published(bare(), title="New")
        Edition.objects.filter(pk=old.pk).update(published_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        found = entries(client, "/kb/feed.xml")
        assert [entry["title"] for entry in found] == ["New", "Old"]
        assert found[1] == {
            "title": "Old",
            "link": f"{SITE}/kb/old/",
            "id": f"tag:127.0.0.1,2026:article:{old.pk}",
            "updated": "2026-01-02T03:04:05+00:00",
        }
        assert new.pk != old.pk

    def test_an_article_that_moves_stays_the_same_entry(self, client):
        section, article = published(bare(), title="Section").article, published(bare(), title="Moved")
        before = next(entry for entry in entries(client, "/kb/feed.xml") if entry["title"] == "Moved")
        Article.objects.get(pk=article.pk).move(section, pos="last-child")
        after = next(entry for entry in entries(client, "/kb/feed.xml") if entry["title"] == "Moved")
        assert (before["id"], before["link"], after["link"]) == (after["id"], f"{SITE}/kb/moved/", f"{SITE}/kb/section/moved/")

    def test_a_member_reads_theirs_and_links_stay_in_their_community(self, community):
        published(bare(community), title="Ours", audience="members")
        published(bare(), title="Shared")
        found = entries(signed_in(member(community)), "/c/coastal/kb/feed.xml")
        assert {entry["link"] for entry in found} == {f"{SITE}/c/coastal/kb/ours/", f"{SITE}/c/coastal/kb/shared/"}

    def test_nothing_published_is_an_empty_feed(self, client):
        bare()
        assert entries(client, "/kb/feed.xml") == []

    def test_hostile_titles_are_words(self, client):
        published(bare(), title='</title><script>"&', summary="]]>")
        assert [entry["title"] for entry in entries(client, "/kb/feed.xml")] == ['</title><script>"&']

    def test_queries_are_the_same_with_one_and_many(self, client, django_assert_num_queries):
        published(bare(), title="One")
        with django_assert_num_queries(1):
            client.get("/kb/feed.xml")
        for number in range(3):
            published(bare(), title=f"More {number}")
        with django_assert_num_queries(1):
            client.get("/kb/feed.xml")


class TestMarkdown:
    def test_links_and_files_lead_on_with_whole_addresses_inside_the_frame(self, community):
        image = picture(bare())
        body = [
            {"type": "text", "value": "Read [two](kb:two#part), `[not](kb:this)`.\n\n## Part"},
            {"type": "figure", "value": {"image": image.pk, "alt": "Map", "caption": ""}},
        ]
        published(bare(), title="One", summary="Sum.", body=body)
        bare(community)
        shared = Client().get("/kb/one.md")
        inside = signed_in(member(community)).get("/c/coastal/kb/one.md").content.decode()
        assert (shared.headers["Content-Type"], shared.headers["Link"]) == (
            "text/markdown; charset=utf-8",
            f'<{SITE}/kb/one/>; rel="canonical"',
        )
        text = shared.content.decode()
        assert text.startswith("# One\n\nSum.\n\nRead ")
        assert f"[two]({SITE}/kb/two/#part), `[not](kb:this)`" in text
        assert f"{{figure}} {SITE}/files/images/{image.key}/original/" in text
        assert f"[two]({SITE}/c/coastal/kb/two/#part)" in inside

    def test_serving_is_one_query(self, client, django_assert_num_queries):
        published(bare(), title="One")
        with django_assert_num_queries(1):
            assert client.get("/kb/one.md").status_code == 200

    def test_a_members_one_sends_a_stranger_to_the_login_and_none_is_none(self, client):
        published(bare(), title="Inner", audience="members")
        assert client.get("/kb/inner.md").headers["Location"] == "/accounts/login/?next=/kb/inner.md"
        assert client.get("/kb/none.md").status_code == 404

    def test_a_section_keeps_its_articles_markdown_apart(self, client):
        section = published(bare(), title="Section", body="of the section").article
        published(section, title="Part", body="of the part")
        assert [
            "of the section" in client.get("/kb/section.md").content.decode(),
            "of the part" in client.get("/kb/section/part.md").content.decode(),
        ] == [
            True,
            True,
        ]


class TestLists:
    def test_llms_txt_names_every_article_by_section(self, client):
        section = published(bare(), title="Files", summary="Where they are.").article
        inner = published(section, title="Storage", summary="How much.").article
        published(inner, title="Quota")
        assert client.get("/llms.txt").content.decode() == (
            "# Knowledge base · Example Hubs\n\n"
            "> How to work with computing hubs: each article below is there as Markdown.\n\n"
            "## Files\n\n"
            f"- [Files]({SITE}/kb/files.md): Where they are.\n"
            f"- [Storage]({SITE}/kb/files/storage.md): How much.\n"
            f"- [Quota]({SITE}/kb/files/storage/quota.md)\n\n"
        )

    def test_the_sitemap_says_where_and_since_when_in_one_query(self, client, community, django_assert_num_queries):
        published(bare(), title="One")
        published(bare(community), title="Two")
        with django_assert_num_queries(1):
            page = client.get("/sitemap.xml")
        found = ElementTree.fromstring(page.content)
        addresses = {loc.text for loc in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
        assert (addresses, page.headers["Content-Type"]) == ({f"{SITE}/kb/one/", f"{SITE}/c/coastal/kb/two/"}, "application/xml")

    def test_robots_txt_names_the_sitemap_and_what_is_not_for_them(self, client):
        lines = client.get("/robots.txt").content.decode().splitlines()
        assert {"User-agent: *", "Disallow: /cms/", f"Sitemap: {SITE}/sitemap.xml"} <= set(lines)


class TestOffline:
    def test_the_worker_may_stand_anywhere_and_is_asked_for_anew(self, client):
        response = client.get("/kb/offline.js")
        assert (response.headers["Service-Worker-Allowed"], response.headers["Cache-Control"]) == ("/", "no-cache")
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert "css/knowledgebase.css" in response.content.decode()

    @pytest.mark.parametrize(("who", "says"), [("nobody", True), ("member", False)])
    def test_only_pages_for_everybody_ask_for_the_worker(self, community, who, says):
        published(bare(), title="One")
        client = signed_in(member(community)) if who == "member" else Client()
        assert ('data-worker="/kb/offline.js"' in client.get("/kb/one/").content.decode()) is says


class TestHead:
    def test_an_article_says_where_it_lives_and_what_stands_beside_it(self, community):
        published(bare(), title="One")
        published(bare(), title="Two")
        bare(community)
        page = signed_in(member(community)).get("/c/coastal/kb/two/").content.decode()
        assert f'<link rel="canonical" href="{SITE}/kb/two/">' in page
        assert '<link rel="alternate" type="text/markdown" href="/c/coastal/kb/two.md">' in page
        assert '<link rel="prev" href="/c/coastal/kb/one/">' in page

    def test_a_heading_links_to_itself_and_stays_words(self, client):
        published(bare(), title="One", body='## A `code` & "words"\n\ntext')
        page = client.get("/kb/one/").content.decode()
        assert '<h2 id="a-code-words">' in page
        assert '<a href="#a-code-words" title="Link to “A code &amp; &quot;words&quot;”"></a></h2>' in page


def test_an_image_that_strangers_may_open_may_be_kept_and_a_readers_own_answer_by_them_alone(community):
    image = picture(bare())
    published(bare(), title="One", body=[{"type": "figure", "value": {"image": image.pk, "alt": "Map", "caption": ""}}])
    answers = [client.get(f"/files/images/{image.key}/original/") for client in (Client(), signed_in(member(community)))]
    assert [len(b"".join(answer.streaming_content)) > 0 for answer in answers] == [True, True]
    assert [answer.headers["Cache-Control"] for answer in answers] == ["public, max-age=300", "private, max-age=3600"]


def test_the_first_page_says_what_is_new_and_what_its_editors_say(client):
    for number in range(7):
        edition = published(bare(), title=f"Article {number}")
        Edition.objects.filter(pk=edition.pk).update(published_at=datetime(2026, 1, number + 1, tzinfo=UTC))
    KnowledgeBase.objects.update(introduction="Begin here.")
    page = client.get("/kb/").content.decode()
    new = page[page.index("New and updated") :]
    assert [f"Article {number}" in new for number in range(7)] == [False, False, True, True, True, True, True]
    assert ("Begin here." in page, "7 January 2026" in new, 'href="/kb/feed.xml"' in new) == (True, True, True)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.HUB_CHAMPION, "Write the first one"),
        (Role.MEMBER, "Until then, these are shared with every community."),
    ],
)
def test_a_community_that_wrote_nothing_yet_is_told_how_it_begins(community, role, words):
    published(bare(), title="Shared")
    bare(community)
    page = signed_in(member(community, role)).get("/c/coastal/kb/").content.decode()
    assert ("Nothing by Coastal yet" in page, words in page) == (True, True)


def test_an_empty_knowledge_base_asks_a_stranger_to_sign_in(client):
    bare()
    page = client.get("/kb/").content.decode()
    assert "Articles for everybody will appear here. Members find more after signing in." in page
