"""One question, one answer."""

import pytest
from django.utils import translation

from communities.models import Community
from communities.roles import Role
from ground.actors import Actor
from knowledgebase import overriding, searching
from knowledgebase.models import Edition, LanguageShelf, SynonymSet
from knowledgebase.searching import synonyms
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db


def answer(query: str, *, actor: Actor | None = None, community=None, **kwargs) -> searching.Answer:
    within = Edition.objects.visible_to(actor or Actor.anonymous()).readable_in(community)
    return searching.answer(query, within=within, **kwargs)


def titles(query: str, **kwargs) -> list[str]:
    return [hit.edition.title for hit in answer(query, **kwargs).hits]


def same(name: str, **words: str) -> SynonymSet:
    kept = SynonymSet.objects.create(name=name, **{language: said.replace(", ", "\n") for language, said in words.items()})
    synonyms.keep(kept)
    return kept


def in_spanish(original: Edition, **fields) -> Edition:
    knowledge_base = original.knowledge_base
    shelf = LanguageShelf.objects.first() or knowledge_base.add_child(instance=LanguageShelf(title="Español", slug="es"))
    return published(shelf, translation_of=original.article, **fields)


def test_a_title_goes_before_a_heading_and_a_heading_before_a_text():
    shared = bare()
    published(shared, title="One", body="About a zebra in passing, and much else that is told here.")
    published(shared, title="Two", body="## The zebra\n\nAnd much else that is told here in passing.")
    published(shared, title="The zebra", body="Something else.")
    assert titles("zebra") == ["The zebra", "Two", "One"]


class TestSpelling:
    def test_a_misspelt_word_is_put_right_and_told(self):
        published(bare(), title="Choose an environment")
        found = answer("Enviroment please")
        assert ([hit.edition.title for hit in found.hits], found.corrected("Enviroment please")) == (
            ["Choose an environment"],
            "environment please",
        )

    def test_two_letters_of_a_long_word_may_be_wrong(self):
        published(bare(), title="For administrators")
        assert answer("adminstrotors").corrected("adminstrotors") == "administrators"

    def test_a_word_as_written_is_not_put_right(self):
        published(bare(), title="Kernels")
        assert answer("kernels").put_right == []

    def test_nobody_learns_a_word_of_what_they_may_not_read(self):
        ours, theirs = CommunityFactory(), CommunityFactory()
        published(bare(theirs), title="Spectrogram", audience="members")
        published(bare(), title="Hub", body="Hub")
        found = answer("spectrogrm hub", actor=acting(member(ours)), community=ours)
        assert ([hit.edition.title for hit in found.hits], found.put_right) == (["Hub"], [])


class TestSynonyms:
    def test_another_word_for_the_same_is_found_in_either_direction(self):
        published(bare(), title="Stop your server")
        same("stop", en="stop, shut down")
        assert (titles("shut down"), titles("how do I shut my server down")) == (["Stop your server"], ["Stop your server"])

    def test_a_word_of_another_language_finds_the_english_article(self):
        published(bare(), title="Add users")
        same("add people", en="add users", es="añadir usuarios")
        assert titles("cómo añado usuarios") == []
        assert titles("anadir usuarios") == ["Add users"]

    def test_one_way_leads_there_and_not_back(self):
        shared = bare()
        published(shared, title="Memory")
        published(shared, title="Crashes")
        same("crash", en="crashes", leads_to="memory")
        assert (set(titles("crashes")), titles("memory")) == ({"Crashes", "Memory"}, ["Memory"])

    def test_a_set_that_is_not_used_widens_nothing(self):
        published(bare(), title="Stop your server")
        kept = same("stop", en="stop, halt")
        SynonymSet.objects.filter(pk=kept.pk).update(is_used=False)
        assert titles("halt") == []

    def test_what_was_asked_goes_before_what_means_the_same(self):
        shared = bare()
        published(shared, title="Halt")
        published(shared, title="Stop")
        same("stop", en="stop, halt")
        assert (titles("stop"), titles("halt")) == (["Stop", "Halt"], ["Halt", "Stop"])

    def test_a_misspelt_word_of_a_set_is_put_right(self):
        published(bare(), title="Add users")
        same("people", en="users", es="usuarios")
        assert titles("usaurios") == ["Add users"]


class TestLanguages:
    def test_an_article_is_found_once_in_the_readers_language(self):
        original = published(bare(), title="Storage", body="Storage of files.")
        in_spanish(original, title="Almacenamiento", body="Almacenamiento de archivos.")
        assert (titles("storage", language="es"), titles("almacenamiento", language="en")) == (["Almacenamiento"], ["Storage"])

    def test_without_a_translation_the_original_is_found(self):
        published(bare(), title="Storage")
        with translation.override("fr"):
            assert titles("storage") == ["Storage"]

    def test_a_translation_the_reader_may_not_see_stays_unseen(self):
        original = published(bare(), title="Storage")
        in_spanish(original, title="Almacenamiento", audience="staff")
        assert titles("storage", language="es") == ["Storage"]


class TestOwnVersions:
    @pytest.fixture
    def original(self):
        edition = published(bare(), title="Storage", body="## Quota\n\nStorage of files, platypus.")
        in_spanish(edition, title="Almacenamiento", body="## Cuota\n\nStorage, platypus.")
        return edition

    def own(self, edition: Edition, words: str, *, section: str = ""):
        community = Community.objects.first() or CommunityFactory()
        champion = acting(member(community))
        override = overriding.write_own(bare(community).community, edition, section=section, by=champion)
        override.article.body = [("text", words)]
        override.article.save_revision().publish()
        return {"actor": champion, "community": community}

    @pytest.mark.parametrize("section", ["", "quota"])
    def test_with_a_shared_translation_it_is_one_article_found_in_the_readers_language(self, original, section):
        where = self.own(original, "## Quota\n\nStorage, platypus, wombat.", section=section)
        found = {language: titles("platypus", language=language, **where) for language in ("en", "es", "fr")}
        assert (found["en"], found["es"], len(found["fr"])) == (["Storage"], ["Almacenamiento"], 1)
        assert answer("platypus", language="en", **where).hits[0].edition.in_place_of_id == original.pk

    def test_what_is_found_by_words_of_one_is_shown_in_the_readers_language(self, original):
        where = self.own(original, "## Quota\n\nWombat.")
        [wombat], [spanish] = (answer(query, language=language, **where).hits for query, language in (("wombat", "es"), ("cuota", "en")))
        assert (wombat.edition.title, spanish.edition.in_place_of_id) == ("Almacenamiento", original.pk)

    def test_one_of_a_translation_stands_for_it(self, original):
        spanish = Edition.objects.get(language="es")
        where = self.own(spanish, "## Cuota\n\nWombat.", section="cuota")
        [hit] = answer("storage", language="es", **where).hits
        assert hit.edition.in_place_of_id == spanish.pk
        assert titles("wombat", language="en", **where) == ["Storage"]


def test_the_communitys_own_go_before_shared_ones_that_fit_alike():
    community = CommunityFactory()
    published(bare(), title="Quota")
    published(bare(community), title="Our quota", audience="members")
    assert titles("quota", actor=acting(member(community, Role.MEMBER)), community=community) == ["Our quota", "Quota"]


def test_little_is_said_to_be_little():
    published(bare(), title="Kernels")
    assert (answer("kernels").is_little, answer("kernels volcano geyser").is_little, answer("volcano").is_little) == (False, True, True)


def test_queries_are_the_same_with_one_and_three_articles(django_assert_num_queries):
    for number in range(3):
        published(bare(), title=f"Kernel {number}")
        with django_assert_num_queries(6):
            assert len(titles("kernel")) == number + 1
