"""The ground's pure rules."""

import re

import pytest

from ground.references import new_reference
from ground.texts import pick


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ({"en": "Name", "es": "Nombre"}, "es", "Nombre"),
        ({"en": "Name", "es": "Nombre"}, "pt-br", "Name"),
        ({"fr": "Nom"}, "en", "Nom"),
        ({}, "en", ""),
    ],
)
def test_pick_falls_back_to_english_then_to_whatever_there_is(text, language, expected):
    assert pick(text, language) == expected


def test_new_reference_can_be_read_out():
    assert re.fullmatch(r"CI-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", new_reference("CI"))
