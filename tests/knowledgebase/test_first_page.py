"""The editor's first page for who writes for a community."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from knowledgebase.editing import Reach
from knowledgebase.first_page import drafts, homes, waiting
from knowledgebase.models import Article
from tests.factories import CommunityFactory, member, staff
from tests.knowledgebase import editor_walk
from tests.knowledgebase.editor_walk import signed_in
from tests.knowledgebase.factories import bare, draft, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def ana(community):
    return member(community, Role.HUB_CHAMPION, name="Ana")


def page_of(user) -> str:
    return " ".join(signed_in(user).get(reverse("wagtailadmin_home")).content.decode().split())


def test_it_leads_to_writing_to_all_articles_and_back_to_reading(community, ana):
    knowledge_base = bare(community)
    assert [(home.title, home.read_url, home.all_url) for home in homes(Reach(ana))] == [
        ("Coastal", "/c/coastal/kb/", f"/cms/pages/{knowledge_base.pk}/")
    ]
    assert 'href="/c/coastal/kb/"' in page_of(ana)


def test_it_lists_own_drafts_and_not_those_of_others(community, ana):
    knowledge_base, ben = bare(community), member(community, Role.REPRESENTATIVE)
    for title, writer in (("Mine", ana), ("Of Ben", ben)):
        draft(knowledge_base, title=title, owner=writer).save_revision(user=writer)
    assert [page.title for page in drafts(Reach(ana), apart_from=[])] == ["Mine"]
    own = page_of(ana).partition("Changed lately")
    assert ("Mine" in own[0], "Of Ben" in own[0], "Of Ben" in own[2]) == (True, False, True)


def test_what_waits_is_told_apart_by_who_sent_it(community, ana):
    knowledge_base, ben = bare(community), member(community, Role.REPRESENTATIVE, name="Ben")
    for title, writer in (("By Ana", ana), ("By Ben", ben)):
        editor_walk.waiting(draft(knowledge_base, title=title, owner=writer), writer)
    page = page_of(ana)
    assert page.index("Waits for a second reader") < page.index("By Ben") < page.index("Sent by you") < page.index("By Ana")
    assert "from Ben" in page


def test_what_waits_elsewhere_is_not_listed(community, ana):
    bare(community)
    ben = member(CommunityFactory(slug="other"), Role.HUB_CHAMPION)
    editor_walk.waiting(draft(bare(CommunityFactory._meta.model.objects.get(slug="other")), title="Foreign", owner=ben), ben)
    assert waiting(Reach(ana)) == []


def test_queries_are_the_same_with_one_and_three_that_wait(community, ana, django_assert_num_queries, django_assert_max_num_queries):
    knowledge_base, ben = bare(community), member(community, Role.REPRESENTATIVE)

    def send(number: int) -> None:
        editor_walk.waiting(draft(knowledge_base, title=f"Text {number}", owner=ben), ben)

    send(1)
    waiting(Reach(ana))  # kinds of content are looked up once
    with django_assert_max_num_queries(5) as few:
        [state.content_object.title for state in waiting(Reach(ana))]
    send(2)
    send(3)
    with django_assert_num_queries(len(few)):
        assert len([state.content_object.title for state in waiting(Reach(ana))]) == 3


def test_how_many_articles_need_care_stands_there_and_leads_to_them(community, ana):
    edition = published(bare(community), title="Old words")
    assert "Needs care" not in page_of(ana)
    Article.objects.filter(pk=edition.pk).update(review_by=timezone.localdate() - timedelta(days=1))
    page = page_of(ana)
    assert f'<a href="{reverse("knowledgebase:community_care", args=[community.slug])}">1 article of {community}</a>' in page


def test_the_menu_is_short_for_champions_and_staff_keep_wagtails_first_page(community, ana):
    bare(community)
    guide = staff(StaffGroup.COMMUNITY_GUIDE)
    assert "first-page" not in page_of(guide)
    assert "wagtailadmin_reports" not in page_of(ana)
    assert "/cms/reports/workflow/" not in page_of(ana)


def test_nobody_writes_without_a_role(community):
    bare(community)
    reader = member(community, Role.MEMBER)
    assert signed_in(reader).get(reverse("wagtailadmin_home")).headers["Location"].startswith("/accounts/login/")


def test_the_editor_wears_the_operators_name(community, ana):
    bare(community)
    page = page_of(ana)
    assert ("editor-mark" in page, "Wagtail</title>" in page) == (True, False)
