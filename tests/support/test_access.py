"""Who sees which ticket and which letter: the querysets equal the predicates, for everybody and the wrong community."""

import pytest

from communities.roles import Role
from ground.actors import Actor
from support.access import can_change_view, can_have, can_read, can_see, can_use_view
from support.models import Attachment, Message, SavedView, Ticket
from support.people import contacts
from tests.access.routes import World
from tests.factories import acting
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory
from tests.support.routes.base import DESK

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = World()
    people = world.people
    author = people[Role.MEMBER.value]
    TicketFactory(community=world.community, subject="team")
    TicketFactory(community=world.community, subject="theirs", requester=contacts.of(author))
    TicketFactory(community=world.community, subject="opened", opened_by=author, confidential=True)
    TicketFactory(community=world.community, subject="confidential", confidential=True)
    TicketFactory(community=world.other, subject="other")
    TicketFactory(community=None, subject="nobody's")
    TicketFactory(community=world.other, subject="left", requester=contacts.of(author))
    for ticket in Ticket.objects.all():
        MessageFactory(ticket=ticket, kind="reply")
        MessageFactory(ticket=ticket, kind="note")
        MessageFactory(ticket=ticket, kind="incoming")
        AttachmentFactory(ticket=ticket, file="", freshdesk_id=1)
        for number, message in enumerate(ticket.messages.all(), start=2):
            AttachmentFactory(ticket=ticket, message=message, file="", freshdesk_id=number)
    return world


def everybody(world):
    return {who: acting(user) if user else Actor.anonymous() for who, user in world.people.items()}


def test_visible_tickets_are_those_the_predicate_grants(world):
    for who, actor in everybody(world).items():
        visible = set(Ticket.objects.visible_to(actor).values_list("pk", flat=True))
        granted = {ticket.pk for ticket in Ticket.objects.select_related("requester") if can_see(actor, ticket)}
        assert visible == granted, who


def test_visible_messages_are_those_the_predicate_grants(world):
    for who, actor in everybody(world).items():
        visible = set(Message.objects.visible_to(actor).values_list("pk", flat=True))
        granted = {message.pk for message in Message.objects.select_related("ticket__requester") if can_read(actor, message)}
        assert visible == granted, who


def test_visible_files_are_those_the_predicate_grants(world):
    rows = Attachment.objects.select_related("ticket__requester", "message__ticket__requester")
    for who, actor in everybody(world).items():
        visible = set(Attachment.objects.visible_to(actor).values_list("pk", flat=True))
        assert visible == {file.pk for file in rows if can_have(actor, file)}, who


def test_visible_views_are_those_the_predicate_grants(world):
    for who, user in world.people.items():
        if user is not None:
            SavedView.objects.create(key=f"own-{user.pk}", name=who, owner=user)
            SavedView.objects.create(key=f"shared-{user.pk}", name=who, owner=user, is_shared=True)
    for who, actor in everybody(world).items():
        visible = set(SavedView.objects.visible_to(actor).values_list("pk", flat=True))
        assert visible == {view.pk for view in SavedView.objects.all() if can_use_view(actor, view)}, who
        assert bool(visible) == (who in DESK), who


def test_a_view_is_changed_by_its_owner_and_a_shared_one_by_who_keeps_the_desk_in_order(world):
    owner = world.people["Support agent"]
    own, shared = (SavedView.objects.create(key=key, name=key, owner=owner, is_shared=key == "shared") for key in ("own", "shared"))
    may = {who: (can_change_view(actor, own), can_change_view(actor, shared)) for who, actor in everybody(world).items()}
    granted = {who: rights for who, rights in may.items() if any(rights)}
    assert granted == {"Support agent": (True, True), "Support triager": (False, True), "Operator": (False, True)}


def test_a_file_goes_with_its_letter(world):
    ticket = Ticket.objects.get(subject="team")
    kinds = {
        who: sorted(str(file.message and file.message.kind) for file in Attachment.objects.visible_to(actor).filter(ticket=ticket))
        for who, actor in everybody(world).items()
    }
    assert kinds[Role.REPRESENTATIVE.value] == ["None", "incoming", "reply"]
    assert kinds["Support agent"] == ["None", "incoming", "note", "reply"]
    assert (kinds[Role.MEMBER.value], kinds["outsider"], kinds["anonymous"], kinds["Reviewer"]) == ([], [], [], [])


def seen_by(world, who):
    return set(Ticket.objects.visible_to(everybody(world)[who]).values_list("subject", flat=True))


def test_representatives_and_champions_see_the_teams_others_their_own(world):
    assert seen_by(world, Role.REPRESENTATIVE.value) == {"team", "theirs"}
    assert seen_by(world, Role.HUB_CHAMPION.value) == {"team", "theirs"}
    assert seen_by(world, Role.MEMBER.value) == {"theirs", "opened"}
    assert seen_by(world, Role.BILLING_CONTACT.value) == set()
    assert seen_by(world, "outsider") == {"other", "left"}
    assert seen_by(world, "anonymous") == set()
    assert len(seen_by(world, "Support agent")) == 7
    assert seen_by(world, "Reviewer") == set()


def test_no_member_ever_loads_a_note(world):
    for who, actor in everybody(world).items():
        if who in {*Role.values, "outsider", "anonymous", "Reviewer", "Review lead"}:
            assert not Message.objects.visible_to(actor).filter(kind="note").exists(), who
