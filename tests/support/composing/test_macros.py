"""Macros: who has them, what they would do, and that they do it together with the letter."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import StaffGroup
from support import replies, tickets
from support.access import can_use
from support.composing import macros
from support.models import CannedResponse, Macro, Message, Ticket, TicketStatus
from support.recording import guard
from support.replies.changes import Changes
from support.states import Status
from tests.access.routes import World
from tests.factories import acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


@pytest.fixture
def desk(sam):
    client = Client()
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def restart():
    return Macro.objects.create(
        name="Restart",
        text={"en": "Dear {{ requester.name }}, please restart.", "es": "Hola {{ requester.name }}, reinicie."},
        status=TicketStatus.objects.get(code=Status.WAITING_ON_REQUESTER),
        priority=3,
        kind="guidance",
        assignee="me",
        tags_added=["restart"],
        tags_removed=["new"],
        snooze_hours=24,
    )


def test_visible_macros_are_those_the_predicate_grants(sam):
    world = World()
    Macro.objects.create(name="Shared")
    Macro.objects.create(name="Own", owner=sam)
    for person in [*world.people.values(), sam]:
        if person is not None:
            actor = acting(person)
            assert set(Macro.objects.visible_to(actor)) == {macro for macro in Macro.objects.all() if can_use(actor, macro)}, person
    assert [each.name for each in Macro.objects.visible_to(acting(sam))] == ["Own", "Shared"]


@pytest.mark.parametrize("owner", [None, "sam"])
def test_a_name_is_there_once(sam, owner):
    Macro.objects.create(name="Twice", owner=sam if owner else None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Macro.objects.create(name="Twice", owner=sam if owner else None)


def test_preview_shows_words_and_changes_and_does_nothing(restart, sam):
    ticket = TicketFactory(requester__name="Ana Ruiz", community__language="es", tags=["new"])

    shown = macros.preview(ticket, key=f"m{restart.pk}", by=acting(sam))

    assert (shown.text, shown.unknown, [(each.code, each.is_here) for each in shown.languages]) == (
        "Hola Ana Ruiz, reinicie.",
        (),
        [("en", False), ("es", True)],
    )
    assert [value for _field, value in shown.changes][1:] == ["High", "Guidance", "Sam", "+restart −new", "24 hours"]
    ticket.refresh_from_db()
    assert (ticket.version, ticket.priority, Message.objects.count()) == (1, 1, 0)


def test_preview_in_a_language_it_lacks_stands_in_english(restart, sam):
    shown = macros.preview(TicketFactory(requester__name="Ana"), key=f"m{restart.pk}", by=acting(sam), language="fr")
    assert shown.text == "Dear Ana, please restart."


@pytest.mark.parametrize("key", ["", "x1", "m", "m999", "c999", "m1e5", "m" + "9" * 30])
def test_no_macro_behind_another_key(key, sam):
    assert macros.preview(TicketFactory(), key=key, by=acting(sam)) is None


def test_freshdesks_answers_are_offered_and_filled_read_only(sam):
    canned = CannedResponse.objects.create(
        freshdesk_id=1, title="Restart server", folder="Hubs", body_html="<p>Hi {{ticket.requester.name}}<br>{{ticket.custom}}</p>"
    )
    shown = macros.preview(TicketFactory(requester__name="Ana"), key=f"c{canned.pk}", by=acting(sam))
    assert [(each.name, each.where) for each in macros.offered(by=acting(sam), words="restart")] == [("Restart server", "Hubs")]
    assert (shown.text, shown.unknown, shown.changes) == ("Hi Ana\n{{ticket.custom}}", ("{{ticket.custom}}",), [])


def test_macro_is_applied_with_the_reply_and_counted(desk, sam, restart):
    ticket = TicketFactory(tags=["new", "r"])
    data = {
        "reply-body": "Please restart",
        "reply-version": 1,
        "reply-macro": f"m{restart.pk}",
        "reply-with_changes": "on",
        "reply-status": "6",
    }

    desk.post(reverse("support:desk_reply", args=[ticket.reference]), data)

    ticket.refresh_from_db()
    restart.refresh_from_db()
    assert (ticket.status_id, ticket.priority, ticket.kind, ticket.assignee, ticket.tags, ticket.snoozed_until is not None) == (
        Status.WAITING_ON_REQUESTER,
        3,
        "guidance",
        sam,
        ["r", "restart"],
        True,
    )
    assert restart.used == 1


def test_macro_without_its_changes_changes_nothing(desk, restart):
    ticket = TicketFactory()
    data = {"note-body": "Please restart", "note-version": 1, "note-macro": f"m{restart.pk}"}
    desk.post(reverse("support:desk_note", args=[ticket.reference]), data)
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.kind, Message.objects.get().kind) == (1, "", "note")


def test_reply_with_a_placeholder_in_it_is_not_sent(desk):
    ticket = TicketFactory()
    page = desk.post(
        reverse("support:desk_reply", args=[ticket.reference]), {"reply-body": "Dear {{ requester.nick }}", "reply-version": 1}
    )
    assert (page.status_code, "is not filled in" in page.content.decode(), Message.objects.count()) == (422, True, 0)


def test_changes_decided_on_an_older_status_are_stale_and_plain_notes_are_not(sam):
    ticket = TicketFactory()
    tickets.solve(ticket, by=acting(sam))
    changes = replies.Changes(status=TicketStatus.objects.get(code=Status.PENDING))

    with pytest.raises(guard.Stale) as stale:
        replies.note(ticket, body="On it", by=acting(sam), version=1, changes=changes)

    assert ([event.field for event in stale.value.events], Message.objects.count()) == (["status"], 0)
    assert replies.note(ticket, body="On it", by=acting(sam), version=1).kind == "note"


def test_stale_page_keeps_words_copies_macro_and_status_and_says_who_changed_what(desk, sam, restart):
    ticket = TicketFactory()
    luz = acting(staff(StaffGroup.SUPPORT_AGENT, name="Luz"))
    tickets.solve(ticket, by=luz)
    data = {
        "reply-body": "Please restart",
        "reply-version": 1,
        "reply-cc": "lee@example.org",
        "reply-macro": f"m{restart.pk}",
        "reply-with_changes": "on",
        "reply-status": "6",
        "reply-then": "next",
    }
    response = desk.post(reverse("support:desk_reply", args=[ticket.reference]), data)

    page = response.content.decode()
    kept = (
        "Please restart</textarea>",
        'value="lee@example.org"',
        f'name="reply-macro" value="m{restart.pk}"',
        '<option value="6" selected>',
    )
    assert response.status_code == 409
    assert [words for words in (*kept, "Luz", "set the status to", '<option value="next" selected>') if words not in page] == []
    assert desk.post(reverse("support:desk_reply", args=[ticket.reference]), {**data, "reply-version": 2}).status_code == 302


def test_list_costs_the_same_with_one_and_three(desk):
    def queries(address):
        desk.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    pages = [reverse("support:macros"), reverse("support:desk_macros", args=[TicketFactory().reference])]
    Macro.objects.create(name="One")
    CannedResponse.objects.create(freshdesk_id=1, title="One")
    one = [queries(page) for page in pages]
    for number in (2, 3):
        Macro.objects.create(name=f"No {number}", status=TicketStatus.objects.first())
        CannedResponse.objects.create(freshdesk_id=number, title=f"No {number}")
    assert [queries(page) for page in pages] == one


def test_an_agent_writes_their_own_and_a_triager_everybodys(desk, sam):
    data = {"name": "Mine", "text_en": "Hello", "text_es": "Hola", "tags_added": "a, b,a", "is_shared": "on", "status": "4"}
    desk.post(reverse("support:new_macro"), data)
    mine = Macro.objects.get()
    assert (mine.owner, mine.text, mine.tags_added, mine.status_id) == (sam, {"en": "Hello", "es": "Hola"}, ["a", "b"], 4)
    again = desk.post(reverse("support:new_macro"), data)
    assert (again.status_code, "one of that name already" in again.content.decode()) == (422, True)

    triager = Client()
    triager.force_login(staff(StaffGroup.SUPPORT_TRIAGER), backend="django.contrib.auth.backends.ModelBackend")
    triager.post(reverse("support:new_macro"), {"name": "Ours", "text_en": "Hello", "is_shared": "on"})
    assert Macro.objects.get(name="Ours").is_shared
    assert desk.post(reverse("support:remove_macro", args=[mine.pk])).status_code == 302
    assert list(Macro.objects.values_list("name", flat=True)) == ["Ours"]


def test_without_script_a_macro_becomes_the_draft(desk, restart, sam):
    ticket = TicketFactory(requester__name="Ana")
    page = desk.get(reverse("support:desk_macro", args=[ticket.reference, f"m{restart.pk}"])).content.decode()
    assert ("Dear Ana, please restart." in page, "Use it in the reply" in page) == (True, True)

    desk.post(
        reverse("support:desk_use", args=[ticket.reference]),
        {"kind": "reply", "text": "Dear Ana", "macro": f"m{restart.pk}", "status": "6"},
    )

    shown = desk.get(ticket.get_absolute_url()).content.decode()
    assert ("Dear Ana</textarea>" in shown, f'name="reply-macro" value="m{restart.pk}"' in shown) == (True, True)


def test_tags_of_a_macro_are_spelt_as_everywhere_and_a_full_ticket_takes_no_more(desk, sam):
    written = f'Big "red", big red,  two  words, {"x" * 60}'
    desk.post(reverse("support:new_macro"), {"name": "Mine", "text_en": "Hello", "tags_added": written})
    tags = Macro.objects.get().tags_added
    assert tags == ["big red", "two words", "x" * 32]

    plain, full = TicketFactory(tags=["Two words"]), TicketFactory(tags=[f"tag {n}" for n in range(20)])
    for ticket in (plain, full):
        replies.reply(ticket, body="Hello", by=acting(sam), changes=Changes(tags_added=tuple(tags)))
    assert Ticket.objects.get(pk=plain.pk).tags == ["Two words", "big red", "x" * 32]
    assert len(Ticket.objects.get(pk=full.pk).tags) == 20
