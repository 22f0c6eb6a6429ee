"""Finding tickets: by name, by rare and by common words, and never by a note that one may not read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from support import recording, replies, search, tickets
from support.composing import undoing
from support.models import HeldReply, SupportTerms, Ticket, TicketWords
from support.relations import merging, splitting
from support.search import match
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))


def findable(**fields):
    ticket = TicketFactory(**fields)
    search.index(ticket)
    return ticket


def found(query, by):
    return list(match(Ticket.objects.visible_to(by), query, by=by).order_by("-updated_at", "-pk"))


@pytest.mark.parametrize("query", ["kelp", "KELPS", "the kelp", "kelp forest", "forests", "kel", "Thérèse", "therese", "lab.example.org"])
def test_a_ticket_is_found_by_the_words_of_its_subject_text_and_requester(query, sam):
    wanted = findable(subject="No kelp", body_text="The forest!", requester__name="Thérèse", requester__email="t@lab.example.org")
    findable(subject="No hub", body_text="The server", requester__name="Ana")

    assert found(query, sam) == [wanted]


@pytest.mark.parametrize("query", ["kelp hub", "elp", "zarr", "'; DROP TABLE", '"', "kelp NEAR", "*", "🪸", "~", "#10/0"])
def test_what_no_ticket_holds_whole_finds_nothing_and_never_fails(query, sam):
    findable(subject="No kelp", body_text="")
    findable(subject="No hub", body_text="")

    assert found(query, sam) == []


def test_a_ticket_is_found_by_its_reference_its_number_and_its_requesters_address(sam):
    one = findable(freshdesk_id=4711, requester__email="ana@lab.example.org")
    TicketFactory()

    for name in (one.reference, one.reference.lower(), "4711", "#4711", "ana@lab.example.org", "Ana@Lab.example.org"):
        assert found(name, sam) == [one]


def test_a_number_that_no_ticket_has_is_looked_for_among_the_words(sam):
    wanted = findable(subject="Port 8888 is closed")

    assert found("8888", sam) == [wanted]


def test_what_is_written_later_is_found(sam):
    ticket = findable(subject="No server")

    replies.reply(ticket, body="Remove the **conda** lock", by=sam)
    replies.add_incoming(ticket, body="It says mamba", by=Actor.system())

    assert found("conda", sam) == found("mamba lock server", sam) == [ticket]


def test_a_note_is_found_by_staff_and_by_nobody_else(sam):
    community = CommunityFactory()
    ana = acting(member(community, Role.REPRESENTATIVE))
    ticket = tickets.open_ticket(community, subject="No server", body="It fails", by=ana)
    replies.note(ticket, body="They forgot the invoice", by=sam)

    assert (found("invoice", sam), found("invoice server", sam), found("server", ana)) == ([ticket], [ticket], [ticket])
    assert found("invoice", ana) == found("invoi", ana) == found("~invoice", ana) == []


def test_common_words_never_find_a_note_for_who_may_not_read_it(sam, monkeypatch):
    monkeypatch.setattr(search, "MOST", 1)
    community = CommunityFactory()
    ana = acting(member(community, Role.REPRESENTATIVE))
    for _ in range(4):
        replies.note(findable(community=community, subject="No server"), body="invoice", by=sam)

    assert (len(found("invoice", sam)), found("invoice", ana)) == (4, [])


def test_a_common_word_finds_every_ticket_of_the_rows_in_their_order(sam, monkeypatch):
    monkeypatch.setattr(search, "MOST", 2)
    now = timezone.now()
    held = [findable(subject="No server", created_at=now - timedelta(hours=place)) for place in range(6)]
    findable(subject="No hub")

    assert found("server", sam) == held


def test_a_member_finds_all_they_may_see_of_a_common_word_and_nothing_else(sam, monkeypatch):
    monkeypatch.setattr(search, "MOST", 1)
    monkeypatch.setattr(search, "DENSE", 1)
    home, away = CommunityFactory(), CommunityFactory()
    SupportTerms.objects.create(community=away, who_opens="anybody")
    user = member(home, Role.REPRESENTATIVE)
    contact = ContactFactory(user=user)
    seen = [
        findable(subject="No server", community=home),
        findable(subject="No server", community=away, opened_by=user),
        findable(subject="No server", community=away, requester=contact),
    ]
    findable(subject="No server", community=away)
    findable(subject="No server", community=CommunityFactory(), requester=contact)
    findable(subject="No hub", community=home)

    assert set(found("server", acting(user))) == set(seen) == set(Ticket.objects.visible_to(acting(user)).filter(subject="No server"))


@pytest.mark.parametrize(("bounds", "ours", "theirs"), [((500, 40), (2, 3), (2, 3)), ((2, 40), (2, 3), (3, 4)), ((2, 0), (3, 5), (3, 4))])
def test_what_is_asked_does_not_hang_on_how_many_there_are(bounds, ours, theirs, monkeypatch, django_assert_num_queries):
    """On SQLite, and on PostgreSQL, which looks up the newest key each time."""
    monkeypatch.setattr(search, "MOST", bounds[0])
    monkeypatch.setattr(search, "DENSE", bounds[1])
    sam, community = acting(staff(StaffGroup.SUPPORT_AGENT)), CommunityFactory()
    ana = acting(member(community, Role.REPRESENTATIVE))
    for _ in range(2):
        for _ in range(3):
            findable(subject="No server", community=community)
        for actor, queries in ((sam, ours), (ana, theirs)):
            rows = Ticket.objects.visible_to(actor)
            with django_assert_num_queries(queries[connection.vendor == "postgresql"]):
                assert len(match(rows, "server", by=actor)) >= 3


def test_of_a_word_neither_rare_nor_common_the_newest_are_found_inside_the_rows(sam, monkeypatch):
    monkeypatch.setattr(search, "MOST", 2)
    monkeypatch.setattr(search, "DENSE", 1)
    held = []
    for place in range(8):
        held.append(findable(subject="No server", kind="incident" if place < 2 else "event"))
        findable(subject="No hub", kind="incident")
    incidents = Ticket.objects.filter(kind="incident")

    assert {each.pk for each in match(incidents, "server", by=sam)} == {held[0].pk, held[1].pk}
    assert {each.pk for each in match(Ticket.objects.all(), "server", by=sam)} == {each.pk for each in held[-3:]}
    assert not match(Ticket.objects.none(), "server", by=sam).exists()


def test_every_word_of_a_conversation_is_kept_once_and_rows_may_be_made_anew(sam):
    ticket = findable(subject="No server, no servers", body_text="", requester__name="", requester__email="a@b.example")
    MessageFactory(ticket=ticket, author_label="", body_text="Servers again")
    MessageFactory(ticket=ticket, author_label="", kind="note", body_text="Quota")
    MessageFactory(ticket=ticket, author_label="", body_text="taken back", removed_at=timezone.now())

    search.index_many([ticket])

    row = TicketWords.objects.get(ticket=ticket)
    assert (row.open, row.notes) == (" no serv a b exampl again ", " quota ")


def test_words_go_with_their_ticket(sam):
    ticket = findable(subject="No kelp")
    TicketWords.objects.filter(ticket=ticket).delete()

    assert found("kelp", sam) == []


def test_writing_many_asks_as_often_as_writing_one(django_assert_max_num_queries):
    one, *more = [TicketFactory() for _ in range(4)]
    with django_assert_max_num_queries(2):
        search.index_many([one])
    with django_assert_max_num_queries(4):
        search.index_many(Ticket.objects.filter(pk__in=[each.pk for each in more]))


# What changes later


def test_a_changed_subject_and_requester_are_found_and_the_old_ones_are_not(sam):
    ticket = tickets.open_ticket(CommunityFactory(), subject="Kelp", body="x", by=sam, requester=ContactFactory(name="Robin"))
    tickets.update(ticket, subject="Coral", by=sam)
    recording.change(recording.locked(ticket.pk), by=sam, requester=ContactFactory(name="Therese"))
    assert [found(word, sam) for word in ("coral", "therese", "kelp", "robin")] == [[ticket], [ticket], [], []]


def test_a_reply_is_found_once_it_has_left(sam):
    ticket = tickets.open_ticket(CommunityFactory(), subject="Kelp", body="x", by=sam, requester=ContactFactory())
    held = undoing.hold(ticket, body="anemone", by=sam)
    assert found("anemone", sam) == []
    search.index_many([ticket])
    assert found("anemone", sam) == []

    HeldReply.objects.update(next_attempt_at=timezone.now())
    assert undoing.let_go(held.held.pk)
    assert found("anemone", sam) == [ticket]

    taken = undoing.hold(ticket, body="urchin", by=sam)
    undoing.undo(taken)
    search.index_many([ticket])
    assert (found("urchin", sam), found("anemone", sam)) == ([], [ticket])


def test_merged_parted_and_split_tickets_are_found_by_their_own_words(sam):
    community = CommunityFactory()
    first, second = (tickets.open_ticket(community, subject=word, body="x", by=sam) for word in ("kelp", "coral"))
    merging.merge(second, into=first, by=sam)
    replies.add_incoming(second, body="anemone", by=Actor.system())
    assert (found("anemone", sam), found("coral", sam), found("kelp", sam)) == ([second], [second], [first])
    merging.part(second, by=sam)
    assert (found("anemone", sam), found("coral", sam), found("kelp", sam)) == ([second], [second], [first])

    note = replies.note(second, body="urchin", by=sam)
    new = splitting.split(second, letters=[second.messages.get(kind="incoming"), note], subject="Split", by=sam)
    assert (set(found("anemone", sam)), set(found("urchin", sam)), found("split", sam)) == ({second, new}, {second, new}, [new])
