"""Compiling, checking and hashing a form."""

import copy

import pytest

from onboarding.form_defaults import load
from onboarding.questions.compiling import compile_form, digest
from onboarding.questions.linting import Around, lint
from onboarding.questions.shape import Form

STRUCTURE = {
    "key": "small",
    "languages": ["en", "es"],
    "steps": [
        {"key": "one", "fields": [{"key": "a", "type": "choice", "options": ["x", "y"], "required": "submit"}]},
        {
            "key": "two",
            "requires": {"id": "a", "op": "eq", "value": "x"},
            "fields": [{"key": "b", "type": "email", "pii": True, "required": "optional"}],
        },
    ],
}
WORDS = {
    "title": "T",
    "intro": "I",
    "steps": {"one": {"title": "One", "intro": "I"}, "two": {"title": "Two", "intro": "I"}},
    "fields": {"a": {"label": "A", "hint": "h", "options": {"x": "X", "y": "Y"}}, "b": {"label": "B", "hint": "h"}},
}


@pytest.fixture
def structure():
    return copy.deepcopy(STRUCTURE)


def compiled(structure):
    return compile_form(structure, {"en": WORDS, "es": WORDS})


def test_compiled_form_holds_texts_by_language(structure):
    schema = compiled(structure)
    assert schema["steps"][0]["fields"][0] == {
        "key": "a",
        "type": "choice",
        "required": "submit",
        "label": {"en": "A", "es": "A"},
        "hint": {"en": "h", "es": "h"},
        "options": [{"key": "x", "label": {"en": "X", "es": "X"}}, {"key": "y", "label": {"en": "Y", "es": "Y"}}],
    }
    assert lint(schema) == []
    assert Form.from_json(schema).field("a").option_keys == ["x", "y"]


def test_digest_knows_content_and_not_order(structure):
    schema = compiled(structure)
    assert digest(schema) == digest(dict(reversed(schema.items())))
    schema["title"]["es"] = "Otro"
    assert digest(schema) != digest(compiled(structure))


def field(structure, step=0):
    return structure["steps"][step]["fields"][0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: s["steps"].append(s["steps"][0]), "one: two steps have this key"),
        (lambda s: s["steps"][1]["fields"].append(field(s)), "a: two questions have this key"),
        (lambda s: field(s).update(type="riddle"), "a: unknown type riddle"),
        (lambda s: field(s, 1).update(type="file_list", pii=False), "b: asks for a person and is not marked pii"),
        (
            lambda s: field(s, 1).update(type="file_list", pending=True),
            "b: files are added or not, so “I don't know yet” cannot be an answer",
        ),
        (lambda s: field(s).update(required="maybe"), "a: unknown level maybe"),
        (lambda s: field(s, 1).update(pii=False), "b: asks for a person and is not marked pii"),
        (lambda s: field(s, 1).update(options=["x"]), "b: a choice has options, and nothing else has"),
        (lambda s: field(s).update(options=["x", "x"]), "a: two options have the same key"),
        (lambda s: field(s).update(pending=True), "a: needed to send, so “I don't know yet” cannot be an answer"),
        (lambda s: field(s).update(requires={"id": "b", "op": "eq", "value": 1}), "a: requires b, which is not asked before"),
        (lambda s: s["steps"][1].update(requires={"id": "a", "op": "like", "value": "x"}), "two: unknown operation like"),
        (
            lambda s: s["steps"][1].update(requires={"not": {"id": "a", "op": "in", "value": ["x", "z"]}}),
            "two: requires an option that a does not offer: z",
        ),
        (lambda s: field(s).update(not_before="b"), "a: not_before names b, which is not asked before"),
        (lambda s: s["languages"].append("pt"), "title: no text in pt"),
    ],
)
def test_lint_says_what_must_be_put_right(structure, change, problem):
    change(structure)
    assert problem in map(str, lint(compiled(structure)))


def test_lint_refuses_a_key_that_changes_its_type(structure):
    before = compiled(structure)
    field(structure, 1).update(type="short_text")
    assert [str(finding) for finding in lint(compiled(structure), Around(earlier=[before]))] == [
        "b: was email, is short_text: a question that changes its type needs a new key"
    ]


def test_default_form_is_whole():
    schema = load("interest")
    assert lint(schema) == []
    form = Form.from_json(schema)
    assert (len(form.steps), len(list(form.fields())), form.languages) == (10, 64, ("en", "es", "pt", "fr"))
