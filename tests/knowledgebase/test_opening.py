"""Opening knowledge bases."""

import pytest

from communities import people
from communities.models import User
from communities.roles import Role
from ground.actors import Actor
from knowledgebase import defaults
from knowledgebase.importing import import_folder
from knowledgebase.models import Article, Edition, KnowledgeBase
from knowledgebase.opening import CONTENT, open_knowledge_base
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import SYSTEM, bare

pytestmark = pytest.mark.django_db


def test_a_community_gets_starter_articles_its_members_read():
    community = CommunityFactory(slug="coastal")
    knowledge_base = open_knowledge_base(community, by=SYSTEM)
    editions = Edition.objects.filter(knowledge_base=knowledge_base).in_reading_order()
    assert [edition.address for edition in editions] == [
        *("welcome", "ask-for-your-hub", "people", "teach-with-your-hub", "when-something-is-wrong", "what-we-do-and-what-you-do"),
    ]
    assert {edition.audience for edition in editions} == {"members"}


def test_opening_twice_is_once():
    community = CommunityFactory()
    first = open_knowledge_base(community, by=SYSTEM)
    assert (open_knowledge_base(community, by=SYSTEM), KnowledgeBase.objects.count()) == (first, 1)


def test_ask_for_your_hub_holds_the_request_block():
    knowledge_base = open_knowledge_base(CommunityFactory(), by=SYSTEM)
    edition = Edition.objects.get(knowledge_base=knowledge_base, address="ask-for-your-hub")
    assert [part["kind"] for part in edition.parts if part.get("live") == "request"] == ["new-hub"]


@pytest.mark.parametrize("shelf", ["starter", "shared"])
def test_what_we_ship_carries_over_without_a_problem(shelf):
    report = import_folder(CONTENT / shelf, bare(), by=SYSTEM, publish=True)
    assert report.problems == []


def test_every_link_of_what_we_ship_leads_to_an_article():
    defaults.ensure()
    knowledge_base = open_knowledge_base(CommunityFactory(), by=SYSTEM)
    readable = set(Edition.objects.readable_in(knowledge_base.community).values_list("address", flat=True))
    linked = {
        link.partition('"')[0].partition("#")[0].strip("/")
        for edition in Edition.objects.all()
        for part in edition.parts
        for link in part.get("html", "").split('href="/kb/')[1:]
    }
    assert linked - readable == set()


def test_ensure_again_keeps_what_an_operator_changed_and_removed():
    defaults.ensure()
    changed, removed = Article.objects.get(slug="storage"), Article.objects.get(slug="memory")
    changed.title = "Where files live"
    changed.save_revision().publish()
    removed.delete()
    defaults.ensure()
    assert (Edition.objects.get(pk=changed.pk).title, Article.objects.filter(slug="memory").count()) == ("Where files live", 0)


def test_a_champion_may_edit_until_removed():
    community = CommunityFactory()
    ana, ben = member(community, Role.REPRESENTATIVE), member(community, Role.HUB_CHAMPION)
    knowledge_base = open_knowledge_base(community, by=SYSTEM)
    assert knowledge_base.permissions_for_user(ben).can_edit()
    people.remove(ben.memberships.get(), by=acting(ana))
    again = User.objects.get(pk=ben.pk)
    assert (knowledge_base.permissions_for_user(again).can_edit(), again.has_perm("wagtailadmin.access_admin")) == (False, False)


def test_nobody_but_a_superuser_deletes_moves_or_unpublishes_a_root():
    community = CommunityFactory()
    ana = member(community, Role.REPRESENTATIVE)
    knowledge_base = open_knowledge_base(community, by=Actor.system())
    tester = knowledge_base.permissions_for_user(ana)
    assert (tester.can_delete(), tester.can_move(), tester.can_unpublish(), tester.can_copy()) == (False, False, False, False)
