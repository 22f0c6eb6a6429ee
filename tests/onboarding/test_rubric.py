import pytest

from onboarding import rubric_defaults
from onboarding.models import PlanTemplateVersion, RubricVersion
from onboarding.questions.shape import Form
from onboarding.rubric import RubricContent, digest, problems
from tests.factories import ProgrammeFactory
from tests.onboarding.factories import interest_schema


def test_default_rubric_can_be_published_and_speaks_four_languages():
    document = rubric_defaults.rubric_document()
    assert problems(document) == []
    assert len(document["criteria"]) == 10
    texts = [text for row in document["criteria"] for text in [row["title"], *row["levels"]]] + [row["text"] for row in document["gates"]]
    assert {tuple(text) for text in texts} == {("en", "es", "pt", "fr")}
    assert all(all(text.values()) for text in texts)


def test_evidence_names_questions_of_the_interest_form():
    keys = {field.key for field in Form.from_json(interest_schema()).fields()}
    content = RubricContent(rubric_defaults.rubric_document())
    assert {key for each in [*content.criteria, *content.gates] for key in each.evidence} <= keys


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda row: row.update(weight=11), "The weights do not add up to 100."),
        (lambda row: row["levels"].pop(), "mission needs 5 level texts."),
        (lambda row: row["levels"][0].update(en=""), "mission needs 5 level texts."),
        (lambda row: row.update(key="need"), "Two criteria have the same key."),
    ],
)
def test_rubric_with_a_fault_is_not_published(spoil, problem):
    document = rubric_defaults.rubric_document()
    spoil(document["criteria"][0])
    assert problems(document) == [problem]


def test_digest_ignores_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_choices_show_the_best_level_first():
    content = RubricContent(rubric_defaults.rubric_document())
    assert [level for level, _text in content.criterion("need").choices] == [4, 3, 2, 1, 0]


def test_default_plan_has_words_for_every_phase_and_item_and_needs_earlier_phases_only():
    seen = []
    for phase in rubric_defaults.plan_document()["phases"]:
        assert set(phase["title"]) == {"en", "es", "pt", "fr"}
        assert phase["done_when"]["en"]
        assert all(len(item["text"]) == 4 for item in phase["items"])
        assert set(phase["needs"]) <= set(seen)
        seen.append(phase["key"])
    assert len(seen) == 14


@pytest.mark.django_db
def test_ensure_again_changes_nothing_an_operator_published():
    ProgrammeFactory()
    rubric_defaults.ensure()
    version = RubricVersion.objects.get()
    RubricVersion.objects.update(is_current=False)
    RubricVersion.objects.create(rubric=version.rubric, number=2, document=version.document, sha256="theirs")
    rubric_defaults.ensure()
    assert list(RubricVersion.objects.values_list("number", "is_current")) == [(1, False), (2, True)]
    assert PlanTemplateVersion.objects.count() == 1
