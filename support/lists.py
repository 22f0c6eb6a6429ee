"""The columns of tickets, of the mirror's ledger and of its companies when their lists are downloaded."""

from django.utils.translation import gettext_lazy as _

from ground.exports import Column
from support.models import CompanyLink, Incident, SyncEntry, Ticket, Timebox

TICKETS: list[Column[Ticket]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("freshdesk", _("Number in Freshdesk"), lambda row: row.freshdesk_id),
    Column("subject", _("Subject"), lambda row: row.subject),
    Column("community", _("Community"), lambda row: row.community.name if row.community else ""),
    Column("requester", _("Requester"), lambda row: row.requester_label),
    Column("status", _("Status"), lambda row: row.status),
    Column("priority", _("Priority"), lambda row: row.priority),
    Column("kind", _("Kind"), lambda row: row.get_kind_display()),
    Column("impact", _("Impact"), lambda row: row.get_impact_display()),
    Column("responsible", _("Responsible"), lambda row: row.get_responsible_display()),
    Column("assignee", _("Assignee"), lambda row: row.assignee or row.assignee_label),
    Column("hub", _("Hub"), lambda row: row.hub or ""),
    Column("mirror", _("Mirror"), lambda row: row.get_sync_state_display()),
    Column("opened", _("Opened"), lambda row: row.created_at),
    Column("changed", _("Changed"), lambda row: row.updated_at),
    Column("waiting_since", _("Waiting since"), lambda row: row.waiting_since),
    Column("due", _("Due"), lambda row: row.next_due_at),
]
ASKED: list[Column[Ticket]] = [  # as the community reads them
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("subject", _("Subject"), lambda row: row.subject),
    Column("requester", _("Requester"), lambda row: row.requester_label),
    Column("status", _("Status"), lambda row: row.status.said_to_customers),
    Column("hub", _("Hub"), lambda row: row.hub or ""),
    Column("opened", _("Opened"), lambda row: row.created_at),
    Column("changed", _("Changed"), lambda row: row.updated_at),
]
ENTRIES: list[Column[SyncEntry]] = [
    Column("at", _("When"), lambda row: row.at),
    Column("direction", _("Which way"), lambda row: row.get_direction_display()),
    Column("what", _("What"), lambda row: row.get_what_display()),
    Column("number", _("Number in Freshdesk"), lambda row: row.number),
    Column("outcome", _("Outcome"), lambda row: row.get_outcome_display()),
    Column("ticket", _("Ticket"), lambda row: row.ticket.reference if row.ticket else ""),
    Column("note", _("Note"), lambda row: row.note),
]
COMPANIES: list[Column[CompanyLink]] = [
    Column("company", _("Company"), lambda row: row.name),
    Column("freshdesk", _("Number in Freshdesk"), lambda row: row.freshdesk_company_id),
    Column("community", _("Community"), lambda row: row.community.name if row.community else ""),
]
TIMEBOXES: list[Column[Timebox]] = [
    Column("ticket", _("Ticket"), lambda row: row.ticket.reference),
    Column("subject", _("Subject"), lambda row: row.ticket.subject),
    Column("community", _("Community"), lambda row: row.ticket.community.name if row.ticket.community else ""),
    Column("agent", _("Who"), lambda row: row.agent),
    Column("began", _("Began"), lambda row: row.began_at),
    Column("ends", _("Ends"), lambda row: row.ends_at),
    Column("minutes", _("Minutes"), lambda row: row.total_minutes),
    Column("extensions", _("Extensions"), lambda row: row.extensions),
]
INCIDENTS: list[Column[Incident]] = [
    Column("reference", _("Reference"), lambda row: row.reference),
    Column("title", _("Title"), lambda row: row.title_said),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("severity", _("Severity"), lambda row: row.get_severity_display()),
    Column("cluster", _("Cluster"), lambda row: row.cluster or ""),
    Column("public", _("Public"), lambda row: row.is_public),
    Column("began", _("Began"), lambda row: row.began_at),
    Column("declared", _("Declared"), lambda row: row.declared_at),
    Column("resolved", _("Resolved"), lambda row: row.resolved_at),
]
