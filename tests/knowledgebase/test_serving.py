"""Reading and searching, as a browser does."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from communities.roles import Role
from hubs.states import HubState
from knowledgebase.models import Edition
from tests.factories import CommunityFactory, member
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


class TestArticle:
    def test_a_page_shows_title_text_contents_and_neighbours(self, client):
        shared = bare()
        first, second = published(shared, title="First"), published(shared, title="Second", body="## One\n\ntext\n\n## Two")
        page = " ".join(client.get(f"/kb/{second.address}/").content.decode().split())
        assert '<h1 lang="en">Second</h1>' in page
        assert 'href="#one"' in page
        assert f'rel="prev" href="/kb/{first.address}/"' in page

    def test_a_draft_an_unpublished_and_a_deleted_article_are_gone(self, client):
        shared = bare()
        unpublished, deleted = published(shared, title="Was"), published(shared, title="Gone")
        draft(shared, title="Draft")
        unpublished.article.unpublish()
        deleted.article.delete()
        assert [client.get(f"/kb/{slug}/").status_code for slug in ("was", "gone", "draft")] == [404, 404, 404]
        assert client.get("/kb/search/?q=gone").content.decode().count('<ol class="found') == 0

    def test_the_live_text_stays_while_a_draft_is_written(self, client):
        article = published(bare(), title="Live", body="old").article
        article.body = [("text", "new")]
        article.save_revision()
        assert "old" in client.get("/kb/live/").content.decode()

    @pytest.mark.parametrize(
        ("asked", "leads_to"),
        [
            ("/kb//first/", "/kb/first/"),
            ("/kb/first//", "/kb/first/"),
            ("/kb///", "/kb/"),
            ("/c/coastal/kb//first/", "/c/coastal/kb/first/"),
        ],
    )
    def test_slashes_too_many_lead_to_the_one_address_it_has(self, client, community, asked, leads_to):
        published(bare(), title="First")
        published(bare(community), title="Own")
        assert client.get(asked).headers["Location"] == leads_to

    def test_a_members_article_sends_a_stranger_to_the_login(self, client):
        published(bare(), title="Inner", audience="members")
        assert client.get("/kb/inner/").headers["Location"] == "/accounts/login/?next=/kb/inner/"

    def test_a_shared_article_inside_a_community_links_on_inside_it(self, community):
        published(bare(), title="First", body="[second](kb:second#part)")
        bare(community)
        page = signed_in(member(community)).get("/c/coastal/kb/first/").content.decode()
        assert 'href="/c/coastal/kb/second/#part"' in page

    def test_an_own_article_at_the_same_address_is_shown_in_place_of_the_shared_one(self, community):
        published(bare(), title="Storage", body="shared words")
        published(bare(community), title="Storage", body="own words", audience="members")
        page = signed_in(member(community)).get("/c/coastal/kb/storage/").content.decode()
        assert ("own words" in page, "shared words" in page) == (True, False)

    def test_another_communitys_article_is_nowhere(self, community):
        published(bare(CommunityFactory(slug="other")), title="Secret", audience="members")
        bare(community)
        client = signed_in(member(community))
        assert [client.get(path).status_code for path in ("/c/coastal/kb/secret/", "/c/other/kb/secret/", "/kb/secret/")] == [404, 404, 404]
        assert "Secret" not in client.get("/c/coastal/kb/search/?q=secret").content.decode().replace('value="secret"', "")

    def test_moving_and_renaming_a_section_moves_the_addresses_below(self, django_capture_on_commit_callbacks):
        shared = bare()
        section, target = published(shared, title="Section").article, published(shared, title="Target").article
        published(section, title="Child")
        section.move(target, pos="last-child")
        section = type(section).objects.get(pk=section.pk)
        section.slug = "part"
        with django_capture_on_commit_callbacks(execute=True):
            section.save_revision().publish()
        assert set(Edition.objects.values_list("address", flat=True)) == {"target", "target/part", "target/part/child"}

    def test_queries_stay_few_with_one_and_many_neighbours(self, client, django_assert_max_num_queries, django_assert_num_queries):
        shared = bare()
        published(shared, title="A0")
        client.get("/kb/a0/")
        with django_assert_max_num_queries(MOST_QUERIES) as few:
            client.get("/kb/a0/")
        for number in range(1, 4):
            published(shared, title=f"A{number}")
        with django_assert_num_queries(len(few)):
            client.get("/kb/a0/")

    def test_a_members_page_with_every_live_block_stays_within_the_limit(self, community):
        HubFactory(community=community)
        live = [
            {"type": "hub_facts", "value": {"title": ""}},
            {"type": "request", "value": {"kind": "event", "words": ""}},
            {"type": "ask_support", "value": {"words": "", "subject": ""}},
        ]
        published(bare(community), title="All", body=live, audience="members")
        client = signed_in(member(community))
        client.get("/c/coastal/kb/all/")  # the first visit of a session is noted
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/c/coastal/kb/all/").status_code == 200
        ours = [query["sql"] for query in queries if not re.search("SAVEPOINT|usersession|django_session", query["sql"])]
        assert len(ours) <= MOST_QUERIES


class TestLiveBlocks:
    def page(self, community, user, block) -> str:
        published(bare(community), title="Live", body=[block], audience="public")
        client = signed_in(user) if user else Client()
        return client.get(f"/c/{community.slug}/kb/live/").content.decode()

    def test_hub_facts_name_the_communitys_hubs_alone(self, community):
        HubFactory(community=community, display_name="Ours", domain="ours.example.org", state=HubState.LIVE)
        HubFactory(community=CommunityFactory(), display_name="Theirs")
        page = self.page(community, member(community), {"type": "hub_facts", "value": {"title": ""}})
        assert ("https://ours.example.org/" in page, "Theirs" in page) == (True, False)

    def test_hub_facts_say_nothing_to_a_stranger(self, community):
        HubFactory(community=community, display_name="Ours")
        assert "Ours" not in self.page(community, None, {"type": "hub_facts", "value": {"title": ""}})

    @pytest.mark.parametrize(("role", "sees"), [(Role.REPRESENTATIVE, True), (Role.HUB_CHAMPION, True), (Role.MEMBER, False)])
    def test_a_request_block_opens_the_form_for_who_may_ask(self, community, role, sees):
        page = self.page(community, member(community, role), {"type": "request", "value": {"kind": "event", "words": "Soon"}})
        assert ("/c/coastal/hubs/request/event/" in page) is sees

    def test_open_in_hub_fetches_the_repository_and_opens_the_path(self, community):
        HubFactory(community=community, domain="ours.example.org")
        value = {"words": "Open", "repository": "https://example.org/a/course.git", "branch": "main", "path": "week 1/start.ipynb"}
        page = self.page(community, member(community), {"type": "open_in_hub", "value": value})
        assert (
            "https://ours.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fexample.org%2Fa%2Fcourse.git"
            "&amp;branch=main&amp;urlpath=lab%2Ftree%2Fcourse%2Fweek%201%2Fstart.ipynb" in page
        )

    def test_ask_support_in_the_shared_shelf_offers_each_community(self, community):
        published(bare(), title="Help", body=[{"type": "ask_support", "value": {"words": "", "subject": "Why?"}}])
        page = signed_in(member(community)).get("/kb/help/").content.decode()
        assert "/c/coastal/tickets/new/?subject=Why%3F" in page


class TestHome:
    def test_a_community_sees_its_own_before_the_shared_ones(self, community):
        published(bare(), title="Shared one")
        published(bare(community), title="Own one", audience="members")
        page = signed_in(member(community)).get("/c/coastal/kb/").content.decode()
        assert 0 < page.index("Own one") < page.index("Shared one")

    def test_a_language_has_its_own_page(self, client):
        shared = bare()
        published(shared, title="Hello")
        spanish = shelf(shared)
        published(spanish, title="Hola")
        page = client.get("/kb/es/").content.decode()
        assert ("Hola" in page, "Hello" in page, client.get("/kb/es/hola/").status_code) == (True, False, 200)

    def test_queries_are_the_same_with_one_and_many_articles(self, client, django_assert_max_num_queries, django_assert_num_queries):
        shared = bare()
        published(shared, title="A0")
        client.get("/kb/")
        with django_assert_max_num_queries(MOST_QUERIES) as few:
            client.get("/kb/")
        for number in range(1, 4):
            published(bare(CommunityFactory()), title=f"A{number}")
        with django_assert_num_queries(len(few)):
            client.get("/kb/")


class TestSearch:
    def test_what_was_found_leads_into_the_same_frame(self, community):
        published(bare(), title="Storage quota")
        bare(community)
        page = signed_in(member(community)).get("/c/coastal/kb/search/?q=storge").content.decode()
        assert 'href="/c/coastal/kb/storage-quota/"' in page

    @pytest.mark.parametrize("query", ['"', "%00", "%20", "*", "a" * 3000])
    def test_odd_words_get_a_page(self, client, query):
        published(bare(), title="Anything")
        assert client.get(f"/kb/search/?q={query}").status_code == 200

    def test_no_javascript_or_style_inline(self, client):
        published(bare(), title="Page", body="<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/p.png)")
        page = client.get("/kb/page/").content.decode()
        assert ("<script>alert" in page, 'href="javascript' in page, "evil.example/p.png" in page) == (False, False, False)


def shelf(knowledge_base):
    from knowledgebase.models import LanguageShelf

    page = LanguageShelf(title="Español", slug="es")
    knowledge_base.add_child(instance=page)
    return page


class TestOldAddresses:
    """What an article was found under on the site it came from."""

    @pytest.mark.parametrize(
        "asked",
        ["guide/first_steps.html", "guide/first-steps.md", "Guide/First-Steps", "guide/first_steps", "guide/first-steps/index.html"],
    )
    def test_lead_on(self, client, asked):
        published(published(bare(), title="Guide").article, title="First steps", slug="first-steps")
        answer = client.get(f"/kb/{asked}/")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/kb/guide/first-steps/")

    def test_lead_nowhere_that_is_not_the_readers(self, client):
        published(bare(), title="Secret", slug="first-steps", audience="staff")
        assert client.get("/kb/first_steps.html/").status_code == 404

    def test_do_not_lead_in_a_circle(self, client):
        assert client.get("/kb/nothing.html/").status_code == 404
