"""Parents, parts and related tickets: no circles, nothing across communities but incidents, never a member's business."""

import pytest

from communities.roles import StaffGroup
from ground.actors import Actor
from support import access, recording, search, tickets
from support.models import ChecklistItem, HubSnapshot, Message, Ticket, TicketLink, TicketStatus, TimeEntry
from support.relations import merging, relating, splitting
from support.relations.relating import NotPossible
from support.states import Kind, LinkKind, Status
from tests.access.routes import World
from tests.factories import CommunityFactory, acting, staff
from tests.support.factories import AttachmentFactory, ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def community():
    return CommunityFactory()


def three(community):
    return TicketFactory.create_batch(3, community=community)


def fresh(row):
    return Ticket.objects.get(pk=row.pk)


def test_attach_and_detach_are_told_on_both(community):
    parent, child, _other = three(community)
    relating.attach(child, to=parent, by=SYSTEM)
    assert fresh(child).parent == parent
    relating.detach(child, by=SYSTEM)
    assert fresh(child).parent is None
    assert list(parent.events.values_list("field", "after")) == [("child", child.reference), ("child_left", child.reference)]


@pytest.mark.parametrize(
    ("child", "parent", "sentence"),
    [("one", "one", "with itself"), ("two", "part", "parts have no parts"), ("whole", "two", "parts of its own")],
)
def test_parts_have_no_parts_so_no_circle_can_close(community, child, parent, sentence):
    one, two, whole = three(community)
    part = TicketFactory(community=community)
    relating.attach(part, to=whole, by=SYSTEM)
    rows = {"one": one, "two": two, "whole": whole, "part": part}
    with pytest.raises(NotPossible, match=sentence):
        relating.attach(rows[child], to=rows[parent], by=SYSTEM)


def test_only_incidents_have_parts_in_other_communities(community):
    parent, stranger = TicketFactory(community=community), TicketFactory()
    with pytest.raises(NotPossible, match="Only an incident"):
        relating.attach(stranger, to=parent, by=SYSTEM)
    Ticket.objects.filter(pk=parent.pk).update(kind=Kind.INCIDENT)
    relating.attach(stranger, to=parent, by=SYSTEM)
    assert fresh(stranger).parent == parent


def test_merged_tickets_are_attached_by_the_one_they_were_merged_into(community):
    one, two, three_ = three(community)
    merging.merge(one, into=two, by=SYSTEM)
    with pytest.raises(NotPossible, match="Choose that one"):
        relating.attach(one, to=three_, by=SYSTEM)


def test_a_part_made_has_its_parents_people_and_confidentiality(community):
    parent = TicketFactory(community=community, confidential=True)
    child = relating.make_child(parent, subject="Order GPUs", body="Two of them", by=SYSTEM)
    assert (child.parent, child.community, child.requester, child.confidential) == (parent, community, parent.requester, True)
    with pytest.raises(NotPossible, match="Choose its parent"):
        relating.make_child(child, subject="x", body="y", by=SYSTEM)
    assert Ticket.objects.count() == 2


def test_a_part_sent_twice_is_one_and_in_other_words_another(community):
    parent, by = TicketFactory(community=community), acting(staff(StaffGroup.SUPPORT_AGENT))
    first = relating.make_child(parent, subject="Order GPUs", body="Two", by=by)
    assert relating.make_child(parent, subject="Order GPUs", body="Two", by=by) == first
    relating.make_child(parent, subject="Order GPUs", body="Four", by=by)
    assert Ticket.objects.filter(parent=parent).count() == 2
    assert parent.events.filter(field="child").count() == 2


def test_solving_the_parts_solves_what_is_left(community):
    parent, one, two = three(community)
    for child in (one, two):
        relating.attach(child, to=parent, by=SYSTEM)
    tickets.solve(one, by=SYSTEM)
    assert relating.solve_children(parent, by=SYSTEM) == 1
    assert [fresh(one).status_id, fresh(two).status_id, fresh(parent).status_id] == [Status.SOLVED, Status.SOLVED, Status.OPEN]


def test_related_is_one_link_whichever_way_and_can_be_taken_back(community):
    one, two, _three = three(community)
    link = relating.relate(two, to=one, by=SYSTEM)
    assert relating.relate(one, to=two, by=SYSTEM) == link
    with pytest.raises(NotPossible, match="with itself"):
        relating.relate(one, to=one, by=SYSTEM)
    relating.unrelate(link, by=SYSTEM)
    assert not TicketLink.objects.exists()
    assert [list(row.events.values_list("field", flat=True)) for row in (one, two)] == [["related", "unrelated"]] * 2


def test_what_is_told_stands_at_the_version_that_the_tickets_have_by_then(community):
    ticket, other = TicketFactory.create_batch(2, community=community)
    letter = MessageFactory(ticket=ticket, kind="incoming")
    for row in (ticket, other):
        tickets.change_status(fresh(row), status=TicketStatus.objects.get(code=Status.PENDING), by=SYSTEM)
    link = relating.relate(ticket, to=other, by=SYSTEM)
    relating.unrelate(link, by=SYSTEM)
    splitting.split(ticket, letters=[letter], subject="x", by=SYSTEM)
    told = [event for row in (ticket, other) for event in row.events.filter(field__in=["related", "unrelated", "split_off"])]
    assert [event.ticket_version for event in told] == [fresh(ticket).version] * 3 + [fresh(other).version] * 2


def test_family_tells_both_sides(community):
    desk = acting(staff(StaffGroup.SUPPORT_AGENT))
    parent, child, merged = three(community)
    relating.attach(child, to=parent, by=SYSTEM)
    merging.merge(merged, into=parent, by=SYSTEM)
    relating.relate(parent, to=child, by=SYSTEM)
    family = relating.family(parent, reader=desk)
    assert (family.children, family.merged, [each.ticket for each in family.links], family.solved) == ([child], [merged], [child], 0)
    assert relating.family(fresh(child), reader=desk).parent == parent
    assert relating.family(fresh(merged), reader=desk).merged_into == parent


def test_candidates_are_found_by_reference_words_and_lately(community):
    desk = acting(staff(StaffGroup.SUPPORT_AGENT))
    ticket, other, third = three(community)
    Ticket.objects.filter(pk=third.pk).update(requester=ticket.requester, subject="Raster image")
    search.index(fresh(third))
    stranger = TicketFactory()
    assert relating.candidates(ticket, words=stranger.reference.lower(), reader=desk) == [stranger]
    assert relating.candidates(ticket, words="raster", reader=desk) == [third]
    assert relating.candidates(ticket, words="", reader=desk) == [third, other]
    assert relating.candidates(TicketFactory(community=None), words="", reader=desk) == []


def test_candidates_of_no_community_are_their_requesters():
    desk = acting(staff(StaffGroup.SUPPORT_AGENT))
    asker = ContactFactory()
    one, two = TicketFactory.create_batch(2, community=None, requester=asker)
    TicketFactory(community=None)
    assert relating.candidates(one, words="", reader=desk) == [two]


def test_desk_rows_are_the_desks_alone():
    world = World()
    ticket, other = TicketFactory(community=world.community), TicketFactory(community=world.community)
    relating.relate(ticket, to=other, by=SYSTEM)
    ChecklistItem.objects.create(ticket=ticket, text="Look")
    TimeEntry.objects.create(ticket=ticket, minutes=1, spent_at=ticket.created_at)
    HubSnapshot.objects.create(ticket=ticket, taken_at=ticket.created_at)
    for who, user in world.people.items():
        actor = acting(user) if user else Actor.anonymous()
        counts = {model.objects.visible_to(actor).count() for model in (TicketLink, ChecklistItem, TimeEntry, HubSnapshot)}
        assert counts == {int(access.can_work(actor))}, who


# Splitting


def test_split_opens_a_ticket_with_the_letters_and_links_both_ways(community):
    ticket = TicketFactory(community=community, priority=3)
    asker = ContactFactory(name="Bea")
    letters = [
        MessageFactory(ticket=ticket, kind="incoming", author_contact=asker, author_label="Bea", body_text="Another thing: more memory"),
        MessageFactory(ticket=ticket, kind="note", body_text="This is for the engineers"),
    ]
    opened = splitting.split(ticket, letters=letters, subject="More memory", by=acting(staff(StaffGroup.SUPPORT_AGENT)))

    assert (opened.community, opened.requester, opened.priority, opened.subject) == (community, asker, 3, "More memory")
    assert ("Another thing: more memory" in opened.body_text, "Bea" in opened.body_text, "engineers" in opened.body_text) == (
        True,
        True,
        False,
    )
    assert [(row.kind, "engineers" in row.body_text) for row in Message.objects.filter(ticket=opened)] == [("note", True)]
    assert ticket.messages.count() == 2
    link = TicketLink.objects.get()
    assert (link.kind, link.ticket, link.other) == (LinkKind.SPLIT, opened, ticket)
    assert (ticket.events.get(field="split_off").after, opened.events.get(field="split_from").after) == (opened.reference, ticket.reference)
    with pytest.raises(NotPossible, match="It stays"):
        relating.unrelate(link, by=SYSTEM)


def content(attachment):
    with attachment.file.open() as file:
        return file.read()


def test_letters_are_split_off_once_with_their_files(community):
    ticket = TicketFactory(community=community)
    letter, note, other = (MessageFactory(ticket=ticket, kind=kind) for kind in ("incoming", "note", "incoming"))
    AttachmentFactory(ticket=ticket, message=letter), AttachmentFactory(ticket=ticket, message=note, name="trace.txt")
    AttachmentFactory(ticket=ticket, message=letter, file="", freshdesk_id=7)
    by = acting(staff(StaffGroup.SUPPORT_AGENT))

    opened = splitting.split(ticket, letters=[letter, note], subject="x", by=by)

    files = list(opened.files.order_by("pk"))
    assert [(file.name, file.message and file.message.kind, content(file)) for file in files] == [
        ("server.log", None, b"It failed.\n"),
        ("trace.txt", "note", b"It failed.\n"),
    ]
    assert (opened.file_count, ticket.files.count()) == (2, 3)
    assert not {file.file.name for file in files} & {file.file.name for file in ticket.files.all()}
    with pytest.raises(NotPossible, match=opened.reference):
        splitting.split(ticket, letters=[other, letter], subject="x", by=by)
    assert Ticket.objects.count() == 2
    splitting.split(ticket, letters=[other], subject="y", by=by)
    assert TicketLink.objects.count() == 2


def test_split_of_a_confidential_ticket_stays_with_the_same_person(community):
    ticket = TicketFactory(community=community, confidential=True)
    letter = MessageFactory(ticket=ticket, kind="incoming", author_contact=ContactFactory())
    opened = splitting.split(ticket, letters=[letter], subject="x", by=SYSTEM)
    assert (opened.confidential, opened.requester) == (True, ticket.requester)


@pytest.mark.parametrize(("make", "sentence"), [("note", "may read"), ("stranger", "another ticket")])
def test_split_needs_a_public_letter_of_this_ticket(community, make, sentence):
    ticket = TicketFactory(community=community)
    letter = MessageFactory(ticket=ticket, kind="note") if make == "note" else MessageFactory()
    with pytest.raises(NotPossible, match=sentence):
        splitting.split(ticket, letters=[letter], subject="x", by=SYSTEM)
    assert not TicketLink.objects.exists()


def test_split_of_our_answer_alone_is_for_the_tickets_requester(community):
    ticket = TicketFactory(community=community)
    opened = splitting.split(ticket, letters=[MessageFactory(ticket=ticket, kind="reply")], subject="x", by=SYSTEM)
    assert opened.requester == ticket.requester
    assert recording.locked(opened.pk).confidential is False
