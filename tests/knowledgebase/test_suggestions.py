"""Suggesting articles while somebody writes."""

import pytest

from communities.roles import Role
from ground.actors import Actor
from knowledgebase.suggestions import suggest
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


def titles(text: str, **kwargs) -> list[str]:
    return [found.title for found in suggest(text, **{"actor": Actor.anonymous(), **kwargs})]


@pytest.fixture
def community():
    return CommunityFactory(slug="ours")


def test_own_articles_go_before_shared_ones_that_fit_alike(community):
    published(bare(), title="Install packages")
    published(bare(community), title="Install our packages", audience="members")
    assert titles("How do I install packages?", actor=acting(member(community)), community=community) == [
        "Install our packages",
        "Install packages",
    ]


def test_a_shared_article_that_answers_goes_before_an_own_one_that_mentions(community):
    published(bare(), title="Server does not start", body="When your server does not start.")
    published(bare(community), title="Welcome", body="Here you start. " * 30, audience="members")
    assert titles("my server does not start", actor=acting(member(community)), community=community)[0] == "Server does not start"


def test_nothing_of_another_community_and_nothing_for_staff_alone(community):
    published(bare(community), title="Quota of ours", audience="members")
    published(bare(), title="Quota for staff", audience="staff")
    published(bare(), title="Quota for all")
    stranger = acting(member(CommunityFactory(), Role.MEMBER))
    assert (titles("quota"), titles("quota", actor=stranger, community=community)) == (["Quota for all"], ["Quota for all"])


def test_an_overridden_shared_article_is_not_suggested(community):
    published(bare(), title="Storage", slug="storage")
    published(bare(community), title="Our storage", slug="storage", audience="members")
    assert titles("storage", actor=acting(member(community)), community=community) == ["Our storage"]


def test_queries_are_the_same_with_one_and_three_articles(community, django_assert_num_queries):
    actor = acting(member(community))
    suggest("kernel", actor=actor, community=community)  # looks the person's roles up, once a request
    for number in range(3):
        published(bare(community), title=f"Kernel {number}", audience="members")
        with django_assert_num_queries(6):
            assert len(titles("kernel", actor=actor, community=community)) == number + 1
