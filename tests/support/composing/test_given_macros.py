"""Macros and checklists that come with the site: written once, and never against what somebody changed."""

import pytest
from wagtail.log_actions import log

from support import vocabulary
from support.composing import macros
from support.composing.macros import defaults as given_macros
from support.composing.placeholders import fill
from support.models import ChecklistTemplate, Macro
from support.states import Status
from support.working.checklists import defaults as given_checklists

pytestmark = pytest.mark.django_db
VALUES = {"requester.first_name": "Ana", "agent.name": "Sam"}


@pytest.fixture(autouse=True)
def _words():
    vocabulary.ensure()


def test_two_macros_for_everybody_one_waits_and_one_solves():
    given_macros.ensure()
    given_macros.ensure()
    assert {each.name: macros.changes_of(each).status.code for each in Macro.objects.filter(owner=None)} == {
        "Restart your server": Status.WAITING_ON_REQUESTER,
        "Solved, tell us otherwise": Status.SOLVED,
    }


def test_each_macro_speaks_every_language_and_leaves_no_placeholder_open(settings):
    given_macros.ensure()
    for each in Macro.objects.all():
        assert set(each.text) == {code for code, _language in settings.LANGUAGES}
        assert [fill(words, VALUES).unknown for words in each.text.values()] == [()] * 4
        assert len(set(each.text.values())) == 4


def test_a_desk_that_renamed_or_removed_its_macros_gets_no_others():
    given_macros.ensure()
    Macro.objects.filter(name="Restart your server").update(name="Begin again")
    Macro.objects.exclude(name="Begin again").delete()
    given_macros.ensure()
    assert list(Macro.objects.values_list("name", flat=True)) == ["Begin again"]

    last = Macro.objects.get()
    log(last, "support.remove_macro", data={"name": last.name})
    last.delete()
    given_macros.ensure()
    assert not Macro.objects.exists()


def test_a_checklist_for_incidents_and_one_for_events_in_the_language_of_the_site(settings):
    settings.LANGUAGE_CODE = "es"
    given_checklists.ensure()
    given_checklists.ensure()
    assert dict(ChecklistTemplate.objects.values_list("name", "kind")) == {"Algo no funciona": "incident", "Se acerca un evento": "event"}
    assert all(len(each.texts) >= 5 for each in ChecklistTemplate.objects.all())


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
def test_the_checklists_say_as_much_in_every_language(language):
    for each in given_checklists.GIVEN:
        assert set(each.name) == set(each.lines)
        assert len(each.lines[language]) == len(each.lines["en"])


def test_a_desk_that_removed_its_checklists_gets_no_others():
    given_checklists.ensure()
    for each in ChecklistTemplate.objects.all():
        log(each, "wagtail.delete")
        each.delete()
    given_checklists.ensure()
    assert not ChecklistTemplate.objects.exists()
