"""The editor as a champion sees it: their own pages, images and documents, and no title of anybody else's."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from communities import people
from communities.roles import Role, StaffGroup
from knowledgebase.models import Article, ArticleDocument, Edition
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, draft, picture, published

pytestmark = pytest.mark.django_db


class Two:
    """A champion's community and another one, each with articles and files."""

    def __init__(self) -> None:
        self.community, self.other = CommunityFactory(slug="ours", name="Ours"), CommunityFactory(slug="theirs", name="Theirs")
        self.champion = member(self.community, Role.HUB_CHAMPION)
        self.ours, self.theirs, self.shared = bare(self.community), bare(self.other), bare()
        self.own = published(self.ours, title="Own page").article
        self.foreign = draft(self.theirs, title="Foreign draft")
        self.of_all = published(self.shared, title="Common page").article
        self.image, self.foreign_image = picture(self.ours), picture(self.theirs)
        self.foreign_image.title = "Foreign map"
        self.foreign_image.save()
        self.client = Client()
        self.client.force_login(self.champion, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, name: str, *args, **query) -> str:
        response = self.client.get(reverse(name, args=args), query, follow=True)
        return response.content.decode() if response.status_code == 200 else ""


@pytest.fixture
def two() -> Two:
    return Two()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("wagtailadmin_home", {}),
        ("wagtailadmin_explore_root", {}),
        ("wagtailadmin_pages:search", {"q": "foreign"}),
        ("wagtailadmin_choose_page", {}),
        ("wagtailadmin_choose_page_search", {"q": "foreign"}),
        ("wagtailimages:index", {}),
        ("wagtailimages:index", {"q": "foreign"}),
        ("wagtailimages_chooser:choose", {}),
        ("wagtaildocs:index", {}),
        ("wagtaildocs_chooser:choose", {}),
        ("wagtailadmin_reports:aging_pages", {}),
    ],
)
def test_a_list_or_chooser_names_nothing_of_another_community(two, name, query):
    page = two.get(name, **query)
    assert not any(title in page for title in ("Foreign draft", "Foreign map", "Theirs"))


@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_pages:edit",
        "wagtailadmin_pages:history",
        "wagtailadmin_pages:usage",
        "wagtailadmin_pages:view_draft",
        "wagtailadmin_pages:delete",
    ],
)
def test_a_page_of_another_community_or_the_shared_shelf_is_closed(two, name):
    for page in (two.foreign, two.of_all):
        response = two.client.get(reverse(name, args=[page.pk]))
        assert response.status_code == 404
        assert page.title not in response.content.decode()


def test_own_pages_open_and_their_files_are_chosen(two):
    assert "Own page" in two.get("wagtailadmin_pages:edit", two.own.pk)
    results = two.client.get(reverse("wagtailimages_chooser:choose_results")).content.decode()
    chosen = [reverse("wagtailimages_chooser:chosen", args=[image.pk]) in results for image in (two.image, two.foreign_image)]
    assert chosen == [True, False]


def test_a_foreign_image_or_document_cannot_be_edited(two):
    document = ArticleDocument.objects.create(title="Foreign plan", collection=two.theirs.collection, file="documents/x.txt")
    edits = [("wagtailimages:edit", two.foreign_image.pk), ("wagtaildocs:edit", document.pk)]
    assert [two.client.get(reverse(name, args=[pk])).status_code for name, pk in edits] == [404, 404]


def test_the_own_root_cannot_be_deleted_moved_or_unpublished(two):
    for name in ("wagtailadmin_pages:delete", "wagtailadmin_pages:unpublish", "wagtailadmin_pages:move"):
        assert two.client.post(reverse(name, args=[two.ours.pk]), {"next": ""}).status_code in {302, 403}
    assert Page.objects.get(pk=two.ours.pk).live


def test_a_champion_writes_and_publishes_an_article(two):
    form = {
        "title": "Our data",
        "slug": "our-data",
        "summary": "",
        "audience": "members",
        "translation_of": "",
        "body-count": "1",
        "body-0-type": "text",
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": "",
        "body-0-value": "Ask **Ana**.",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "action-publish": "1",
    }
    response = two.client.post(reverse("wagtailadmin_pages:add", args=["knowledgebase", "article", two.ours.pk]), form)
    assert response.status_code == 302, response.context["form"].errors if response.context else response.content[:500]
    edition = Edition.objects.get(knowledge_base=two.ours, address="our-data")
    assert (edition.audience, edition.parts) == ("members", [{"html": "<p>Ask <strong>Ana</strong>.</p>\n"}])


def test_a_preview_shows_the_draft(two):
    page = two.client.get(reverse("wagtailadmin_pages:view_draft", args=[two.own.pk]))
    assert (page.status_code, "Own page" in page.content.decode()) == (200, True)


def test_a_removed_champion_is_out_at_once(two):
    ana = member(two.community, Role.REPRESENTATIVE)
    people.remove(two.champion.memberships.get(), by=acting(ana))
    assert two.client.get(reverse("wagtailadmin_pages:edit", args=[two.own.pk])).status_code == 302
    assert two.client.get(reverse("wagtailadmin_home")).headers["Location"].startswith("/accounts/login/")


def test_staff_who_write_reach_every_knowledge_base():
    two = Two()
    client = Client()
    client.force_login(staff(StaffGroup.COMMUNITY_GUIDE), backend="django.contrib.auth.backends.ModelBackend")
    opened = [client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code for page in (two.own, two.foreign, two.of_all)]
    assert opened == [200, 200, 200]


def test_wagtails_own_addresses_serve_nothing(client, two):
    assert client.get(two.own.url_path).status_code == 404
    assert json.dumps(Article.objects.get(pk=two.own.pk).get_url_parts()[2]) == '"/c/ours/kb/own-page/"'
