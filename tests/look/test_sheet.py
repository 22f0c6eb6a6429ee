"""The stylesheet and the script: small, and nothing inline anywhere."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ASSETS = [ROOT / "static/css/site.css", ROOT / "static/js/site.js", ROOT / "static/img/favicon.svg"]
BUDGET = 60_000


def zipped(content: bytes) -> int:
    return len(gzip.compress(content))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/apply/"])
def test_first_visit_fits_the_budget(client: Client, path: str):
    response = client.get(path, follow=True)
    if response.status_code == 404:
        pytest.skip(f"{path} is not built yet")
    html = response.content
    linked = [ROOT / "static" / name.decode() for name in re.findall(rb'(?:href|src)="/static/([^"?]+)"', html)]
    ours = [path for path in linked if path.exists()]
    assert set(ASSETS) <= set(ours)
    assert zipped(html) + sum(zipped(path.read_bytes()) for path in ours) < BUDGET


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_no_inline_style_script_or_handler(template: Path):
    html = template.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", html)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", html))


def luminance(colour: str) -> float:
    if len(colour) == 4:
        colour = "#" + "".join(2 * digit for digit in colour[1:])
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def themes() -> list[dict[str, str]]:
    sheet = ASSETS[0].read_text()
    blocks = re.findall(r"color-scheme: (?:light|dark);.*?\}", sheet, re.DOTALL)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})\b", block)) for block in blocks]


def test_dark_by_system_and_dark_by_choice_are_the_same():
    _light, by_system, by_choice = themes()
    assert by_system == by_choice


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [(text, ground) for text in ("ink", "ink-soft", "accent", "bad") for ground in ("paper", "surface")]
    + [("on-accent", "accent"), ("on-bad", "bad"), ("ink", "accent-soft"), ("accent", "accent-soft")]
    + [(tone, f"{tone}-soft") for tone in ("act", "wait", "good", "bad", "info", "note")],
)
def test_text_stands_out_from_its_ground(theme: int, text: str, ground: str):
    tokens = themes()[theme]
    assert contrast(tokens[text], tokens[ground]) >= 5.4


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_borders_of_controls_stand_out(theme: int):
    tokens = themes()[theme]
    assert min(contrast(tokens["control"], tokens[ground]) for ground in ("paper", "surface")) >= 3.6
