"""Words as they are found and put right."""

import pytest

from ground import search
from ground.models import SearchSpelling, SearchWord
from ground.search import matching, spelling


@pytest.mark.parametrize(
    ("words", "trunk"),
    [
        (["install", "installs", "installed", "installing", "installation", "instalar", "instalação", "instalado"], "instal"),
        (["user", "users"], "user"),
        (["archivo", "archivos"], "archiv"),
        (["démarrer", "démarre"], "demar"),
        (["pip", "data", "r", "gpu"], None),
    ],
)
def test_forms_of_a_word_have_one_trunk(words, trunk):
    assert [search.trunks_of(word) for word in words] == [[trunk or word] for word in words]


@pytest.mark.parametrize("word", ["", "ss", "ssssss", "aaaaaaaa", "s" * 40, "日本語", "ﬁ"])
def test_an_odd_word_has_a_trunk(word):
    assert len(search.trunk(word)) <= len(word)


class TestKeys:
    @pytest.mark.parametrize(
        ("misspelt", "meant"),
        [("quot", "quota"), ("qouta", "quota"), ("uqota", "quota"), ("enviroment", "environment"), ("environmnte", "environment")],
    )
    def test_neighbours_share_a_key(self, misspelt, meant):
        assert spelling.keys_of(misspelt) & spelling.keys_of(meant) != set()

    def test_words_far_apart_share_none(self):
        assert spelling.keys_of("kernel") & spelling.keys_of("storage") == set()


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("quota", "quota", 0), ("qouta", "quota", 1), ("quot", "quota", 1), ("abcd", "quota", 3), ("a", "quota", 3)],
)
def test_edits_are_counted_up_to_a_limit(left, right, edits):
    assert spelling.distance(left, right, 2) == edits


@pytest.mark.django_db
class TestCorrections:
    def test_the_more_frequent_of_two_that_are_as_near(self):
        for key, body in enumerate(["cable", "table", "table"], start=1):
            search.index("article", key, title="x", body=body)
        search.recount("article")
        assert [meant.word for meant in spelling.corrections(["article"], ["xable"])["xable"]] == ["table", "cable"]

    def test_short_words_numbers_and_known_kinds_alone(self):
        search.index("ticket", 1, title="quota", body="")
        assert spelling.corrections(["article"], ["qouta", "quot", "12345"]) == {"qouta": []}

    def test_a_word_that_none_holds_any_more_is_forgotten(self):
        search.index("article", 1, title="quota", body="kernels kernel")
        search.index("article", 1, title="quota", body="")
        search.recount("article")
        assert list(SearchWord.objects.values_list("word", "count")) == [("quota", 1)]
        assert set(SearchSpelling.objects.values_list("word", flat=True)) == {"quota"}

    def test_how_many_rows_hold_a_word_is_counted_anew(self):
        for key in (1, 2, 3):
            search.index("article", key, title="Kernels", body="kernel")
        search.recount("article")
        assert dict(SearchWord.objects.values_list("word", "count")) == {"kernels": 3, "kernel": 3}


@pytest.mark.django_db
def test_the_beginning_of_a_word_finds_what_begins_so():
    search.index("article", 1, title="Responsibilities", body="")
    assert [found.object_id for found in search.match("article", "respons")] == [1]


@pytest.mark.django_db
def test_a_common_word_alone_finds_titles_before_texts():
    for key in range(1, 30):
        search.index("article", key, title="Other", body="server")
    search.index("article", 30, title="Server", body="")
    search.recount("article")
    assert search.match("article", "server", limit=3)[0].object_id == 30


@pytest.mark.django_db
class TestManyRows:
    """What is found where more rows hold a word than the database puts in order."""

    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch):
        monkeypatch.setattr(matching, "MANY", 3)
        monkeypatch.setattr(matching, "CANDIDATES", 5)
        for key in range(1, 11):
            search.index("article", key, title="Other", body="server notebook")
        search.index("article", 11, title="Server", body="")
        search.index("article", 12, title="Quokka", body="server")
        search.recount("article")

    def ids(self, query: str) -> list[int]:
        return [found.object_id for found in search.match("article", query, limit=3)]

    def test_a_common_word_finds_titles_first(self):
        assert self.ids("server")[0] == 11

    def test_a_rare_word_beside_a_common_one_is_found(self):
        assert self.ids("server quokka")[0] == 12

    def test_two_common_words_find_who_holds_both(self):
        assert set(self.ids("server notebook")) < set(range(1, 11))

    def test_common_words_that_none_holds_together_are_found_apart(self):
        search.index("article", 13, title="Kernel", body="kernel")
        for key in range(14, 18):
            search.index("article", key, title="Kernel", body="")
        search.recount("article")
        assert set(self.ids("notebook kernel")) <= {*range(1, 11), *range(13, 18)}
