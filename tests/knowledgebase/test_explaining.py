"""Articles that explain rows of the responsibility matrix: chosen in the editor, found by the row's key."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.models import MatrixRow
from communities.roles import Role
from ground.actors import Actor
from knowledgebase.explaining import article_of, articles, with_article
from knowledgebase.models import Explanation
from knowledgebase.models.pages import ArticleForm
from tests.communities.factories import agreed_matrix
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="reef")


@pytest.fixture
def rows(community):
    return list(agreed_matrix(community).rows.all())


def test_published_article_is_found_by_the_key_of_its_row(community, rows):
    published(bare(community), title="Add people", slug="add-people", responsibilities=["day.accounts"], audience="members")
    found = articles(community, acting(member(community)), rows)
    assert {key: [(each.title, each.url) for each in its] for key, its in found.items()} == {
        "day.accounts": [("Add people", "/c/reef/kb/add-people/")]
    }


def test_article_a_reader_may_not_read_is_not_found(community, rows):
    published(bare(community), title="Add people", responsibilities=["day.accounts"], audience="members")
    assert articles(community, Actor.anonymous(), rows) == {}


def test_article_of_another_community_is_not_found(community, rows):
    other = CommunityFactory()
    published(bare(other), title="Add people", responsibilities=["day.accounts"])
    assert articles(community, acting(member(community)), rows) == {}


def test_shared_article_that_the_template_names_is_found_by_its_address(community, rows):
    published(bare(), title="Pay", slug="pay")
    MatrixRow.objects.filter(key="day.bill").update(articles=["pay"])
    rows = list(MatrixRow.objects.all())
    assert [each.title for each in articles(community, acting(member(community)), rows)["day.bill"]] == ["Pay"]
    (accounts, bill) = with_article(MatrixRow.objects.all(), community, acting(member(community)))
    assert (article_of(accounts, community), article_of(bill, community).url) == (None, "/c/reef/kb/pay/")


def test_articles_cost_one_query_however_many_rows_and_articles(community, rows):
    reader = acting(member(community))
    assert reader.user.roles_by_community
    assert reader.user.staff_groups == frozenset()
    for number in range(3):
        published(bare(community), title=f"Add people {number}", responsibilities=["day.accounts", "day.bill"])
    with CaptureQueriesContext(connection) as captured:
        assert len(articles(community, reader, rows)["day.bill"]) == 3
    assert len(captured) == 1


def test_unpublished_article_explains_nothing_any_more(community, rows):
    edition = published(bare(community), title="Add people", responsibilities=["day.accounts"])
    edition.article.unpublish()
    assert not Explanation.objects.exists()


def test_article_that_drops_a_row_explains_it_no_more(community, rows):
    article = published(bare(community), title="Add people", responsibilities=["day.accounts", "day.bill"]).article
    article.responsibilities = ["day.bill"]
    article.save_revision().publish()
    assert [each.key for each in Explanation.objects.all()] == ["day.bill"]


def test_editor_offers_the_rows_of_the_template_and_takes_no_other(community, rows):
    field = ArticleForm.base_fields["responsibilities"]
    assert list(field.choices) == [("day.accounts", "Add people (day.accounts)"), ("day.bill", "Pay the bill (day.bill)")]
    assert field.clean(["day.bill"]) == ["day.bill"]
    with pytest.raises(Exception, match=r"day\.nothing"):
        field.clean(["day.nothing"])


def test_champion_chooses_rows_in_the_editor(client, community, rows):
    article = published(bare(community), title="Add people", responsibilities=["day.accounts"]).article
    client.force_login(member(community, Role.HUB_CHAMPION), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert page.count('name="responsibilities"') == 2
    assert "Pay the bill (day.bill)" in page
