"""The condition language, and what follows from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.questions.conditions import OPERATIONS, PENDING, holds, is_answered, leaves
from onboarding.questions.progress import fields_shown, hidden_keys, missing, steps_shown
from onboarding.questions.shape import Form
from tests.onboarding.factories import ANSWERS, interest_schema

FORM = Form.from_json(interest_schema())


def leaf(op, value=None):
    return {"id": "q", "op": op, "value": value}


@pytest.mark.parametrize(
    ("op", "value", "answer", "expected"),
    [
        ("truthy", None, "x", True),
        ("truthy", None, False, False),
        ("falsy", None, False, True),
        ("eq", "a", "a", True),
        ("eq", "a", "b", False),
        ("neq", "a", "b", True),
        ("in", ["a", "b"], "b", True),
        ("nin", ["a", "b"], "b", False),
        ("has_any", ["a", "b"], ["b", "c"], True),
        ("has_any", ["a"], ["b", "c"], False),
        ("has_any", ["a"], "a", False),
        ("gt", 1, 2, True),
        ("gte", 2, 2, True),
        ("lt", "2027-01-01", "2026-01-01", True),
        ("lte", 1, 2, False),
        ("gt", 1, "2", False),
    ],
)
def test_leaf_compares_an_answer(op, value, answer, expected):
    assert holds(leaf(op, value), {"q": answer}) is expected


@pytest.mark.parametrize("answer", [PENDING, None, "", []])
@pytest.mark.parametrize("op", sorted(OPERATIONS))
def test_pending_and_no_answer_hold_for_falsy_neq_and_nin_alone(op, answer):
    assert holds(leaf(op, ["a"]), {"q": answer}) is (op in {"falsy", "neq", "nin"})


def test_combinations_nest():
    condition = {"allOf": [leaf("truthy"), {"anyOf": [leaf("eq", "a"), {"not": leaf("eq", "b")}]}]}
    assert [holds(condition, {"q": answer}) for answer in ("a", "b", "c", None)] == [True, False, True, False]
    assert [each["op"] for each in leaves(condition)] == ["truthy", "eq", "eq"]
    assert holds(None, {})


def test_condition_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a condition"):
        holds({"op": "eq"}, {})


ANY_ANSWER = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.sampled_from("abc"), max_size=3) | st.just(PENDING)
)
LEAVES = st.builds(leaf, st.sampled_from(["truthy", "falsy"])) | st.builds(leaf, st.sampled_from(["eq", "neq", "gt", "lt"]), st.integers())
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda parts: {"allOf": parts}, st.lists(inner, max_size=3))
        | st.builds(lambda parts: {"anyOf": parts}, st.lists(inner, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=6,
)


@given(CONDITIONS, ANY_ANSWER)
def test_not_is_the_opposite_whatever_is_asked(condition, answer):
    assert holds({"not": condition}, {"q": answer}) is not holds(condition, {"q": answer})


@given(ANY_ANSWER)
def test_each_pair_of_operations_is_complementary(answer):
    for one, other in (("truthy", "falsy"), ("eq", "neq")):
        assert holds(leaf(one, 1), {"q": answer}) is not holds(leaf(other, 1), {"q": answer})


@pytest.mark.parametrize(("answer", "expected"), [(False, True), (0, True), ("x", True), (PENDING, False), ("", False), (None, False)])
def test_answered_means_it_says_something(answer, expected):
    assert is_answered(answer) is expected


def test_steps_follow_the_uses_chosen():
    always = ["start", "community", "goals", "people", "data_money_time", "send"]
    assert [step.key for step in steps_shown(FORM, {})] == always
    shown = [step.key for step in steps_shown(FORM, {"use.types": ["event", "research"]})]
    assert shown == ["start", "community", "goals", "research", "event", "people", "data_money_time", "send"]


def test_answer_of_a_hidden_step_opens_nothing():
    answers = {"use.types": ["research"], "edu.exams": "yes", "edu.exam_dates": [{"start": "2027-06-01", "end": "2027-06-01"}]}
    assert hidden_keys(FORM, answers) == ["edu.exam_dates", "edu.exams"]


def test_question_follows_an_answer_on_its_own_page():
    step = FORM.step("people")
    keys = {field.key for field in fields_shown(FORM, step, {"people.authority": "needs_approval"})} - {
        field.key for field in fields_shown(FORM, step, {})
    }
    assert keys == {"people.approver"}


def test_files_are_asked_for_and_not_typed():
    assert "files.attachments" in {field.key for field in fields_shown(FORM, FORM.step("send"), {})}
    assert (FORM.field("files.attachments").is_files, FORM.field("files.attachments").is_typed) == (True, False)


def test_missing_grows_with_the_level():
    assert missing(FORM, ANSWERS, "submit") == []
    assert missing(FORM, ANSWERS, "review") == []
    submit = {field.key for field in missing(FORM, {}, "submit")}
    assert submit < {field.key for field in missing(FORM, {}, "review")}
    assert {"use.types", "community.country", "contact.email", "consent.privacy"} < submit


def test_missing_for_a_phase_asks_for_that_phase_alone():
    answers = {key: value for key, value in ANSWERS.items() if key != "community.short_name"}
    assert [field.key for field in missing(FORM, answers, "phase:p1_account")] == ["community.short_name"]
    assert missing(FORM, ANSWERS, "phase:p1_account") == []


def test_pending_is_missing_at_the_level_that_needs_it():
    answers = ANSWERS | {"people.hub_champion": PENDING, "community.short_name": PENDING}
    assert missing(FORM, answers, "submit") == []
    assert [field.key for field in missing(FORM, answers, "review")] == ["people.hub_champion"]
    assert [field.key for field in missing(FORM, answers, "phase:p1_account")] == ["community.short_name"]
