"""Old addresses lead on."""

import pytest
from django.test import Client

from communities.roles import Role
from knowledgebase import overriding, redirecting
from knowledgebase.models import Edition, FormerAddress
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


def rename(article, slug: str, commit) -> None:
    article = type(article).objects.get(pk=article.pk)
    article.slug = slug
    with commit(execute=True):
        article.save_revision().publish()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_renamed_article_is_found_under_its_old_address(client, django_capture_on_commit_callbacks):
    article = published(bare(), title="Storage").article
    rename(article, "files", django_capture_on_commit_callbacks)
    response = client.get("/kb/storage/")
    assert (response.status_code, response.headers["Location"], client.get("/kb/files/").status_code) == (302, "/kb/files/", 200)


def test_renamed_twice_both_old_addresses_lead_to_the_newest(client, django_capture_on_commit_callbacks):
    article = published(bare(), title="Storage").article
    rename(article, "files", django_capture_on_commit_callbacks)
    rename(article, "disks", django_capture_on_commit_callbacks)
    assert {client.get(f"/kb/{old}/").headers["Location"] for old in ("storage", "files")} == {"/kb/disks/"}


def test_a_moved_section_takes_the_articles_below_along(client, django_capture_on_commit_callbacks):
    shared = bare()
    section, target = published(shared, title="Section").article, published(shared, title="Target").article
    published(section, title="Child")
    with django_capture_on_commit_callbacks(execute=True):
        section.move(target, pos="last-child")
    assert client.get("/kb/section/child/").headers["Location"] == "/kb/target/section/child/"


def test_two_that_swap_their_addresses_are_read_not_redirected(client, django_capture_on_commit_callbacks):
    shared = bare()
    one, two = published(shared, title="One").article, published(shared, title="Two").article
    rename(one, "three", django_capture_on_commit_callbacks)
    rename(two, "one", django_capture_on_commit_callbacks)
    rename(one, "two", django_capture_on_commit_callbacks)
    pages = [client.get(f"/kb/{slug}/").content.decode() for slug in ("one", "two")]
    assert [">Two</h1>" in pages[0], ">One</h1>" in pages[1]] == [True, True]


def test_inside_a_community_an_old_shared_address_stays_inside_it(django_capture_on_commit_callbacks):
    community = CommunityFactory(slug="coastal")
    bare(community)
    article = published(bare(), title="Storage").article
    rename(article, "files", django_capture_on_commit_callbacks)
    response = signed_in(member(community)).get("/c/coastal/kb/storage/")
    assert response.headers["Location"] == "/c/coastal/kb/files/"


@pytest.mark.parametrize("section", ["", "quota"])
def test_an_old_shared_address_leads_to_the_communitys_version(section, django_capture_on_commit_callbacks):
    community = CommunityFactory(slug="coastal")
    edition = published(bare(), title="Storage", body="## Quota\n\nTen gigabytes.")
    override = overriding.write_own(bare(community).community, edition, section=section, by=acting(member(community)))
    override.article.save_revision().publish()
    rename(edition.article, "files", django_capture_on_commit_callbacks)
    assert Edition.objects.get(in_place_of=edition.pk).address == "files"
    reader, outsider = signed_in(member(community)), signed_in(member(CommunityFactory(slug="other")))
    assert reader.get("/c/coastal/kb/storage/").headers["Location"] == "/c/coastal/kb/files/"
    assert outsider.get("/kb/storage/").headers["Location"] == "/kb/files/"


def test_an_old_address_of_a_shared_article_in_another_community_leads_nowhere():
    community, other = CommunityFactory(slug="coastal"), CommunityFactory(slug="other")
    edition = published(bare(), title="Storage")
    override = overriding.write_own(bare(community).community, edition, by=acting(member(community)))
    override.article.save_revision().publish()
    redirecting.remember(bare(other), "theirs", edition.article)
    assert signed_in(member(community)).get("/c/coastal/kb/theirs/").status_code == 404


def test_an_old_address_tells_nothing_to_who_may_not_read_the_article(client):
    community, other = CommunityFactory(slug="coastal"), CommunityFactory(slug="other")
    edition = published(bare(community), title="Inner", audience="members")
    redirecting.remember(edition.knowledge_base, "old/inner", edition.article)
    stranger, outsider = client.get("/c/coastal/kb/old/inner/"), signed_in(member(other)).get("/c/coastal/kb/old/inner/")
    assert "inner/" not in stranger.headers.get("Location", "").replace("old/inner/", "").replace("old%2Finner/", "")
    assert outsider.status_code == 404
    assert signed_in(member(community)).get("/c/coastal/kb/old/inner/").headers["Location"] == "/c/coastal/kb/inner/"


def test_an_old_address_of_another_knowledge_base_leads_nowhere(client):
    community = CommunityFactory(slug="coastal")
    article = published(bare(community), title="Ours").article
    FormerAddress.objects.create(knowledge_base=bare(), address="was-here", article=article)
    assert signed_in(member(community, Role.MEMBER)).get("/c/coastal/kb/was-here/").status_code == 404


@pytest.mark.parametrize("old", ["", "/", "x" * 256])
def test_no_address_is_not_remembered(old):
    article = published(bare(), title="Storage").article
    redirecting.remember(article.edition.knowledge_base, old, article)
    assert not FormerAddress.objects.exists()


def test_remembering_again_leads_to_the_newer_article():
    shared = bare()
    one, two = published(shared, title="One").article, published(shared, title="Two").article
    for article in (one, two):
        redirecting.remember(shared, "/old/", article)
    assert FormerAddress.objects.get().article == two


def test_nothing_is_asked_when_the_article_is_found_and_one_query_when_it_is_not(client, django_assert_num_queries):
    edition = published(bare(), title="Storage")
    redirecting.remember(edition.knowledge_base, "old", edition.article)
    with django_assert_num_queries(1):
        assert redirecting.find("old", within=Edition.objects.readable_in(None)) == edition
