"""What versions differ in, in words, and what is not translated."""

import copy

import pytest

from onboarding import outline, rubric_defaults
from onboarding.outline import Change, Untranslated, differences, untranslated
from tests.onboarding.factories import interest_schema


def form(change=None):
    schema = copy.deepcopy(interest_schema())
    if change:
        change(schema)
    return outline.of_form(schema)


def rubric(change=None):
    document = rubric_defaults.rubric_document()
    if change:
        change(document)
    return outline.of_rubric(document)


def plan(change=None):
    document = rubric_defaults.plan_document()
    if change:
        change(document)
    return outline.of_plan(document)


def goals(schema):
    return schema["steps"][2]["fields"]


def short(changes):
    return [(change.what, change.kind, change.key, [aspect for aspect, _before, _now in change.aspects]) for change in changes]


def test_the_same_document_differs_in_nothing():
    assert (differences(form(), form()), differences(rubric(), rubric()), differences(plan(), plan())) == ([], [], [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda schema: goals(schema)[0]["label"].update(en="Your wish?"), [("changed", "question", "goal.future", ["wording (en)"])]),
        (lambda schema: goals(schema)[0]["hint"].pop("fr"), [("changed", "question", "goal.future", ["hint (fr)"])]),
        (lambda schema: goals(schema)[0].update(required="review"), [("changed", "question", "goal.future", ["when an answer is needed"])]),
        (lambda schema: goals(schema).pop(), [("removed", "question", "open.example", [])]),
        (lambda schema: goals(schema)[3]["options"].pop(0), [("removed", "option", "work.style › mostly_interactive", [])]),
        (
            lambda schema: goals(schema).append(goals(schema).pop(5)),
            [("changed", "question", "open.example", ["place"]), ("changed", "question", "open.principles", ["place"])],
        ),
        (
            lambda schema: schema["steps"][3].pop("requires"),
            [("changed", "step", "research", ["when it is asked"])],
        ),
        (lambda schema: schema["languages"].pop(), [("changed", "form", "interest", ["languages"])]),
    ],
)
def test_a_change_of_a_form_is_said(change, said):
    assert short(differences(form(), form(change))) == said


def test_an_added_question_is_said_with_its_options():
    def add(schema):
        words = {"en": "How?"}
        options = [{"key": "friend", "label": {"en": "A friend"}}]
        goals(schema).append({"key": "heard", "type": "choice", "required": "optional", "label": words, "hint": words, "options": options})

    changes = differences(form(), form(add))
    assert changes == [Change("added", "question", "heard", "How?"), Change("added", "option", "heard › friend", "A friend")]
    assert (changes[0].kind_words, changes[0].what_words) == ("Question", "added")


def test_a_renamed_question_is_one_change_and_its_options_none():
    renamed = form(lambda schema: goals(schema)[3].update(key="work.way"))
    changes = differences(form(), renamed, {"work.way": "work.style"})
    assert [(change.what, change.key) for change in changes if change.kind == "question"] == [("changed", "work.way")]
    assert changes[0].aspects == [("key", "work.style", "work.way")]
    assert not [change for change in changes if change.what in {"added", "removed"}]


def test_a_change_of_a_rubric_and_a_plan_is_said():
    assert short(differences(rubric(), rubric(lambda document: document["rules"].update(spread=3)))) == [
        ("changed", "rubric", "community_intake", ["spread"])
    ]
    changed = rubric(lambda document: (document["criteria"][0].update(weight=12), document["criteria"][0]["levels"][4].update(en="Best")))
    assert short(differences(rubric(), changed)) == [("changed", "criterion", "mission", ["weight", "level 4 (en)"])]
    assert short(differences(plan(), plan(lambda document: document["phases"][0]["items"].pop(0)))) == [
        ("removed", "item", "p0_agree › agreement_recorded", [])
    ]


def test_what_is_not_translated_is_counted_and_placed():
    entries = form(lambda schema: (goals(schema)[0]["label"].pop("es"), goals(schema)[3]["options"][0]["label"].pop("es")))
    assert untranslated(entries, ["en", "es"]) == [
        Untranslated("en", []),
        Untranslated(
            "es",
            [
                "Question What would you like to be able to do? (goal.future): wording",
                "Option Step by step, looking at results as they go (work.style › mostly_interactive): wording",
            ],
        ),
    ]
