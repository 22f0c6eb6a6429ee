"""Drafts: kept, restored, never overwritten unseen, gone when the words are."""

import pytest
from django.test import Client
from django.urls import reverse

from communities.roles import StaffGroup
from support.composing import drafts
from support.models import Draft
from tests.factories import acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def ticket():
    return TicketFactory()


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(ticket, kind="reply", name="desk_draft"):
    return reverse(f"support:{name}", args=[ticket.reference, kind])


def test_draft_is_kept_counted_and_restored_by_kind(desk, ticket):
    first = desk.post(address(ticket), {"reply-body": "Half a", "reply-revision": 0, "reply-cc": "lee@example.org"}, headers=JSON).json()
    second = desk.post(
        address(ticket), {"reply-body": "Half a sentence", "reply-revision": 1, "reply-cc": "lee@example.org"}, headers=JSON
    ).json()
    desk.post(address(ticket, "note"), {"note-body": "For us", "note-revision": 0}, headers=JSON)

    page = desk.get(ticket.get_absolute_url()).content.decode()
    assert (first["revision"], second["revision"], second["saved"].startswith("Kept ")) == (1, 2, True)
    assert ("Half a sentence</textarea>" in page, "For us</textarea>" in page, 'value="lee@example.org"' in page) == (True, True, True)


def test_nobody_is_shown_anothers_draft(desk, ticket):
    Draft.objects.create(ticket=ticket, user=staff(StaffGroup.SUPPORT_AGENT), kind="reply", body="Not yours", ticket_version=1)
    assert "Not yours" not in desk.get(ticket.get_absolute_url()).content.decode()


def test_second_window_is_told_what_the_first_kept(desk, ticket):
    desk.post(address(ticket), {"reply-body": "From one", "reply-revision": 0}, headers=JSON)
    other = desk.post(address(ticket), {"reply-body": "From two", "reply-revision": 0}, headers=JSON)

    assert (other.status_code, other.json()["body"], other.json()["revision"], Draft.objects.get().body) == (409, "From one", 1, "From one")
    assert desk.post(address(ticket), {"reply-body": "From two", "reply-revision": 1}, headers=JSON).json()["revision"] == 2


def test_without_script_both_texts_stand_on_the_page(desk, ticket):
    desk.post(address(ticket), {"reply-body": "From one", "reply-revision": 0})
    page = desk.post(address(ticket), {"reply-body": "From two", "reply-version": 1, "reply-revision": 0}).content.decode()
    assert ("From one</textarea>" in page, "From two</textarea>" in page, 'name="reply-revision" value="1"' in page) == (True, True, True)


def test_empty_draft_is_none(desk, ticket):
    desk.post(address(ticket), {"reply-body": "x", "reply-revision": 0}, headers=JSON)
    assert desk.post(address(ticket), {"reply-body": "  ", "reply-revision": 1}, headers=JSON).json() == {"revision": 0, "saved": ""}
    assert not Draft.objects.exists()


def test_sending_takes_its_draft_away_and_leaves_what_another_window_kept(desk, ticket, sam):
    drafts.keep(ticket, kind="reply", body="Send me", by=sam)
    desk.post(reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "Send me", "reply-version": 1, "reply-revision": 1})
    assert not Draft.objects.exists()

    drafts.keep(ticket, kind="note", body="Newer words", by=sam)
    drafts.keep(ticket, kind="note", body="Newer words still", by=sam)
    desk.post(reverse("support:desk_note", args=[ticket.reference]), {"note-body": "Older words", "note-revision": 1})
    assert Draft.objects.get().body == "Newer words still"


def test_what_was_discarded_can_be_put_back_without_script(desk, ticket, sam):
    drafts.keep(ticket, kind="reply", body="Oh no", by=sam)
    page = desk.post(address(ticket, name="desk_draft_discard"), {"reply-body": "Oh no"}).content.decode()
    assert (Draft.objects.exists(), 'name="reply-body" value="Oh no"' in page) == (False, True)


def test_draft_of_no_kind_is_not_found(desk, ticket):
    assert desk.post(address(ticket, "letter"), {}).status_code == 404


def test_preview_is_what_will_be_read(desk, ticket):
    page = desk.post(address(ticket, name="desk_draft_preview"), {"reply-body": "**Yes** <script>", "reply-version": 1}).content.decode()
    fragment = desk.post(
        address(ticket, name="desk_draft_preview"), {"reply-body": "**Yes**"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert ("<strong>Yes</strong> &lt;script&gt;" in page, "<strong>Yes</strong>" in fragment, "<html" in fragment) == (True, True, False)


def test_who_else_writes_is_known(ticket, sam):
    drafts.keep(ticket, kind="reply", body="Mine", by=sam)
    luz = staff(StaffGroup.SUPPORT_AGENT, name="Luz")
    assert (drafts.words_of(drafts.others(ticket, than=luz)), drafts.words_of(drafts.others(ticket, than=sam))) == (["Sam"], [])
    assert acting(luz).user == luz
