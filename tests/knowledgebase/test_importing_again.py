"""Importing a folder again: renamed, removed and moved things, and rehearsals."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image

from knowledgebase import redirecting
from knowledgebase.exporting import files_of, published, write_folder
from knowledgebase.importing import import_folder, rehearse
from knowledgebase.models import Article, ArticleImage, Edition, FormerAddress, Source
from tests.factories import CommunityFactory
from tests.knowledgebase.factories import SYSTEM, bare, draft, folder

pytestmark = pytest.mark.django_db


def bring(root: Path):
    return import_folder(root, bare(), by=SYSTEM, publish=True)


def rename(root: Path, before: str, after: str) -> None:
    (root / after).parent.mkdir(parents=True, exist_ok=True)
    (root / before).rename(root / after)


def addresses() -> list[str]:
    return sorted(Edition.objects.values_list("address", flat=True))


def test_a_renamed_file_takes_its_article_along(tmp_path, client):
    root = folder(tmp_path, one="# One\n\nText.", two="# Two\n\n[](one.md)")
    bring(root)
    before = Article.objects.get(slug="one").pk
    rename(root, "one.md", "guide/first.md")
    folder(root, two="# Two\n\n[](guide/first.md)")
    report = bring(root)
    assert report.moved == [{"from": "one", "to": "guide/first"}]
    assert (report.created, report.removed) == (0, [])
    assert addresses() == ["guide", "guide/first", "two"]
    assert Article.objects.get(slug="first").pk == before
    assert client.get("/kb/one/").headers["Location"] == "/kb/guide/first/"
    assert "/kb/one/ /guide/first 301" in dict(files_of(bare(), published(bare())))["_redirects"].decode()
    assert 'href="/kb/guide/first/"' in Edition.objects.get(address="two").parts[0]["html"]


def test_what_came_as_drafts_is_published_when_asked(tmp_path):
    root = folder(tmp_path, one="# One", guide__deep="# Deep")
    import_folder(root, bare(), by=SYSTEM)
    assert addresses() == []
    report = bring(root)
    assert (report.created, report.updated, report.unchanged) == (0, 2, 0)
    assert addresses() == ["guide", "guide/deep", "one"]
    assert bring(root).unchanged == 2


def test_a_draft_that_somebody_has_edited_is_not_published_by_an_import(tmp_path):
    root = folder(tmp_path, one="# One")
    import_folder(root, bare(), by=SYSTEM)
    Article.objects.get(slug="one").save_revision()
    assert (bring(root).kept, addresses()) == (1, [])


def test_an_article_that_was_taken_back_stays_so_when_its_file_changes(tmp_path):
    root = folder(tmp_path, one="# One")
    bring(root)
    Article.objects.get(slug="one").unpublish()
    folder(root, one="# One\n\nNew.")
    report = bring(root)
    assert (report.kept, report.updated, Article.objects.get(slug="one").live, addresses()) == (1, 0, False, [])


def test_a_renamed_file_whose_article_was_edited_stays_and_is_known_by_its_new_path(tmp_path):
    root = folder(tmp_path, one="# One", two="# Two\n\n[](one.md)")
    bring(root)
    edited = Article.objects.get(slug="one")
    edited.title = "Ours"
    edited.save_revision().publish()
    rename(root, "one.md", "first.md")
    folder(root, two="# Two\n\nSee [it](first.md)")
    report = bring(root)
    assert (report.kept, report.moved, report.removed) == (1, [], [])
    assert Source.objects.get(article=edited).path == "first.md"
    assert 'href="/kb/one/"' in Edition.objects.get(address="two").parts[0]["html"]


def test_a_renamed_file_finds_its_new_address_taken_and_stays(tmp_path):
    root = folder(tmp_path, one="# One")
    bring(root)
    draft(bare(), title="First", slug="first")
    rename(root, "one.md", "first.md")
    report = bring(root)
    assert (report.kept, report.moved) == (1, [])
    assert [one["problem"] for one in report.problems] == ["the address first is taken by a page made here; that one is kept"]


def test_a_removed_file_leaves_its_article_and_is_told_until_it_is_back(tmp_path):
    root = folder(tmp_path, one="# One", two="# Two")
    bring(root)
    (root / "one.md").unlink()
    assert bring(root).removed == ["one.md"]
    assert addresses() == ["one", "two"]
    assert Source.objects.exclude(gone_at=None).values_list("path", flat=True).get() == "one.md"
    folder(root, one="# One")
    assert bring(root).removed == []
    assert not Source.objects.exclude(gone_at=None).exists()


def test_another_folder_says_nothing_of_the_files_of_the_first(tmp_path):
    bring(folder(tmp_path / "first", one="# One"))
    assert bring(folder(tmp_path / "second", two="# Two")).removed == []


def test_a_page_moved_in_the_editor_is_updated_where_it_stands_and_links_find_it(tmp_path):
    root = folder(tmp_path, one="# One", two="# Two\n\n[](one.md)", three="# Three")
    bring(root)
    Article.objects.get(slug="one").move(Article.objects.get(slug="three"), pos="last-child")
    folder(root, one="# One\n\nNew words.")
    report = bring(root)
    assert (report.created, report.moved, addresses()) == (0, [], ["three", "three/one", "two"])
    assert Edition.objects.get(address="three/one").text == "New words."
    assert 'href="/kb/three/one/"' in Edition.objects.get(address="two").parts[0]["html"]


def test_a_rehearsal_tells_the_same_and_keeps_nothing(tmp_path, capsys, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "store"}},
    }
    picture = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(picture, "PNG")
    root = folder(tmp_path / "in", one="# One\n\n![A](a.png)", two="# Two\n\n[](gone.md)")
    (root / "a.png").write_bytes(picture.getvalue())
    report = rehearse(root, bare(), by=SYSTEM)
    assert (report.created, [one["problem"] for one in report.problems]) == (2, ["a link that leads nowhere: gone.md"])
    assert (Article.objects.count(), ArticleImage.objects.count(), Source.objects.count()) == (0, 0, 0)
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []
    call_command("import_articles", str(root), "--shared", "--dry-run")
    assert capsys.readouterr().out.startswith("2 created, 0 updated")
    assert Article.objects.count() == 0


def test_a_page_that_cannot_be_does_not_take_an_image_from_the_others(tmp_path):
    root = folder(tmp_path, search="# Search\n\n![A](a.png)", two="# Two\n\n![A](a.png)")
    Image.new("RGB", (20, 10), "navy").save(root / "a.png")
    report = bring(root)
    assert (report.created, [one["file"] for one in report.problems]) == (1, ["search.md"])
    assert list(Edition.objects.get().images.all()) == [ArticleImage.objects.get()]


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n```{include} ../secret.txt\n```",
        "# T\n\n```{literalinclude} /etc/passwd\n```",
        "# T\n\n```{include} link.txt\n```",
        "# T\n\n[x](../secret.txt) {download}`../secret.txt`",
    ],
)
def test_nothing_from_outside_the_folder_is_read(tmp_path, text):
    (tmp_path / "secret.txt").write_text("the secret\nroot:x:0:0")
    root = folder(tmp_path / "in", one=text)
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    report = bring(root)
    assert report.problems
    assert "secret\n" not in Edition.objects.get().text
    assert "root:x" not in Edition.objects.get().text


@pytest.mark.parametrize(
    "text",
    [
        ":::{note}\n" * 300,
        "- " * 500 + "```{note}\nx",
        "[" * 3000 + "](" * 3000,
        "`" * 5000,
        "```{steps}\n```\n```{tab-set}\n```\n```{list-table}\n```\n```{csv-table}\n:file: no.csv\n```\n```{glossary}\n```",
        "```{include} one.md\n```",
        '<button onclick="openWidget({subject: ">x</button>\n<video></video>\n<svg>\n<script>alert(1)</script>',
        "{ref}`` {doc}`<>` []() ![]() [x]( [^1] (x)= ```{figure}\n```",
        "\x00\ue0000\ue001 {{ }} {{ x.y }}",
    ],
)
def test_hostile_text_is_imported_in_little_time_or_told(tmp_path, text):
    report = bring(folder(tmp_path, one=f"# One\n\n{text}"))
    assert report.created == 1
    assert "<script" not in "".join(part.get("html", "") for part in Edition.objects.get().parts)


def test_a_fact_in_a_title_is_told(tmp_path):
    report = bring(folder(tmp_path, one="# Open {{ hub.name }}\n\n{{ hub.url }}"))
    assert [one["problem"] for one in report.problems] == ["a fact in a title or summary is shown as it was typed"]
    assert Edition.objects.get().title == "Open {{ hub.name }}"


class TestRedirects:
    def former(self) -> dict[str, str]:
        return dict(FormerAddress.objects.values_list("address", "article__slug"))

    def test_those_of_an_exported_book_lead_on_in_another_knowledge_base(self, tmp_path, client):
        root, elsewhere = folder(tmp_path / "first", one="# One", two="# Two"), bare(CommunityFactory(slug="elsewhere"))
        bring(root)
        rename(root, "one.md", "guide/first.md")
        bring(root)
        write_folder(bare(), published(bare()), tmp_path / "book")
        report = import_folder(tmp_path / "book", elsewhere, by=SYSTEM, publish=True)
        here, there = (set(each.former_addresses.values_list("address", flat=True)) for each in (bare(), elsewhere))
        assert (here, there, report.redirects) == ({"one", "guide/one"}, here, 2)
        Edition.objects.filter(knowledge_base=elsewhere).update(audience="public")
        assert client.get("/c/elsewhere/kb/one/").headers["Location"] == "/c/elsewhere/kb/guide/first/"
        again = import_folder(tmp_path / "book", elsewhere, by=SYSTEM, publish=True)
        assert (again.redirects, again.problems) == (0, [])

    def test_those_of_static_hosts_and_of_sphinx_are_read(self, tmp_path):
        root = folder(tmp_path, guide__new="# New", guide__other="# Other", last="# Last")
        (root / "_redirects").write_text("# moved\n/old/page.html /guide/new 301 # long ago\n/a/ /guide/other\n/app/* /guide/new 200\n")
        (root / "moves.txt").write_text('"before.rst" "guide/other.md"\n')
        (root / "conf.py").write_text('rediraffe_redirects = "moves.txt"\nredirects = {"x/y": "../last.html"}\n')
        report = bring(root)
        assert self.former() == {"old/page": "new", "a": "other", "before": "other", "x/y": "last"}
        assert (report.redirects, report.problems) == (4, [])

    def test_one_that_cannot_come_along_is_told_by_its_line(self, tmp_path):
        root = folder(tmp_path, one="# One")
        (root / "_redirects").write_text("/gone /nowhere\n/old/* /one/:splat 301\n/out https://example.org/one\n")
        report = bring(root)
        assert [(one["file"], one["line"]) for one in report.problems] == [("_redirects", 1), ("_redirects", 2), ("_redirects", 3)]
        assert (self.former(), report.redirects) == ({}, 0)

    def test_an_address_that_leads_somewhere_here_already_is_left(self, tmp_path):
        root = folder(tmp_path, one="# One", two="# Two")
        bring(root)
        redirecting.remember(bare(), "old", Article.objects.get(slug="two"))
        (root / "_redirects").write_text("/old /one\n/one /one\n")
        assert bring(root).redirects == 0
        assert self.former() == {"old": "two"}

    def test_nothing_outside_the_folder_is_read_for_them(self, tmp_path):
        (tmp_path / "outside.txt").write_text("old one\n")
        root = folder(tmp_path / "in", one="# One")
        (root / "conf.py").write_text('rediraffe_redirects = "../outside.txt"\n')
        (root / "_redirects").symlink_to(tmp_path / "outside.txt")
        assert (bring(root).redirects, self.former()) == (0, {})
