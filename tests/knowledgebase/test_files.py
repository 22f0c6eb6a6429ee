"""Films in pieces, files of drafts, and what is taken as a file at all."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from communities.roles import Role
from knowledgebase import overriding
from knowledgebase.models import ArticleDocument, ArticleImage
from knowledgebase.models.files import is_what_it_says
from knowledgebase.views.pieces import OutOfRange, Piece, asked
from tests.factories import CommunityFactory, acting, member
from tests.knowledgebase.editor_walk import signed_in
from tests.knowledgebase.factories import bare, draft, picture, published

pytestmark = pytest.mark.django_db

FILM = bytes(range(256)) * 1000


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal")


def film(knowledge_base, name: str = "tour.mp4", content: bytes = FILM) -> ArticleDocument:
    row = ArticleDocument(title="Tour", collection=knowledge_base.collection)
    row.file.save(name, ContentFile(content))
    return row


class TestPieces:
    @pytest.mark.parametrize(
        ("header", "piece"),
        [
            ("bytes=0-99", Piece(0, 99)),
            ("bytes=100-", Piece(100, 999)),
            ("bytes=-10", Piece(990, 999)),
            ("bytes=-5000", Piece(0, 999)),
            ("bytes=990-5000", Piece(990, 999)),
            ("bytes=999-999", Piece(999, 999)),
            ("", None),
            ("bytes=-", None),
            ("bytes=5-1", None),
            ("bytes=0-1,5-6", None),
            ("lines=1-2", None),
            ("bytes=a-b", None),
        ],
    )
    def test_what_is_asked_for(self, header, piece):
        assert asked(header, size=1000) == piece

    @pytest.mark.parametrize("header", ["bytes=1000-", "bytes=5000-6000", "bytes=-0"])
    def test_past_the_end(self, header):
        with pytest.raises(OutOfRange):
            asked(header, size=1000)

    def page(self, community, **headers):
        row = film(bare(community))
        edition = published(bare(community), title="Film", audience="members")
        edition.documents.add(row)
        return signed_in(member(community, Role.MEMBER)).get(row.url, headers=headers)

    def test_a_piece_is_answered_as_one(self, community):
        response = self.page(community, range="bytes=1000-1999", accept_encoding="gzip")
        facts = (
            response.status_code,
            response.headers["Content-Range"],
            response.headers["Content-Type"],
            response.headers["Content-Length"],
        )
        assert facts == (206, "bytes 1000-1999/256000", "video/mp4", "1000")
        assert b"".join(response.streaming_content) == FILM[1000:2000]

    def test_the_whole_says_that_pieces_are_to_be_had(self, community):
        response = self.page(community, accept_encoding="gzip")
        assert (response.status_code, response.headers["Accept-Ranges"], b"".join(response.streaming_content)) == (200, "bytes", FILM)
        assert "attachment" not in response.headers.get("Content-Disposition", "")

    def test_past_the_end_is_416(self, community):
        response = self.page(community, range="bytes=999999-")
        assert (response.status_code, response.headers["Content-Range"]) == (416, "bytes */256000")

    def test_it_can_be_saved(self, community):
        row = film(bare(community))
        response = signed_in(member(community)).get(row.url, {"save": "1"})
        assert response.headers["Content-Disposition"] == 'attachment; filename="Tour.mp4"'
        assert b"".join(response.streaming_content) == FILM

    def test_a_piece_is_for_readers_alone(self, community):
        row = film(bare(community))
        published(bare(community), title="Film", audience="members").documents.add(row)
        foreigner = member(CommunityFactory(slug="other"), Role.HUB_CHAMPION)
        assert signed_in(foreigner).get(row.url, headers={"range": "bytes=0-1"}).status_code == 404
        assert Client().get(row.url, headers={"range": "bytes=0-1"}).status_code == 302


def status(response) -> int:
    if response.streaming:
        b"".join(response.streaming_content)  # read to its end, the file behind it closes
    return response.status_code


def test_files_of_a_draft_are_for_its_editors_alone(community):
    knowledge_base = bare(community)
    image, row = picture(knowledge_base), film(knowledge_base)
    draft(knowledge_base, title="Soon", body=[{"type": "figure", "value": {"image": image.pk, "alt": "", "caption": ""}}])
    people = {
        "champion": member(community, Role.HUB_CHAMPION),
        "member": member(community, Role.MEMBER),
        "foreigner": member(CommunityFactory(slug="other"), Role.HUB_CHAMPION),
    }
    bare(CommunityFactory._meta.model.objects.get(slug="other"))
    opened = {name: [status(signed_in(person).get(file.url)) for file in (image, row)] for name, person in people.items()}
    assert opened == {"champion": [200, 200], "member": [404, 404], "foreigner": [404, 404]}


class TestSharedFiles:
    """What an article of a community may show of the shared shelf."""

    def body(self, *images: ArticleImage) -> list:
        return [{"type": "figure", "value": {"image": image.pk, "alt": "", "caption": ""}} for image in images]

    def test_only_what_its_community_reads_there_is_opened_with_it(self, community):
        shared, theirs = bare(), bare(CommunityFactory(slug="other"))
        read, kept, loose, foreign = picture(shared), picture(shared), picture(shared), picture(shared)
        published(shared, title="Read", audience="members", body=self.body(read))
        published(shared, title="Kept", audience="staff", body=self.body(kept))
        stranger = published(theirs, title="Theirs", audience="members")
        stranger.images.add(foreign)
        own = published(bare(community), title="Own", audience="members", body=self.body(read, kept, loose, foreign))
        reader = signed_in(member(community, Role.MEMBER))
        assert list(own.images.all()) == [read]
        assert [status(reader.get(file.url)) for file in (read, kept, loose, foreign)] == [200, 404, 404, 404]

    def test_what_it_has_shown_it_goes_on_showing_when_the_shared_article_is_narrowed(self, community):
        image = picture(bare())
        shared = published(bare(), title="Shared", body=self.body(image)).article
        own = published(bare(community), title="Own", body=self.body(image)).article
        shared.audience = "staff"
        shared.save_revision().publish()
        own.save_revision().publish()
        later = published(bare(community), title="Later", audience="staff", body=self.body(image))
        assert ([*own.edition.images.all()], [*later.images.all()]) == ([image], [image])
        own.unpublish()
        own.save_revision().publish()
        assert not type(later).objects.get(pk=own.pk).images.exists()

    def test_a_version_shows_the_files_of_what_it_stands_in_the_place_of(self, community):
        image = picture(bare())
        shared = published(bare(), title="Shared", body=[*self.body(image), {"type": "text", "value": "## Quota\n\nTen."}])
        version = overriding.write_own(bare(community).community, shared, section="quota", by=acting(member(community)))
        version.article.save_revision().publish()
        assert list(version.article.edition.images.all()) == [image]


class TestUploads:
    def send(self, client, kind: str, name: str, content: bytes, collection: int):
        form = {"title": "New", "collection": collection, "file": SimpleUploadedFile(name, content)}
        return client.post(reverse(f"wagtail{kind}:add"), form)

    def image_of(self, size: tuple[int, int], kind: str = "PNG") -> bytes:
        content = io.BytesIO()
        Image.new("1" if kind == "PNG" else "RGB", size).save(content, kind)
        return content.getvalue()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
            ("x.png", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
            ("x.html", b"<script>alert(1)</script>"),
            ("x.png", b""),
        ],
    )
    def test_no_image_that_is_none_or_may_run(self, community, name, content):
        knowledge_base = bare(community)
        self.send(signed_in(member(community)), "images", name, content, knowledge_base.collection_id)
        assert not ArticleImage.objects.exists()

    def test_no_image_that_unpacks_to_a_room_full(self, community):
        bomb = self.image_of((9000, 9000))
        assert len(bomb) < 100_000
        self.send(signed_in(member(community)), "images", "x.png", bomb, bare(community).collection_id)
        assert not ArticleImage.objects.exists()

    def test_a_plain_image_is_taken(self, community):
        self.send(signed_in(member(community)), "images", "x.png", self.image_of((90, 90)), bare(community).collection_id)
        assert ArticleImage.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "content", "taken"),
        [
            ("notes.txt", b"words", 1),
            ("course.ipynb", b'{"cells": []}', 1),
            ("paper.pdf", b"%PDF-1.7\n", 1),
            ("words.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi", 1),
            ("paper.pdf", b"words", 0),
            ("words.vtt", b"words", 0),
            ("notes.txt", b"MZ\x90\x00\x03\x00\x00\x00", 0),
            ("notes.txt", b"\x7fELF\x02\x01\x01\x00", 0),
            ("page.html", b"<script>alert(1)</script>", 0),
            ("drawing.svg", b"<svg/>", 0),
            ("run.exe", b"MZ", 0),
            ("run.sh", b"rm -rf", 0),
        ],
    )
    def test_a_document_is_taken_by_its_name_and_its_content(self, community, name, content, taken):
        self.send(signed_in(member(community)), "docs", name, content, bare(community).collection_id)
        assert ArticleDocument.objects.count() == taken

    def test_a_document_that_is_too_large_is_not_taken(self, community, settings):
        settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
        self.send(signed_in(member(community)), "docs", "notes.txt", b"x" * 11, bare(community).collection_id)
        assert not ArticleDocument.objects.exists()

    def test_nothing_is_put_among_anothers_files(self, community):
        bare(community)
        theirs = bare(CommunityFactory(slug="other"))
        self.send(signed_in(member(community)), "docs", "notes.txt", b"words", theirs.collection_id)
        assert not ArticleDocument.objects.filter(collection=theirs.collection).exists()


@pytest.mark.parametrize(
    ("extension", "head", "is_so"),
    [
        ("mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", True),
        ("mp4", b"<html>", False),
        ("zip", b"PK\x03\x04", True),
        ("csv", b"a,b\n1,2\n", True),
        ("csv", b"a\x00b", False),
        ("vtt", b"\xef\xbb\xbfWEBVTT", True),
    ],
)
def test_a_file_begins_as_its_kind_does(extension, head, is_so):
    assert is_what_it_says(extension, head) is is_so
