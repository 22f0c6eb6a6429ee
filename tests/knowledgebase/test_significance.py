"""How much a change matters: examples for each reason, and what holds for any text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledgebase.significance import RANK, Reason, Significance, heaviest, propose, take_apart

LONG = "The server of your hub starts with two gigabytes of memory and keeps every file in your own folder until you delete it yourself"
WORDS = st.lists(st.from_regex(r"[a-z]{3,9}", fullmatch=True), min_size=1, max_size=60).map(" ".join)


def text(words: str):
    return take_apart("Title", "", [{"type": "text", "value": words, "id": "a"}])


def block(kind: str, value):
    return take_apart("Title", "", [{"type": "text", "value": LONG}, {"type": kind, "value": value}])


@pytest.mark.parametrize(
    ("before", "after", "level", "reason"),
    [
        (LONG, LONG.upper(), Significance.SMALL, Reason.FORM),
        (LONG, f"**{LONG}**", Significance.SMALL, Reason.FORM),
        (LONG.replace("your", "yuor"), LONG, Significance.SMALL, Reason.SPELLING),
        (LONG.replace("delete", "delate"), LONG, Significance.SMALL, Reason.SPELLING),
        (LONG, LONG.replace("two", "four"), Significance.MEDIUM, Reason.WORDS),
        (f"{LONG} 10 GB", f"{LONG} 50 GB", Significance.MEDIUM, Reason.WORDS),
        (f"{LONG} safe", f"{LONG} unsafe", Significance.MEDIUM, Reason.WORDS),
        (LONG, f"{LONG} not", Significance.MEDIUM, Reason.WORDS),
        (f"{LONG} [there](kb:a)", f"{LONG} [there](kb:b)", Significance.MEDIUM, Reason.LINKS),
        (LONG, f"{LONG}\n\n```\nls\n```", Significance.MEDIUM, Reason.NEW_CODE),
        (f"{LONG}\n\n```\nls\n```", f"{LONG}\n\n```\nrm\n```", Significance.LARGE, Reason.CODE),
        (f"{LONG} `ls`", LONG, Significance.LARGE, Reason.CODE),
        (f"{LONG}\n\n1. Open it\n2. Close it", f"{LONG}\n\n1. Open it, close it", Significance.LARGE, Reason.STEPS),
        (LONG, "Something else entirely stands here", Significance.LARGE, Reason.MUCH),
    ],
)
def test_a_change_of_the_text_is_proposed_as(before, after, level, reason):
    proposal = propose(text(before), text(after))
    assert (proposal.significance, reason in proposal.reasons) == (level, True)


@pytest.mark.parametrize(
    ("kind", "before", "after", "reason"),
    [
        ("code", {"language": "bash", "code": "ls"}, {"language": "bash", "code": "ls -l"}, Reason.CODE),
        ("steps", {"steps": [{"title": "A", "text": ""}]}, {"steps": [{"title": "A", "text": ""}] * 2}, Reason.STEPS),
        ("figure", {"image": 1, "alt": "", "caption": ""}, {"image": 2, "alt": "", "caption": ""}, Reason.LINKS),
        ("callout", {"tone": "note", "title": "", "text": "x"}, {"tone": "tip", "title": "", "text": "x"}, Reason.FORM),
    ],
)
def test_a_change_of_a_block_is_seen(kind, before, after, reason):
    assert reason in propose(block(kind, before), block(kind, after)).reasons


def test_two_small_edits_far_apart_in_a_long_article_are_not_much():
    paragraphs = [f"{LONG} {number}" for number in range(300)]
    changed = [f"First {paragraphs[0]}", *paragraphs[1:-1], f"{paragraphs[-1]} last"]
    assert propose(text("\n\n".join(paragraphs)), text("\n\n".join(changed))).share < 0.01


@given(WORDS)
def test_the_same_text_changes_nothing(words):
    proposal = propose(text(words), text(words))
    assert (proposal.significance, proposal.share, proposal.reasons) == (Significance.SMALL, 0.0, (Reason.FORM,))


@given(WORDS, WORDS)
def test_the_share_lies_between_nothing_and_all_and_a_quarter_is_large(before, after):
    proposal = propose(text(before), text(after))
    assert 0 <= proposal.share <= 1
    assert (proposal.share >= 0.25) <= (proposal.significance == Significance.LARGE)


@given(WORDS, st.from_regex(r"[a-z]{3,9}", fullmatch=True))
def test_code_that_is_gone_is_large_whatever_else_changes(words, code):
    assert propose(text(f"{words}\n\n```\n{code}\n```"), text(words)).significance == Significance.LARGE


@given(WORDS, st.integers(0, 10**6), st.integers(0, 10**6))
def test_another_number_is_never_small(words, before, after):
    level = propose(text(f"{words} {before}"), text(f"{words} {after}")).significance
    assert (level == Significance.SMALL) == (before == after)


@given(st.lists(st.sampled_from(list(RANK))))
def test_the_heaviest_is_one_of_them_and_none_is_heavier(levels):
    found = heaviest(levels)
    assert found in {*levels, ""}
    assert all(RANK[level] <= RANK[found] for level in levels)


@pytest.mark.parametrize(
    ("before", "after"),
    [("a " * 40_000, "b " * 40_000), ("a b " * 20_000, "b a " * 20_000), ("[" * 50_000, "](" * 50_000), ("```\n" * 20_000, "`" * 50_000)],
)
def test_a_hostile_text_takes_no_longer(before, after):
    began = time.monotonic()
    propose(text(before), text(after))
    assert time.monotonic() - began < 2
