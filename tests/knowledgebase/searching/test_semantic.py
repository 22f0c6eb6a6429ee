"""The optional index by meaning: off, it costs nothing; on, it is asked and never shows what is not within."""

import pytest

from ground.actors import Actor
from knowledgebase import searching
from knowledgebase.models import Edition, EditionVector
from knowledgebase.searching import semantic
from knowledgebase.searching.semantic.shapes import Shapes, vector_of
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db
SHAPES = "knowledgebase.searching.semantic.shapes.Shapes"


@pytest.fixture
def switched_on(settings) -> None:
    settings.SEARCH_SEMANTIC = SHAPES


def titles(query: str) -> list[str]:
    within = Edition.objects.visible_to(Actor.anonymous()).readable_in(None)
    return [hit.edition.title for hit in searching.answer(query, within=within).hits]


def test_off_nothing_is_kept_and_a_word_in_pieces_finds_nothing():
    published(bare(), title="Geophysics")
    assert (semantic.chosen(), EditionVector.objects.count(), titles("geophysicists")) == (None, 0, [])


@pytest.mark.usefixtures("switched_on")
class TestOn:
    def test_an_article_of_like_words_is_found(self):
        published(bare(), title="Geophysics")
        assert titles("geophysicists") == ["Geophysics"]

    def test_what_both_find_comes_first(self):
        for title in ("Quota", "Memory"):
            published(bare(), title=title)
        assert titles("memory")[0] == "Memory"

    def test_what_is_not_within_stays_unseen(self):
        published(bare(), title="Geophysics", audience="staff")
        assert titles("geophysicists") == []

    def test_an_unpublished_article_is_forgotten(self):
        edition = published(bare(), title="Geophysics")
        edition.article.unpublish()
        assert EditionVector.objects.count() == 0

    def test_all_can_be_written_anew(self):
        published(bare(), title="Geophysics")
        EditionVector.objects.all().delete()
        searching.index_all()
        assert titles("geophysicists") == ["Geophysics"]


def test_an_empty_text_is_near_to_nothing():
    published(bare(), title="Quota")
    Shapes().index([Edition.objects.get().pk], ["quota"])
    assert (Shapes().nearest("", 5), set(vector_of(""))) == ([], {0.0})


def test_places_of_both_rankings_add_up():
    assert semantic.fuse({1: 5.0, 2: 4.0}, [2, 1], Edition.objects.none()) == {1: 1 / 20 + 0.5 / 21, 2: 1 / 21 + 0.5 / 20}
