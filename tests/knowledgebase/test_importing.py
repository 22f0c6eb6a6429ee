"""Importing folders of Markdown and MyST."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from knowledgebase.importing import FolderProblem, import_folder
from knowledgebase.models import Article, ArticleImage, Edition, Explanation
from tests.factories import CommunityFactory
from tests.knowledgebase.factories import SYSTEM, bare, draft, folder

pytestmark = pytest.mark.django_db


def bring(root: Path, **options):
    return import_folder(root, bare(), by=SYSTEM, **{"publish": True, **options})


def blocks(slug: str) -> list[tuple[str, object]]:
    return [(block["type"], block["value"]) for block in Article.objects.get(slug=slug).body.raw_data]


def html(address: str) -> str:
    return "".join(part.get("html", "") for part in Edition.objects.get(address=address).parts)


def counts(report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.kept


def test_a_files_path_is_its_address_and_folders_become_sections(tmp_path):
    report = bring(folder(tmp_path, guide__index="# Guide", guide__first_steps="# First", loose__page="# Page"))
    assert (counts(report), report.problems) == ((3, 0, 0, 0), [])
    assert sorted(Edition.objects.values_list("address", "title")) == [
        ("guide", "Guide"),
        ("guide/first_steps", "First"),
        ("loose", "Loose"),
        ("loose/page", "Page"),
    ]


def test_again_changes_nothing_and_a_changed_file_updates_its_page(tmp_path):
    root = folder(tmp_path, one="# One\n\nText.", two="# Two\n\nText.")
    bring(root)
    assert counts(bring(root)) == (0, 0, 2, 0)
    folder(tmp_path, two="# Two\n\nMore.")
    assert counts(bring(root)) == (0, 1, 1, 0)
    assert (Article.objects.count(), Edition.objects.get(address="two").text) == (2, "More.")


def test_a_page_edited_or_deleted_here_is_kept(tmp_path):
    root = folder(tmp_path, one="# One", two="# Two")
    bring(root)
    edited = Article.objects.get(slug="one")
    edited.title = "Ours"
    edited.save_revision().publish()
    Article.objects.get(slug="two").delete()
    folder(tmp_path, one="# One changed", two="# Two changed")
    assert counts(bring(root)) == (0, 0, 0, 2)
    assert list(Edition.objects.values_list("title", flat=True)) == ["Ours"]


def test_an_address_taken_by_a_page_made_here_is_kept_and_told(tmp_path):
    draft(bare(), title="One", slug="one")
    report = bring(folder(tmp_path, one="# One"))
    assert (counts(report), [problem["file"] for problem in report.problems]) == ((0, 0, 0, 1), ["one.md"])


def test_front_matter_says_title_summary_audience_and_order(tmp_path):
    bring(
        folder(
            tmp_path, a="---\ntitle: Last\norder: 2\n---\nText", b="---\ntitle: First\nsummary: Sum.\naudience: staff\norder: 1\n---\nText"
        )
    )
    assert list(Edition.objects.in_reading_order().values_list("title", "summary", "audience")) == [
        ("First", "Sum.", "staff"),
        ("Last", "", "public"),
    ]


def test_front_matter_names_the_rows_it_explains_and_what_is_no_key_is_told(tmp_path):
    report = bring(
        folder(tmp_path, a="---\nexplains: [day.accounts, lead_access, No Key, 7]\n---\n# A", b="---\nexplains: day.bill\n---\n# B")
    )
    assert list(Explanation.objects.order_by("key").values_list("edition__address", "key")) == [
        ("a", "day.accounts"),
        ("b", "day.bill"),
        ("a", "lead_access"),
    ]
    assert report.problems == [{"file": "a.md", "line": 1, "problem": f"not the key of a row: {named}"} for named in ("No Key", 7)]


@pytest.mark.parametrize(
    "order",
    [
        {"index": "# Home\n\n```{toctree}\n:hidden:\nzebra\nApe <ape>\n```\n"},
        {"myst.yml": "project:\n  toc:\n    - file: zebra.md\n    - title: Animals\n      children:\n        - file: ape.md\n"},
    ],
)
def test_toctrees_and_myst_yml_give_the_order(tmp_path, order):
    root = folder(tmp_path, ape="# Ape", zebra="# Zebra")
    for name, text in order.items():
        (root / (name if "." in name else f"{name}.md")).write_text(text)
    bring(root)
    assert [title for title in Edition.objects.in_reading_order().values_list("title", flat=True) if title != "Home"] == ["Zebra", "Ape"]


def test_directives_become_blocks(tmp_path):
    text = """# Title

Before.

:::{tip} Inline words
More.
:::

```{warning}
Careful.
```

````{admonition} Named
Text.

```python
x = 1
```
````

```{code-block} python
print(1)
```

```{steps}
1. First **thing**
   Do it.
2. Second
```

```{request} event
Three weeks.
```

```{hub-facts}
```

```{open-in-hub} Open
:repository: https://example.org/x.git
:path: a.ipynb
```

```{ask-support} Help
```

After.
"""
    report = bring(folder(tmp_path, page=text))
    assert report.problems == []
    assert [kind for kind, _value in blocks("page")] == [
        *("text", "callout", "callout", "callout", "code", "steps", "request", "hub_facts", "open_in_hub", "ask_support", "text"),
    ]
    assert blocks("page")[3][1] == {"tone": "note", "title": "Named", "text": "Text.\n\n```python\nx = 1\n```"}
    assert blocks("page")[6][1] == {"kind": "event", "words": "Three weeks."}


def test_what_is_not_known_stays_text_and_is_told(tmp_path):
    text = "# T\n\n```{mermaid} Chart\ngraph\n```\n\n{strange}`check` and [gone](gone.md) and ![no](no.png)\n\n```{note}\nnever closed"
    report = bring(folder(tmp_path, page=text))
    assert [problem["problem"] for problem in report.problems] == [
        "{mermaid} is not known here; its text is kept",
        "a block that is never closed: {note}",
        "{strange} is not known here; its words are kept",
        "an image that could not be brought in: no.png",
        "a link that leads nowhere: gone.md",
    ]
    assert "graph" in html("page")
    assert "never closed" in html("page")


def test_links_resolve_by_path_label_and_clamp_at_the_root(tmp_path):
    text = "# A\n\n[b](../b/two.md#part) [](../b/two.md) [x](two-label) {doc}`/b/two` {ref}`words <two-label>` [up](../../../top) [out](https://example.org)\n\n`[c](no.md)`"
    report = bring(folder(tmp_path, a__one=text, b__two="# Two\n\n(two-label)=\n## Part", top="# Top"))
    assert report.problems == []
    assert [link.split('"')[0] for link in html("a/one").split('href="')[1:]] == [
        *("/kb/b/two/#part", "/kb/b/two/", "/kb/b/two/#part", "/kb/b/two/", "/kb/b/two/#part", "/kb/top/", "https://example.org"),
    ]
    assert ">Two</a>" in html("a/one")


def test_images_are_brought_in_once_and_nothing_from_outside_the_folder(tmp_path):
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(picture, "PNG")
    (tmp_path / "secret.png").write_bytes(picture.getvalue())
    root = folder(tmp_path / "in", one="# One\n\n![A hub](pic.png)\n\nsee ![icon](pic.png) here\n\n![no](../secret.png)\n")
    (root / "pic.png").write_bytes(picture.getvalue())
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    folder(root, two="# Two\n\n```{figure} link.png\n:alt: x\n```\n")
    report = bring(root)
    image = ArticleImage.objects.get()
    assert [problem["file"] for problem in report.problems] == ["one.md", "two.md"]
    assert list(Edition.objects.get(address="one").images.all()) == [image]
    assert f"/files/images/{image.key}/width-800/" in html("one")


def test_a_language_folder_is_a_shelf_of_translations(tmp_path):
    bring(folder(tmp_path, hello="# Hello", es__hello="# Hola"))
    spanish = Edition.objects.get(address="es/hello")
    assert (spanish.language, spanish.article.translation_of.slug) == ("es", "hello")


def test_one_unusable_file_is_told_and_the_rest_comes(tmp_path):
    root = folder(tmp_path, good="# Good", search="# Search", broken="---\na: [\n---\n# B")
    (root / "latin.md").write_bytes(b"# \xe9")
    report = bring(root)
    assert (report.created, sorted(problem["file"] for problem in report.problems)) == (1, ["broken.md", "latin.md", "search.md"])


def test_an_empty_or_missing_folder_is_refused(tmp_path):
    for root in (tmp_path, tmp_path / "none"):
        with pytest.raises(FolderProblem):
            bring(root)


class TestCommand:
    def test_json_is_the_last_line(self, tmp_path, capsys):
        community = CommunityFactory(slug="coastal")
        bare(community)
        call_command("import_articles", str(folder(tmp_path, one="# One")), "--community", "coastal", "--json")
        assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "kept": 0,
            "redirects": 0,
            "moved": [],
            "removed": [],
            "problems": [],
        }
        assert (Article.objects.count(), Edition.objects.count()) == (1, 0)

    @pytest.mark.parametrize("where", [["--community", "nobody"], ["--shared"]])
    def test_nowhere_to_put_it_is_one_line_and_exit_2(self, tmp_path, where):
        with pytest.raises(CommandError) as raised:
            call_command("import_articles", str(folder(tmp_path, one="# One")), *where)
        assert raised.value.returncode == 2
