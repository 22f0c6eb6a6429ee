"""Who gets through to the routes of the desk and of a community's tickets."""

from uuid import UUID

from django.utils import timezone

from support.models import Clash, CompanyLink, TicketType
from tests.access.routes import MEMBERS, NOBODY, SIGNED_IN, Route, World, of_community
from tests.support.factories import AttachmentFactory, MessageFactory, TicketFactory

DESK = frozenset({"Support agent", "Support triager", "Engineer", "Community guide", "Operator"})


def a_ticket(world: World) -> tuple[str]:
    return (TicketFactory(community=world.community).reference,)


def in_community(world: World) -> tuple[str, str]:
    return (world.community.slug, TicketFactory(community=world.community).reference)


def a_key(world: World) -> tuple[int]:
    return (TicketFactory(community=world.community).pk,)


def a_file(world: World) -> tuple[UUID]:
    return (AttachmentFactory(ticket__community=world.community).key,)


def a_file_of_a_ticket(world: World) -> tuple[int, UUID]:
    file = AttachmentFactory(ticket__community=world.community)
    return (file.ticket_id, file.key)


def a_notes_file(world: World) -> tuple[UUID]:
    note = MessageFactory(ticket__community=world.community, kind="note")
    return (AttachmentFactory(ticket=note.ticket, message=note).key,)


def a_clash(world: World) -> tuple[str, int]:
    ticket = TicketFactory(community=world.community)
    return (ticket.reference, Clash.objects.create(ticket=ticket, field="status", ours="5", theirs="3", met_at=timezone.now()).pk)


def a_row(world: World) -> tuple[str, int]:
    return ("ticket", TicketFactory(community=world.community, sync_state="dead").pk)


def a_company(_world: World) -> tuple[int]:
    return (CompanyLink.objects.create(freshdesk_company_id=31, name="Kelp").pk,)


def a_type(_world: World) -> tuple[int]:
    return (TicketType.objects.create(word="Workshop").pk,)


MENDERS = frozenset({"Support triager", "Engineer", "Operator"})
OPERATORS = frozenset({"Operator"})
TEAM = DESK | {"representative", "hub_champion"}
ROUTES = [
    Route("support:desk", DESK),
    Route("support:desk_list", DESK),
    Route("support:desk_ticket", DESK, a_ticket),
    Route("support:desk_conversation", DESK, a_ticket),
    Route("support:desk_reply", DESK, a_ticket, method="post", data={"reply-body": "Hello", "reply-version": 1}),
    Route("support:desk_note", DESK, a_ticket, method="post", data={"note-body": "Hello"}),
    Route("support:desk_triage", DESK, a_ticket, method="post", data={"triage-status": 2, "triage-priority": 1, "triage-version": 1}),
    Route("support:desk_take", DESK, a_ticket, method="post"),
    Route("support:desk_ticket_sync", DESK, a_ticket),
    Route("support:clash_ours", DESK, a_clash, method="post"),
    Route("support:clash_theirs", DESK, a_clash, method="post"),
    Route("support:sync", DESK),
    Route("support:sync_replay", MENDERS, a_row, method="post"),
    Route("support:sync_give_up", MENDERS, a_row, method="post"),
    Route("support:sync_companies", DESK),
    Route("support:sync_company", MENDERS, a_company),
    Route("support:sync_match", MENDERS, a_company, method="post"),
    Route("support:sync_unmatch", MENDERS, a_company, method="post"),
    Route("support:sync_ignore", MENDERS, a_company, method="post"),
    Route("support:sync_consider", MENDERS, a_company, method="post"),
    Route("support:sync_words", DESK),
    Route("support:sync_status", OPERATORS, lambda _world: (2,), method="post"),
    Route("support:sync_priority", OPERATORS, lambda _world: (2,), method="post"),
    Route("support:sync_type", OPERATORS, a_type, method="post"),
    Route("support:freshdesk_webhook", NOBODY, method="post", api=True),  # whoever holds the secret, and nobody signed in
    Route("support:tickets", MEMBERS | DESK, of_community),
    Route("support:new_ticket", MEMBERS | DESK, of_community),
    Route("support:new_ticket", MEMBERS | DESK, of_community, method="post", data={"subject": "No server", "body": "It fails"}),
    Route("support:new_ticket_answers", MEMBERS | DESK, of_community, method="post", data={"subject": "No server"}),
    Route("support:ticket", TEAM, in_community),
    Route("support:ticket_conversation", TEAM, in_community),
    Route("support:answer", TEAM, in_community, method="post", data={"body": "Hello"}),
    Route("support:solve", TEAM, in_community, method="post"),
    Route("support:file", TEAM, a_file),
    Route("support:file", DESK, a_notes_file),
    Route("api:ticket-attachment", TEAM, a_file_of_a_ticket, api=True),
    Route("api:ticket-list", SIGNED_IN, api=True),
    Route("api:ticket-detail", TEAM, a_key, api=True),
    Route("api:ticket-detail", DESK, a_key, method="patch", data={"version": 1, "priority": 2}, api=True),
    Route("api:ticket-messages", TEAM, a_key, api=True),
    Route("api:ticket-messages", TEAM, a_key, method="post", data={"kind": "reply", "body": "Hello"}, api=True),
]
