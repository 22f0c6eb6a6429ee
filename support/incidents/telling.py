"""Writes one update into the tickets of one community, each in its reader's language. Exactly once: the row and the letters commit together."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from communities.models import Community, User
from communities.roles import Role
from ground.actors import Actor
from ground.outbox import claim
from ground.texts import Text, pick
from hubs.models import Hub
from support import emails, replies, tickets
from support.incidents.scope import affected_hubs
from support.models import Incident, IncidentSilence, IncidentTelling, IncidentUpdate, Ticket, TicketStatus
from support.states import Kind, Status, StatusGroup, SyncState

TOLD = (Role.REPRESENTATIVE, Role.HUB_CHAMPION, Role.TECHNICAL_CONTACT)


def tell(pk: int) -> None:
    """Tell one community, if it waits to be told."""
    if claim(IncidentTelling, pk) is not None:
        _tell(pk)


@transaction.atomic
def _tell(pk: int) -> None:
    rows = IncidentTelling.objects.select_for_update(of=("self",)).select_related("update__incident__cluster", "update__by", "community")
    telling = rows.get(pk=pk)
    if telling.told_at is None:
        written = _write(telling)
        IncidentTelling.objects.filter(pk=pk).update(told_at=timezone.now())
        _mail(telling, written)
    telling.settled()


def said(text: Text, language: str) -> str:
    """The text in that language; where nobody wrote it, the English one, and a line that says so in the reader's."""
    wanted = language.split("-", maxsplit=1)[0]
    if text.get(wanted):
        return text[wanted]
    with override(wanted):
        return f"{pick(text, 'en')}\n\n{_('This update was written in English only.')}"


def _write(telling: IncidentTelling) -> list[Ticket]:
    """Into every open ticket of the community that tells of the incident; into one of its own where its team reads none of those."""
    update, community = telling.update, telling.community
    found = Ticket.objects.here().active().filter(incident=update.incident, community=community)
    reported = list(
        found.exclude(sync_state=SyncState.AWAITING_APPROVAL).select_related("requester__user", "community", "status").order_by("pk")
    )
    for ticket in reported:
        _answer(ticket, update)
    if community is not None and all(ticket.confidential for ticket in reported):
        reported.append(_own_ticket(update, community))
    return reported


def _own_ticket(update: IncidentUpdate, community: Community) -> Ticket:
    """The community's own ticket of the incident: opened with its first update, answered with every other."""
    incident = update.incident
    origin = f"incident:{incident.pk}:{community.pk}"
    earlier = Ticket.objects.filter(origin=origin).select_related("requester__user", "community", "status").first()
    if earlier is not None:
        _answer(earlier, update)
        return earlier
    opened = tickets.open_ticket(
        community,
        subject=pick(incident.title, community.language),
        body=said(update.text, community.language),
        kind=Kind.INCIDENT,
        hub=_hub_of(incident, community),
        origin=origin,
        by=Actor.system(),
    )
    Ticket.objects.filter(pk=opened.pk).update(incident=incident)
    return tickets.update(opened, by=Actor.system(), status=_status(Status.SOLVED if update.solves else Status.PENDING))


def _answer(ticket: Ticket, update: IncidentUpdate) -> None:
    """In the language of who asked. With the last word the ticket is solved; until then the next step is ours."""
    replies.reply(ticket, body=said(update.text, emails.language_of(ticket)), by=_author(update), status=_next_status(ticket, update))


def _next_status(ticket: Ticket, update: IncidentUpdate) -> TicketStatus | None:
    if update.solves:
        return _status(Status.SOLVED)
    return None if ticket.status.group == StatusGroup.WAITING else _status(Status.PENDING)


def _mail(telling: IncidentTelling, written: list[Ticket]) -> None:
    """To who answers for the community, one mail each; not to who was just answered, nor to who wants none."""
    if telling.community is None:
        return
    answered = {ticket.requester.user_id for ticket in written if ticket.requester}
    for person in _people(telling.community):
        if person.pk not in answered:
            emails.incident_told.queue(to=person.email, language=person.language, telling_id=telling.pk)


def _people(community: Community) -> list[User]:
    silent = IncidentSilence.objects.values("user")
    return list(community.people(*TOLD).filter(is_active=True).exclude(pk__in=silent))


def _hub_of(incident: Incident, community: Community) -> Hub | None:
    """The one affected hub of the community; None where there are several."""
    hubs = [hub for hub in affected_hubs(incident) if hub.community_id == community.pk]
    return hubs[0] if len(hubs) == 1 else None


def _author(update: IncidentUpdate) -> Actor:
    return Actor.person(update.by) if update.by else Actor.system()


def _status(code: int) -> TicketStatus:
    return TicketStatus.objects.get(code=code)
