"""The catalogues of the three other languages: whole, with every blank of the original, and compiled."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client

CATALOGUES = sorted((Path(settings.BASE_DIR) / "locale").glob("*/LC_MESSAGES/django.po"))


def blanks(words: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", words))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_translation_keeps_every_blank(path: Path):
    pairs = [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path)) if not entry.msgid_plural]
    assert [source for source, said in pairs if not said or blanks(source) != blanks(said)] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_compiled_catalogue_is_up_to_date(path: Path):
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(entry.msgid, entry.msgstr) for entry in compiled} == {(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path))}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("es", "Entrar"), ("pt", "Entrar"), ("fr", "Se connecter")])
def test_stranger_reads_the_start_page_in_their_language(client: Client, language: str, words: str):
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert words in page
    assert "Apply for a hub" not in page
