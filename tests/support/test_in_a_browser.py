"""The desk and a community's tickets in a real browser: by keyboard, without script, on a phone, for everybody."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from communities.models import User
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from ground.sanitising import letter_html, plain_text
from knowledgebase import opening
from support import recording, replies, tickets
from support.models import Attachment, Message, Ticket
from support.recording import Letter
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import AttachmentFactory
from tests.support.files.test_contents import PNG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")


@pytest.fixture
def community():
    return CommunityFactory(slug="kelp-watch", name="Kelp Watch")


@pytest.fixture
def ana(community):
    return member(community, Role.REPRESENTATIVE, name="Ana Ruiz", email="ana@example.org")


@pytest.fixture
def ticket(community, ana, sam):
    ticket = tickets.open_ticket(
        community, subject="Students cannot start a server", body="Since **Monday**.\n\n- forty people", by=acting(ana), kind="incident"
    )
    replies.note(ticket, body="The node pool is full", by=acting(sam))
    replies.reply(ticket, body="We make room", by=acting(sam))
    replies.add_incoming(ticket, body="Thank you", by=Actor.person(ana))
    tickets.open_ticket(community, subject="Add a package", body="pyresample", by=acting(ana))
    return ticket


LETTER = (
    '<p>It works again, thank you.</p><p><img src="https://cdn.example.net/shot.png" alt="The open notebook" width="320"></p>'
    '<p>Ana<br><img src="https://mail.example.net/logo.png"><img src="https://track.example.net/1.gif" width="1" height="1"></p>'
    '<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Mar 2026 at 09:12, Sam Okafor &lt;support@hubs.example&gt; wrote:<br></div>'
    '<blockquote class="gmail_quote"><p>We make room.</p><p>Please restart your server from the control panel in ten minutes.</p></blockquote></div>'
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def look(page: Page, name: str) -> None:
    """No barrier and no sideways scrolling; a picture where `SHOTS` names a folder."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")
    assert (name, barriers(page), overflows(page)) == (name, [], False)


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_pages_hold_no_barrier(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam, seen):
    size, theme = seen
    ana = ticket.opened_by
    addresses = {
        sam: [reverse("support:desk"), ticket.get_absolute_url()],
        ana: [
            reverse("support:tickets", args=["kelp-watch"]),
            reverse("support:new_ticket", args=["kelp-watch"]),
            reverse("support:ticket", args=["kelp-watch", ticket.reference]),
        ],
    }
    for person, pages in addresses.items():
        with opened(chromium, size=size, theme=theme) as page:
            sign_in(page, live_server.url, person)
            for place, address in enumerate(pages):
                page.goto(live_server.url + address)
                look(page, f"{person.name}-{place}-{theme}-{size['width']}".replace(" ", "-"))


def test_keys_alone_find_open_and_answer_a_ticket(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk") + "?view=incidents")
        page.keyboard.press("j")
        page.keyboard.press("o")
        expect(page.get_by_role("heading", name=ticket.subject)).to_be_visible()
        page.keyboard.press("n")
        page.keyboard.type("junk for staff")
        page.keyboard.press("Escape")
        page.keyboard.press("r")
        page.keyboard.type("It works again, r and n and all")
        page.keyboard.press("Control+Enter")
        page.wait_for_load_state()
        expect(page.locator("#conversation")).to_contain_text("It works again, r and n and all")
    assert list(Message.objects.order_by("-pk").values_list("kind", "body_text")[:1]) == [("reply", "It works again, r and n and all")]


def test_without_script_a_note_is_written_by_the_note_form(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    with opened(chromium, script=False) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk_ticket", args=[ticket.reference]))
        page.locator("label[for=compose-note]").click()
        expect(page.get_by_role("button", name="Send reply")).to_be_hidden()
        page.locator("#id_note-body").fill("Only for us")
        page.get_by_role("button", name="Save note").click()
        expect(page.locator(".letter--note").last).to_contain_text("Only for us")


def test_what_a_member_writes_appears_on_the_open_ticket(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam, ana):
    with opened(chromium) as page:
        sign_in(page, live_server.url, sam)
        page.goto(live_server.url + reverse("support:desk_ticket", args=[ticket.reference]))
        page.locator("#id_reply-body").fill("half a sentence")
        replies.add_incoming(ticket, body="One more thing", by=acting(ana))
        expect(page.locator("#conversation")).to_contain_text("One more thing", timeout=15_000)
        expect(page.locator(".is-new")).to_contain_text("New since you opened")
        assert page.locator("#id_reply-body").input_value() == "half a sentence"
        page.locator("#id_reply-body").fill("")


def test_articles_are_offered_while_a_member_types_on_a_phone(chromium: Browser, live_server: LiveServer, community, ana):
    opening.open_shared(by=Actor.system())
    opening.open_knowledge_base(community, by=Actor.system())
    with opened(chromium, size=PHONE) as page:
        sign_in(page, live_server.url, ana)
        page.goto(live_server.url + reverse("support:new_ticket", args=["kelp-watch"]))
        page.get_by_label("Subject").press_sequentially("How do I start a server", delay=10)
        expect(page.locator("#answers")).to_contain_text("This may already answer it")
        look(page, "answers")
        page.get_by_label("What happens").fill("It does not start.")
        page.get_by_role("button", name="Send ticket").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("How do I start a server")


@pytest.fixture
def letter(ticket):
    html = letter_html(LETTER)
    return recording.add(
        recording.locked(ticket.pk), Letter(kind="incoming", body_html=html, body_text=plain_text(html)), by=Actor.person(ticket.opened_by)
    )


def hosts_asked(page: Page) -> list[str]:
    """The hosts elsewhere that the page asks for anything, answered here with a picture."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(urlsplit(route.request.url).hostname)
        route.fulfill(body=PIXEL, content_type="image/png")

    page.route(re.compile(r"^https?://(?!(localhost|127\.0\.0\.1)[:/])"), answer)
    return asked


def pages_of(ticket: Ticket, sam: User) -> dict[User, str]:
    """Where staff read a ticket, and where who opened it does."""
    return {
        sam: reverse("support:desk_ticket", args=[ticket.reference]),
        ticket.opened_by: reverse("support:ticket", args=["kelp-watch", ticket.reference]),
    }


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_no_request_leaves_for_an_image_until_the_reader_asks(chromium: Browser, live_server: LiveServer, letter: Message, sam, script):
    for reader, address in pages_of(letter.ticket, sam).items():
        with opened(chromium, script=script) as page:
            asked = hosts_asked(page)
            sign_in(page, live_server.url, reader)
            page.goto(live_server.url + address, wait_until="networkidle")
            expect(page.get_by_text("The open notebook: image from cdn.example.net, not shown")).to_be_visible()
            assert asked == []
            page.get_by_role("link", name="Show images from outside (2)").press("Enter")
            expect(page.get_by_role("img", name="The open notebook")).to_be_visible()
            page.wait_for_load_state("networkidle")
            assert set(asked) == {"cdn.example.net", "mail.example.net"}


@pytest.fixture
def ticket_with_files(ticket, ana, sam, settings):
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "http://acme.freshdesk.test", "key"
    files = [SimpleUploadedFile("shot of what the students see when the server does not start on Monday.png", PNG)]
    message = replies.add_incoming(
        ticket, body="See the picture", by=acting(ana), files=[*files, SimpleUploadedFile("server.log", b"It failed")]
    )
    replies.note(ticket, body="The trace", by=acting(sam), files=[SimpleUploadedFile("trace.txt", b"It failed")])
    AttachmentFactory(ticket=ticket, message=message, name="from the mail.pdf", file="", freshdesk_id=7, size=230_000)
    return ticket


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_a_folded_letter_opens_by_keyboard_and_holds_no_barrier(chromium: Browser, live_server: LiveServer, letter: Message, sam, seen):
    size, theme = seen
    for reader, address in pages_of(letter.ticket, sam).items():
        with opened(chromium, size=size, theme=theme) as page:
            sign_in(page, live_server.url, reader)
            page.goto(live_server.url + address)
            look(page, f"images-{reader.name}-{theme}-{size['width']}".replace(" ", "-"))
            fold = page.get_by_text("Show quoted text")
            fold.scroll_into_view_if_needed()
            look(page, f"folded-{reader.name}-{theme}-{size['width']}".replace(" ", "-"))
            fold.press("Enter")
            expect(page.get_by_text("Please restart your server")).to_be_visible()
            look(page, f"unfolded-{reader.name}-{theme}-{size['width']}".replace(" ", "-"))


@pytest.fixture
def test_files_and_what_is_said_of_them_hold_no_barrier(chromium: Browser, live_server: LiveServer, ticket_with_files, seen):
    size, theme = seen
    for person, address in (
        (User.objects.get(name="Sam Okafor"), ticket_with_files.get_absolute_url()),
        (ticket_with_files.opened_by, reverse("support:ticket", args=["kelp-watch", ticket_with_files.reference])),
    ):
        with opened(chromium, size=size, theme=theme) as page:
            sign_in(page, live_server.url, person)
            page.goto(live_server.url + address)
            page.locator(".letter__files").last.scroll_into_view_if_needed()
            look(page, f"files-{person.name}-{theme}-{size['width']}".replace(" ", "-"))
            coming = Attachment.objects.get(freshdesk_id=7)
            page.goto(live_server.url + reverse("support:file", args=[coming.key]))
            look(page, f"files-coming-{person.name}-{theme}-{size['width']}".replace(" ", "-"))


def test_a_page_that_waits_for_a_file_says_when_it_is_here(chromium: Browser, live_server: LiveServer, ticket_with_files, ana):
    coming = Attachment.objects.get(freshdesk_id=7)
    with opened(chromium) as page:
        sign_in(page, live_server.url, ana)
        page.goto(live_server.url + reverse("support:file", args=[coming.key]))
        expect(page.get_by_role("heading", level=1)).to_contain_text("being fetched")
        Attachment.objects.filter(pk=coming.pk).update(file=AttachmentFactory().file.name)
        expect(page.get_by_role("link", name="Open the file")).to_be_visible(timeout=15_000)


def test_without_script_files_go_along_on_a_phone(chromium: Browser, live_server: LiveServer, ticket: Ticket, ana):
    with opened(chromium, size=PHONE, script=False) as page:
        sign_in(page, live_server.url, ana)
        page.goto(live_server.url + reverse("support:ticket", args=["kelp-watch", ticket.reference]))
        page.get_by_label("Your message").fill("Two pictures")
        pictures = [{"name": f"{number}.png", "mimeType": "image/png", "buffer": PNG} for number in (1, 2)]
        page.get_by_label("Attach files").set_input_files(pictures)
        page.get_by_role("button", name="Send message").click()
        expect(page.locator(".letter__files a")).to_have_text(["1.png", "2.png"])
