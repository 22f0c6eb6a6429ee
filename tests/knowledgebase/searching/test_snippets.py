"""The lines that fit, with the found words marked."""

import pytest

from ground.search import Group, Term
from ground.search.asking import Token
from ground.search.words import trunk
from knowledgebase.searching import marked, snippet
from knowledgebase.searching.snippets import LONGEST


def asked(*words: str) -> list[Group]:
    return [Group((Token(word, trunk(word)),), (Term((trunk(word),)),)) for word in words]


def test_the_line_that_holds_most_is_chosen_and_its_words_are_marked():
    text = "Nothing here.\nInstalling a package.\nA package alone."
    assert snippet(text, asked("install", "packages")) == "<mark>Installing</mark> a <mark>package</mark>."


def test_without_any_of_the_words_the_text_begins():
    assert snippet("First line.\nSecond.", asked("zebra")) == "First line."


def test_an_empty_text_has_no_snippet():
    assert snippet("", asked("zebra")) == ""


def test_accents_are_kept_and_found():
    assert marked("La mémoire", asked("memoire")) == "La <mark>mémoire</mark>"


def test_what_looks_like_html_stays_text():
    assert marked("<b>zebra</b> & <script>", asked("zebra")) == "&lt;b&gt;<mark>zebra</mark>&lt;/b&gt; &amp; &lt;script&gt;"


@pytest.mark.parametrize("where", [0, 300, 900])
def test_a_long_line_is_cut_around_the_first_word(where):
    words = ["filler"] * 200
    words[where // 7] = "zebra"
    cut = snippet(" ".join(words), asked("zebra"))
    assert "<mark>zebra</mark>" in cut
    assert len(cut) <= LONGEST + len("<mark></mark>……")
