"""Hub requests as the API tells them, and what it takes."""

from typing import Any

from rest_framework import serializers

from communities.models import Community
from ground.models import StageEvent
from hubs import requests
from hubs.models import HubRequest
from hubs.states import Kind


class EventSerializer(serializers.ModelSerializer[StageEvent]):
    class Meta:
        model = StageEvent
        fields = ("at", "before", "after", "actor_label", "note")


class HubRequestSerializer(serializers.ModelSerializer[HubRequest]):
    """A request; `request` is its hub_request.schema.json document, `version` what a save has to name."""

    id = serializers.CharField(source="reference")
    community = serializers.SlugRelatedField[Community](slug_field="slug", read_only=True)
    request = serializers.JSONField(source="document")
    missing = serializers.SerializerMethodField()
    preconditions = serializers.ListField(child=serializers.DictField())
    events = EventSerializer(source="history", many=True)

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
            {"pointer": row.pointer, "title": row.title, "supplier": row.supplier, "phase": row.phase} for row in requests.missing(request)
        ]


class NewRequestSerializer(serializers.Serializer[Any]):
    community = serializers.SlugField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    request = serializers.DictField(required=False)


class SaveSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    request = serializers.DictField()


class ApprovalSerializer(serializers.Serializer[Any]):
    plan_digest = serializers.CharField(max_length=80)


class RejectionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class SettlementSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(max_length=80)
    status = serializers.ChoiceField(choices=["met", "not-needed"])
    note = serializers.CharField(required=False, max_length=2000, default="", allow_blank=True)
    outputs = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True), required=False, default=dict)


class CancelSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=500, default="", allow_blank=True)
