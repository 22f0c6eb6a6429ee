"""Word by word: what is gone and new, and that nothing is lost."""

import time

from hypothesis import given
from hypothesis import strategies as st

from knowledgebase.differences import Piece, Row, pieces, rows

TEXT = st.text(alphabet="ab .\n", max_size=80)


def test_a_changed_word_stands_between_the_words_that_stay():
    assert pieces("two old words", "two new words") == (
        Piece("same", "two "),
        Piece("gone", "old"),
        Piece("new", "new"),
        Piece("same", " words"),
    )


def test_kept_paragraphs_are_counted_and_others_are_gone_or_new():
    assert rows(["a", "b", "c"], ["a", "b", "d", "e"]) == [
        Row(same=2),
        Row((Piece("gone", "c"), Piece("new", "d"))),
        Row((Piece("new", "e"),)),
    ]


@given(TEXT, TEXT)
def test_both_texts_can_be_read_back(before, after):
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "new") == before
    assert "".join(piece.text for piece in found if piece.kind != "gone") == after


def test_a_hostile_text_is_replaced_whole():
    began = time.monotonic()
    found = pieces("a b " * 20_000, "b a " * 20_000 + "c")
    assert ({piece.kind for piece in found} >= {"gone", "new"}, time.monotonic() - began < 2) == (True, True)
