"""Every construct of a real corpus of MyST, with the blocks and the report it makes."""

import json
import re
from pathlib import Path

import pytest

from knowledgebase.importing import import_folder
from knowledgebase.models import Article, ArticleDocument, ArticleImage, Source
from tests.knowledgebase.factories import SYSTEM, bare

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).parent / "corpus"
EXPECTED = json.loads((Path(__file__).parent / "corpus.json").read_text(encoding="utf-8"))
PROBLEMS = [
    ("broken.md", 4, "a block that is never closed: {note}"),
    ("broken.md", 8, "an image that could not be brought in: media/missing.png"),
    ("broken.md", 8, "an image without a description: media/icon.png"),
    ("broken.md", 10, "an image that could not be brought in: media/build-time.png"),
    ("broken.md", 13, "a block that is never closed: {warning}"),
    ("environment/index.md", 5, "code without its emphasize-lines, linenos"),
    ("environment/index.md", 48, "a formula is shown as code"),
    ("guide/index.md", 61, "an image without a description: ../media/diagram.png"),
    ("guide/index.md", 67, "an image that could not be brought in: ../media/drawing.svg"),
    ("guide/steps.md", 7, "a formula is shown as code: a^2"),
    ("guide/steps.md", 7, "{strange} is not known here; its words are kept"),
    ("guide/steps.md", 13, "a reference that leads nowhere: auth:github-orgs"),
    ("guide/steps.md", 13, "a term that no glossary explains: unknown thing"),
    ("guide/steps.md", 16, "a link that leads nowhere: #nowhere"),
    ("guide/steps.md", 16, "a link that leads nowhere: nowhere.md"),
    ("layout.md", 49, "{mermaid} is not known here; its text is kept"),
    ("support/index.md", 18, "<mark> is not carried over; its words are kept"),
    ("support/index.md", 18, "<svg> is left out"),
]


@pytest.fixture
def report():
    return import_folder(CORPUS, bare(), by=SYSTEM, publish=True)


def made() -> dict[str, list]:
    """What each file became; files of ours by their names."""
    names = {str(row.key): row.title for model in (ArticleImage, ArticleDocument) for row in model.objects.all()}
    images, documents = ({row.pk: row.title for row in model.objects.all()} for model in (ArticleImage, ArticleDocument))
    of_field = {"image": images, "document": documents, "video": documents, "captions": documents}
    found: dict[str, list] = {}
    for source in Source.objects.select_related("article"):
        found[source.path] = []
        for block in source.article.body.raw_data:
            value = block["value"]
            if isinstance(value, dict):
                value |= {name: rows[value[name]] for name, rows in of_field.items() if value.get(name)}
            text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda key: names[key[0]], json.dumps(value))
            found[source.path].append([block["type"], json.loads(text)])
    return found


@pytest.mark.usefixtures("report")
def test_every_construct_becomes_the_blocks_it_should():
    assert made() == EXPECTED


def test_what_could_not_be_carried_over_is_told_with_its_line(report):
    assert sorted((one["file"], one["line"], one["problem"]) for one in report.problems) == PROBLEMS
    assert (report.created, report.kept) == (9, 0)


@pytest.mark.usefixtures("report")
def test_the_tree_is_that_of_the_toctrees():
    assert [article.url_path.removeprefix("/knowledge-bases/shared/") for article in Article.objects.order_by("path")] == [
        *(
            "index/",
            "guide/",
            "guide/steps/",
            "environment/",
            "glossary/",
            "support/",
            "layout/",
            "broken/",
            "es/guide/",
            "es/guide/steps/",
        ),
    ]
