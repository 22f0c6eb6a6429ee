"""Publishing: the next version of a form, a rubric and a plan, whole or not at all; and what the database refuses."""

import copy

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ground.actors import Actor
from ground.frozen import statements
from onboarding import plan_template, publishing, rubric_defaults
from onboarding.models import FieldRename, FormVersion, PlanTemplateVersion, RubricVersion
from onboarding.plan_template import Known
from onboarding.publishing import NotReady
from onboarding.rubric import problems
from tests.onboarding.factories import FormVersionFactory, interest_schema
from tests.onboarding.review_factories import rubric

pytestmark = pytest.mark.django_db
SITE = Actor.system()


@pytest.fixture
def version():
    rubric()
    return FormVersionFactory()


def changed(document, change):
    other = copy.deepcopy(document)
    change(other)
    return other


def field(schema, key):
    return next(each for step in schema["steps"] for each in step["fields"] if each["key"] == key)


def without(schema, key):
    for step in schema["steps"]:
        step["fields"] = [each for each in step["fields"] if each["key"] != key]


@pytest.mark.parametrize(
    ("key", "reader"),
    [
        ("open.principles", "the rubric (mission) reads it"),
        ("community.github_org", "the hub request reads it"),
        ("community.website", "the hub request reads it"),
        ("community.description", "the rubric (mission) reads it"),
        ("contact.timezone", "the founding of a community reads it"),
        ("applicant.language", "the intake itself reads it"),
    ],
)
def test_a_form_that_drops_what_somebody_reads_is_refused_whole(version, key, reader):
    with pytest.raises(NotReady) as refusal:
        publishing.publish(version.definition, changed(interest_schema(), lambda form: without(form, key)), by=SITE)
    assert any(words.startswith(f"{key}: {reader}") for words in refusal.value.problems)
    assert list(FormVersion.objects.values_list("number", "is_current")) == [(1, True)]


def test_a_form_drops_what_nobody_reads(version):
    assert (
        publishing.publish(version.definition, changed(interest_schema(), lambda form: without(form, "goal.success")), by=SITE).number == 2
    )


def test_a_question_cannot_wait_for_a_phase_the_plan_lacks(version):
    late = changed(interest_schema(), lambda form: field(form, "goal.success").update(required="phase:p7"))
    with pytest.raises(NotReady, match=r"goal\.success: is needed before the phase p7"):
        publishing.publish(version.definition, late, by=SITE)


def test_a_rename_is_kept_with_the_version_it_begins_with_and_judges_the_next_ones(version):
    renamed = changed(interest_schema(), lambda form: field(form, "goal.success").update(key="goal.sign"))
    second = publishing.publish(version.definition, renamed, by=SITE, renames={"goal.sign": "goal.success"})
    rename = FieldRename.objects.get()
    assert (rename.from_key, rename.to_key, rename.since_number) == ("goal.success", "goal.sign", second.number)
    other_type = changed(renamed, lambda form: field(form, "goal.sign").update(type="integer"))
    with pytest.raises(NotReady, match=r"goal\.sign: was long_text, is integer"):
        publishing.publish(version.definition, other_type, by=SITE)
    publishing.publish(version.definition, changed(renamed, lambda form: form["title"].update(en="Again")), by=SITE)
    assert FieldRename.objects.count() == 1, "said once"


def test_a_second_story_of_the_same_key_is_refused(version):
    renamed = changed(interest_schema(), lambda form: field(form, "goal.success").update(key="goal.sign"))
    publishing.publish(version.definition, renamed, by=SITE, renames={"goal.sign": "goal.success"})
    with pytest.raises(NotReady, match="has another earlier key already"):
        publishing.publish(version.definition, renamed, by=SITE, renames={"goal.sign": "goal.barrier"})


@pytest.mark.parametrize(
    "fields",
    [
        {"from_key": "a", "to_key": "a"},
        {"from_key": "goal.success", "to_key": "another"},
        {"from_key": "another", "to_key": "goal.sign"},
    ],
)
def test_the_database_refuses_a_rename_to_itself_and_a_second_one(version, fields):
    FieldRename.objects.create(definition=version.definition, from_key="goal.success", to_key="goal.sign", since_number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldRename.objects.create(definition=version.definition, since_number=3, **fields)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda rubric: rubric["rules"].update(min_reviews=0), "At least one review is needed before a decision."),
        (lambda rubric: rubric["rules"].update(spread=5), "The spread is a number of levels from 1 to 4."),
        (lambda rubric: rubric["rules"].update(min_coverage=70), "The least coverage is a share from 0 to 1."),
        (lambda rubric: rubric["gates"][1].update(key="g_data"), "Two gates have the same key."),
        (lambda rubric: rubric["gates"][0].update(key=""), "A criterion or a gate has no key."),
        (lambda rubric: rubric["criteria"][0]["levels"][2].pop("pt"), "mission.2: no text in pt"),
        (lambda rubric: rubric["gates"][0]["text"].pop("fr"), "g_data: no text in fr"),
        (lambda rubric: rubric["gates"][0]["evidence"].append("gone.key"), "g_data is shown by gone.key, which no form asks."),
    ],
)
def test_a_rubric_with_a_fault_is_refused(version, spoil, problem):
    document = changed(rubric_defaults.rubric_document(), spoil)
    row = RubricVersion.objects.get().rubric
    with pytest.raises(NotReady) as refusal:
        publishing.publish_rubric(row, document, by=SITE)
    assert refusal.value.problems == [problem]
    assert list(RubricVersion.objects.values_list("number", "is_current")) == [(1, True)]


def test_evidence_is_not_looked_for_where_there_is_no_form():
    assert problems(changed(rubric_defaults.rubric_document(), lambda rubric: rubric["gates"][0]["evidence"].append("x"))) == []


def test_the_content_of_an_earlier_rubric_is_current_again(version):
    first = RubricVersion.objects.get()
    document = changed(first.document, lambda rubric: rubric["title"].update(en="Ours"))
    second = publishing.publish_rubric(first.rubric, document, by=SITE, changelog="A better title")
    assert (second.number, second.changelog) == (2, "A better title")
    assert publishing.publish_rubric(first.rubric, first.document, by=SITE) == first
    assert list(RubricVersion.objects.order_by("number").values_list("number", "is_current")) == [(1, True), (2, False)]


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda plan: plan["phases"][0].update(key="p0_needs"), "Two phases have the same key."),
        (lambda plan: plan["phases"][0]["items"][1].update(key="agreement_recorded"), "p0_agree: two items have the same key."),
        (lambda plan: plan["phases"][0].update(needs=["p0_needs"]), "p0_agree needs p0_needs, which does not come before it."),
        (lambda plan: plan["phases"][0]["title"].pop("es"), "p0_agree.title: no text in es"),
        (lambda plan: plan["phases"][0]["items"][0]["text"].pop("pt"), "p0_agree.agreement_recorded: no text in pt"),
        (lambda plan: plan["phases"][2].update(skip="rainy"), "p1_account: nothing here knows what “rainy” is."),
        (lambda plan: plan["phases"][0]["items"][0].update(check="luck"), "p0_agree: nothing here knows what “luck” is."),
        (lambda plan: plan["phases"][0].update(key=""), ": a phase or an item has no key."),
    ],
)
def test_a_plan_with_a_fault_is_refused(version, spoil, problem):
    document = changed(rubric_defaults.plan_document(), spoil)
    with pytest.raises(NotReady) as refusal:
        publishing.publish_plan(version.definition.programme, document, by=SITE)
    assert problem in refusal.value.problems
    assert PlanTemplateVersion.objects.count() == 1


def test_a_plan_keeps_the_phases_that_questions_wait_for(version):
    document = changed(rubric_defaults.plan_document(), lambda plan: plan["phases"].pop(2))
    with pytest.raises(NotReady, match="is needed before p1_account, which this plan no longer has"):
        publishing.publish_plan(version.definition.programme, document, by=SITE)


def test_an_empty_plan_is_not_published():
    assert plan_template.problems({"phases": []}, Known()) == ["The plan has no phase."]


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (RubricVersion, ["rubric_id", "number", "document", "sha256"]),
        (PlanTemplateVersion, ["programme_id", "number", "document", "sha256"]),
    ],
)
def test_the_database_refuses_to_change_or_delete_a_published_rubric_or_plan(version, model, columns):
    for change in ({"document": {}}, {"sha256": "0" * 64}, {"number": 9}):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            model.objects.update(**change)
    with connection.cursor() as cursor:  # tests/database.py takes the trigger against deletes away on SQLite
        for statement in statements(model._meta.db_table, columns, connection.vendor):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)
