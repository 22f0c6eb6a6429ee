"""The composers in a real browser: words that survive, macros and articles by keyboard, a reply taken back."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase import opening
from support import replies, tickets
from support.composing import undoing
from support.models import Draft, Macro, Message, Ticket, TicketStatus
from support.states import Status
from tests.browser import DESK, PHONE, barriers, opened, overflows, sign_in
from tests.factories import CommunityFactory, acting, member, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")


@pytest.fixture
def ticket():
    community = CommunityFactory(slug="kelp-watch", name="Kelp Watch")
    ana = member(community, Role.REPRESENTATIVE, name="Ana Ruiz", email="ana@example.org")
    return tickets.open_ticket(community, subject="Students cannot start a server", body="Since **Monday**.", by=acting(ana))


@pytest.fixture
def macro():
    return Macro.objects.create(
        name="Restart the server",
        text={"en": "Dear {{ requester.name }}, please restart.", "es": "Hola {{ requester.name }}, reinicie."},
        status=TicketStatus.objects.get(code=Status.WAITING_ON_REQUESTER),
        priority=3,
    )


def at_desk(page: Page, live_server: LiveServer, sam, ticket: Ticket) -> None:
    sign_in(page, live_server.url, sam)
    page.goto(live_server.url + ticket.get_absolute_url())


def kept(page: Page) -> None:
    expect(page.locator("#reply-form [data-saved]")).to_contain_text("Kept", timeout=20_000)


def test_draft_survives_a_reload_and_a_logout(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    with opened(chromium, refused="403") as page:
        at_desk(page, live_server, sam, ticket)
        page.locator("#id_reply-body").fill("Half a sentence")
        kept(page)
        page.reload()
        assert page.locator("#id_reply-body").input_value() == "Half a sentence"
        page.context.clear_cookies()
        page.locator("#id_reply-body").fill("Half a sentence, and more")
        expect(page.locator("#reply-form [data-saved]")).to_contain_text("signed out", timeout=20_000)
        page.locator("#id_reply-body").evaluate("area => area.form.dispatchEvent(new CustomEvent('kept', { bubbles: true }))")
        at_desk(page, live_server, sam, ticket)
        expect(page.locator("#id_reply-body")).to_have_value("Half a sentence, and more")
        for _look in range(40):
            if Draft.objects.get().body != "Half a sentence":
                break
            page.wait_for_timeout(500)
    assert Draft.objects.get().body == "Half a sentence, and more"


def test_two_windows_of_one_person_lose_nothing(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    with opened(chromium, refused="409") as page:
        at_desk(page, live_server, sam, ticket)
        Draft.objects.create(ticket=ticket, user=sam, kind="reply", body="From the other window", ticket_version=1)
        with page.expect_response(lambda answer: "/drafts/reply/" in answer.url) as answer:
            page.locator("#id_reply-body").fill("From this one")
        assert answer.value.status == 409
        expect(page.locator("#reply-form [data-clash]")).to_contain_text("From the other window")
        page.get_by_role("button", name="Put it behind mine").click()
        assert page.locator("#id_reply-body").input_value() == "From this one\n\nFrom the other window"
        kept(page)


def test_macro_is_previewed_and_applied_by_keyboard(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam, macro):
    with opened(chromium) as page:
        at_desk(page, live_server, sam, ticket)
        page.locator("#id_reply-body").focus()
        page.keyboard.type("/")
        page.keyboard.type("restart")
        expect(page.get_by_role("option", name="Restart the server")).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        expect(page.locator(".lookup__preview")).to_contain_text("changes with it")
        assert page.locator("[data-macro-text]").input_value() == "Dear Ana Ruiz, please restart."
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / "macro.png")
        assert barriers(page) == []
        expect(page.get_by_role("button", name="Use it in the reply")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#id_reply-body")).to_have_value("Dear Ana Ruiz, please restart.")
        expect(page.locator("#reply-form [data-macro]")).to_contain_text("High")
        page.locator("#id_reply-body").press("Control+Enter")
        expect(page.locator("#conversation")).to_contain_text("Dear Ana Ruiz, please restart.")
    ticket.refresh_from_db()
    macro.refresh_from_db()
    assert (ticket.status_id, ticket.priority, macro.used, Draft.objects.count()) == (Status.WAITING_ON_REQUESTER, 3, 1, 0)


def test_article_is_inserted_by_keyboard_alone(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    opening.open_shared(by=Actor.system())
    with opened(chromium) as page:
        at_desk(page, live_server, sam, ticket)
        page.keyboard.press("r")
        page.keyboard.type("Look here: ??")
        page.keyboard.type("first login")
        expect(page.locator(".lookup [role=option]").first).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        words = page.locator("#id_reply-body").input_value()
        assert words.startswith("Look here: [")
        assert "/kb/" in words
        page.keyboard.type(" ??nothing")
        page.keyboard.press("Escape")
        assert page.locator("#id_reply-body").input_value() == words + " ??nothing"
        page.locator("#id_reply-body").fill("")


def test_person_is_called_in_a_note_and_nobody_in_a_reply(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    staff(StaffGroup.ENGINEER, name="Luz Prado")
    with opened(chromium) as page:
        at_desk(page, live_server, sam, ticket)
        page.locator("#id_reply-body").focus()
        page.keyboard.type("@")
        expect(page.locator(".lookup")).to_have_count(0)
        page.locator("#id_reply-body").fill("")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        page.keyboard.type("@")
        page.keyboard.type("lu")
        expect(page.locator(".lookup [role=option]")).to_have_count(1)
        page.keyboard.press("Enter")
        assert page.locator("#id_note-body").input_value() == "@Luz Prado "
        page.locator("#id_note-body").fill("")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_reply_is_taken_back_within_its_moment(chromium: Browser, live_server: LiveServer, ticket: Ticket, *, sam, settings, script):
    settings.DESK_UNDO_SECONDS = 60
    with opened(chromium, script=script) as page:
        at_desk(page, live_server, sam, ticket)
        page.locator("#id_reply-body").fill("Please restart")
        page.get_by_role("button", name="Send reply").click()
        expect(page.locator(".held")).to_contain_text("Not sent yet")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"held-{script}.png")
        assert not script or barriers(page) == []
        page.get_by_role("button", name="Undo").click()
        expect(page.locator("#id_reply-body")).to_have_value("Please restart")
        expect(page.locator(".held")).to_have_count(0)
    assert (Message.objects.count(), Draft.objects.get().body) == (0, "Please restart")


def test_letter_out_of_sight_does_not_move_the_guard(chromium: Browser, live_server: LiveServer, ticket: Ticket, sam):
    for number in range(12):
        replies.note(ticket, body=f"Note {number}\n\nand more", by=acting(sam))
    ticket.refresh_from_db()
    with opened(chromium) as page:
        at_desk(page, live_server, sam, ticket)
        page.locator("#conversation").evaluate("list => list.scrollTo(0, 0)")
        page.locator("#id_reply-body").fill("Please restart")
        replies.add_incoming(ticket, body="Never mind", by=acting(ticket.opened_by))
        expect(page.locator("#conversation")).to_contain_text("Never mind", timeout=20_000)
        page.wait_for_timeout(1_500)
        assert int(page.locator("#id_reply-version").input_value()) == ticket.version
        page.locator(".is-new").last.scroll_into_view_if_needed()
        expect(page.locator("#id_reply-version")).to_have_value(str(ticket.version + 1), timeout=10_000)
        page.locator("#id_reply-body").fill("")


@pytest.mark.parametrize(
    "seen", [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=lambda seen: f"{seen[1]}-{seen[0]['width']}"
)
def test_composers_and_macro_pages_hold_no_barrier(
    chromium: Browser, live_server: LiveServer, ticket: Ticket, *, sam, macro, seen, settings
):
    settings.DESK_UNDO_SECONDS = 60
    size, theme = seen
    undoing.hold(ticket, body="On my way", by=acting(sam), cc=["eve@other.example"])
    own = Macro.objects.create(name="Own", owner=sam, text={"en": "Hello"})
    Draft.objects.create(ticket=ticket, user=sam, kind="reply", body="Dear Ana", ticket_version=1, choices={"cc": "eve@other.example"})
    at = [
        ticket.get_absolute_url(),
        reverse("support:macros"),
        reverse("support:macro", args=[own.pk]),
        reverse("support:desk_macro", args=[ticket.reference, f"m{macro.pk}"]),
        reverse("support:desk_articles", args=[ticket.reference]),
    ]
    with opened(chromium, size=size, theme=theme) as page:
        sign_in(page, live_server.url, sam)
        for place, address in enumerate(at):
            page.goto(live_server.url + address)
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"composing-{place}-{theme}-{size['width']}.png", full_page=place > 0)
            assert (address, barriers(page), overflows(page)) == (address, [], False)
        page.goto(live_server.url + ticket.get_absolute_url())
        page.locator("label[for=compose-note]").click()
        page.locator("#id_note-body").scroll_into_view_if_needed()
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"composing-note-{theme}-{size['width']}.png")
        assert barriers(page) == []
