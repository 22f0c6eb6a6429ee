"""What was typed becomes a plain value, "I don't know yet", or a kind word."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from onboarding.questions.answers import inputs, read, read_page, say
from onboarding.questions.conditions import PENDING
from onboarding.questions.kinds import KINDS
from onboarding.questions.kinds.base import Problem, tidy
from onboarding.questions.kinds.times import instant
from onboarding.questions.kinds.zones import find_zone, offered_zones, zones_by_country
from onboarding.questions.shape import Field, Form, Option
from tests.onboarding.factories import ANSWERS, interest_schema

FORM = Form.from_json(interest_schema())


def field(kind, **more):
    options = tuple(Option(key, {"en": key.upper(), "es": f"{key}-es"}) for key in ("a", "b", "c"))
    return Field(key="q", type=kind, label={"en": "Q"}, hint={"en": "H"}, options=options if "choice" in kind else (), **more)


def typed(**parts):
    return {("q" if name == "value" else f"q:{name}"): value if isinstance(value, list) else [value] for name, value in parts.items()}


GOOD = [
    ("short_text", {"value": "  Ana \t Quispe\n"}, "Ana Quispe", "Ana Quispe"),
    ("short_text", {"value": "🧊 Ünïcode"}, "🧊 Ünïcode", "🧊 Ünïcode"),
    ("short_text", {"value": "a\x00b\x07c"}, "abc", "abc"),
    ("long_text", {"value": "one\r\ntwo\r\n"}, "one\ntwo", "one\ntwo"),
    ("slug", {"value": "andean-glaciers2"}, "andean-glaciers2", "andean-glaciers2"),
    ("url", {"value": "example.org/a?b=1"}, "https://example.org/a?b=1", "https://example.org/a?b=1"),
    ("url", {"value": "http://example.org"}, "http://example.org", "http://example.org"),
    ("email", {"value": "ana@example.org "}, "ana@example.org", "ana@example.org"),
    ("integer", {"value": "1 200"}, 1200, "1,200"),
    ("integer", {"value": "1.200"}, 1200, "1,200"),
    ("integer", {"value": "1,200,000"}, 1200000, "1,200,000"),
    ("integer", {"value": "0040"}, 40, "40"),
    ("yes_no", {"value": "yes"}, True, "Yes"),
    ("yes_no", {"value": "no"}, False, "No"),
    ("choice", {"value": "b"}, "b", "B"),
    ("multi_choice", {"value": ["c", "a", "c"]}, ["a", "c"], "A; C"),
    ("consent", {"value": "yes"}, True, "Agreed"),
    ("country", {"value": "pe"}, "PE", "Peru"),
    ("date", {"value": "2027-03-31"}, "2027-03-31", "Wed 31 Mar 2027"),
    (
        "date_range",
        {"start": "2027-03-01", "end": "2027-03-31"},
        {"start": "2027-03-01", "end": "2027-03-31"},
        "Mon 1 Mar 2027 to Wed 31 Mar 2027",
    ),
    ("date_range", {"start": "2027-03-01"}, {"start": "2027-03-01", "end": "2027-03-01"}, "Mon 1 Mar 2027"),
    (
        "date_range_list",
        {"start": ["2027-03-01", "", "2027-05-01"], "end": ["2027-03-02", "", ""]},
        [{"start": "2027-03-01", "end": "2027-03-02"}, {"start": "2027-05-01", "end": "2027-05-01"}],
        "Mon 1 Mar 2027 to Tue 2 Mar 2027; Sat 1 May 2027",
    ),
    (
        "datetime_tz",
        {"local": "2027-03-02T09:00", "timezone": "lima"},
        {"local": "2027-03-02T09:00", "timezone": "America/Lima"},
        "Tue 2 Mar 2027, 09:00 (America/Lima, UTC−5)",
    ),
    (
        "datetime_tz",
        {"local": "2027-03-02 09:30", "timezone": "Asia/Kolkata"},
        {"local": "2027-03-02T09:30", "timezone": "Asia/Kolkata"},
        "Tue 2 Mar 2027, 09:30 (Asia/Kolkata, UTC+5:30)",
    ),
    (
        "daily_hours_tz",
        {"start": "09:00", "end": "17:30", "timezone": "America/Sao_Paulo"},
        {"start": "09:00", "end": "17:30", "timezone": "America/Sao_Paulo"},
        "09:00 to 17:30 (America/Sao Paulo)",
    ),
    ("timezone", {"value": "sao paulo"}, "America/Sao_Paulo", "America/Sao Paulo"),
    ("person", {"name": "Ana", "email": "ana@example.org"}, {"name": "Ana", "email": "ana@example.org"}, "Ana, ana@example.org"),
]


@pytest.mark.parametrize(("kind", "parts", "value", "words"), GOOD)
def test_typed_becomes_a_value_that_is_said_and_typed_back(kind, parts, value, words):
    question = field(kind)
    assert read(question, typed(**parts)) == value
    assert read(question, inputs(question, value)) == value
    assert say(question, value) == words


def test_every_kind_is_tried_here():
    assert {kind for kind, *_rest in GOOD} == set(KINDS) - {"file_list"}


def test_files_are_said_and_never_read_from_words():
    assert read(field("file_list"), typed(value="letter.pdf")) is None
    assert say(field("file_list"), [{"file": "x", "name": "letter.pdf", "size": 2048}]) == "letter.pdf (2.0\xa0KB)"


BAD = [
    ("short_text", {"value": "x" * 10_000}, "Please shorten this to 200 characters. It has 10,000 now."),
    ("long_text", {"value": "🧊" * 2001}, "Please shorten this to 2,000 characters. It has 2,001 now."),
    (
        "slug",
        {"value": "Red Andina"},
        "Use small letters, digits and hyphens, at most 30, and begin with a letter. You could write: red-andina",
    ),
    ("slug", {"value": "¿?"}, "Use small letters, digits and hyphens, at most 30, and begin with a letter."),
    ("url", {"value": "javascript:alert(1)"}, "Write the address as your browser shows it, for example https://example.org"),
    ("url", {"value": "ftp://example.org"}, "Write the address as your browser shows it, for example https://example.org"),
    ("url", {"value": "x" * 300}, "Please shorten this to 200 characters. It has 300 now."),
    (
        "email",
        {"value": "ana at example"},
        "This does not look like an e-mail address. It needs a name, an @ and a place, for example ana@example.org",
    ),
    ("integer", {"value": "about 40"}, "Write a whole number in digits, for example 40"),
    ("integer", {"value": "1.5"}, "Write a whole number in digits, for example 40"),
    ("integer", {"value": "-3"}, "Write a whole number in digits, for example 40"),
    ("integer", {"value": "99999999"}, "Please check this number. It is larger than we can plan for."),
    ("yes_no", {"value": "maybe"}, "Choose from the answers offered here."),
    ("choice", {"value": "z"}, "Choose from the answers offered here."),
    ("multi_choice", {"value": ["a", "z"]}, "Choose from the answers offered here."),
    ("country", {"value": "Peru"}, "Choose a country from the list."),
    ("date", {"value": "31/03/2027"}, "Write the date as year, month and day, for example 2027-03-31"),
    ("date", {"value": "0027-03-31"}, "Write the date as year, month and day, for example 2027-03-31"),
    ("date_range", {"start": "2027-03-02", "end": "2027-03-01"}, "The last day is before the first. Please check both."),
    ("date_range", {"end": "2027-03-01"}, "Write the first day too."),
    ("date_range_list", {"start": ["2027-03-02", "x"], "end": ["", ""]}, "Write the date as year, month and day, for example 2027-03-31"),
    ("date_range_list", {"start": ["2027-03-02"] * 13, "end": []}, "Please keep to the 12 most important dates."),
    ("datetime_tz", {"local": "tomorrow", "timezone": "UTC"}, "Write the day and the hour, for example 2027-03-31 09:00"),
    (
        "datetime_tz",
        {"local": "2027-03-31T09:00"},
        "We do not know this time zone. Write a large city near you, for example Lima or America/Lima",
    ),
    ("daily_hours_tz", {"start": "9"}, "Write both hours, for example 09:00 and 17:00"),
    ("daily_hours_tz", {"start": "09:00", "end": "09:00", "timezone": "UTC"}, "Both hours are the same. Please check them."),
    (
        "daily_hours_tz",
        {"start": "09:00", "end": "17:00", "timezone": "Narnia"},
        "We do not know this time zone. Write a large city near you, for example Lima or America/Lima",
    ),
    ("timezone", {"value": "Narnia"}, "We do not know this time zone. Write a large city near you, for example Lima or America/Lima"),
    ("person", {"name": "Ana"}, "Write both the name and the e-mail address."),
    (
        "person",
        {"name": "Ana", "email": "ana"},
        "This does not look like an e-mail address. It needs a name, an @ and a place, for example ana@example.org",
    ),
]


@pytest.mark.parametrize(("kind", "parts", "words"), BAD)
def test_typed_that_cannot_be_kept_gets_a_kind_word(kind, parts, words):
    assert read(field(kind), typed(**parts)) == Problem(words)


def test_integer_below_its_least_says_so():
    assert read(field("integer", min=1), typed(value="0")) == Problem("Write 1 or more.")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_typed_is_no_answer(kind):
    question = field(kind)
    assert read(question, {}) is None
    assert (say(question, None), inputs(question, None)) == ("", {})


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(st.lists(st.text(max_size=40), max_size=3))
def test_nothing_typed_by_anybody_breaks_a_question(kind, values):
    question = field(kind, pending=True)
    parts = ("", ":start", ":end", ":local", ":timezone", ":name", ":email")
    value = read(question, {f"q{part}": values for part in parts})
    if value is None or isinstance(value, Problem):
        return
    assert "\x00" not in say(question, value)
    assert read(question, inputs(question, value)) == value


def test_pending_is_an_answer_where_it_is_allowed_and_words_go_before_it():
    question = field("short_text", pending=True)
    assert read(question, typed(pending="yes")) == PENDING
    assert read(question, typed(pending="yes", value="andean")) == "andean"
    assert read(field("short_text"), typed(pending="yes")) is None
    assert read(question, inputs(question, PENDING)) == PENDING
    assert say(question, PENDING) == "I don’t know yet"


def test_answers_are_said_in_the_readers_language():
    with translation.override("es"):
        assert say(field("multi_choice"), ["a", "c"]) == "a-es; c-es"
        assert say(field("country"), "PE") == "Perú"


def test_whole_application_is_typed_back_as_it_was():
    for key, value in ANSWERS.items():
        question = FORM.field(key)
        assert read(question, inputs(question, value)) == value, key


def test_page_is_read_with_what_is_good_and_what_is_not():
    questions = [field("short_text"), Field(key="n", type="integer", label={}, hint={}), Field(key="c", type="consent", label={}, hint={})]
    reading = read_page(questions, {"q": ["Ana"], "n": ["many"]}, {})
    assert (reading.values, list(reading.problems)) == ({"q": "Ana", "c": None}, ["n"])


def test_day_before_the_one_it_must_follow_is_said():
    first, second = (
        Field(key="first", type="date", label={}, hint={}),
        Field(key="second", type="date", label={}, hint={}, not_before="first"),
    )
    reading = read_page([first, second], {"first": ["2027-02-01"], "second": ["2027-01-01"]}, {})
    assert reading.problems == {"second": "This is before the date above. Please check both."}
    assert read_page([second], {"second": ["2027-01-01"]}, {"first": "2027-01-01"}).problems == {}


def test_moments_are_compared_across_zones():
    early, late = {"local": "2027-03-02T09:00", "timezone": "Asia/Tokyo"}, {"local": "2027-03-02T01:00", "timezone": "America/Lima"}
    assert instant(early) == datetime(2027, 3, 2, 0, 0, tzinfo=UTC)
    assert instant(early) < instant(late)


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("America/Lima", "America/Lima"),
        ("america/lima", "America/Lima"),
        ("Lima", "America/Lima"),
        ("New York", "America/New_York"),
        ("UTC-5", "Etc/GMT+5"),
        ("gmt +3", "Etc/GMT-3"),
        ("UTC+99", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_zone_is_found_however_it_is_written(words, zone):
    assert find_zone(words) == zone


def test_zones_offered_are_all_understood():
    assert all(find_zone(zone) == zone for zone in offered_zones())
    assert zones_by_country()["PE"] == ["America/Lima"]


@given(st.text())
def test_tidy_text_stays_tidy(text):
    assert tidy(tidy(text)) == tidy(text)
