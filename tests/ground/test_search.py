"""Searching our own table."""

import pytest
from django.contrib.contenttypes.models import ContentType

from ground import search

pytestmark = pytest.mark.django_db

ODD = [
    *(
        '"',
        '""',
        '"a',
        "*",
        "a*",
        "'",
        "''",
        "a'b",
        "\\",
        "%",
        "_",
        "%s",
        "{",
        "}",
        "{title}:x",
        "(",
        ")",
        "()",
        "a AND",
        "AND",
        "OR NOT",
        "NEAR(a b)",
    ),
    *(
        "a:b",
        "kind:article",
        "-a",
        "+a",
        "^a",
        "&",
        "a & b",
        "| !",
        "<->",
        "a <-> b",
        ":*",
        "\x00",
        "a\x00b",
        " ",
        "",
        "\t\n",
        "💥",
        "ñ" * 50,
        "a" * 10_000,
    ),
    *("x " * 5_000, "'; DROP TABLE ground_searchentry; --", "ﬁrst", "\ud7ff", "١٢٣", "日本語"),
]


def ids(query: str, **kwargs) -> list[int]:
    return [found.object_id for found in search.match("article", query, **kwargs)]


@pytest.fixture
def shelf() -> None:
    texts = {
        1: ("Install packages", "Use conda or pip to add a package to your environment."),
        2: ("Storage and files", "Your home folder is kept. Packages you install there stay."),
        3: ("Réserver un atelier", "Écrivez-nous trois semaines avant l’événement."),
        4: ("My server does not start", "Wait a minute, then look at the messages of the JupyterHub spawner."),
    }
    for key, (title, body) in texts.items():
        search.index("article", key, title=title, body=body)
    search.index("ticket", 1, title="Install packages", body="please")


@pytest.mark.usefixtures("shelf")
class TestMatch:
    def test_a_title_goes_before_a_body(self):
        assert ids("packages") == [1, 2]

    def test_another_kind_is_not_found(self):
        assert [found.object_id for found in search.match("ticket", "install")] == [1]

    @pytest.mark.parametrize("query", ["evenement", "ÉVÉNEMENT", "reserver", "ateliers"])
    def test_accents_case_and_endings_are_forgiven(self, query):
        assert ids(query) == [3]

    @pytest.mark.parametrize(("query", "expected"), [("pakages", 1), ("instal", 1), ("jupiterhub", 4), ("storgae", 2), ("envirnment", 1)])
    def test_a_misspelt_word_finds_what_was_meant(self, query, expected):
        assert ids(query)[0] == expected

    def test_a_sentence_finds_by_its_telling_words(self):
        assert ids("Hi, why is it that my server will not start since yesterday?")[0] == 4

    def test_rows_with_every_word_go_before_rows_with_any(self):
        assert ids("home folder install")[0] == 2

    def test_only_what_is_within_is_found(self):
        assert ids("packages", within=ContentType.objects.filter(pk=2)) == [2]  # any model's rows will do

    def test_an_empty_queryset_finds_nothing(self):
        assert (ids("packages", within=ContentType.objects.none()), ids("packages", within=ContentType.objects.filter(pk__in=[]))) == (
            [],
            [],
        )

    @pytest.mark.parametrize("query", ODD)
    def test_an_odd_query_raises_nothing(self, query):
        assert isinstance(ids(query), list)

    def test_changed_and_forgotten_rows_are_found_as_they_are_now(self):
        search.index("article", 1, title="Kernels", body="")
        search.forget("article", 2)
        assert (ids("kernels"), ids("packages"), ids("storage")) == ([1], [], [])


def test_an_empty_corpus_finds_nothing():
    assert ids("anything at all") == []
