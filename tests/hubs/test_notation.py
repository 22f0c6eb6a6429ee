"""YAML read quickly is YAML read rightly, and every value knows its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hubs.deployers.gitops.configuration import dumped
from hubs.notation import NotYAML, line_of, parsed
from tests.hubs.test_rendering import actual, real, starter

TEXT = """a: &anchor
  b: 1
  c: [x,
      y]
d:
  <<: *anchor
  e:
  - name: one
    f: 1
  - name: two
"""


def slowly(text):
    """As ruamel.yaml reads it, which we took before."""
    return YAML(typ="safe", pure=True).load(text)


def test_whole_configuration_reads_as_before():
    assert [path for path, text in starter().files.items() if parsed(text) != slowly(text)] == []


@real
def test_real_configuration_reads_as_before():
    assert [path for path, text in actual().files.items() if path.startswith("config/") and parsed(text) != slowly(text)] == []


WORDS = [
    "yes",
    "no",
    "on",
    "true",
    "True",
    "FALSE",
    "tRue",
    "~",
    "null",
    "",
    "0644",
    "0o14",
    "0x1F",
    "0b101",
    "1_000",
    "1e3",
    "1.5",
    ".5",
    "-.inf",
]
WORDS += [
    "12:30",
    "+5",
    "-7",
    "1.",
    "1.2.3",
    '"12"',
    "'12'",
    "!!str 12",
    "!!int '7'",
    "!!float 1",
    "v1",
    "-a",
    "<",
    "{}",
    "[]",
    "[a, 1]",
    "{a: }",
]


@pytest.mark.parametrize("word", WORDS)
def test_words_mean_what_they_meant(word):
    assert repr(parsed(f"a: {word}")) == repr(slowly(f"a: {word}"))


def test_dates_are_words_as_they_are_for_helm():
    assert parsed("a: 2026-01-31\nb: !!timestamp 2026-01-31") == {"a": "2026-01-31", "b": "2026-01-31"}


def test_keys_are_words():
    assert parsed("1: a\ntrue: b\nnull: c") == {"1": "a", "true": "b", "null": "c"}


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(categories=["L"]), min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(json)
def test_what_is_written_reads_back(value):
    assert parsed(dumped({"a": value})) == {"a": value}


@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ((), 1),
        (("a",), 1),
        (("a", "b"), 2),
        (("a", "c", 1), 4),
        (("d", "b"), 2),
        (("d", "e"), 7),
        (("d", "e", 0, "f"), 9),
        (("d", "e", 1), 10),
        (("d", "e", 1, "f"), 10),
        (("d", "e", 2), 7),
        (("z",), 1),
        (("a", "b", "c"), 2),
    ],
)
def test_value_knows_its_line_and_what_is_absent_the_line_around_it(steps, line):
    assert line_of(TEXT, steps) == line


def test_line_of_nothing_is_none():
    assert (line_of("", ("a",)), line_of("a: [", ("a",)), line_of("# only words\n", ())) == (0, 2, 0)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: [\n", 3, "did not find"),
        ("a: 1\nb: 2\na: 3", 3, "'a' is there twice"),
        ("a: *b", 1, "no anchor b"),
        ("a: &a [*a]", 1, "holds itself"),
        ("a: !secret 1", 1, "tag !secret"),
        ("a: !!int x", 1, "no int"),
        ("? [a]\n: b", 1, "not a word"),
        ("<<: 1", 1, "takes mappings"),
        ("a: 1\n---\nb: 2", 3, "several documents"),
        ("[" * 100_000, 1, "too deep"),
        ("{a: " * 100_000, 1, "too deep"),
        ("a: \x01", 0, "control characters"),
    ],
)
def test_what_cannot_be_read_says_where_and_why(text, line, words):
    with pytest.raises(NotYAML, match=words) as caught:
        parsed(text)
    assert (caught.value.line, isinstance(caught.value, YAMLError), isinstance(caught.value, ValueError)) == (line, True, True)


def test_aliases_of_aliases_are_refused_before_anybody_goes_through_them():
    text = "a0: &a0 [x]\n" + "".join(f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]\n" for number in range(1, 60))
    with pytest.raises(NotYAML, match="too much"):
        parsed(text)
    few = parsed("\n".join(text.splitlines()[:5]))
    assert few["a4"][0] is few["a4"][1]
