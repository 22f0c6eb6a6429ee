"""Knowledge bases as books."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from ruamel.yaml import YAML

from communities.roles import Role
from knowledgebase.exporting import as_they_stand, files_of, published, write_folder
from knowledgebase.importing import import_folder
from knowledgebase.models import Article, ArticleDocument
from knowledgebase.opening import CONTENT
from knowledgebase.overriding import adopt, write_own
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.factories import SYSTEM, bare, draft, picture
from tests.knowledgebase.factories import published as publish

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).parent / "corpus"
LINK = re.compile(r"\]\(([^)\s]+)")
FILE = re.compile(r"(?m)^[`:]{3,}\{(?:figure|image|download|video)\} (\S+)")
DIRECTIVE = re.compile(r"(?m)^[`:]{3,}\{([\w-]+)\}")
OF_MYST = {"note", "tip", "important", "warning", "admonition", "figure", "code-block", "table", "tab-set", "tab-item"}


def book(knowledge_base, articles=None) -> dict[str, str]:
    files = files_of(knowledge_base, published(knowledge_base) if articles is None else articles)
    return {name: content.decode("utf-8", "replace") for name, content in files}


def files_in(entries) -> list[str]:
    return [name for entry in entries for name in ([entry["file"]] if "file" in entry else []) + files_in(entry.get("children", []))]


@pytest.mark.parametrize("source", [CORPUS, CONTENT / "shared", CONTENT / "starter"], ids=["corpus", "shared", "starter"])
def test_every_page_link_image_and_directive_of_a_book_is_there(tmp_path, source):
    knowledge_base = bare()
    import_folder(source, knowledge_base, by=SYSTEM, publish=True)
    write_folder(knowledge_base, published(knowledge_base), tmp_path)
    project = YAML(typ="safe").load((tmp_path / "myst.yml").read_text())
    pages = files_in(project["project"]["toc"])
    assert (project["version"], project["project"]["plugins"], project["site"]["template"]) == (1, ["hubdesk.mjs"], "book-theme")
    assert sorted(pages) == sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.md"))
    known = OF_MYST | set(re.findall(r'name: "([\w-]+)"', (tmp_path / "hubdesk.mjs").read_text()))
    labels: list[str] = []
    for page in pages:
        text = (tmp_path / page).read_text()
        prose = re.sub(r"(?ms)^ *(```+)(?!\{).*?^ *\1|`[^`\n]+`", "", text)
        assert set(DIRECTIVE.findall(text)) <= known
        labels += re.findall(r"(?m)^\(([\w-]+)\)=$", text)
        for target in [*LINK.findall(prose), *FILE.findall(text)]:
            path, _hash, label = target.partition("#")
            if not re.match(r"https?:|mailto:", target):
                there = (tmp_path / page).parent / path if path else tmp_path / page
                assert there.is_file(), (page, target)
                assert not label or f"({label})=" in there.read_text(), (page, target)
    assert len(labels) == len(set(labels))


def test_a_page_says_what_is_known_of_it():
    knowledge_base = bare()
    parent = publish(knowledge_base, title="Guide", summary="All of it: “now”.").article
    first = draft(parent, title="First", audience="members", responsibilities=["day.accounts"], body="Text.", review_by=date(2027, 5, 1))
    first.save_revision().publish()
    held = book(knowledge_base)
    assert held["guide/first.md"] == (
        "---\ntitle: First\noptions:\n  order: 1\n  audience: members\n  language: en\n  review_by: 2027-05-01\n"
        "  responsibilities:\n  - day.accounts\n---\n\nText.\n"
    )
    assert held["guide/index.md"].startswith("---\ntitle: Guide\ndescription: 'All of it: “now”.'\n")
    assert held["_redirects"].splitlines() == ["/kb/ / 301", "/kb/guide/ /guide 301", "/kb/guide/first/ /guide/first 301"]


def test_drafts_come_only_when_asked_for():
    knowledge_base = bare()
    section = draft(knowledge_base, title="Later")
    draft(section, title="Now").save_revision().publish()
    assert [name for name in book(knowledge_base) if name.endswith(".md")] == ["index.md", "later/now.md"]
    assert "title: Later\n" in book(knowledge_base)["myst.yml"]
    changed = Article.objects.get(slug="now")
    changed.title = "Changed"
    changed.save_revision()
    held = book(knowledge_base, as_they_stand(knowledge_base))
    assert ("later/index.md" in held, "title: Changed" in held["later/now.md"]) == (True, True)


def test_files_keep_their_names_and_those_of_another_community_stay_where_they_are(settings):
    ours, theirs = bare(CommunityFactory()), bare(CommunityFactory())
    mine, foreign = picture(ours), picture(theirs)
    plan = ArticleDocument(title="The plan", collection=ours.collection)
    plan.file.save("x.pdf", ContentFile(b"plan"))
    texts = [f"![a](/files/images/{image.key}/width-800/) [b](/files/documents/{plan.key}/)" for image in (mine, foreign)]
    publish(ours, title="Page", body="\n\n".join(texts))
    held = book(ours)
    assert held["page.md"].endswith(
        f"![a](images/Map.png) [b](files/The-plan.pdf)\n\n![a]({settings.SITE_URL}/files/images/{foreign.key}/original/) [b](files/The-plan.pdf)\n"
    )
    assert sorted(name for name in held if "/" in name) == ["files/The-plan.pdf", "images/Map.png"]


def test_two_images_of_one_name_get_a_number():
    knowledge_base = bare()
    figures = [{"type": "figure", "value": {"image": picture(knowledge_base).pk, "alt": "", "caption": ""}} for _ in range(2)]
    publish(knowledge_base, title="Page", body=figures)
    assert [name for name in book(knowledge_base) if "/" in name] == ["images/Map.png", "images/Map-2.png"]


def test_a_link_to_a_shared_article_leads_to_the_site_and_home_again(tmp_path, settings):
    ours, again = bare(CommunityFactory(slug="reef")), bare(CommunityFactory(slug="shoal"))
    publish(ours, title="Page", body="[a](kb:shared/thing#part) [b](/status/) [c](kb:)")
    write_folder(ours, published(ours), tmp_path)
    assert (
        f"[a]({settings.SITE_URL}/c/reef/kb/shared/thing/#part) [b]({settings.SITE_URL}/status/) [c](index.md)"
        in (tmp_path / "page.md").read_text()
    )
    import_folder(tmp_path, again, by=SYSTEM, publish=True)
    made = Article.objects.descendant_of(again).get()
    assert made.body.raw_data[0]["value"] == "[a](kb:shared/thing#part) [b](/status/) [c](kb:)"


def test_the_introduction_comes_along_where_there_is_none(tmp_path):
    ours, again = bare(CommunityFactory(slug="reef")), bare(CommunityFactory(slug="shoal"))
    ours.introduction = "Begin here."
    ours.save()
    publish(ours, title="Page")
    write_folder(ours, published(ours), tmp_path)
    for _ in range(2):
        import_folder(tmp_path, again, by=SYSTEM, publish=True)
        again.refresh_from_db()
        assert again.introduction == "Begin here."
    assert Article.objects.descendant_of(again).count() == 1


def test_queries_do_not_grow_with_the_articles(django_assert_num_queries):
    knowledge_base = bare()
    publish(knowledge_base, title="One", body="[x](kb:two#a)")
    with django_assert_num_queries(3):
        book(knowledge_base)
    for title in ("Two", "Three"):
        publish(knowledge_base, title=title, body="## A")
    with django_assert_num_queries(3):
        book(knowledge_base)


class TestOwnVersions:
    @pytest.fixture
    def ours(self):
        return bare(CommunityFactory(slug="reef"))

    def write(self, knowledge_base, edition, section, words, *, publish=True):
        champion = acting(member(knowledge_base.community, Role.HUB_CHAMPION))
        article = Article.objects.get(pk=write_own(knowledge_base.community, edition, section=section, by=champion).article_id)
        article.body = [("text", words)]
        revision = article.save_revision()
        if publish:
            revision.publish()
        return article

    def test_a_book_holds_what_is_read_at_the_shared_address(self, ours):
        shared = publish(bare(), title="Storage", body="Intro.\n\n## Quota\n\nTen.\n\n## Backups\n\nDaily.", audience="members")
        self.write(ours, shared, "quota", "## Quota\n\nFive.")
        held = book(ours)
        assert [name for name in held if name.endswith(".md")] == ["index.md", "storage.md"]
        assert "  overrides: storage\n" in held["storage.md"]
        assert held["storage.md"].endswith("\n\nIntro.\n\n+++\n\n## Quota\n\nFive.\n\n+++\n\n## Backups\n\nDaily.\n")
        assert held["_redirects"].splitlines() == ["/c/reef/kb/ / 301", "/c/reef/kb/storage/ /storage 301"]

    def test_a_whole_version_stands_alone_and_an_article_of_its_own_before_it(self, ours):
        shared = publish(bare(), title="Storage", body="Ten.")
        self.write(ours, shared, "", "Five.")
        assert book(ours)["storage.md"].endswith("\n\nFive.\n")
        publish(ours, title="Storage", body="Ours.")
        assert book(ours)["storage.md"].endswith("\n\nOurs.\n")

    def test_what_was_given_up_or_is_no_longer_around_it_stays_away(self, ours):
        shared = publish(bare(), title="Storage", body="## Quota\n\nTen.\n\n## Backups\n\nDaily.")
        self.write(ours, shared, "backups", "Hourly.", publish=False)
        version = self.write(ours, shared, "quota", "Five.")
        adopt(version.override, by=acting(member(ours.community, Role.HUB_CHAMPION)))
        drafts = book(ours, as_they_stand(ours))["storage.md"]
        assert ("storage.md" in book(ours), "Five" in drafts, "Ten" in drafts, "Hourly" in drafts) == (False, False, True, True)
        article = Article.objects.get(pk=shared.pk)
        article.audience = "staff"
        article.save_revision().publish()
        drafts = book(ours, as_they_stand(ours))["storage.md"]
        assert ("Ten" in drafts, drafts.endswith("\n\n## Backups\n\n+++\n\nHourly.\n")) == (False, True)


class TestCommand:
    def test_writes_a_folder_or_an_archive(self, tmp_path, capsys):
        publish(bare(), title="Page")
        call_command("export_articles", "--shared", str(tmp_path / "out"))
        call_command("export_articles", "--shared", str(tmp_path / "out.zip"))
        assert (tmp_path / "out" / "page.md").is_file()
        assert zipfile.ZipFile(tmp_path / "out.zip").namelist() == ["myst.yml", "hubdesk.mjs", "index.md", "page.md", "_redirects"]
        assert capsys.readouterr().out.splitlines()[0] == f"5 files are in {tmp_path / 'out'}."

    def test_drafts_when_asked_for(self, tmp_path):
        draft(bare(), title="Later")
        call_command("export_articles", "--shared", "--drafts", str(tmp_path / "out"))
        assert (tmp_path / "out" / "later.md").is_file()

    def test_what_it_cannot_do_is_one_line_and_exit_2(self, tmp_path):
        bare()
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "a.txt").touch()
        for arguments in (
            ["--community", "nobody", str(tmp_path / "x")],
            ["--shared", str(tmp_path / "full")],
            ["--shared", "/proc/none/x"],
        ):
            with pytest.raises(CommandError) as raised:
                call_command("export_articles", *arguments)
            assert raised.value.returncode == 2


class TestDownload:
    def test_champions_take_their_knowledge_base_from_its_first_page(self, client):
        community = CommunityFactory(slug="reef")
        publish(bare(community), title="Page", audience="members")
        client.force_login(member(community, Role.HUB_CHAMPION))
        assert 'href="/c/reef/kb/book.zip"' in client.get("/c/reef/kb/").content.decode()
        answer = client.get("/c/reef/kb/book.zip")
        archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
        assert answer.headers["Content-Disposition"] == 'attachment; filename="c-reef.zip"'
        assert "page.md" in archive.namelist()

    def test_what_is_for_staff_alone_does_not_come_along(self, client):
        community = CommunityFactory(slug="reef")
        for audience in ("members", "staff"):
            publish(bare(community), title=audience, audience=audience)
        client.force_login(member(community, Role.HUB_CHAMPION))
        archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/c/reef/kb/book.zip").streaming_content)))
        assert ("members.md" in archive.namelist(), "staff.md" in archive.namelist()) == (True, False)

    def test_members_read_and_do_not_take_it(self, client):
        community = CommunityFactory(slug="reef")
        publish(bare(community), title="Page", audience="members")
        client.force_login(member(community, Role.MEMBER))
        assert "book.zip" not in client.get("/c/reef/kb/").content.decode()
        assert client.get("/c/reef/kb/book.zip").status_code == 404
