"""The tables of a community's archive: plain rows, people by their address and things by their reference."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, Q, QuerySet

from communities.models import Community, MatrixComment, MatrixRow
from ground.models import StageEvent
from hubs.models import HubRequest
from onboarding.models import Agreement, AnswerRevision, Application, Asking, Decision, Ending, Item, ValueWatch
from portal.leaving import letters
from support.models import Attachment, Message, Ticket, TicketEvent
from support.states import MessageKind

Row = Mapping[str, Any]
Rows = Iterable[Row]


def tables(community: Community) -> Mapping[str, Rows]:
    """Every table by its name."""
    return {
        "community": _community(community),
        "people": _people(community),
        "responsibilities": _responsibilities(community),
        "responsibility_comments": _comments(community),
        **_intake(community),
        "hub_requests": _hub_requests(community),
        "hubs": community.hubs.order_by("pk").values(
            "name", "display_name", "domain", "state", "conditions", "facts", "created_at", on_cluster=F("cluster__name")
        ),
        **_support(community),
        "history": _history(community),
    }


def _community(community: Community) -> Rows:
    fields = ("slug", "name", "state", "language", "timezone", "country", "website", "description", "created_at")
    return Community.objects.filter(pk=community.pk).values(*fields, programme_name=F("programme__name"))


def _people(community: Community) -> Rows:
    person = {name: F(f"user__{name}") for name in ("name", "email", "language", "timezone")}
    return community.memberships.order_by("pk").values("role", "since", **person)


def _responsibilities(community: Community) -> Rows:
    rows = MatrixRow.objects.filter(matrix__community=community).order_by("matrix__number", "position")
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


def _comments(community: Community) -> Rows:
    comments = MatrixComment.objects.filter(row__matrix__community=community).order_by("at", "pk")
    return comments.values(
        *("side", "text", "is_question", "at", "resolved_at"),
        key=F("row__key"),
        matrix_number=F("row__matrix__number"),
        author_email=F("author__email"),
        resolved_by_email=F("resolved_by__email"),
    )


def _intake(community: Community) -> Mapping[str, Rows]:
    reference = F("application__reference")
    applications = Application.objects.filter(community=community).order_by("pk")
    answers = AnswerRevision.objects.filter(application__in=applications).order_by("application", "number")
    decisions = Decision.objects.filter(application__in=applications).order_by("pk")
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


def _hub_requests(community: Community) -> Rows:
    return community.hub_requests.order_by("pk").values(
        *("reference", "kind", "state", "stage", "document", "plan", "deployment", "reason"),
        *("created_at", "submitted_at", "approved_at", "finished_at"),
        hub_name=F("hub__name"),
    )


def _support(community: Community) -> Mapping[str, Rows]:
    reference = F("ticket__reference")
    tickets = Ticket.objects.filter(community=community).order_by("pk")
    return {
        "tickets": tickets.values(
            *("reference", "freshdesk_id", "subject", "body_html", "body_text", "priority", "kind", "impact", "responsible"),
            *("assignee_label", "tags", "confidential", "sync_state", "created_at", "updated_at"),
            status_code=F("status__code"),
            status_word=F("status__word"),
            requester_email=F("requester__email"),
            hub_name=F("hub__name"),
        ),
        "messages": _messages(tickets),
        "ticket_files": _files(tickets),
        "ticket_events": TicketEvent.objects.filter(ticket__in=tickets)
        .order_by("ticket", "at", "pk")
        .values("field", "before", "after", "note", "actor_label", "at", ticket_reference=reference),
    }


def _messages(tickets: QuerySet[Ticket]) -> Iterator[Row]:
    rows = Message.objects.filter(ticket__in=tickets).order_by("ticket", "created_at", "pk")
    fields = ("kind", "author_label", "body_html", "body_text", "created_at", "edited_at", "removed_at", "freshdesk_id")
    people = {"user_email": F("author_user__email"), "contact_email": F("author_contact__email")}
    for row in rows.values(*fields, **people, ticket_reference=F("ticket__reference")).iterator():
        yield {**row, "internal": row["kind"] == MessageKind.NOTE}


def _files(tickets: QuerySet[Ticket]) -> Iterator[Row]:
    """What came with which letter (no kind: with the ticket's own words), and where it lies in the archive if we hold it."""
    rows = Attachment.objects.filter(ticket__in=tickets).order_by("ticket", "pk")
    facts = ("name", "content_type", "size", "freshdesk_id", "created_at", "removed_at", "key", "file")
    for row in rows.values(*facts, ticket_reference=F("ticket__reference"), message_kind=F("message__kind")).iterator():
        path = letters.path_of(row["ticket_reference"], str(row["key"]), row["name"]) if row.pop("file") else ""
        yield {**row, "path": path, "internal": row["message_kind"] == MessageKind.NOTE}


def _history(community: Community) -> Iterator[Row]:
    """Every change of state of the community and of what belongs to it."""
    owned: list[QuerySet[Any]] = [
        Community.objects.filter(pk=community.pk),
        community.matrices.all(),
        Application.objects.filter(community=community),
        Decision.objects.filter(application__community=community),
        Item.objects.filter(phase__plan__community=community),
        HubRequest.objects.filter(community=community),
    ]
    kinds = {ContentType.objects.get_for_model(rows.model).pk: rows for rows in owned}
    of_theirs = Q()
    for kind, rows in kinds.items():
        of_theirs |= Q(content_type=kind, object_id__in=rows.values("pk"))
    for event in StageEvent.objects.filter(of_theirs).order_by("at", "pk"):
        about: type[Model] = kinds[event.content_type_id].model
        yield {
            "about": f"{about._meta.verbose_name} {event.object_id}",
            **{name: getattr(event, name) for name in ("before", "after", "actor_label", "actor_role", "at", "note")},
        }
