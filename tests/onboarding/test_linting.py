"""Each rule of publishing a form, and somebody who tries to break it."""

import copy

import pytest

from onboarding.questions.compiling import compile_form
from onboarding.questions.linting import Around, lint
from tests.onboarding.test_compiling import STRUCTURE, WORDS

READERS = {"b": "the hub request"}


@pytest.fixture
def schema():
    return compile_form(copy.deepcopy(STRUCTURE), {"en": WORDS, "es": WORDS})


def question(schema, key):
    return next(field for step in schema["steps"] for field in step["fields"] if field["key"] == key)


def said(schema, **around):
    return [str(finding) for finding in lint(schema, Around(**around))]


def changed(schema, change):
    other = copy.deepcopy(schema)
    change(other)
    return other


def without(key):
    def change(schema):
        for step in schema["steps"]:
            step["fields"] = [field for field in step["fields"] if field["key"] != key]

    return change


def test_a_form_that_keeps_every_promise_is_said_nothing_of(schema):
    assert said(schema, earlier=[schema], readers=READERS, phases=["p1"]) == []


def test_a_key_that_changes_its_type_is_found_over_all_earlier_versions(schema):
    first = changed(schema, lambda form: question(form, "b").update(type="short_text"))
    second = changed(schema, without("b"))
    assert said(schema, earlier=[first, second]) == ["b: was short_text, is email: a question that changes its type needs a new key"]


def test_a_renamed_question_that_changes_its_type_is_found_too(schema):
    now = changed(schema, lambda form: question(form, "b").update(key="c", type="person"))
    assert said(now, earlier=[schema], renames={"c": "b"}) == ["c: was email, is person: a question that changes its type needs a new key"]


def test_an_option_that_comes_back_with_another_meaning_is_found(schema):
    second = changed(schema, lambda form: question(form, "a")["options"].pop(1))
    back = changed(schema, lambda form: question(form, "a")["options"][1].update(label={"en": "Zebra", "es": "Cebra"}))
    words = "a: the option y was removed and comes back with another meaning: it needs a new key"
    assert said(back, earlier=[schema, second]) == [words]
    assert said(schema, earlier=[schema, second]) == [], "with its old words it is the same option"
    assert said(back, earlier=[schema]) == [], "an option that never left may be worded better"


def test_a_question_that_was_away_keeps_the_meaning_of_its_options(schema):
    second = changed(schema, lambda form: (without("a")(form), form["steps"][1].pop("requires")))
    back = changed(schema, lambda form: question(form, "a")["options"][0].update(label={"en": "Other", "es": "Otro"}))
    assert said(back, earlier=[schema, second]) == ["a: the option x was removed and comes back with another meaning: it needs a new key"]


def test_conditions_point_back_so_none_runs_in_a_circle(schema):
    circle = changed(schema, lambda form: question(form, "a").update(requires={"id": "b", "op": "truthy"}))
    assert said(circle) == ["a: requires b, which is not asked before"]
    itself = changed(schema, lambda form: question(form, "a").update(requires={"id": "a", "op": "truthy"}))
    assert said(itself) == ["a: requires a, which is not asked before"]
    nowhere = changed(schema, lambda form: question(form, "b").update(requires={"allOf": [{"not": {"id": "zz", "op": "truthy"}}]}))
    assert said(nowhere) == ["b: requires zz, which this form does not ask"]


def test_a_condition_on_an_option_that_is_gone_is_found(schema):
    gone = changed(schema, lambda form: question(form, "a")["options"].pop(0))
    assert "two: requires an option that a does not offer: x" in said(gone)


@pytest.mark.parametrize("looks", [{"type": "person"}, {"verify": True}, {"type": "short_text", "autocomplete": "name"}])
def test_what_looks_personal_is_marked(schema, looks):
    unmarked = changed(schema, lambda form: (question(form, "b").pop("pii"), question(form, "b").update(looks)))
    assert said(unmarked) == ["b: asks for a person and is not marked pii"]


@pytest.mark.parametrize("place", ["title", "intro"])
def test_a_text_missing_in_a_language_the_form_claims_is_found(schema, place):
    assert said(changed(schema, lambda form: form[place].pop("es"))) == [f"{place}: no text in es"]


def test_a_key_that_somebody_reads_may_not_go(schema):
    assert said(changed(schema, without("b")), earlier=[schema], readers=READERS) == [
        "b: the hub request reads it, and this form no longer asks it"
    ]
    assert said(changed(schema, without("b")), earlier=[schema]) == [], "what nobody reads may go"


def test_a_renamed_key_that_somebody_reads_is_said_so_too(schema):
    now = changed(schema, lambda form: question(form, "b").update(key="c"))
    assert said(now, earlier=[schema], renames={"c": "b"}, readers=READERS) == [
        "b: the hub request reads it, and this form no longer asks it"
    ]


def test_an_old_key_is_not_asked_again_and_a_rename_names_one_that_was(schema):
    assert said(schema, earlier=[schema], renames={"c": "b"}) == ["b: became c, so it cannot be asked again under its old key"]
    now = changed(schema, lambda form: question(form, "b").update(key="c"))
    assert said(now, earlier=[schema], renames={"c": "zz"}) == ["c: its earlier key zz was never asked"]


def test_a_question_waits_for_a_phase_that_the_plan_has(schema):
    late = changed(schema, lambda form: question(form, "b").update(required="phase:p9"))
    assert said(late, phases=["p1"]) == ["b: is needed before the phase p9, which the onboarding plan does not have"]
    assert said(late) == [], "without a plan nobody knows"


def test_a_form_for_everybody_asks_for_the_address_to_answer_to(schema):
    words = ["no question asks everybody for the e-mail address to confirm, so nobody could send this form"]
    assert said(schema, confirms_address=True) == words
    hidden = changed(schema, lambda form: question(form, "b").update(verify=True, required="submit", requires={"id": "a", "op": "truthy"}))
    assert said(hidden, confirms_address=True) == words
    asked = changed(schema, lambda form: question(form, "b").update(verify=True, required="submit"))
    asked["steps"][1].pop("requires")
    assert said(asked, confirms_address=True) == []


@pytest.mark.parametrize("key", ["", "Über", "a b", "9lives", "a..b"])
def test_a_key_is_plain(schema, key):
    spoiled = changed(schema, lambda form: question(form, "b").update(key=key))
    assert any("a key is made of small letters" in words for words in said(spoiled))


def test_an_empty_form_is_not_published():
    empty = {"schema": 1, "key": "new", "languages": [], "title": {}, "intro": {}, "steps": []}
    assert said(empty) == ["the form asks nothing yet", "the form speaks no language yet"]


@pytest.mark.parametrize(
    "condition",
    [
        {"allOf": 5},
        {"allOf": [1]},
        {"anyOf": [None]},
        {"not": [{"id": "a", "op": "truthy"}]},
        {"not": None},
        {"op": "eq"},
        {"id": "a"},
        {"id": "a", "op": "in", "value": "x"},
        {"id": "a", "op": "has_any"},
        {"allOf": [], "note": "x"},
    ],
)
def test_a_condition_that_nobody_can_read_is_found(schema, condition):
    words = "b: its condition cannot be read: parts are missing, or one of several needs a list"
    assert said(changed(schema, lambda form: question(form, "b").update(requires=condition))) == [words]
