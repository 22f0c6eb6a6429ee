"""Blocks: from a document to the editor and back, without loss."""

import copy

import pytest

from onboarding import rubric_defaults
from onboarding.blocks.conditions import condition_of, inputs_of
from onboarding.blocks.forms import FORM, earlier_keys, form_blocks, form_schema
from onboarding.blocks.plans import PLAN, plan_blocks, plan_document
from onboarding.blocks.rubrics import RUBRIC, rubric_blocks, rubric_document
from onboarding.questions.compiling import digest
from tests.onboarding.factories import interest_schema

TYPES = {"a": "choice", "n": "integer", "b": "yes_no"}


def there_and_back(schema):
    return form_schema(FORM.to_python(form_blocks(schema)), key=schema["key"])


def test_default_form_comes_back_with_the_same_hash():
    assert digest(there_and_back(interest_schema())) == digest(interest_schema())


def test_default_rubric_and_plan_come_back_whole():
    rubric, plan = rubric_defaults.rubric_document(), rubric_defaults.plan_document()
    assert rubric_document(RUBRIC.to_python(rubric_blocks(rubric)), key=rubric["key"]) == rubric
    assert plan_document(PLAN.to_python(plan_blocks(plan))) == {"phases": plan["phases"]}


def test_what_no_input_says_comes_back_as_it_was():
    schema = copy.deepcopy(interest_schema())
    schema["colour"] = "teal"
    schema["steps"][0]["icon"] = {"name": "hand"}
    schema["steps"][0]["fields"][0] |= {"pending": False, "min": 0, "hours": [1, 2]}
    assert there_and_back(schema) == schema


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"id": "a", "op": "eq", "value": "x"},
        {"id": "a", "op": "in", "value": ["x", "y"]},
        {"id": "n", "op": "gte", "value": 3},
        {"id": "b", "op": "eq", "value": True},
        {"id": "b", "op": "truthy"},
        {"allOf": [{"id": "a", "op": "eq", "value": "x"}, {"id": "n", "op": "lt", "value": 9}]},
        {"anyOf": [{"id": "a", "op": "eq", "value": "x"}, {"id": "b", "op": "falsy"}]},
    ],
)
def test_a_common_condition_is_drawn_and_comes_back(condition):
    drawn = inputs_of(condition, TYPES)
    assert (condition_of(drawn, TYPES), drawn["more"]) == (condition, "")


@pytest.mark.parametrize(
    "condition",
    [
        {"not": {"id": "a", "op": "eq", "value": "x"}},
        {"allOf": [{"id": "a", "op": "eq", "value": "x"}]},
        {"anyOf": [{"allOf": [{"id": "a", "op": "eq", "value": "x"}]}, {"id": "b", "op": "truthy"}]},
        {"id": "a", "op": "eq", "value": 3},
        {"id": "a", "op": "eq", "value": None},
        {"id": "a", "op": "truthy", "value": 1},
        {"id": "a", "op": "in", "value": []} | {"note": "x"},
    ],
)
def test_a_condition_that_no_input_says_is_kept_as_json(condition):
    drawn = inputs_of(condition, TYPES)
    assert drawn["tests"] == []
    assert condition_of(drawn, TYPES) == condition


def test_tests_and_json_hold_together():
    inputs = {"combine": "any", "tests": [{"key": "b", "op": "truthy", "values": ""}], "more": '{"not": {"id": "a", "op": "truthy"}}'}
    assert condition_of(inputs, TYPES) == {"anyOf": [{"id": "b", "op": "truthy"}, {"not": {"id": "a", "op": "truthy"}}]}


def test_json_that_is_none_is_refused_beside_its_input():
    block = FORM.child_blocks["step"].child_blocks["more"]
    assert block.clean('{"a": 1}') == '{"a": 1}'
    for typed in ("{", "[1]", "words"):
        with pytest.raises(Exception, match="not a JSON object"):
            block.clean(typed)


def test_an_earlier_key_is_a_rename_and_no_part_of_the_schema():
    blocks = form_blocks(interest_schema())
    blocks[1]["value"]["questions"][0] |= {"key": "use.kinds", "earlier_key": "use.types"}
    body = FORM.to_python(blocks)
    assert earlier_keys(body) == {"use.kinds": "use.types"}
    assert "earlier_key" not in form_schema(body, key="interest")["steps"][0]["fields"][0]


def test_an_empty_form_compiles():
    schema = form_schema(FORM.to_python([]), key="new")
    assert (schema["languages"], schema["title"], schema["steps"]) == ([], {}, [])


def test_json_adds_and_never_overrules_an_input():
    blocks = form_blocks(interest_schema())
    blocks[0]["value"]["more"] = '{"steps": 5, "key": "other", "note": 1}'
    blocks[1]["value"]["more"] = '{"fields": 5, "title": null}'
    blocks[1]["value"]["questions"][0]["more"] = '{"options": 5, "label": null, "key": "", "pii": "x"}'
    schema = form_schema(FORM.to_python(blocks), key="interest")
    assert schema == interest_schema() | {"note": 1}
