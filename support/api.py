"""Tickets and their messages over the API."""

from datetime import UTC, datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api import actor_of
from communities.models import Community, User
from communities.states import Party
from ground.actors import Actor
from ground.filters import KnownFilters
from ground.paging import ApiPagination
from ground.problems import Conflict
from hubs.models import Hub
from support import replies, search, tickets
from support.access import USE_DESK, desk_people, may_open
from support.files import serving
from support.forms.tickets import LONGEST
from support.mirror import mirroring
from support.models import Attachment, Message, Ticket, TicketStatus
from support.models.tickets import TicketQuerySet
from support.recording import guard
from support.states import Kind, MessageKind, Priority, StatusGroup, SyncState

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
FIELDS = (
    *("id", "reference", "freshdesk_id", "community", "subject", "status", "priority", "kind", "responsible", "assignee", "hub"),
    *("sync_state", "gone_reason", "version", "created_at", "updated_at", "waiting_since", "next_due_at"),
)


class TicketSerializer(serializers.ModelSerializer[Ticket]):
    """A ticket in a list. `status` and `priority` are Freshdesk's numbers; people are their addresses."""

    community = serializers.SlugRelatedField[Community](slug_field="slug", read_only=True)
    assignee = serializers.SlugRelatedField[User](slug_field="email", read_only=True)
    hub = serializers.SlugRelatedField[Hub](slug_field="name", read_only=True)
    status = serializers.IntegerField(source="status_id", read_only=True)

    class Meta:
        model = Ticket
        fields: tuple[str, ...] = FIELDS


class TicketDetailSerializer(TicketSerializer):
    """One ticket, with what its requester wrote; the description is not a message."""

    class Meta(TicketSerializer.Meta):
        fields = (*FIELDS, "body_html", "body_text")


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    """A file of a letter: what it is called, what it is, how many bytes, and where it is fetched with the same token."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ("key", "name", "content_type", "size", "url")

    def get_url(self, file: Attachment) -> str:
        """The whole address."""
        return settings.SITE_URL + reverse("api:ticket-attachment", args=[file.ticket_id, file.key])


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One letter of a ticket."""

    author = serializers.CharField(read_only=True)
    attachments = AttachmentSerializer(source="files", many=True, read_only=True)

    class Meta:
        model = Message
        fields = ("id", "freshdesk_id", "kind", "author", "body_html", "body_text", "attachments", "created_at", "sync_state")


STANDING_FILES = Prefetch("files", Attachment.objects.filter(removed_at=None))
YES_OR_NO = {"true": True, "false": False, "True": True, "False": False}


@extend_schema_field({"type": ["integer", "string"]})
class StatusField(serializers.Field[TicketStatus, Any, int, Any]):
    """A status by its number, or by a group's name where that group has one obvious status."""

    def to_internal_value(self, data: Any) -> TicketStatus:
        code = (
            data
            if isinstance(data, int) and not isinstance(data, bool)
            else int(data)
            if str(data).isdecimal() and len(str(data)) < 9
            else None
        )
        rows = TicketStatus.objects.filter(code=code) if code is not None else TicketStatus.objects.of_groups(str(data)).order_by("code")
        status = rows.first()
        if status is None:
            raise serializers.ValidationError(_("There is no such status here."), code="unknown")
        return status

    def to_representation(self, value: TicketStatus) -> int:
        return value.code


class Exactly(serializers.Serializer[Any]):
    """Refuses what it does not know, naming it: a misspelt field must not pass for done."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({name: [_("This field is not known here.")] for name in sorted(unknown)}, code="unknown")
        return super().to_internal_value(data)


class NewTicketSerializer(Exactly):
    """A ticket to open. The body is Markdown."""

    community = serializers.SlugField()
    subject = serializers.CharField(max_length=255)
    body = serializers.CharField(max_length=LONGEST)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False, allow_blank=True)
    hub = serializers.SlugField(required=False, allow_null=True)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)

    def validate_community(self, slug: str) -> Community:
        community = Community.objects.select_related("support_terms").filter(slug=slug).first()
        if community is None or not may_open(self.context["actor"], community):
            raise serializers.ValidationError(_("You have no community of that name."), code="unknown")
        return community

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("hub"):
            hub = Hub.objects.visible_to(self.context["actor"]).filter(community=attrs["community"], name=attrs["hub"]).first()
            if hub is None:
                raise serializers.ValidationError({"hub": [_("The community has no hub of that name.")]}, code="unknown")
            attrs["hub"] = hub
        return attrs


class ChangesSerializer(Exactly):
    """What to change, and the version it was decided on."""

    version = serializers.IntegerField(min_value=1)
    status = StatusField(required=False)
    priority = serializers.ChoiceField(choices=Priority.choices, required=False)
    assignee = serializers.SlugRelatedField[User](slug_field="email", queryset=User.objects.none(), required=False, allow_null=True)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False, allow_blank=True)
    responsible = serializers.ChoiceField(choices=Party.choices, required=False, allow_blank=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = desk_people()  # type: ignore[attr-defined]


class NewMessageSerializer(Exactly):
    """A message to write. Staff reply or note; a member's post is incoming, whether they name it or not."""

    kind = serializers.ChoiceField(choices=MessageKind.choices, required=False)
    body = serializers.CharField(max_length=LONGEST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = attrs.get("kind", "")
        allowed = {MessageKind.REPLY, MessageKind.NOTE} if self.context["is_staff"] else {"", MessageKind.INCOMING, MessageKind.REPLY}
        if kind not in allowed:
            raise serializers.ValidationError({"kind": [_("Staff write a reply or a note, members a message.")]}, code="invalid_choice")
        return attrs


class FileOnItsWaySerializer(serializers.Serializer[Any]):
    """A file that is still in Freshdesk and was asked for."""

    state = serializers.CharField()


class Letters(ApiPagination):
    """Messages in the order they were written."""

    ordering = ("created_at", "pk")


class TicketFilter(KnownFilters):
    """The filters of the list, and nothing else. A ticket gone from Freshdesk is listed only when it is asked for."""

    community = filters.CharFilter(field_name="community__slug")
    status = filters.CharFilter(method="of_status")
    assignee = filters.CharFilter(method="of_assignee")
    kind = filters.ChoiceFilter(choices=Kind.choices)
    updated_since = filters.CharFilter(method="since")
    q = filters.CharFilter(method="matching")
    gone = filters.TypedChoiceFilter(
        choices=[(word, word) for word in YES_OR_NO], coerce=YES_OR_NO.get, empty_value=False, method="are_gone"
    )

    def of_status(self, rows: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """By number, or by group: open, waiting, solved, closed."""
        if value.isdecimal():
            return rows.filter(status_id=int(value[:9]))
        if value not in StatusGroup.values:
            raise serializers.ValidationError({"status": [_("A number, or open, waiting, solved or closed.")]}, code="invalid_choice")
        return rows.of_groups(value)

    def of_assignee(self, rows: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """By address; `none` for the unassigned."""
        return rows.filter(assignee=None) if value == "none" else rows.filter(assignee__email__iexact=value)

    def since(self, rows: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        """Changed at or after that moment; it needs a zone."""
        moment = _moment(value)
        if moment is None:
            raise serializers.ValidationError(
                {"updated_since": [_("A moment with its zone, for example 2026-03-03T14:00:00Z.")]}, code="invalid"
            )
        return rows.filter(updated_at__gte=moment)

    def matching(self, rows: TicketQuerySet, _name: str, value: str) -> TicketQuerySet:
        return search.match(rows, value, by=actor_of(self.request))

    def are_gone(self, rows: TicketQuerySet, _name: str, value: bool) -> TicketQuerySet:
        """`true` alone lists what is gone, and nothing else."""
        return rows.filter(sync_state=SyncState.GONE) if value else rows.kept()


def _moment(text: str) -> datetime | None:
    """That moment in UTC; None for what is none, or has no zone."""
    try:
        moment = parse_datetime(text.replace(" ", "+"))
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


class TicketViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Ticket]):
    """The tickets you may see."""

    filterset_class = TicketFilter
    lookup_value_regex = r"\d{1,18}"
    http_method_names = ["get", "post", "patch", "head", "options"]
    queryset = Ticket.objects.none()

    def get_queryset(self) -> QuerySet[Ticket]:
        rows = Ticket.objects.visible_to(self.actor)
        if self.action == "list":
            return rows.select_related("community", "assignee", "hub").defer("body_html", "body_text", "remote_raw")
        return rows.select_related("community", "assignee", "hub", "requester", "status").defer("remote_raw")

    def filter_queryset(self, queryset: QuerySet[Ticket, Any]) -> QuerySet[Ticket, Any]:
        """The filters are the list's; one ticket is found whatever became of it."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Ticket]]:
        return TicketSerializer if self.action == "list" else TicketDetailSerializer

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    @property
    def is_staff(self) -> bool:
        return USE_DESK.is_held_by(self.actor)

    @extend_schema(request=NewTicketSerializer, responses={201: TicketDetailSerializer})
    def create(self, _request: Request) -> Response:
        """Open a ticket."""
        chosen = self._read(NewTicketSerializer)
        ticket = tickets.open_ticket(chosen.pop("community"), **chosen, by=self.actor)
        return Response(TicketDetailSerializer(ticket).data, status=201)

    @extend_schema(request=ChangesSerializer, responses=TicketDetailSerializer)
    def partial_update(self, _request: Request, **_kwargs: str) -> Response:
        """Change a ticket at the version you have seen; 409 with what changed when it has moved on. For staff."""
        ticket = self.get_object()
        if not self.is_staff:
            raise PermissionDenied(_("Only staff change a ticket; write in it instead."))
        chosen = self._read(ChangesSerializer)
        try:
            changed = tickets.update(ticket, by=self.actor, **chosen)
        except guard.Stale as stale:
            raise _refusal(stale, seen=chosen["version"]) from stale
        return Response(TicketDetailSerializer(changed).data)

    @extend_schema(methods=["GET"], responses=MessageSerializer(many=True), filters=False)
    @extend_schema(methods=["POST"], request=NewMessageSerializer, responses={201: MessageSerializer})
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=Letters)
    def messages(self, request: Request, **_kwargs: str) -> Response:
        """The letters of a ticket that you may read, oldest first; or one more."""
        ticket = self.get_object()
        if request.method == "POST":
            return Response(MessageSerializer(self._write(ticket)).data, status=201)
        rows = Message.objects.visible_to(self.actor).filter(ticket=ticket, removed_at=None, held=None)
        page = self.paginate_queryset(cast("Any", rows.in_order().prefetch_related(STANDING_FILES)))
        return self.get_paginated_response(MessageSerializer(page, many=True).data)

    @extend_schema(responses={200: OpenApiTypes.BINARY, 202: FileOnItsWaySerializer})
    @action(detail=True, url_path=f"attachments/(?P<key>{UUID})", filterset_class=None)
    def attachment(self, request: Request, key: str, **_kwargs: str) -> HttpResponseBase:
        """The content of a file; 202 while it is being fetched from Freshdesk: ask again."""
        files = Attachment.objects.visible_to(self.actor).standing()
        file = get_object_or_404(files, ticket=self.get_object(), key=key)
        if file.is_here:
            return serving.stream(request._request, file)
        if not mirroring.ask_for(file):
            raise NotFound(_("The file could not be fetched from Freshdesk."))
        return Response({"state": "fetching"}, status=202, headers={"Retry-After": "3"})

    def _write(self, ticket: Ticket) -> Message:
        chosen = self._read(NewMessageSerializer)
        if not self.is_staff:
            return replies.add_incoming(ticket, body=chosen["body"], by=self.actor)
        write = replies.note if chosen["kind"] == MessageKind.NOTE else replies.reply
        return write(ticket, body=chosen["body"], by=self.actor)

    def _read(self, serializer: type[Exactly]) -> dict[str, Any]:
        asked = serializer(data=self.request.data, context={"actor": self.actor, "is_staff": self.is_staff})
        asked.is_valid(raise_exception=True)
        return cast("dict[str, Any]", asked.validated_data)


def _refusal(stale: guard.Stale, *, seen: int) -> Conflict | serializers.ValidationError:
    """What happened since, so that the program can decide again; nobody has seen a version that is still to come."""
    if seen > stale.ticket.version:
        return serializers.ValidationError({"version": [_("The ticket has no such version yet.")]}, code="invalid")
    changed = [
        {"field": event.field, "before": event.before, "after": event.after, "by": event.actor_label, "at": event.at}
        for event in stale.events
    ]
    messages = MessageSerializer(stale.messages, many=True).data
    return Conflict(
        _("The ticket has changed since that version."),
        code="stale-version",
        version=stale.ticket.version,
        changed=changed,
        messages=messages,
    )
