"""The catalogues of the three other languages: whole, with every blank of the original, and compiled."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.test import Client

ROOMS = ("config", "ground", "communities", "hubs", "knowledgebase", "support", "onboarding", "portal", "demo")
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


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_every_word_of_the_sources_is_in_the_catalogues(tmp_path: Path):
    root = Path(settings.BASE_DIR)
    for folder in (*ROOMS, "templates", "locale"):
        shutil.copytree(root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.pyc", "*.mo", "migrations"))
    command = [sys.executable, "-m", "django", "makemessages", "--locale", "es", "--no-obsolete", "--verbosity", "0"]
    subprocess.run(command, cwd=tmp_path, check=True, env={"PATH": os.environ["PATH"]}, timeout=120)
    found = {entry.msgid for entry in polib.pofile(str(tmp_path / "locale/es/LC_MESSAGES/django.po"))}
    assert found == {entry.msgid for entry in polib.pofile(str(root / "locale/es/LC_MESSAGES/django.po"))}


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("es", "Entrar"), ("pt", "Entrar"), ("fr", "Se connecter")])
def test_stranger_reads_the_start_page_in_their_language(client: Client, language: str, words: str):
    page = client.get("/", headers={"accept-language": language}).content.decode()
    assert words in page
    assert "Apply for a hub" not in page
