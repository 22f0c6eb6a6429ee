"""The contact a person or an address stands for: found by address, made when there is none."""

from collections.abc import Iterable

from communities.models import User
from support.models import Contact, Ticket


def of(user: User) -> Contact:
    """The person's contact. One that came from Freshdesk under the same address is linked to the person."""
    linked = Contact.objects.filter(user=user).first()
    if linked is not None:
        return linked
    contact = of_address(user.email, name=user.name)
    if contact.user_id is None:
        contact.user = user
        contact.save(update_fields=["user"])
    return contact


def of_address(email: str, *, name: str = "") -> Contact:
    """The contact of that address."""
    contact, _is_new = Contact.objects.get_or_create(email=email.strip().lower(), defaults={"name": name})
    return contact


def requesters_of(ticket: Ticket) -> list[Contact]:
    """Who asked: the ticket's own requester first, then those of the tickets that were merged into it here, each once.

    Not of one that has become confidential since, or another community's: they must not read each other's.
    """
    found = [ticket.requester, *(row.requester for row in _merged(ticket) if not row.gone_reason and _may_share(row, ticket))]
    return list(dict.fromkeys(contact for contact in found if contact is not None))


def _merged(ticket: Ticket) -> Iterable[Ticket]:
    """The tickets that were merged into it. Its page brought them along; a row from `recording.locked` knows whether there are any."""
    if "merged_here" in ticket.__dict__:
        return ticket.merged_here
    if not getattr(ticket, "has_merged", True):
        return ()
    return Ticket.objects.filter(merged_into=ticket).order_by("created_at", "pk").select_related("requester")


def _may_share(merged: Ticket, ticket: Ticket) -> bool:
    return merged.community_id == ticket.community_id and not merged.confidential and not ticket.confidential
