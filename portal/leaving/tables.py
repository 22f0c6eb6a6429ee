"""The tables of a community's archive: plain rows, people by their address and things by their reference; each within its scope."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, Q, QuerySet

from communities.models import Community, MatrixRow
from ground.models import StageEvent
from hubs import neighbours
from hubs.models import HubDay, HubRequest, HubUse, Outage
from knowledgebase.models import Article, ArticleLink, Offer, Override, Vote
from onboarding.models import Agreement, AnswerRevision, Application, Asking, Decision, Ending, Item, ValueWatch
from onboarding.states import DecisionState
from portal.leaving import letters
from portal.leaving.scope import Scope
from support.models import (
    Approval,
    IncidentTelling,
    SatisfactionRating,
    SupportTerms,
    Ticket,
    TicketEvent,
    TicketLink,
    TicketReader,
    TimeEntry,
    WidgetAsk,
    WidgetSite,
)
from support.states import MessageKind

AT_ONCE = 100  # a message may be long
Row = Mapping[str, Any]
Rows = Iterable[Row]


def tables(scope: Scope) -> Mapping[str, Rows]:
    """Every table by its name; what is only for staff to read is not there for a reader."""
    community = scope.community
    return {
        "community": _community(community),
        "people": _people(community),
        "responsibilities": _responsibilities(scope),
        "responsibility_comments": _comments(scope),
        **_intake(scope),
        "hub_requests": _hub_requests(community),
        **_hubs(community),
        **_support(scope),
        **_articles(community),
        "history": _history(scope),
    }


def _community(community: Community) -> Rows:
    fields = ("slug", "name", "state", "language", "timezone", "country", "website", "description", "created_at")
    return Community.objects.filter(pk=community.pk).values(*fields, programme_name=F("programme__name"))


def _people(community: Community) -> Rows:
    person = {name: F(f"user__{name}") for name in ("name", "email", "language", "timezone")}
    return community.memberships.order_by("pk").values("role", "since", **person)


def _responsibilities(scope: Scope) -> Rows:
    rows = MatrixRow.objects.filter(matrix__in=scope.matrices()).order_by("matrix__number", "position")
    return rows.values(
        *("key", "area", "text", "party", "role", "minutes_quarter", "note"),
        person_email=F("person__email"),
        matrix_number=F("matrix__number"),
        matrix_state=F("matrix__state"),
        provider_agreed_by=F("matrix__provider_agreed_by__email"),
        provider_agreed_at=F("matrix__provider_agreed_at"),
        community_agreed_by=F("matrix__community_agreed_by__email"),
        community_agreed_at=F("matrix__community_agreed_at"),
    )


def _comments(scope: Scope) -> Rows:
    return (
        scope.matrix_comments()
        .order_by("at", "pk")
        .values(
            *("side", "text", "is_question", "at", "resolved_at"),
            key=F("row__key"),
            matrix_number=F("row__matrix__number"),
            author_email=F("author__email"),
            resolved_by_email=F("resolved_by__email"),
        )
    )


def _intake(scope: Scope) -> Mapping[str, Rows]:
    reference, community = F("application__reference"), scope.community
    applications = Application.objects.filter(community=community).order_by("pk")
    answers = AnswerRevision.objects.filter(application__in=applications).order_by("application", "number")
    decisions = Decision.objects.filter(application__in=applications).order_by("pk")
    if not scope.is_whole:
        decisions = decisions.filter(state=DecisionState.RELEASED)
    items = Item.objects.filter(phase__plan__community=community).order_by("phase__position", "position")
    return {
        "applications": applications.values("reference", "state", "outcome", "email", "language", "answers", "created_at", "sent_at"),
        "answers": answers.values("number", "answers", "hidden_keys", "reason", "actor_label", "at", application_reference=reference),
        "decisions": decisions.values("state", "outcome", "conditions", "proposed_at", "released_at", application_reference=reference),
        "onboarding": items.values("key", "text", "supplied_by", "state", "settled_at", "note", phase_key=F("phase__key")),
        "questions": _askings(community),
        "agreements": Agreement.objects.filter(community=community).values(
            "number", "starts_on", "ends_on", "signed_note", "outcome", "outcome_note"
        ),
        "endings": Ending.objects.filter(community=community).values(
            "ends_on", "export_until", "reason", "begun_at", "data", "data_note", "deleted_at", "finished_at"
        ),
        "use": ValueWatch.objects.filter(community=community).values("on", "separate_users", "source", "note", hub_name=F("hub__name")),
    }


def _askings(community: Community) -> Rows:
    """What its people were asked by a link."""
    rows = Asking.objects.filter(plan__community=community).order_by("asked_at", "pk")
    return rows.values("pointers", "note", "asked_at", "opened_at", "answered_at", to_email=F("to__email"))


def _hubs(community: Community) -> Mapping[str, Rows]:
    """The hubs, how each day of them was, when they did not answer, and how many used them."""
    facts = ("name", "display_name", "domain", "address", "state", "conditions", "facts", "created_at")
    name = F("hub__name")
    days = HubDay.objects.filter(hub__community=community).order_by("hub", "day")
    outages = Outage.objects.filter(hub__community=community).order_by("began", "pk")
    use = HubUse.objects.filter(hub__community=community).order_by("hub", "day")
    return {
        "hubs": community.hubs.order_by("pk").values(*facts, on_cluster=F("cluster__name")),
        "hub_days": days.values("day", "checks", "ok", "watched_seconds", "down_seconds", "slowest_ms", hub_name=name),
        "hub_outages": outages.values("began", "ended", "reason", hub_name=name),
        "hub_use": use.values("day", "daily", "weekly", "monthly", "running_peak", "accounts", "source", hub_name=name),
    }


def _hub_requests(community: Community) -> Iterator[Row]:
    """What was asked for, planned and done; as the community reads it: the hubs of others are not named."""
    rows = community.hub_requests.order_by("pk")
    hubs = neighbours.known()
    for row in rows.select_related("hub").iterator(chunk_size=50):
        readers = neighbours.Readers.of(row, hubs)
        yield {
            **{name: getattr(row, name) for name in ("reference", "kind", "state", "stage", "document")},
            "plan": readers.plan(row.plan),
            "deployment": readers.deployment(row.deployment),
            **{name: getattr(row, name) for name in ("reason", "created_at", "submitted_at", "approved_at", "finished_at")},
            "hub_name": row.hub.name if row.hub else None,
        }


def _support(scope: Scope) -> Mapping[str, Rows]:
    tickets = scope.tickets().order_by("pk")
    return {
        "tickets": _tickets(scope),
        "messages": _messages(scope),
        "ticket_files": _files(scope),
        "ticket_events": _events(scope),
        **(_of_the_desk_alone(tickets) if scope.is_whole else {}),
        **_asking(tickets),
        **_of_the_desk(scope.community),
    }


def _tickets(scope: Scope) -> Rows:
    among_staff = ("impact", "tags") if scope.is_whole else ()
    return (
        scope.tickets()
        .order_by("pk")
        .values(
            *("reference", "freshdesk_id", "subject", "body_html", "body_text", "priority", "kind", "responsible"),
            *("assignee_label", "confidential", "sync_state", "created_at", "updated_at", *among_staff),
            status_code=F("status__code"),
            status_word=F("status__word"),
            requester_email=F("requester__email"),
            hub_name=F("hub__name"),
        )
    )


def _events(scope: Scope) -> Rows:
    """What happened to each ticket; a reader is told how its status changed, as on its page."""
    events = TicketEvent.objects.filter(ticket__in=scope.tickets()).order_by("ticket", "at", "pk")
    reference = F("ticket__reference")
    if scope.is_whole:
        return events.values("field", "before", "after", "note", "actor_label", "at", ticket_reference=reference)
    return events.filter(field="status").values("field", "before", "after", "at", ticket_reference=reference)


def _of_the_desk_alone(tickets: QuerySet[Ticket]) -> Mapping[str, Rows]:
    """How staff joined tickets, and what time they took."""
    reference = F("ticket__reference")
    links = TicketLink.objects.filter(ticket__in=tickets, other__in=tickets).order_by("pk")
    times = TimeEntry.objects.filter(ticket__in=tickets).order_by("pk")
    return {
        "ticket_links": links.values("kind", "created_at", "undone_at", ticket_reference=reference, other_reference=F("other__reference")),
        "time_spent": times.values("minutes", "note", "is_counted", "spent_at", "label", ticket_reference=reference),
    }


def _asking(tickets: QuerySet[Ticket]) -> Mapping[str, Rows]:
    """Who was let read and decide, how it was rated, and which page it was asked from."""
    reference = F("ticket__reference")
    readers = TicketReader.objects.filter(ticket__in=tickets).order_by("pk")
    approvals = Approval.objects.filter(ticket__in=tickets).order_by("pk")
    ratings = SatisfactionRating.objects.filter(ticket__in=tickets).order_by("pk")
    asks = WidgetAsk.objects.filter(ticket__in=tickets).order_by("pk")
    return {
        "ticket_readers": readers.values(
            "added_at", ticket_reference=reference, email=F("user__email"), added_by_email=F("added_by__email")
        ),
        "approvals": approvals.values(
            *("reason", "topic", "asked_at", "outcome", "answer", "decided_at"),
            ticket_reference=reference,
            decided_by_email=F("decided_by__email"),
        ),
        "ratings": ratings.values("rating", "feedback", "created_at", "is_current", ticket_reference=reference),
        "widget_asks": asks.values("page_url", "page_title", "language", ticket_reference=reference, site_name=F("site__name")),
    }


def _of_the_desk(community: Community) -> Mapping[str, Rows]:
    """Its terms, its sites with the widget, and what it was told of incidents."""
    sites = WidgetSite.objects.filter(community=community).order_by("pk")
    told = IncidentTelling.objects.filter(community=community).order_by("pk")
    update = {name: F(f"update__{name}") for name in ("state", "text", "at")}
    incident = {name: F(f"update__incident__{name}") for name in ("reference", "title")}
    return {
        "widget_sites": sites.values("name", "origins", "is_on", "made_at", hub_name=F("hub__name")),
        "support_terms": SupportTerms.objects.filter(community=community).values(
            "who_opens", "who_sees", "champions_approve", "checks_authority", "budget_minutes", "budget_period", "timebox_minutes"
        ),
        "incidents": told.values(**incident, **update),
    }


def _messages(scope: Scope) -> Iterator[Row]:
    rows = scope.messages().order_by("ticket", "created_at", "pk")
    fields = ("kind", "author_label", "body_html", "body_text", "created_at", "edited_at", "removed_at", "freshdesk_id")
    people = {"user_email": F("author_user__email"), "contact_email": F("author_contact__email")}
    for row in rows.values(*fields, **people, ticket_reference=F("ticket__reference")).iterator(chunk_size=AT_ONCE):
        yield {**row, "internal": row["kind"] == MessageKind.NOTE}


def _files(scope: Scope) -> Iterator[Row]:
    """What came with which letter (no kind: with the ticket's own words), and where it lies in the archive if we hold it."""
    rows = scope.files().order_by("ticket", "pk")
    facts = ("name", "content_type", "size", "freshdesk_id", "created_at", "removed_at", "key", "file")
    for row in rows.values(*facts, ticket_reference=F("ticket__reference"), message_kind=F("message__kind")).iterator(chunk_size=AT_ONCE):
        path = letters.path_of(row["ticket_reference"], str(row["key"]), row["name"]) if row.pop("file") else ""
        yield {**row, "path": path, "internal": row["message_kind"] == MessageKind.NOTE}


def _articles(community: Community) -> Mapping[str, Rows]:
    """What readers said of its articles, without who they are, and where the articles point."""
    votes = Vote.objects.filter(article__edition__knowledge_base__community=community).order_by("at", "pk")
    links = ArticleLink.objects.filter(edition__knowledge_base__community=community).order_by("edition", "pk")
    return {
        "article_votes": votes.values("helped", "why", "words", "at", article_address=F("article__edition__address")),
        "article_links": links.values(
            "target", "broken_since", article_address=F("edition__address"), dead_since=F("check_of__dead_since")
        ),
        "article_care": Article.objects.filter(edition__knowledge_base__community=community)
        .order_by("pk")
        .values("review_by", article_address=F("edition__address"), looked_at=F("care__looked_at"), looked_by=F("care__looked_by__email")),
        **_of_shared_articles(community),
    }


def _of_shared_articles(community: Community) -> Mapping[str, Rows]:
    """Where it reads its own words in the place of ours, what they replaced, and what it offered to everybody."""
    versions = Override.objects.filter(knowledge_base__community=community).order_by("address", "section", "pk")
    offers = Offer.objects.filter(knowledge_base__community=community).order_by("offered_at", "pk")
    return {
        "own_versions": versions.values(
            *("address", "language", "title", "section", "heading", "replaced_text", "now_text", "standing"),
            *("changed_at", "retired_at", "created_at"),
            own_title=F("article__title"),
        ),
        "offers": offers.values(
            *("title", "state", "note", "reason", "offered_at", "decided_at"),
            offered_by_email=F("offered_by__email"),
            article_title=F("article__title"),
        ),
    }


def _history(scope: Scope) -> Iterator[Row]:
    """Every change of state of the community and of what belongs to it; how it was reviewed is for staff."""
    community = scope.community
    reviewed = [Application.objects.filter(community=community), Decision.objects.filter(application__community=community)]
    owned: list[QuerySet[Any]] = [
        Community.objects.filter(pk=community.pk),
        scope.matrices(),
        *(reviewed if scope.is_whole else ()),
        Item.objects.filter(phase__plan__community=community),
        HubRequest.objects.filter(community=community),
    ]
    kinds = {ContentType.objects.get_for_model(rows.model).pk: rows for rows in owned}
    of_theirs = Q()
    for kind, rows in kinds.items():
        of_theirs |= Q(content_type=kind, object_id__in=rows.values("pk"))
    for event in StageEvent.objects.filter(of_theirs).order_by("at", "pk").iterator(chunk_size=AT_ONCE):
        about: type[Model] = kinds[event.content_type_id].model
        yield {
            "about": f"{about._meta.verbose_name} {event.object_id}",
            **{name: getattr(event, name) for name in ("before", "after", "actor_label", "actor_role", "at")},
            "note": neighbours.note_of(event) if about is HubRequest else event.note,
        }
