"""What we ship, what an operator keeps."""

import pytest
from django.urls import reverse

from communities import groups
from communities.defaults import let_operators_edit
from communities.roles import StaffGroup
from knowledgebase.models import SynonymPhrase, SynonymSet
from knowledgebase.searching import synonyms
from tests.factories import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(tmp_path, monkeypatch):
    """A folder of content files of our own; `write(words)` writes one set."""
    monkeypatch.setattr(synonyms, "CONTENT", tmp_path)

    def write(words: str) -> None:
        (tmp_path / "a.yaml").write_text(f"stop:\n  en: [{words}]\n", encoding="utf-8")
        synonyms.ensure()

    return write


def kept() -> list[tuple[str, str]]:
    return list(SynonymSet.objects.values_list("name", "en"))


def test_every_set_we_ship_speaks_and_is_loaded_once():
    synonyms.ensure()
    synonyms.ensure()
    shipped = list(synonyms.shipped())
    assert SynonymSet.objects.count() == len(shipped) >= 50
    assert [key for key, fields in shipped if not fields["en"]] == []
    spoken = {language for _key, fields in shipped for language in synonyms.LANGUAGES if fields[language]}
    assert spoken == {"en", "es", "pt", "fr"}


def test_a_newer_set_takes_the_place_of_ours(content):
    content("stop, halt")
    content("stop, end")
    assert (kept(), set(SynonymPhrase.objects.values_list("phrase", flat=True))) == ([("stop", "stop\nend")], {"stop", "end"})


def test_an_operators_change_stays(content):
    content("stop, halt")
    SynonymSet.objects.update(en="stop\npause")
    content("stop, end")
    assert kept() == [("stop", "stop\npause")]


def test_a_removed_set_stays_removed(content):
    content("stop, halt")
    SynonymSet.objects.all().delete()
    content("stop, end")
    assert kept() == []


def test_an_operators_own_set_of_that_name_stays(content):
    SynonymSet.objects.create(name="stop", en="cease")
    content("stop, halt")
    assert kept() == [("stop", "cease")]


class TestEditor:
    @pytest.fixture
    def address(self):
        groups.ensure_staff_groups()
        let_operators_edit()
        return reverse(SynonymSet.snippet_viewset.get_url_name("add"))

    def test_an_operators_words_are_searched_by_at_once(self, client, address):
        client.force_login(staff(StaffGroup.OPERATOR), backend="django.contrib.auth.backends.ModelBackend")
        words = {"name": "boat", "en": "boat\nvessel", "es": "", "pt": "", "fr": "", "leads_to": "", "is_used": "on"}
        assert client.post(address, words).status_code == 302
        assert set(SynonymPhrase.objects.values_list("phrase", flat=True)) == {"boat", "vessel"}

    def test_an_agent_does_not_get_there(self, client, address):
        client.force_login(staff(StaffGroup.SUPPORT_AGENT), backend="django.contrib.auth.backends.ModelBackend")
        client.post(address, {"name": "boat", "en": "boat"})
        assert kept() == []
