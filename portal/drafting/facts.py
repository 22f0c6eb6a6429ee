"""What an update counts: each fact once, as the rows behind it, of every community at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hubs.models import Hub, HubRequest
from hubs.states import CARRIED_OUT, Kind, RequestState
from knowledgebase.models import Audience, Edition
from portal.months import Month
from support.models import IncidentTelling, Ticket
from support.models.tickets import TicketQuerySet

EVENTS_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Behind:
    """One of the rows behind a number, for staff: what it is, when it was, and where it can be read."""

    words: str
    at: "date | datetime | None"
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """One number of a month. `of` is the way from a row to its community, `counted` what is counted once."""

    key: str
    words: str | Promise
    rows: Callable[[Month], QuerySet[Any]]
    show: Callable[[Any], Behind]
    of: str = "community"
    counted: str = "pk"

    def counts(self, month: Month) -> "dict[int | None, int]":
        """By the key of the community; one query."""
        rows = self.rows(month).exclude(**{self.of: None}).order_by().values_list(self.of)
        return dict(rows.annotate(number=Count(self.counted, distinct=True)))

    def total(self, month: Month) -> int:
        """Of all communities together, what several have counted once; one query."""
        found: int = self.rows(month).exclude(**{self.of: None}).aggregate(number=Count(self.counted, distinct=True))["number"]
        return found


def tickets() -> TicketQuerySet:
    """What the desk works on; one that was merged counts with the one it went into. Who reads an update learns of no confidential one."""
    return Ticket.objects.here().filter(merged_into=None, confidential=False)


def hubs(month: Month) -> QuerySet[Hub]:
    """Those that run, as known when the update is drafted."""
    return Hub.objects.running().filter(created_at__lt=month.end)


def opened(month: Month) -> TicketQuerySet:
    return tickets().filter(created_at__gte=month.start, created_at__lt=month.end)


def solved(month: Month) -> TicketQuerySet:
    return tickets().filter(solved_at__gte=month.start, solved_at__lt=month.end)


def changes(month: Month) -> QuerySet[HubRequest]:
    """Requests that were carried out."""
    return HubRequest.objects.filter(state=RequestState.SUCCEEDED, finished_at__gte=month.start, finished_at__lt=month.end)


def articles(month: Month) -> QuerySet[Edition]:
    """New ones that every member may read."""
    published = {"article__first_published_at__gte": month.start, "article__first_published_at__lt": month.end}
    return Edition.objects.filter(audience__in=(Audience.PUBLIC, Audience.MEMBERS), knowledge_base__community__isnull=False, **published)


def incidents(month: Month) -> QuerySet[IncidentTelling]:
    """What a community was told of incidents that began in the month."""
    began = {"update__incident__began_at__gte": month.start, "update__incident__began_at__lt": month.end}
    return IncidentTelling.objects.filter(community__isnull=False, **began)


def events(month: Month) -> QuerySet[HubRequest]:
    """Those that begin within two months after it and were approved."""
    rows = HubRequest.objects.filter(kind=Kind.EVENT, state__in=sorted(CARRIED_OUT))
    return rows.filter(begins_at__gte=month.end, begins_at__lt=month.end + EVENTS_AHEAD)


def _ticket(row: Ticket) -> Behind:
    return Behind(f"{row.reference} {row.subject}", row.created_at, row.get_absolute_url())


def _request(row: HubRequest) -> Behind:
    return Behind(f"{row.reference} {row.get_kind_display()}", row.finished_at or row.submitted_at, row.get_absolute_url())


def _told(row: IncidentTelling) -> Behind:
    incident = row.update.incident
    return Behind(str(incident), incident.began_at, incident.get_absolute_url())


FACTS: Sequence[Fact] = (
    Fact("hubs", _("Hubs"), hubs, lambda row: Behind(str(row), row.created_at, row.url)),
    Fact("tickets_opened", _("Questions asked"), opened, _ticket),
    Fact("tickets_solved", _("Questions solved"), solved, _ticket),
    Fact("changes", _("Changes made to hubs"), changes, _request),
    Fact("articles", _("New articles"), articles, lambda row: Behind(row.title, row.published_at), of="knowledge_base__community"),
    Fact("incidents", _("Incidents"), incidents, _told, counted="update__incident"),
    Fact("events", _("Events ahead"), events, _request),
)
BY_KEY = {fact.key: fact for fact in FACTS}
RELATED = {"tickets_opened": ("status",), "changes": ("community",), "events": ("community",), "incidents": ("update__incident",)}


def behind(key: str, month: Month, community: int | None) -> QuerySet[Any]:
    """The rows of one number, of one community or of all; an incident once, however often it was told."""
    fact = BY_KEY[key]
    rows = fact.rows(month).exclude(**{fact.of: None})
    rows = rows.filter(**{fact.of: community}) if community else rows
    if fact.counted != "pk":
        rows = rows.filter(pk__in=rows.order_by().values(fact.counted).annotate(first=Min("pk")).values("first"))
    return rows.select_related(*RELATED.get(key, ()))
