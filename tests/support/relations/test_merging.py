"""Merging: a link that can be taken back, refused where somebody would read what is not theirs."""

import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from ground.models import OutgoingMail
from support import access, recording, replies, threads, tickets, timing
from support.composing import undoing
from support.following import performing
from support.models import Attachment, ClockRun, Draft, HeldReply, Message, Notice, Ticket, TicketLink, TicketStatus
from support.notices import watching
from support.people import contacts
from support.recording import guard
from support.relations import merging
from support.relations.relating import NotPossible
from support.replies import recipients
from support.states import Status
from tests.access.routes import World
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.factories import AttachmentFactory, ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def sam():
    return acting(staff(StaffGroup.SUPPORT_AGENT, name="Sam"))


@pytest.fixture
def pair():
    community = CommunityFactory(slug="kelp")
    return TicketFactory(community=community, subject="Again"), TicketFactory(community=community, subject="First")


def fresh(*rows):
    return [Ticket.objects.get(pk=row.pk) for row in rows]


def test_merge_closes_the_ticket_and_copies_nothing(pair, sam):
    merged, primary = pair
    letter = MessageFactory(ticket=merged, kind="incoming")
    file = AttachmentFactory(ticket=merged, message=letter)

    link = merging.merge(merged, into=primary, by=sam)

    merged, primary = fresh(merged, primary)
    assert (merged.status_id, merged.merged_into, merged.waiting_since) == (Status.CLOSED, primary, None)
    assert (link.status_before, link.ticket, link.other, link.created_label) == (Status.OPEN, merged, primary, "Sam")
    assert (Message.objects.get().ticket, Attachment.objects.get(pk=file.pk).ticket) == (merged, merged)
    assert primary.events.get(field="merged_here").after == merged.reference


def test_part_gives_the_status_back_and_keeps_the_link_as_ended(pair, sam):
    merged, primary = pair
    tickets.change_status(merged, status=TicketStatus.objects.get(code=Status.PENDING), by=sam)
    merging.merge(merged, into=primary, by=sam)

    merging.part(merged, by=sam)

    merged, primary = fresh(merged, primary)
    assert (merged.status_id, merged.merged_into, merging.merged_into(primary)) == (Status.PENDING, None, [])
    assert TicketLink.objects.get().undone_at is not None
    assert primary.events.filter(field="parted", after=merged.reference).count() == 1


def test_part_leaves_open_what_its_requester_wrote_in_meanwhile(pair, sam):
    merged, primary = pair
    tickets.solve(merged, by=sam)
    merging.merge(merged, into=primary, by=sam)
    replies.add_incoming(merged, body="And another thing", by=Actor.system())

    merging.part(merged, by=sam)

    assert fresh(merged)[0].status_id == Status.OPEN


def test_part_twice_is_refused_in_words(pair, sam):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    merging.part(merged, by=sam)
    with pytest.raises(NotPossible, match="took that back"):
        merging.part(merged, by=sam)


def test_what_freshdesk_merged_is_shown_alike_and_cannot_be_parted(pair, sam):
    merged, primary = pair
    Ticket.objects.filter(pk=merged.pk).update(merged_into=primary, sync_state="gone", gone_reason="merged", status=5)

    assert merging.merged_into(primary) == [merged]
    with pytest.raises(NotPossible, match="merged in Freshdesk"):
        merging.part(fresh(merged)[0], by=sam)


def refused(ticket, into):
    before = (Ticket.objects.count(), TicketLink.objects.count(), list(Ticket.objects.values_list("pk", "version").order_by("pk")))
    with pytest.raises(NotPossible) as refusal:
        merging.merge(ticket, into=into, by=Actor.system())
    assert before == (Ticket.objects.count(), TicketLink.objects.count(), list(Ticket.objects.values_list("pk", "version").order_by("pk")))
    return str(refusal.value)


def test_merge_is_refused_with_itself_across_communities_and_in_chains(pair, sam):
    merged, primary = pair
    third = TicketFactory(community=merged.community)
    assert "into itself" in refused(merged, merged)
    assert "different communities" in refused(merged, TicketFactory())
    merging.merge(merged, into=primary, by=sam)
    assert "merged already" in refused(merged, third)
    assert "itself merged" in refused(third, merged)
    assert "merged into this one" in refused(primary, third)


@pytest.mark.parametrize("fields", [{"sync_state": "gone", "gone_reason": "deleted"}, {"sync_state": "awaiting_approval"}])
def test_merge_is_refused_for_what_is_gone_or_waits_for_approval(pair, fields):
    merged, primary = pair
    Ticket.objects.filter(pk=merged.pk).update(**fields)
    assert "gone from Freshdesk or waits" in refused(merged, primary)
    assert "gone from Freshdesk or waits" in refused(primary, merged)


def test_confidential_tickets_are_merged_only_with_those_of_the_same_person(pair):
    merged, primary = pair
    asker = ContactFactory()
    Ticket.objects.filter(pk=merged.pk).update(confidential=True, requester=asker)
    assert "confidential" in refused(merged, primary)
    assert "confidential" in refused(primary, merged)
    Ticket.objects.filter(pk=primary.pk).update(confidential=True)
    assert "confidential" in refused(merged, primary)
    Ticket.objects.filter(pk=primary.pk).update(requester=asker)
    assert merging.why_not(*fresh(merged, primary)) == ""


def test_tickets_of_no_community_are_merged_only_of_one_person():
    one, two = TicketFactory(community=None), TicketFactory(community=None)
    assert "of no community" in refused(one, two)
    Ticket.objects.update(requester=ContactFactory())
    assert merging.why_not(*fresh(one, two)) == ""


def test_news_in_a_merged_ticket_reopens_the_one_it_is_read_in(pair, sam):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    replies.reply(primary, body="Done", status=TicketStatus.objects.get(code=Status.SOLVED), by=sam)
    public = fresh(primary)[0].last_public_excerpt

    letter = replies.add_incoming(merged, body="It fails again", by=Actor.mail("Ana"))

    merged, primary = fresh(merged, primary)
    assert (letter.ticket, merged.status_id, merged.waiting_since) == (merged, Status.CLOSED, None)
    assert (primary.status_id, primary.last_message_excerpt, primary.waiting_since is not None) == (Status.OPEN, "It fails again", True)
    assert (public, primary.last_public_excerpt) == ("Done", "Done")


def test_what_freshdesk_opened_again_is_passed_on(pair, sam):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    tickets.solve(primary, by=sam)
    held = recording.locked(merged.pk)
    recording.change(held, by=Actor.freshdesk("Freshdesk"), status=TicketStatus.objects.get(code=Status.OPEN))

    assert (merging.pass_on(), merging.pass_on()) == (1, 0)

    merged, primary = fresh(merged, primary)
    assert (merged.status_id, merged.waiting_since, primary.status_id) == (Status.CLOSED, None, Status.OPEN)


def locks(captured):
    """Whose rows were read to be held, in their order, each once."""
    found = [re.search(r"JOIN .support_ticketstatus..*WHERE .support_ticket.\..id. = (\d+) LIMIT 21", each["sql"]) for each in captured]
    return list(dict.fromkeys(int(each[1]) for each in found if each))


@pytest.mark.parametrize("way", ["older into newer", "newer into older"])
def test_rows_are_locked_in_the_order_of_their_keys_whichever_way_two_are_joined(pair, sam, way):
    merged, primary = pair if way == "older into newer" else pair[::-1]
    in_order = sorted(row.pk for row in pair)

    def wake():
        Ticket.objects.filter(pk=merged.pk).update(waiting_since=timezone.now())
        merging.pass_on()

    for do in (
        lambda: merging.merge(merged, into=primary, by=sam),
        lambda: replies.add_incoming(Ticket.objects.get(pk=merged.pk), body="Still", by=Actor.system()),
        wake,
        lambda: merging.part(merged, by=sam),
    ):
        with CaptureQueriesContext(connection) as captured:
            do()
        assert locks(captured)[:2] == in_order


def test_answers_go_to_the_requesters_of_both(pair, sam):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    assert merging.requesters_of(fresh(primary)[0]) == [primary.requester, merged.requester]
    merging.part(merged, by=sam)
    assert contacts.requesters_of(fresh(primary)[0]) == [primary.requester]


def test_no_note_is_written_where_freshdesk_is_not_connected(pair, sam):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    assert not Message.objects.exists()


# Who reads what


@pytest.fixture
def world(sam):
    world = World()
    author, other = world.people[Role.MEMBER.value], member(world.community, Role.MEMBER, name="Bea")
    mine = TicketFactory(community=world.community, subject="mine", requester=contacts.of(author))
    theirs = TicketFactory(community=world.community, subject="theirs", requester=contacts.of(other))
    replies.reply(theirs, body="Before the merge", by=sam)
    merging.merge(mine, into=theirs, by=sam)
    replies.add_incoming(theirs, body="Private words of Bea", by=acting(other))
    shared = replies.reply(theirs, body="Meant for both", by=sam)
    AttachmentFactory(ticket=theirs, message=shared, name="both.log")
    replies.note(theirs, body="Only for us", by=sam)
    return world


def readable(who, **filters):
    return sorted(Message.objects.visible_to(who).filter(**filters).values_list("body_text", flat=True))


def test_asker_of_a_merged_ticket_reads_only_the_answers_meant_for_both(world):
    author = acting(world.people[Role.MEMBER.value])
    assert list(Ticket.objects.visible_to(author).values_list("subject", flat=True)) == ["mine"]
    assert readable(author) == ["Meant for both"]
    assert [file.name for file in Attachment.objects.visible_to(author)] == ["both.log"]
    assert readable(acting(world.people["outsider"])) == []


def test_what_is_answered_after_parting_is_no_more_for_both(world, sam):
    mine, theirs = Ticket.objects.get(subject="mine"), Ticket.objects.get(subject="theirs")
    merging.part(mine, by=sam)
    replies.reply(theirs, body="After", by=sam)
    assert readable(acting(world.people[Role.MEMBER.value])) == ["Meant for both"]


@pytest.mark.parametrize("change", [{"confidential": True}, {"community": None}])
def test_a_primary_made_confidential_or_moved_away_shows_nothing_more(world, change):
    Ticket.objects.filter(subject="theirs").update(**change)
    assert readable(acting(world.people[Role.MEMBER.value])) == []


def test_querysets_still_equal_their_predicates_with_merged_tickets(world, sam):
    for who, user in world.people.items():
        actor = acting(user) if user else Actor.anonymous()
        rows = Message.objects.select_related("ticket__requester")
        granted = {row.pk for row in rows if access.can_read(actor, row)}
        assert set(Message.objects.visible_to(actor).values_list("pk", flat=True)) == granted, who
        files = Attachment.objects.select_related("ticket__requester", "message__ticket__requester")
        assert set(Attachment.objects.visible_to(actor).values_list("pk", flat=True)) == {
            row.pk for row in files if access.can_have(actor, row)
        }, who


def signed_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_portal_shows_the_answer_in_the_askers_own_ticket_and_not_the_other(world, client):
    signed_in(client, world.people[Role.MEMBER.value])
    mine, theirs = Ticket.objects.get(subject="mine"), Ticket.objects.get(subject="theirs")
    page = client.get(reverse("support:ticket", args=["coastal", mine.reference])).content.decode()

    assert ("Meant for both" in page, "both.log" in page, "answer this together" in page) == (True, True, True)
    assert [words in page for words in ("Private words", "Only for us", "Before the merge", theirs.reference, "theirs")] == [False] * 5
    assert client.get(reverse("support:ticket", args=["coastal", theirs.reference])).status_code == 404
    file = Attachment.objects.get(name="both.log")
    assert client.get(reverse("support:file", args=[file.key])).getvalue() == b"It failed.\n"


def test_api_gives_members_no_merged_letters_and_no_links(world, client):
    signed_in(client, world.people[Role.MEMBER.value])
    mine, theirs = Ticket.objects.get(subject="mine"), Ticket.objects.get(subject="theirs")
    listed = client.get(reverse("api:ticket-list")).json()["results"]
    detail = client.get(reverse("api:ticket-detail", args=[mine.pk])).content.decode()
    own = client.get(reverse("api:ticket-messages", args=[mine.pk])).json()["results"]

    assert ([row["reference"] for row in listed], own) == ([mine.reference], [])
    assert (theirs.reference in detail, client.get(reverse("api:ticket-messages", args=[theirs.pk])).status_code) == (False, 404)
    assert client.get(reverse("api:ticket-list"), {"q": theirs.reference}).json()["results"] == []


def test_a_member_writing_in_the_merged_ticket_is_read_in_the_other(world, client):
    signed_in(client, world.people[Role.MEMBER.value])
    mine, theirs = Ticket.objects.get(subject="mine"), Ticket.objects.get(subject="theirs")
    tickets.solve(theirs, by=Actor.system())

    client.post(reverse("support:answer", args=["coastal", mine.reference]), {"body": "Still broken"})

    assert (Message.objects.get(body_text="Still broken").ticket, fresh(theirs)[0].status_id) == (mine, Status.OPEN)


def test_merge_of_a_ticket_whose_requester_waits_opens_the_other(pair, sam):
    merged, primary = pair
    tickets.solve(primary, by=sam)
    merging.merge(merged, into=primary, by=sam)
    assert fresh(primary)[0].status_id == Status.OPEN


def test_merge_of_what_is_over_opens_nothing(pair, sam):
    merged, primary = pair
    tickets.solve(primary, by=sam)
    tickets.solve(merged, by=sam)
    merging.merge(merged, into=primary, by=sam)
    assert (fresh(primary)[0].status_id, timezone.now() > TicketLink.objects.get().created_at) == (Status.SOLVED, True)


# Written in a merged ticket


@pytest.fixture
def merged_pair(pair, sam):
    """A merged ticket and the answered one it is read in."""
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    replies.reply(primary, body="Try again", by=sam)
    return fresh(merged, primary)


def running(ticket):
    return list(ClockRun.objects.filter(ticket=ticket, ended_at=None).order_by("clock").values_list("clock", flat=True))


def test_a_letter_in_a_merged_ticket_starts_the_clocks_of_the_primary_alone(merged_pair, sam):
    merged, primary = merged_pair
    assert (running(primary), primary.waiting_since) == (["resolution"], None)
    letter = replies.add_incoming(merged, body="Still down", by=SYSTEM)

    merged, primary = fresh(merged, primary)
    assert (running(merged), running(primary)) == ([], ["next", "resolution"])
    assert (merged.next_due_at, merged.waiting_since, primary.waiting_since) == (None, None, letter.created_at)
    began = ClockRun.objects.get(ticket=primary, clock="next").began_at

    replies.add_incoming(merged, body="Anybody?", by=SYSTEM)
    assert ClockRun.objects.get(ticket=primary, clock="next").began_at == began == letter.created_at
    assert timing.recompute(fresh(primary), now=timezone.now()) == 0

    replies.reply(primary, body="Now?", by=sam)
    assert ClockRun.objects.get(ticket=primary, clock="next").outcome == "met"


def test_to_part_gives_the_letter_that_nobody_answered_back(merged_pair, sam):
    merged, primary = merged_pair
    replies.add_incoming(merged, body="Still down", by=SYSTEM)
    merging.part(merged, by=sam)
    merged, primary = fresh(merged, primary)
    assert (running(primary), primary.waiting_since) == (["resolution"], None)
    assert merged.waiting_since is not None
    assert "first" in running(merged)


def test_to_part_keeps_what_was_answered_while_they_were_one(merged_pair, sam):
    merged, primary = merged_pair
    replies.add_incoming(merged, body="Still down", by=SYSTEM)
    replies.reply(primary, body="Now?", by=sam)
    merging.part(merged, by=sam)
    assert ClockRun.objects.get(ticket=primary, clock="next").outcome == "met"


def test_what_a_machine_wrote_in_a_merged_ticket_starts_nothing(merged_pair):
    merged, primary = merged_pair
    letter = replace(replies.letter_of("incoming", "Out of office"), is_automatic=True)
    replies.take(merged, letter, by=SYSTEM)
    primary = fresh(primary)[0]
    assert (running(primary), primary.waiting_since) == (["resolution"], None)


def test_who_watches_the_primary_hears_of_the_letter_once(merged_pair, django_capture_on_commit_callbacks):
    merged, primary = merged_pair
    ana = staff(StaffGroup.SUPPORT_TRIAGER, name="Ana")
    performing.follow_due()
    watching.watch(primary, ana, by=acting(ana))
    cache.clear()
    with django_capture_on_commit_callbacks() as rung:
        letter = replies.add_incoming(merged, body="Still down", by=SYSTEM)
    assert sum("ring_it" in call.__qualname__ for call in rung) >= 2
    performing.follow_due()
    assert list(Notice.objects.filter(user=ana).values_list("kind", "ticket", "message")) == [("message", primary.pk, letter.pk)]
    performing.follow_due()
    assert Notice.objects.filter(user=ana).count() == 1


def test_the_guard_sees_what_was_written_in_a_merged_ticket(merged_pair, sam):
    merged, primary = merged_pair
    letter = replies.add_incoming(merged, body="It works again, thank you", by=SYSTEM)
    for write in (
        lambda: replies.reply(primary, body="Try this", by=sam, version=primary.version),
        lambda: undoing.hold(primary, body="Try this", by=sam, version=primary.version, letter=letter.pk - 1),
        lambda: tickets.solve(primary, by=sam, version=primary.version),
    ):
        with pytest.raises(guard.Stale) as stale:
            write()
        assert stale.value.messages == [letter]
    seen = fresh(primary)[0]
    assert replies.reply(seen, body="Good", by=sam, version=seen.version).ticket == primary


def test_the_page_shows_what_came_in_the_merged_one_and_keeps_the_text(merged_pair, sam, client):
    merged, primary = merged_pair
    replies.add_incoming(merged, body="It works again, thank you", by=SYSTEM)
    client.force_login(sam.user, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("support:desk_reply", args=[primary.reference])
    response = client.post(address, {"reply-body": "Try this", "reply-version": primary.version, "reply-letter": 0})
    page = response.content.decode()
    assert (response.status_code, "It works again, thank you" in page, ">Try this<" in page or "Try this</textarea>" in page) == (
        409,
        True,
        True,
    )


# Whom an answer goes to


def test_an_answer_is_mailed_to_who_asked_in_either(merged_pair, sam):
    merged, primary = merged_pair
    message = replies.reply(primary, body="Both", by=sam, cc=["lee@example.org"])
    assert message.cc == [merged.requester.email, "lee@example.org"]
    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == [primary.requester.email]
    assert answered_cc(message) == [merged.requester.email, "lee@example.org"]

    shown = recipients.of(primary, cc=[merged.requester.email, "lee@example.org"])
    assert (shown.to, [each.email for each in shown.also], shown.cc, shown.number) == (
        primary.requester.email,
        [merged.requester.email],
        ["lee@example.org"],
        3,
    )
    merging.part(merged, by=sam)
    assert replies.reply(primary, body="One", by=sam).cc == []


def answered_cc(message):
    return threads.envelope(Message.objects.get(pk=message.pk)).cc


def test_a_held_answer_leaves_to_whom_it_was_shown_and_gives_its_copies_back(merged_pair, sam):
    merged, primary = merged_pair
    message = undoing.hold(primary, body="Both", by=sam, cc=["lee@example.org"])
    assert message.cc == [merged.requester.email, "lee@example.org"]
    merging.part(merged, by=sam)
    HeldReply.objects.update(next_attempt_at=timezone.now())
    assert undoing.let_go(message.held.pk)
    assert Message.objects.get(pk=message.pk).cc == [merged.requester.email, "lee@example.org"]

    merging.merge(merged, into=fresh(primary)[0], by=sam)
    taken = undoing.hold(primary, body="Again", by=sam, cc=["lee@example.org"])
    undoing.undo(taken)
    assert Draft.objects.get().choices["cc"] == "lee@example.org"


def test_an_answer_is_mailed_to_who_asked_in_the_merged_one_where_the_primary_has_nobody(pair, sam):
    merged, primary = pair
    Ticket.objects.filter(pk=primary.pk).update(requester=None)
    merging.merge(merged, into=primary, by=sam)
    replies.reply(primary, body="For you", by=sam)
    assert OutgoingMail.objects.latest("pk").to == [merged.requester.email]
    assert recipients.of(fresh(primary)[0]).to == merged.requester.email


@pytest.mark.parametrize("which", [0, 1])
def test_nobody_of_a_ticket_that_became_confidential_is_written_to(pair, sam, which):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    recording.change(recording.locked(pair[which].pk), by=sam, confidential=True)
    primary = fresh(primary)[0]
    assert (contacts.requesters_of(primary), recipients.of(primary).also) == ([primary.requester], [])
    assert replies.reply(primary, body="Alone", by=sam).cc == []


def test_nobody_of_another_community_is_written_to(pair, sam):
    merged, primary = pair
    merging.merge(merged, into=primary, by=sam)
    recording.change(recording.locked(merged.pk), by=sam, community=CommunityFactory())
    assert replies.reply(primary, body="Alone", by=sam).cc == []


def test_the_page_names_both_who_asked(merged_pair, sam, client):
    merged, primary = merged_pair
    client.force_login(sam.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(primary.get_absolute_url()).content.decode()
    line = page[page.index('id="recipients"') :].partition("</p>")[0]
    assert all(each.email in line for each in (primary.requester, merged.requester))
    assert "Cc" not in line


def test_freshdesk_is_told_to_copy_who_asked_in_the_merged_one(merged_pair, sam, settings):
    """Connected, nothing of ours is mailed: what stands on the letter is what Freshdesk's call copies."""
    merged, primary = merged_pair
    settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = "https://example.freshdesk.com", "k" * 20
    mails = OutgoingMail.objects.count()
    message = replies.reply(primary, body="Both", by=sam)
    assert (message.cc, OutgoingMail.objects.count()) == ([merged.requester.email], mails)
