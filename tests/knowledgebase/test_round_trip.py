"""Import, edit, import again, export, import the export elsewhere: nothing is lost."""

import json
import re
from pathlib import Path

import pytest

from knowledgebase.exporting import published, write_folder
from knowledgebase.importing import import_folder
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Edition, KnowledgeBase
from knowledgebase.opening import CONTENT
from tests.factories import CommunityFactory
from tests.knowledgebase.factories import SYSTEM, bare

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).parent / "corpus"
KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EDIT = [
    {"type": "text", "value": "## Ours\n\nWritten here, see [below](#ours)."},
    {"type": "text", "value": "A second text, right after the first."},
    {"type": "callout", "value": {"tone": "warning", "title": "Mind", "text": "::: not a fence\n\n```\ncode\n```", "folded": True}},
    {"type": "code", "value": {"language": "", "code": ":looks: like an option\n```\nand a fence"}},
    {"type": "table", "value": {"caption": "Sizes", "rows": "|  | Size |\n| a \\| b | **1** |"}},
    {"type": "steps", "value": {"steps": [{"title": f"Step {n}", "text": "- a\n  - b" if n > 9 else ""} for n in range(1, 12)]}},
    {"type": "hub_facts", "value": {"title": "", "shows": ["memory"]}},
    {"type": "tabs", "value": {"tabs": [{"title": "One", "text": "[x](#ours)"}, {"title": "Two", "text": "```\n:::\n```"}]}},
    {
        "type": "open_in_hub",
        "value": {"words": "Go", "repository": "https://example.org/x", "branch": "dev", "path": "a", "app": "rstudio"},
    },
]


def whole(knowledge_base: KnowledgeBase) -> list[dict[str, object]]:
    """Everything of a knowledge base that readers could miss; files by what they hold."""
    hashes = {str(row.key): row.file_hash for model in (ArticleImage, ArticleDocument) for row in model.objects.all()}
    by_pk = {str(row.pk): row.file_hash for row in ArticleImage.objects.all()} | {
        f"d{row.pk}": row.file_hash for row in ArticleDocument.objects.all()
    }
    return [
        {
            "address": article.url_path.removeprefix(knowledge_base.url_path),
            "title": article.title,
            "summary": article.summary,
            "audience": article.audience,
            "language": article.edition.language,
            "translates": article.translation_of.slug if article.translation_of else "",
            "responsibilities": article.responsibilities,
            "blocks": [_block(block, hashes, by_pk) for block in article.body.raw_data],
        }
        for article in Article.objects.descendant_of(knowledge_base).select_related("edition", "translation_of").order_by("path")
    ]


def _block(block, hashes, by_pk) -> tuple[str, str]:
    value = block["value"]
    if isinstance(value, dict):
        files = {"image": "", "document": "d", "captions": "d", "video": "d"}
        value = {
            name: by_pk[f"{files[name]}{part}"] if name in files and part else part for name, part in value.items() if part or name == "alt"
        }
    return block["type"], KEY.sub(lambda key: hashes[key[0]], json.dumps(value, sort_keys=True))


def texts(knowledge_base: KnowledgeBase) -> list[str]:
    """What its readers see, in words."""
    return list(Edition.objects.filter(knowledge_base=knowledge_base).order_by("address").values_list("text", flat=True))


def edit(address: str) -> None:
    article = Article.objects.get(edition__address=address)
    article.body = json.dumps([*article.body.raw_data[:2], *EDIT])
    article.summary = "Edited: here, with “quotes” and a colon."
    article.responsibilities = ["day.accounts"]
    article.save_revision().publish()


@pytest.mark.parametrize(("source", "edited"), [(CORPUS, "glossary"), (CONTENT / "shared", "files/storage")], ids=["corpus", "shared"])
def test_a_knowledge_base_survives_export_and_import(tmp_path, source, edited):
    first, second = bare(), bare(CommunityFactory(slug="elsewhere"))
    import_folder(source, first, by=SYSTEM, publish=True)
    edit(edited)
    again = import_folder(source, first, by=SYSTEM, publish=True)
    assert (again.created, again.updated, again.kept) == (0, 0, 1)
    before = whole(first)
    assert len(before) >= 9

    write_folder(first, published(first), tmp_path)
    report = import_folder(tmp_path, second, by=SYSTEM, publish=True)

    assert [one for one in report.problems if "without a description" not in one["problem"]] == []
    assert whole(second) == before
    assert texts(second) == texts(first)


def test_an_export_of_what_was_imported_is_the_same_file_by_file(tmp_path):
    first, second = bare(), bare(CommunityFactory(slug="elsewhere"))
    import_folder(CORPUS, first, by=SYSTEM, publish=True)
    write_folder(first, published(first), tmp_path / "one")
    import_folder(tmp_path / "one", second, by=SYSTEM, publish=True)
    write_folder(second, published(second), tmp_path / "two")
    one, two = (
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (tmp_path / "one", tmp_path / "two")
    )
    differing = {name for name in one if one[name] != two.get(name)}
    assert (set(one), differing) == (set(two), {"myst.yml", "hubdesk.mjs", "index.md", "_redirects"})  # these name the knowledge base
