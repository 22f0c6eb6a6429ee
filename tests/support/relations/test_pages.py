"""The pages that join and part tickets, and the exchange they are read in."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import StaffGroup
from ground.actors import Actor
from support import recording, tickets
from support.history import FIRST, NEWEST
from support.models import ChecklistItem, ChecklistTemplate, Ticket, TicketLink, TimeEntry
from support.relations import merging, relating
from support.states import Status
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam", timezone="Europe/Berlin")


@pytest.fixture
def desk(client, sam):
    client.force_login(sam, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def pair():
    community = CommunityFactory()
    early, late = timezone.now() - timedelta(hours=3), timezone.now() - timedelta(hours=1)
    return (
        TicketFactory(community=community, subject="Again", created_at=late, body_html="<p>It fails for me too</p>"),
        TicketFactory(community=community, subject="First", created_at=early),
    )


def post(client, name, ticket, *more, **data):
    return client.post(reverse(f"support:{name}", args=[ticket.reference, *more]), data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


# Merging


def test_both_are_read_in_time_and_undone_from_either_page(desk, pair):
    merged, primary = pair
    now = timezone.now()
    MessageFactory(ticket=primary, body_text="First answer", created_at=now - timedelta(hours=2))
    MessageFactory(ticket=merged, kind="incoming", body_text="Latest words", created_at=now)

    page = post(desk, "desk_merge", merged, other=primary.reference.lower())

    text = page.content.decode()
    assert page.redirect_chain[-1][0] == primary.get_absolute_url()
    places = [text.index(words) for words in ("It worked yesterday.", "First answer", "It fails for me too", "Latest words")]
    assert places == sorted(places)
    assert (text.count(f"in {merged.reference}</a>"), f'id="opening-{merged.reference}"' in text) == (2, True)
    assert reverse("support:desk_unmerge", args=[merged.reference]) in text
    gone = desk.get(merged.get_absolute_url()).content.decode()
    assert ("This is answered in another ticket" in gone, primary.reference in gone, 'id="composer"' in gone) == (True, True, False)

    post(desk, "desk_unmerge", merged)
    assert "Latest words" not in desk.get(primary.get_absolute_url()).content.decode()


def test_the_other_way_round_and_refusals_are_said(desk, pair):
    merged, primary = pair
    post(desk, "desk_merge_here", primary, other=merged.reference)
    assert Ticket.objects.get(pk=merged.pk).merged_into == primary
    refused = post(desk, "desk_merge", TicketFactory(), other=primary.reference)
    assert ("different communities" in said(refused)[0], TicketLink.objects.count()) == (True, 1)
    assert post(desk, "desk_merge", primary, other="T-NONE").status_code == 404


def test_ticket_page_with_twenty_letters_and_merged_tickets_stays_within_its_queries(desk, pair):
    merged, primary = pair
    third = TicketFactory(community=primary.community)

    def cost(**headers):
        desk.get(primary.get_absolute_url(), headers=headers)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(primary.get_absolute_url(), headers=headers).status_code == 200
        return len(captured)

    MessageFactory.create_batch(10, ticket=primary)
    MessageFactory.create_batch(10, ticket=merged)
    alone = cost()
    merging.merge(merged, into=primary, by=SYSTEM)
    one = cost()
    merging.merge(third, into=primary, by=SYSTEM)
    relating.attach(TicketFactory(community=primary.community), to=primary, by=SYSTEM)
    assert (one, cost()) == (alone, alone)
    assert alone <= 12
    AttachmentFactory(ticket=primary)
    Ticket.objects.filter(pk=primary.pk).update(file_count=1)
    assert cost(**{"HX-Request": "true"}) <= 12


def test_watched_exchange_marks_what_came_in_a_merged_ticket(desk, pair):
    merged, primary = pair
    merging.merge(merged, into=primary, by=SYSTEM)
    address = reverse("support:desk_conversation", args=[primary.reference])
    query = f"?seen={Ticket.objects.get(pk=primary.pk).version}&at={int(timezone.now().timestamp()) - 5}"
    etag = desk.get(address + query)["ETag"]
    assert desk.get(address + query, headers={"If-None-Match": etag}).status_code == 304
    MessageFactory(ticket=merged, body_text="Just now")
    page = desk.get(address + query, headers={"If-None-Match": etag}).content.decode()
    assert page.index("New since you opened") < page.index("Just now")


# Long exchanges


def test_of_five_hundred_letters_the_first_and_last_are_shown_and_the_middle_by_a_link(desk):
    ticket = TicketFactory()
    start = timezone.now() - timedelta(days=2)
    letters = [MessageFactory.build(ticket=ticket, body_text=f"letter-{n}.", created_at=start + timedelta(minutes=n)) for n in range(500)]
    ticket.messages.bulk_create(letters)

    page = desk.get(ticket.get_absolute_url() + "?view=all").content.decode()
    shown = [n for n in range(500) if f"letter-{n}.<" in page]
    assert shown == [*range(FIRST), *range(500 - NEWEST, 500)]
    assert f"Show {500 - FIRST - NEWEST} letters between" in page
    assert re.search(r'href="[^"]*\?view=all&amp;[^"]*all=1">Show', page)

    whole = desk.get(ticket.get_absolute_url() + "?all=1").content.decode()
    middle = ticket.messages.get(body_text="letter-250.")
    assert ("letter-250.<" in whole, "all=1" in whole, f'letter=message-{middle.pk}#message-{middle.pk}"' in whole) == (True, True, True)
    assert "letter-250.<" in desk.get(ticket.get_absolute_url() + f"?letter=message-{middle.pk}").content.decode()


def test_as_many_letters_as_fit_hide_nothing(desk):
    ticket = TicketFactory()
    start = timezone.now()
    ticket.messages.bulk_create(MessageFactory.build(ticket=ticket, created_at=start + timedelta(seconds=n)) for n in range(FIRST + NEWEST))
    assert "letters between" not in desk.get(ticket.get_absolute_url()).content.decode()


def test_what_happened_is_folded_with_how_many_by_whom(desk, sam):
    ticket = TicketFactory()
    held = recording.locked(ticket.pk)
    recording.change(held, by=SYSTEM, priority=2, kind="incident")
    recording.change(held, by=acting(sam), priority=3)
    assert "3 changes by 2 people" in desk.get(ticket.get_absolute_url()).content.decode()


# Links, parts, splitting


def test_finding_is_a_page_and_a_fragment(desk, pair):
    merged, primary = pair
    address = reverse("support:desk_link", args=[merged.reference])
    page = desk.get(address, {"q": primary.reference}).content.decode()
    fragment = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert (primary.subject in page, "<h1>" in page) == (True, True)
    assert (primary.subject in fragment, "<h1>" in fragment, "Asked lately" in fragment) == (True, False, True)
    assert "No ticket fits" in desk.get(address, {"q": "zzzz"}).content.decode()


def test_finding_costs_the_same_with_one_and_three_found(desk, pair):
    merged, _primary = pair
    address = reverse("support:desk_link", args=[merged.reference])

    def cost():
        with CaptureQueriesContext(connection) as captured:
            desk.get(address)
        return len(captured)

    desk.get(address)
    one = cost()
    TicketFactory.create_batch(2, community=merged.community)
    assert cost() == one


def test_related_and_parts_are_made_and_taken_back_by_their_buttons(desk, pair):
    one, two = pair
    post(desk, "desk_relate", one, other=two.reference)
    link = TicketLink.objects.get()
    panel = desk.get(reverse("support:desk_panel", args=[two.reference, "linked"])).content.decode()
    assert ("Related to" in panel, one.reference in panel) == (True, True)
    post(desk, "desk_unrelate", two, link.pk)
    post(desk, "desk_attach", one, other=two.reference)
    assert Ticket.objects.get(pk=one.pk).parent == two
    post(desk, "desk_detach", one)
    post(desk, "desk_attach_here", one, other=two.reference)
    assert list(one.children.all()) == [two]
    assert TicketLink.objects.count() == 0


def test_a_link_of_other_tickets_is_not_taken_back_from_here(desk, pair):
    one, two = pair
    link = relating.relate(one, to=two, by=SYSTEM)
    assert post(desk, "desk_unrelate", TicketFactory(), link.pk).status_code == 404
    assert TicketLink.objects.count() == 1


def test_a_parent_that_is_over_asks_about_its_parts(desk, pair):
    parent, child = pair
    post(desk, "desk_child", parent, subject="A part", body="To do")
    assert "Give the part a subject" in said(post(desk, "desk_child", parent, subject="", body=""))[0]
    relating.attach(child, to=parent, by=SYSTEM)
    tickets.solve(child, by=SYSTEM)
    assert (
        "1 of 2 parts solved" in desk.get(parent.get_absolute_url()).content.decode(),
        "Solve them too" in desk.get(parent.get_absolute_url()).content.decode(),
    ) == (True, False)
    tickets.solve(parent, by=SYSTEM)
    assert "Solve them too" in desk.get(parent.get_absolute_url()).content.decode()
    assert "2 of 2 parts solved" in post(desk, "desk_solve_children", parent).content.decode()


def test_letters_are_chosen_and_split_off(desk, pair):
    ticket, _other = pair
    letter, note = MessageFactory(ticket=ticket, kind="incoming", body_text="Something else"), MessageFactory(ticket=ticket, kind="note")
    address = reverse("support:desk_split", args=[ticket.reference])
    assert "Something else" in desk.get(address).content.decode()
    missing = desk.post(address, {"subject": "New"})
    assert (missing.status_code, "Choose at least one letter" in missing.content.decode()) == (422, True)
    only_note = desk.post(address, {"subject": "New", "letters": [note.pk]})
    assert (only_note.status_code, "may read" in only_note.content.decode()) == (422, True)
    done = desk.post(address, {"subject": "New", "letters": [letter.pk, note.pk]})
    opened = Ticket.objects.get(subject="New")
    assert (done["Location"], TicketLink.objects.get().ticket) == (opened.get_absolute_url(), opened)
    assert "nothing to split off" in desk.get(reverse("support:desk_split", args=[_other.reference])).content.decode()


# Snooze, tags


def test_snoozing_is_shown_and_undone(desk):
    ticket = TicketFactory()
    page = post(desk, "desk_snooze", ticket, moment="tomorrow")
    assert "Snoozed until" in page.content.decode()
    assert Ticket.objects.get().snoozed_until.minute == 0
    assert "Snoozed until" not in post(desk, "desk_wake", ticket).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"moment": "custom"}, "Choose the day"),
        ({"moment": "custom", "at": "2020-01-01T09:00"}, "still to come"),
        ({"moment": "custom", "at": "2099-01-01T09:00"}, "within a year"),
        ({"moment": "custom", "at": "soon"}, "Write the day"),
    ],
)
def test_a_moment_that_cannot_be_is_said(desk, data, sentence):
    ticket = TicketFactory()
    assert sentence in " ".join(said(post(desk, "desk_snooze", ticket, **data)))
    assert Ticket.objects.get().snoozed_until is None


def test_a_moment_of_ones_own_is_in_ones_own_zone(desk):
    at = (timezone.now() + timedelta(days=30)).date()
    post(desk, "desk_snooze", TicketFactory(), moment="custom", at=f"{at}T09:00")
    assert Ticket.objects.get().snoozed_until.hour in {7, 8}


def test_tags_are_added_taken_away_and_filter(desk):
    ticket, other = TicketFactory(), TicketFactory(subject="Elsewhere", tags=["other"])
    page = post(desk, "desk_add_tag", ticket, tag="GPU").content.decode()
    assert "?view=all&amp;tag=gpu" in page
    listed = desk.get(reverse("support:desk"), {"view": "all", "tag": "gpu"}).content.decode()
    assert (ticket.subject in listed, other.subject in listed) == (True, False)
    assert '<option value="gpu">' in desk.get(reverse("support:desk_tags", args=[ticket.reference])).content.decode()
    post(desk, "desk_remove_tag", ticket, tag="gpu")
    assert Ticket.objects.get(pk=ticket.pk).tags == []
    assert "Write a word" in said(post(desk, "desk_add_tag", ticket, tag=" "))[0]


# To do and time


def test_checklist_works_by_fragments_and_by_pages(desk):
    ticket = TicketFactory()
    template = ChecklistTemplate.objects.create(name="Any", lines="Greet\nClose")
    assert post(desk, "desk_add_item", ticket, text="Look").redirect_chain[-1][0] == ticket.get_absolute_url()
    fragment = desk.post(
        reverse("support:desk_use_checklist", args=[ticket.reference]), {"template": template.pk}, headers={"HX-Request": "true"}
    ).content.decode()
    assert ("Greet" in fragment, "0 of 3 done" in fragment, "<h1>" in fragment) == (True, True, False)
    first = ChecklistItem.objects.first()
    post(desk, "desk_tick", ticket, first.pk)
    assert ChecklistItem.objects.get(pk=first.pk).done_label == "Sam"
    post(desk, "desk_untick", ticket, first.pk)
    post(desk, "desk_item_down", ticket, first.pk)
    post(desk, "desk_item_up", ticket, ChecklistItem.objects.last().pk)
    assert [item.text for item in ChecklistItem.objects.all()] == ["Greet", "Close", "Look"]
    post(desk, "desk_remove_item", ticket, first.pk)
    assert ChecklistItem.objects.count() == 2
    assert "first" in said(post(desk, "desk_add_item", ticket, text=""))[0]
    assert post(desk, "desk_tick", TicketFactory(), ChecklistItem.objects.first().pk).status_code == 404


def test_time_is_added_and_only_ones_own_taken_back(desk, sam):
    ticket = TicketFactory()
    assert "how many minutes" in said(post(desk, "desk_add_time", ticket))[0]
    post(desk, "desk_add_time", ticket, minutes="20", note="Logs", is_counted="on")
    post(desk, "desk_add_time", ticket, minutes="5")
    assert list(TimeEntry.objects.values_list("minutes", "note", "is_counted", "user__name")) == [
        (20, "Logs", True, "Sam"),
        (5, "", False, "Sam"),
    ]
    theirs = TimeEntry.objects.create(ticket=ticket, minutes=5, spent_at=timezone.now(), label="Bo")
    assert post(desk, "desk_remove_time", ticket, theirs.pk).status_code == 404
    post(desk, "desk_remove_time", ticket, TimeEntry.objects.first().pk)
    assert TimeEntry.objects.count() == 2


def test_merged_page_of_what_freshdesk_merged_offers_no_undo(desk, pair):
    merged, primary = pair
    Ticket.objects.filter(pk=merged.pk).update(merged_into=primary, sync_state="gone", gone_reason="merged", status=Status.CLOSED)
    page = desk.get(merged.get_absolute_url()).content.decode()
    assert ("cannot take a merge back" in page, "Undo the merge" in page) == (True, False)
    assert "It fails for me too" in desk.get(primary.get_absolute_url()).content.decode()
