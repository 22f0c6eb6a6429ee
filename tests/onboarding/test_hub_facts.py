import pytest

from onboarding import hub_facts
from onboarding.hub_facts import known, values
from onboarding.questions.conditions import PENDING
from onboarding.questions.shape import Form
from tests.onboarding.factories import ANSWERS, interest_schema

FORM = Form.from_json(interest_schema())


def test_values_of_a_whole_application():
    found = values(FORM, ANSWERS)
    note = found.pop("/note")
    assert found == {
        "/requested_by": {"name": "Ana Quispe Mamani", "email": "ana@glaciares.example.org"},
        "/technical_contacts": [
            {"name": "Luis Huamán", "email": "luis@glaciares.example.org"},
            {"name": "Ana Quispe Mamani", "email": "ana@glaciares.example.org"},
        ],
        "/wanted_by": "2027-02-01",
        "/hubs/0/name": "glaciares-andinos",
        "/hubs/0/display_name": "Red Andina de Glaciares",
        "/hubs/0/homepage/org/name": "Red Andina de Glaciares",
        "/hubs/0/homepage/org/url": "https://glaciares.example.org",
        "/hubs/0/environment/images": [
            {"title": "Python", "preset": "scipy", "default": True},
            {"title": "R", "preset": "rocker", "default": False},
        ],
    }
    assert "Trabajar con las mismas imágenes" in note
    assert ": 60" in note


@pytest.mark.parametrize(
    ("answers", "pointer", "value"),
    [
        ({"research.gpu": "no"}, "/hubs/0/resources/gpu", False),
        ({"research.gpu": "yes"}, "/hubs/0/resources/gpu", None),
        ({"research.gpu": "unsure"}, "/hubs/0/resources/gpu", None),
        ({"research.parallel": "yes"}, "/hubs/0/environment/dask_gateway", True),
        ({"research.parallel": "no"}, "/hubs/0/environment/dask_gateway", False),
        ({"community.website": "http://old.example.org"}, "/hubs/0/homepage/org/url", None),
        ({"community.short_name": PENDING}, "/hubs/0/name", None),
        (
            {"community.github_org": "https://github.com/glaciares"},
            "/hubs/0/authentication",
            {"method": "github", "allowed_organizations": ["glaciares"]},
        ),
        ({"community.github_org": "https://gitlab.com/glaciares"}, "/hubs/0/authentication", None),
        ({"people.hub_champion": PENDING, "people.community_champion": PENDING}, "/technical_contacts", None),
        ({"contact.name": "Ana", "contact.email": "ana@example.org"}, "/requested_by", {"name": "Ana", "email": "ana@example.org"}),
        ({"work.software": ["julia", "other"]}, "/hubs/0/environment/images", None),
    ],
)
def test_value_of_one_answer(answers, pointer, value):
    assert values(FORM, answers).get(pointer) == value


def test_known_leaves_out_what_nobody_knows():
    answers = {"a": "unsure", "b": PENDING, "c": "", "d": False, "e": "yes"}
    assert [known(answers, key) for key in "abcdef"] == [None, None, None, False, "yes", None]


def test_every_row_of_the_table_names_asked_questions_and_a_converter():
    keys = {field.key for field in FORM.fields()} | {"contact"}
    for row in hub_facts.table():
        assert set(row["from"]) <= keys, row
        assert row["how"] in {*hub_facts.CONVERTERS, "note"}
