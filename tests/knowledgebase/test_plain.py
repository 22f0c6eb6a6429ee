"""Articles as MyST Markdown."""

import pytest
from django.core.files.base import ContentFile

from knowledgebase.models import Article, ArticleDocument
from knowledgebase.plain import cells, markdown_of
from tests.knowledgebase.factories import bare, draft, picture

pytestmark = pytest.mark.django_db


def plain(*blocks) -> str:
    article = draft(bare(), title="Page", body=[{"type": kind, "value": value} for kind, value in blocks])
    return markdown_of(Article.objects.get(pk=article.pk)).removeprefix("# Page\n\n")


def test_title_and_summary_stand_above():
    assert markdown_of(draft(bare(), title="Page", summary="In short.")) == "# Page\n\nIn short.\n\nText.\n"


def test_an_article_without_words_is_its_title():
    assert markdown_of(draft(bare(), title="Page", body=[])) == "# Page\n\n"


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("text", "[a](kb:b/c#d) `[a](kb:b)` [h](kb:)", "[a](/kb/b/c/#d) `[a](kb:b)` [h](/kb/)"),
        ("text", "```\n[a](kb:b)\n```\n[a](/kb/b)", "```\n[a](kb:b)\n```\n[a](/kb/b/)"),
        ("callout", {"tone": "tip", "title": "", "text": "Look."}, ":::{tip}\nLook.\n:::"),
        ("callout", {"tone": "note", "title": "T", "text": "x"}, ":::{admonition} T\nx\n:::"),
        (
            "callout",
            {"tone": "warning", "title": "T", "text": "::::\n", "folded": True},
            ":::::{admonition} T\n:class: warning dropdown\n\n::::\n\n:::::",
        ),
        ("code", {"language": "md", "code": "```\nx\n```"}, "````{code-block} md\n```\nx\n```\n````"),
        ("code", {"language": "", "code": ":x: y"}, "```{code-block}\n\n:x: y\n```"),
        ("table", {"caption": "C", "rows": "a|b\n1|2\\|3"}, "```{table} C\n| a | b |\n| --- | --- |\n| 1 | 2\\|3 |\n```"),
        ("table", {"caption": "", "rows": ""}, ""),
        (
            "steps",
            {"steps": [{"title": "A", "text": "b\n\n- c"}, {"title": "D", "text": ""}]},
            ":::{steps}\n1. A\n   b\n\n   - c\n2. D\n:::",
        ),
        ("hub_facts", {"title": "Ours"}, "```{hub-facts} Ours\n```"),
        ("request", {"kind": "event", "words": "Soon."}, "```{request} event\nSoon.\n```"),
        ("ask_support", {"subject": "S", "words": ""}, "```{ask-support} S\n```"),
        (
            "open_in_hub",
            {"words": "O", "repository": "https://example.org/x", "branch": "main", "path": ""},
            "```{open-in-hub} O\n:repository: https://example.org/x\n:branch: main\n```",
        ),
    ],
)
def test_each_block_is_written_as_its_directive(kind, value, written):
    assert plain((kind, value)) == (f"{written}\n" if written else "")


def test_files_are_addressed_on_the_site():
    image, document = picture(bare()), ArticleDocument(title="Plan", collection=bare().collection)
    document.file.save("plan.pdf", ContentFile(b"plan"))
    assert plain(
        ("figure", {"image": image.pk, "alt": "A map", "caption": "See [it](kb:b).", "width": "small"}),
        ("download", {"document": document.pk, "words": ""}),
    ) == (
        f"```{{figure}} /files/images/{image.key}/original/\n:alt: A map\n:width: 33%\n\nSee [it](/kb/b/).\n```\n\n"
        f"```{{download}} /files/documents/{document.key}/\n```\n"
    )


def test_what_is_gone_is_left_out_and_two_texts_stay_two():
    assert plain(("figure", {"image": None, "alt": "", "caption": ""}), ("text", "One"), ("text", "Two")) == "One\n\n+++\n\nTwo\n"


@pytest.mark.parametrize(
    ("line", "found"),
    [("| a | b |", ["a", "b"]), ("a|b", ["a", "b"]), ("| | b |", ["", "b"]), (r"a \| b", [r"a \| b"]), ("|---|:-:|", []), ("", [])],
)
def test_cells_of_a_row(line, found):
    assert cells(line) == found


def test_films_tabs_facts_and_repositories_say_what_is_chosen():
    film, captions = (ArticleDocument(title=name, collection=bare().collection) for name in ("Tour", "Words"))
    film.file.save("tour.mp4", ContentFile(b"film"))
    captions.file.save("tour.vtt", ContentFile(b"WEBVTT"))
    repository = {"words": "O", "repository": "https://example.org/x", "branch": "dev", "path": "", "app": "rstudio"}
    assert plain(
        ("video", {"video": film.pk, "title": "A tour", "captions": captions.pk, "transcript": "See [it](kb:b)."}),
        ("tabs", {"tabs": [{"title": "R", "text": "x"}, {"title": "Python", "text": "y"}]}),
        ("hub_facts", {"title": "", "shows": ["memory"]}),
        ("hub_facts", {"title": "", "shows": []}),
        ("open_in_hub", repository),
    ).split("\n\n```{hub-facts}") == [
        (
            f"```{{video}} /files/documents/{film.key}/\n:title: A tour\n:captions: /files/documents/{captions.key}/\n\nSee [it](/kb/b/).\n```\n\n"
            "::::{tab-set}\n:::{tab-item} R\nx\n:::\n:::{tab-item} Python\ny\n:::\n::::"
        ),
        "\n:shows: memory\n```",
        "\n:shows: nothing\n```\n\n```{open-in-hub} O\n:repository: https://example.org/x\n:branch: dev\n:app: rstudio\n```\n",
    ]
