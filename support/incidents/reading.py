"""What a community reads of the incidents it was told of; nothing here names another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, OuterRef, Q, Subquery
from django.urls import reverse

from communities.models import Community
from ground.actors import Actor
from ground.sanitising import from_markdown
from ground.texts import pick
from hubs.health_page import News
from hubs.models import Hub
from support.models import Incident, IncidentTelling, IncidentUpdate, Ticket
from support.models.tickets import TicketQuerySet
from support.states import IncidentState

FEW = 3


@dataclass(frozen=True)
class Told:
    """One open incident as one community knows it."""

    title: str
    state: str
    tone: str
    html: str
    at: datetime
    is_in_english_only: bool
    ticket: str
    """The reference of the community's ticket of it that the reader may follow; empty where there is none."""


def open_for(community: Community, *, may_follow: "TicketQuerySet | None" = None) -> list[Told]:
    """The open incidents that this community was told of, the newest first, in the reader's language. One query.

    `may_follow`: the tickets the reader sees (`Ticket.objects.visible_to(actor)`), so that each can link to its own.
    """
    told = IncidentTelling.objects.filter(community=community).order_by().values("update__incident").annotate(last=Max("update"))
    newest = IncidentUpdate.objects.filter(pk__in=told.values("last")).exclude(incident__state=IncidentState.RESOLVED)
    seen = (may_follow if may_follow is not None else Ticket.objects.none()).filter(community=community, incident=OuterRef("incident"))
    rows = newest.select_related("incident").annotate(follow=Subquery(seen.order_by("-pk").values("reference")[:1]))
    return [_told(update) for update in rows.order_by("-incident__began_at", "-pk")]


def about_hub(hub: Hub, actor: Actor) -> list[News]:
    """Open incidents of that hub, or of its cluster, that this reader knows of: they were told, or it is public. One query."""
    touched = Q(hubs=hub) | Q(cluster=hub.cluster_id)
    mine = Ticket.objects.visible_to(actor).filter(community=hub.community_id, incident=OuterRef("pk")).order_by("-pk")
    known = Q(pk__in=Incident.objects.visible_to(actor).values("pk")) | Q(is_public=True)
    rows = Incident.objects.open().filter(touched, known).annotate(follow=Subquery(mine.values("reference")[:1])).distinct()
    return [_news(incident, hub) for incident in rows.order_by("-began_at", "-pk")[:FEW]]


def _news(incident: Incident, hub: Hub) -> News:
    return News(incident.title_said, incident.tone, incident.get_state_display(), _where(incident, hub))


def _where(incident: Incident, hub: Hub) -> str:
    """Their own ticket of it, else the status page; nowhere for what only they were told and have no ticket of."""
    follow = getattr(incident, "follow", None)
    if follow and hub.community:
        return reverse("support:ticket", args=[hub.community.slug, follow])
    return reverse("support:status_incident", args=[incident.reference]) if incident.is_public else ""


def _told(update: IncidentUpdate) -> Told:
    incident: Incident = update.incident
    return Told(
        title=pick(incident.title),
        state=incident.get_state_display(),
        tone=incident.tone,
        html=from_markdown(update.text_said),
        at=update.at,
        is_in_english_only=update.is_in_english_only,
        ticket=getattr(update, "follow", None) or "",
    )


def in_order(updates: Iterable[IncidentUpdate]) -> list[tuple[IncidentUpdate, str]]:
    """Updates with their words as HTML, the newest first."""
    return [(update, from_markdown(update.text_said)) for update in sorted(updates, key=lambda each: (each.at, each.pk), reverse=True)]
