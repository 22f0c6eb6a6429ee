"""Hub requests as the API tells them, and what it takes."""

from typing import Any

from django.utils.functional import cached_property
from rest_framework import serializers

from communities.api import actor_of
from communities.models import Community
from ground.models import StageEvent
from hubs import neighbours, owing
from hubs.access import can_see_assessment
from hubs.models import Assessment, HubRequest, watches_all
from hubs.states import Kind


class EventSerializer(serializers.ModelSerializer[StageEvent]):
    """A change of state; what a deployer said of it is for staff."""

    note = serializers.SerializerMethodField()

    class Meta:
        model = StageEvent
        fields = ("at", "before", "after", "actor_label", "note")

    def get_note(self, event: StageEvent) -> str:
        return event.note if watches_all(actor_of(self.context["request"])) else neighbours.note_of(event)


class HubRequestSerializer(serializers.ModelSerializer[HubRequest]):
    """A request; `request` is its hub_request.schema.json document, `version` what a save has to name."""

    id = serializers.CharField(source="reference")
    community = serializers.SlugRelatedField[Community](slug_field="slug", read_only=True)
    request = serializers.JSONField(source="document")
    missing = serializers.SerializerMethodField()
    plan = serializers.SerializerMethodField()
    deployment = serializers.SerializerMethodField()
    preconditions = serializers.ListField(child=serializers.DictField())
    events = EventSerializer(source="history", many=True)
    assessment = serializers.SerializerMethodField()

    class Meta:
        model = HubRequest
        fields = (
            "id",
            "kind",
            "community",
            "request",
            "state",
            "stage",
            "missing",
            "preconditions",
            "plan",
            "plan_digest",
            "problems",
            "drift",
            "assessment",
            "not_before",
            "events",
            "deployment",
            "version",
            "revision",
            "created_at",
            "submitted_at",
        )

    def get_missing(self, request: HubRequest) -> list[dict[str, str]]:
        """`pointer`, `title`, `supplier` (community or provider), `phase`."""
        return [
            {"pointer": row.pointer, "title": row.title, "supplier": row.supplier, "phase": row.phase} for row in owing.missing(request)
        ]

    def get_plan(self, request: HubRequest) -> dict[str, Any]:
        """What would change; for members without what it says of other communities' hubs."""
        readers = self._readers(request)
        return readers.plan(request.plan) if readers else request.plan

    def get_deployment(self, request: HubRequest) -> dict[str, Any]:
        """How far it is; for members in our words, without the steps of other communities' hubs."""
        readers = self._readers(request)
        return readers.deployment(request.deployment) if readers else request.deployment

    def get_assessment(self, request: HubRequest) -> dict[str, Any] | None:
        """What another hub of the community means, for staff: `covered`, `load`, `load_note`, `monthly_cost` in minor units of `currency`, `paid_by`."""
        found: Assessment | None = getattr(request, "assessment", None)
        if found is None or not can_see_assessment(actor_of(self.context["request"]), found):
            return None
        facts = {name: getattr(found, name) for name in ("covered", "load", "load_note", "monthly_cost", "currency", "paid_by")}
        return {**facts, "recorded_by": found.recorded_by.get_full_name(), "recorded_at": found.recorded_at.isoformat()}

    def _readers(self, request: HubRequest) -> neighbours.Readers | None:
        """Who reads it as the community does; None for staff, who see all."""
        if watches_all(actor_of(self.context["request"])):
            return None
        return neighbours.Readers.of(request, self._known)

    @cached_property
    def _known(self) -> list[neighbours.Known]:
        """All hubs, read once for a whole list: one serializer tells all of its rows."""
        return neighbours.known()


class NewRequestSerializer(serializers.Serializer[Any]):
    community = serializers.SlugField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    request = serializers.DictField(required=False)


class SaveSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    request = serializers.DictField()


class ApprovalSerializer(serializers.Serializer[Any]):
    """`not_before`: carried out no earlier; null: at once; left out: as the first approver said. `at_once`: a hub is closed before its last day is over, if both approvers say so."""

    plan_digest = serializers.CharField(max_length=80)
    not_before = serializers.DateTimeField(required=False, allow_null=True)
    at_once = serializers.BooleanField(required=False, default=False)


class RejectionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class SettlementSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=80)
    status = serializers.ChoiceField(choices=["met", "not-needed"])
    note = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)
    outputs = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True), required=False, default=dict)


class CancelSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=500, default="", allow_blank=True)
