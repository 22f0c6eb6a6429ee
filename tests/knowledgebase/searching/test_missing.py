"""What was looked for in vain."""

from datetime import timedelta

import pytest
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase.access import can_see_miss
from knowledgebase.models import SearchMiss
from knowledgebase.searching import misses, missing, note, prune, settle
from tests.access.routes import WHO, World
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


def kept() -> list[tuple[str, str, int]]:
    return list(SearchMiss.objects.order_by("pk").values_list("query", "language", "count"))


def test_the_same_words_count_whatever_their_case_and_accents():
    for words in ("Telescópio", "  telescopio "):
        note(words, language="pt", community=None)
    assert kept() == [("telescopio", "pt", 2)]


@pytest.mark.parametrize(
    "secret",
    [
        "ana@example.org",
        "https://hub.example/x?token=1",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "a1b2c3d4e5f6g7",
        "+55 11 91234-5678",
        "password: hunter2",
        "ab",
        "12345",
        "x" * 101,
        "",
    ],
)
def test_what_may_be_a_secret_or_says_nothing_is_not_kept(secret):
    note(secret, language="en", community=None)
    note("telescope", language="en", community=None)
    assert kept() == [("telescope", "en", 1)]


def test_the_rarest_and_oldest_makes_way(monkeypatch):
    monkeypatch.setattr(missing, "MOST", 2)
    for words in ("often", "often", "rare", "new"):
        note(words, language="en", community=None)
    assert [query for query, *_ in kept()] == ["often", "new"]


def test_what_nobody_asked_for_in_a_long_time_is_forgotten():
    note("old", language="en", community=None)
    SearchMiss.objects.update(last_at=timezone.now() - missing.KEPT_FOR - timedelta(days=1))
    note("new", language="en", community=None)
    prune()
    assert [query for query, *_ in kept()] == ["new"]


def test_a_settled_one_is_gone():
    note("old", language="en", community=None)
    settle(SearchMiss.objects.get())
    assert kept() == []


def test_of_one_knowledge_base_the_most_frequent_first():
    community = CommunityFactory()
    for words in ("rare", "often", "often"):
        note(words, language="en", community=community)
    note("shared", language="en", community=None)
    assert [miss.query for miss in misses(Actor.system(), community=community)] == []
    champion = acting(member(community, Role.HUB_CHAMPION))
    assert [miss.query for miss in misses(champion, community=community)] == ["often", "rare"]
    assert [miss.query for miss in misses(champion)] == []
    assert [miss.query for miss in misses(acting(staff(StaffGroup.COMMUNITY_GUIDE)))] == ["shared"]


def test_can_see_miss_equals_visible_to_for_everybody():
    world = World()
    for community in (world.community, world.other, None):
        note("telescope", language="en", community=community)
    everything = list(SearchMiss.objects.all())
    for who in WHO:
        actor = Actor.person(world.people[who]) if world.people[who] else Actor.anonymous()
        assert {miss for miss in everything if can_see_miss(actor, miss)} == set(SearchMiss.objects.visible_to(actor)), who


class TestPage:
    def test_a_search_that_finds_nothing_is_noted_and_one_that_finds_is_not(self, client):
        published(bare(), title="Kernels")
        client.get("/kb/search/?q=volcano")
        client.get("/kb/search/?q=kernels")
        client.get("/kb/search/")
        assert kept() == [("volcano", "en", 1)]
