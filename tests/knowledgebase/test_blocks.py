"""The blocks champions add: what is refused while writing, and what readers get."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client

from hubs.states import HubState
from knowledgebase.blocks import BODY, App, problems_of_link
from knowledgebase.filling import Frame, checked_links, pull_link, told
from knowledgebase.models import ArticleDocument
from knowledgebase.rendering import render
from tests.factories import CommunityFactory, acting, member
from tests.hubs.factories import HubFactory
from tests.knowledgebase.factories import bare, published

pytestmark = pytest.mark.django_db

LINK = {"words": "Open", "repository": "https://example.org/a/course", "branch": "main", "path": "week-1/start.ipynb", "app": "lab"}


def html(kind: str, value: dict) -> str:
    return "".join(part.get("html", "") for part in render(BODY.to_python([{"type": kind, "value": value}])).parts)


def refused(kind: str, value: dict) -> set[str]:
    block = BODY.child_blocks[kind]
    try:
        block.clean(block.to_python(value))
    except ValidationError as error:
        return set(error.block_errors)
    return set()


def document(name: str, content: bytes = b"x", knowledge_base=None) -> ArticleDocument:
    row = ArticleDocument(title=name.partition(".")[0], collection=(knowledge_base or bare()).collection)
    row.file.save(name, ContentFile(content))
    return row


class TestTabs:
    VALUE = {"tabs": [{"title": "Lab", "text": "## Open\n\nfirst way"}, {"title": "R <b>", "text": "second way <script>x</script>"}]}

    def test_each_is_a_radio_button_with_its_text_and_the_first_is_chosen(self):
        found = " ".join(html("tabs", self.VALUE).split())
        assert (found.count('type="radio"'), found.count("checked"), found.count('name="tabs-1"')) == (2, 1, 2)
        assert found.index("Lab</label>") < found.index("first way") < found.index("R &lt;b&gt;</label>") < found.index("second way")
        assert "<script>" not in found

    def test_two_sets_in_one_article_do_not_share_a_choice(self):
        body = render(BODY.to_python([{"type": "tabs", "value": self.VALUE}] * 2))
        found = body.parts[0]["html"]
        assert (found.count('name="tabs-1"'), found.count('name="tabs-2"')) == (2, 2)
        assert [heading["id"] for heading in body.contents] == ["open", "open-2"]

    def test_one_tab_is_no_choice(self):
        block = BODY.child_blocks["tabs"]
        with pytest.raises(ValidationError):
            block.clean(block.to_python({"tabs": self.VALUE["tabs"][:1]}))


class TestVideo:
    def test_it_plays_with_captions_and_words(self):
        film, words = document("tour.mp4"), document("tour.vtt", b"WEBVTT\n")
        body = render(
            BODY.to_python(
                [{"type": "video", "value": {"video": film.pk, "title": "A tour", "captions": words.pk, "transcript": "Click **New**."}}]
            )
        )
        found = " ".join(body.parts[0]["html"].split())
        assert f'<source src="{film.url}" type="video/mp4">' in found
        assert f'<track kind="captions" src="{words.url}" srclang="en"' in found
        assert "Click <strong>New</strong>." in found
        assert body.documents == {film.key, words.key}

    @pytest.mark.parametrize(
        ("film", "captions", "transcript", "fields"),
        [
            ("tour.mp4", "tour.vtt", "", set()),
            ("tour.webm", None, "Words", set()),
            ("tour.mp4", None, "", {"transcript"}),
            ("tour.pdf", None, "Words", {"video"}),
            ("tour.mp4", "tour.txt", "", {"captions"}),
        ],
    )
    def test_nobody_is_left_out(self, film, captions, transcript, fields):
        chosen = {"video": document(film).pk, "captions": document(captions).pk if captions else None}
        assert refused("video", {**chosen, "title": "A tour", "transcript": transcript}) == fields

    def test_a_film_that_was_deleted_leaves_nothing(self):
        assert html("video", {"video": 999, "title": "Gone", "captions": None, "transcript": "x"}) == ""


class TestHubFacts:
    SPEC = {"images": ["quay.io/jupyter/scipy:2026"], "memory_gb": [2, 8], "home_quota_gib": 20}

    def test_images_memory_and_storage_are_told_in_words(self):
        hub = HubFactory(facts={"spec": self.SPEC})
        assert [(fact.key, list(fact.values)) for fact in told(hub)] == [
            ("images", ["quay.io/jupyter/scipy:2026"]),
            ("memory", ["2 GB", "8 GB"]),
            ("storage", ["20 GiB in each home folder"]),
        ]

    def test_what_is_not_known_is_left_out(self):
        assert told(HubFactory(facts={})) == []

    @pytest.mark.parametrize(("shows", "said"), [(["memory"], [False, True]), (["images", "memory"], [True, True]), ([], [False, False])])
    def test_a_block_shows_what_its_writer_chose(self, shows, said):
        community = CommunityFactory(slug="coastal")
        HubFactory(community=community, facts={"spec": self.SPEC}, state=HubState.LIVE)
        published(bare(community), title="Facts", body=[{"type": "hub_facts", "value": {"title": "", "shows": shows}}])
        client = Client()
        client.force_login(member(community), backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/c/coastal/kb/facts/").content.decode()
        assert ["scipy" in page, "8 GB" in page] == said


class TestOpenInHub:
    @pytest.mark.parametrize(
        ("app", "opened"),
        [
            ("lab", "lab%2Ftree%2Fcourse%2Fweek-1%2Fstart.ipynb"),
            ("classic", "tree%2Fcourse%2Fweek-1%2Fstart.ipynb"),
            ("rstudio", "rstudio%2F"),
            ("", "lab%2Ftree%2Fcourse%2Fweek-1%2Fstart.ipynb"),
        ],
    )
    def test_each_app_opens_by_its_own_address(self, app, opened):
        assert pull_link("https://hub.example/", {**LINK, "app": app}).endswith(f"&urlpath={opened}")

    @pytest.mark.parametrize(
        ("change", "fields"),
        [
            ({}, set()),
            ({"repository": "http://example.org/a"}, {"repository"}),
            ({"repository": "https://me:secret@example.org/a"}, {"repository"}),
            ({"repository": "https://example.org/a?token=x"}, {"repository"}),
            ({"branch": "--upload-pack=x"}, {"branch"}),
            ({"branch": "a..b"}, {"branch"}),
            ({"branch": "feature/one-2"}, set()),
            ({"path": "/etc/passwd"}, {"path"}),
            ({"path": "../x"}, {"path"}),
            ({"repository": "https://[bad"}, {"repository"}),
        ],
    )
    def test_what_cannot_work_is_said_beside_its_field(self, change, fields):
        value = {**LINK, **change}
        assert set(problems_of_link(value["repository"], value["branch"], value["path"])) == fields

    def test_a_block_that_cannot_work_is_refused(self):
        assert refused("open_in_hub", {**LINK, "branch": "-x", "path": "/x"}) == {"branch", "path"}

    def test_each_hub_gets_its_link_and_its_doubt(self):
        community = CommunityFactory()
        images = {"spec": {"images": ["quay.io/jupyter/scipy:2026"]}}
        HubFactory(community=community, display_name="A", domain="a.example", state=HubState.LIVE, facts=images)
        HubFactory(community=community, display_name="B", domain="")
        HubFactory(community=community, display_name="C", domain="c.example")
        frame = Frame(acting(member(community)), community)
        lab = [(link.hub.display_name, bool(link.url), bool(link.doubt)) for link in checked_links(LINK, frame)]
        assert lab == [("A", True, False), ("B", False, True), ("C", True, True)]
        rstudio = checked_links({**LINK, "app": App.RSTUDIO}, frame)[0]
        assert "RStudio" in rstudio.doubt

    def test_the_editor_shows_the_links_of_its_own_knowledge_base_alone(self):
        community = CommunityFactory(slug="coastal")
        HubFactory(community=community, display_name="Ours", domain="ours.example", state=HubState.LIVE)
        HubFactory(community=CommunityFactory(), display_name="Theirs", domain="theirs.example", state=HubState.LIVE)
        article = published(bare(community), title="Course").article
        client = Client()
        client.force_login(member(community), backend="django.contrib.auth.backends.ModelBackend")
        shown = client.get(f"/cms/articles/links/{article.pk}/", LINK).content.decode()
        assert ("https://ours.example/hub/user-redirect/git-pull" in shown, "Theirs" in shown) == (True, False)
        assert "Write the path" in client.get(f"/cms/articles/links/{article.pk}/", {**LINK, "path": "/x"}).content.decode()
        assert client.get(f"/cms/articles/links/{bare().pk}/", LINK).status_code == 404
