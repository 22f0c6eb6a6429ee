"""Every link from one page of the documentation to a file of ours leads somewhere."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s+(\S+)|(?:src|href)=\"([^\"]+)\"", re.MULTILINE)


def targets(page: Path) -> list[str]:
    """The relative addresses that a page links to, without their fragments."""
    found = ["".join(groups) for groups in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))]
    return [unquote(urlsplit(link).path) for link in found if not urlsplit(link).scheme and urlsplit(link).path]


def test_links_are_found_in_every_way_they_are_written(tmp_path):
    page = tmp_path / "a.md"
    page.write_text('[a](b.md#x) ![c](d%20e.png "f") <img src="g.png"> [h](https://i.example) `[j](k.md)` [l](#m)\n\n[n]: o.md\n')
    assert targets(page) == ["b.md", "d e.png", "g.png", "o.md"]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_relative_link_resolves(page):
    assert [link for link in targets(page) if not (page.parent / link).exists()] == []
