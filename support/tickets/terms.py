"""A community's terms at work: whose tickets wait, who lets them through, and changing what was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Field, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from communities.models import Community, User
from communities.roles import Role
from ground.actors import Actor
from support import emails
from support.access import approves_in
from support.models import Approval, SupportTerms, Ticket
from support.policy import communities_of, is_desk_staff
from support.states import NEEDS_AUTHORITY, HeldFor, WhoOpens

FROM_OUTSIDE = frozenset({"widget", "mail"})
"""How somebody without an account here comes to ask."""


def why_it_waits(community: Community | None, *, by: Actor, topic: str = "") -> str:
    """Why a ticket by this person first waits for approval, as `HeldFor`; empty when it goes to the desk at once.

    The sender of a mail is whoever it says: it shows that they may belong, never that they may decide.
    """
    if community is None or (by.user is None and by.role not in FROM_OUTSIDE):
        return ""
    terms = SupportTerms.of(community)
    if by.role != "mail" and (is_desk_staff(by) or approves_in(by, terms)):
        return ""
    if terms.who_opens == WhoOpens.REPRESENTATIVES:
        return HeldFor.TERMS
    if terms.who_opens == WhoOpens.MEMBERS and not _belongs(by, community):
        return HeldFor.STRANGER
    return HeldFor.AUTHORITY if terms.checks_authority and topic in NEEDS_AUTHORITY else ""


def approvers(community: Community) -> QuerySet[User]:
    """Everybody who may let a ticket of this community through."""
    roles = [Role.REPRESENTATIVE, *([Role.HUB_CHAMPION] if SupportTerms.of(community).champions_approve else [])]
    return User.objects.filter(is_active=True, memberships__community=community, memberships__role__in=roles).distinct().order_by("pk")


def ask_for_approval(ticket: Ticket, *, reason: str, topic: str = "") -> Approval:
    """The new ticket waits. Its community's approvers are told, unless it is confidential or looks like an advert."""
    approval = Approval.objects.create(ticket=ticket, reason=reason, topic=topic, asked_at=timezone.now())
    if reason != HeldFor.GUARD:
        tell_approvers(ticket)
    return approval


def tell_approvers(ticket: Ticket) -> None:
    """A mail to each who may approve. Of a confidential ticket nobody in the community hears: the desk decides."""
    if ticket.community is None or ticket.confidential:
        return
    for person in approvers(ticket.community):
        emails.approval_asked.queue(to=person.email, language=person.language, ticket_id=ticket.pk)


@transaction.atomic
def change(community: Community, *, by: Actor, **values: Any) -> SupportTerms:
    """Set these terms; what differs stands in the audit log, before and after."""
    terms, _is_new = SupportTerms.objects.select_for_update().get_or_create(community=community)
    terms.community = community
    differing = {name: value for name, value in values.items() if getattr(terms, name) != value}
    if not differing:
        return terms
    before = {name: getattr(terms, name) for name in differing}
    for name, value in differing.items():
        setattr(terms, name, value)
    terms.save(update_fields=list(differing))
    log(instance=community, action="support.change_terms", user=by.user, data=_said(before, differing))
    return terms


@dataclass(frozen=True)
class Changed:
    """One change of the terms: who, when, and what it was changed to."""

    who: str
    at: datetime
    lines: list[tuple[str, str]]


def changes(community: Community) -> list[Changed]:
    """What was changed in the terms, newest first, as the audit log has it."""
    entries = ModelLogEntry.objects.for_instance(community).filter(action="support.change_terms")
    newest = entries.select_related("user").order_by("-timestamp", "-pk")[:20]
    return [Changed(str(entry.user or ""), entry.timestamp, _lines(entry.data.get("after", {}))) for entry in newest]


def _lines(after: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each field's name and its new value in words."""
    return [(str(field.verbose_name), _in_words(field, after[field.name])) for field in SupportTerms._meta.fields if field.name in after]


def _in_words(field: Field[Any, Any], value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(dict(field.choices or ()).get(value, value))


def _said(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {"before": dict(before), "after": {name: str(value) if not isinstance(value, bool) else value for name, value in after.items()}}


def _belongs(by: Actor, community: Community) -> bool:
    """A mail by an address that Freshdesk counts to the community's company is one of theirs; the widget knows nobody."""
    return by.role == "mail" if by.user is None else community.pk in communities_of(by)
