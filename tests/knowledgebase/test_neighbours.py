"""What stands around an article: the whole reading order, across sections, and nothing a reader may not know of."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from communities.roles import StaffGroup
from ground.actors import Actor
from knowledgebase import neighbours, questions, reading
from knowledgebase.filling import Frame
from knowledgebase.models import Article, Edition
from tests.factories import CommunityFactory, member, staff
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db

NOBODY = Actor.anonymous()


@pytest.fixture(autouse=True)
def _asked_by_nobody_yet():
    questions._known.clear()


def around(title: str, actor: Actor = NOBODY, community=None):
    frame = Frame(actor, community)
    found = reading.find(frame, Edition.objects.filter(title=title).values_list("address", flat=True)[0])
    return neighbours.around(found, frame)


def titles(found) -> list[str]:
    return [neighbour.title for neighbour in found]


def below(parent: Edition, title: str, **fields) -> Edition:
    return published(Article.objects.get(pk=parent.pk), title=title, **fields)


@pytest.fixture
def shelf():
    """One (A, B (deep)), Two (for members; C), Three."""
    shared = bare()
    one = published(shared, title="One")
    below(one, "A")
    below(below(one, "B"), "Deep")
    below(published(shared, title="Two", audience="members"), "C")
    published(shared, title="Three")


def test_before_and_after_go_through_the_whole_reading_order(shelf):
    reader = Actor.person(member(CommunityFactory()))
    way, at = ["One"], around("One", reader)
    while at.next:
        way.append(at.next.title)
        at = around(at.next.title, reader)
    back = [way[-1]]
    while at.previous:
        back.append(at.previous.title)
        at = around(at.previous.title, reader)
    assert (way, back) == (["One", "A", "B", "Deep", "Two", "C", "Three"], ["Three", "C", "Two", "Deep", "B", "A", "One"])


def test_what_a_reader_may_not_know_of_is_left_out(shelf):
    at = around("Deep")
    assert (at.next.title, titles(around("One").siblings)) == ("Three", ["One", "Three"])


def test_above_beside_and_below_are_told_apart(shelf):
    deep, section, first = around("Deep"), around("B"), around("One")
    assert [titles(found) for found in (deep.crumbs, deep.siblings, deep.children)] == [["One", "B"], ["Deep"], []]
    assert [titles(found) for found in (section.crumbs, section.siblings, section.children)] == [["One"], ["A", "B"], ["Deep"]]
    assert [titles(found) for found in (first.crumbs, first.siblings, first.children)] == [[], ["One", "Three"], ["A", "B"]]


def test_of_many_beside_those_next_to_it_are_shown():
    shared = bare()
    for number in range(60):
        published(shared, title=f"A{number:02}")
    shown = titles(around("A30").siblings)
    assert (shown[0], shown[-1], len(shown)) == ("A10", "A50", 41)


def test_languages_find_each_other_and_keep_to_their_own_order():
    shared = bare()
    english, _other = published(shared, title="Hello"), published(shared, title="Bye")
    from tests.knowledgebase.test_serving import shelf as spanish_shelf

    spanish = published(spanish_shelf(shared), title="Hola", translation_of=english.article)
    here, there = around("Hello"), around("Hola")
    assert [(row.address, row.language, row.language_name) for row in here.translations] == [("es/hola", "es", "español")]
    assert (titles(there.translations), here.next.title, there.next, there.previous) == (["Hello"], "Bye", None, None)
    assert spanish.language == "es"


def test_one_question_serves_everybody_of_the_same_sight_and_nobody_else(shelf):
    community = CommunityFactory()
    ana, ben, outsider, employee = member(community), member(community), member(CommunityFactory()), staff(StaffGroup.REVIEWER)
    for user in (ana, ben, outsider, employee):
        around("One", Actor.person(user))
    around("One")
    assert len(questions._known) == 4 * 2  # where it is, and what stands around it


def test_an_own_article_takes_the_place_of_the_shared_one_at_its_address(shelf):
    community = CommunityFactory()
    published(bare(community), title="A", slug="one")
    reader = Actor.person(member(community))
    at = around("Three", reader, community)
    assert titles(at.siblings) == ["Two", "Three"]


def test_it_is_one_query_with_few_and_with_many(shelf):
    deep, counts = reading.find(Frame(NOBODY), "one/b/deep"), []
    for more in (0, 20):
        for number in range(more):
            published(bare(), title=f"More {number}")
        with CaptureQueriesContext(connection) as captured:
            neighbours.around(deep, Frame(NOBODY))
        counts.append(len(captured))
    assert counts == [1, 1]
