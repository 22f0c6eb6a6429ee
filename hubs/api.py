"""Clusters, hubs and hub requests over the API, and the deployer's doorbell."""

import logging
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Right
from communities.api import actor_of
from communities.models import Community
from ground import documents as json_documents
from ground.models import StageEvent
from ground.problems import Conflict, Unprocessable
from hubs import access, callbacks, conditions, documents, requests, schema
from hubs.documents import HubFacts
from hubs.models import Cluster, Hub, HubRequest
from hubs.states import Kind

logger = logging.getLogger(__name__)


class HubSerializer(serializers.ModelSerializer[Hub]):
    cluster = serializers.CharField(source="cluster.name")
    community = serializers.SlugRelatedField[Community](slug_field="slug", read_only=True)
    url = serializers.CharField()

    class Meta:
        model = Hub
        fields = ("name", "display_name", "cluster", "community", "url", "state", "conditions")


class ClusterSerializer(serializers.ModelSerializer[Cluster]):
    """A cluster; `community` is its only community, `state` that of the hub which is worst off."""

    cluster = serializers.CharField(source="name")
    community = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    state = serializers.SerializerMethodField()
    conditions = serializers.SerializerMethodField()

    class Meta:
        model = Cluster
        fields = ("name", "cluster", "community", "url", "state", "conditions", "provider", "region", "domain_suffix", "shared")

    def get_community(self, cluster: Cluster) -> str | None:
        slugs = {hub.community.slug if hub.community else "" for hub in cluster.hubs.all()}
        return slugs.pop() or None if len(slugs) == 1 else None

    def get_url(self, cluster: Cluster) -> str:
        """Where its hubs answer below; empty when that is not known."""
        return f"https://{cluster.domain_suffix}/" if cluster.domain_suffix else ""

    def get_state(self, cluster: Cluster) -> str:
        return conditions.worst([hub.state for hub in cluster.hubs.all()])

    def get_conditions(self, cluster: Cluster) -> list[dict[str, Any]]:
        """Of its hubs, each worst first; what nobody looked at is Unknown."""
        return conditions.of_many([hub.conditions for hub in cluster.hubs.all()])


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


class HubViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Hub]):
    """The hubs you may see."""

    serializer_class = HubSerializer
    filterset_fields = {"community__slug": ["exact"], "cluster__name": ["exact"], "state": ["exact"]}
    queryset = Hub.objects.none()

    def get_queryset(self) -> QuerySet[Hub]:
        return Hub.objects.visible_to(actor_of(self.request)).select_related("cluster", "community")


class ClusterViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Cluster]):
    """The clusters you may see."""

    serializer_class = ClusterSerializer
    lookup_field = "name"
    queryset = Cluster.objects.none()

    def get_queryset(self) -> QuerySet[Cluster]:
        mine = Hub.objects.visible_to(actor_of(self.request)).running().select_related("community")
        return Cluster.objects.visible_to(actor_of(self.request)).prefetch_related(Prefetch("hubs", mine))


class HubRequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[HubRequest]):
    """Requests to make or change a hub: filled in, sent, planned, approved, carried out."""

    serializer_class = HubRequestSerializer
    lookup_field = "reference"
    lookup_value_regex = r"[A-Za-z0-9-]+"
    filterset_fields = {"community__slug": ["exact"], "state": ["exact"], "kind": ["exact"]}
    queryset = HubRequest.objects.none()

    def get_queryset(self) -> QuerySet[HubRequest]:
        history = Prefetch("history", StageEvent.objects.order_by("at", "pk"))
        return HubRequest.objects.visible_to(actor_of(self.request)).select_related("community").prefetch_related(history)

    @extend_schema(request=NewRequestSerializer)
    def create(self, request: Request) -> Response:
        """Begin a draft, or fill the one begun."""
        given = self._read(NewRequestSerializer, request)
        community = Community.objects.visible_to(actor_of(request)).filter(slug=given["community"]).first()
        if community is None:
            raise serializers.ValidationError({"community": _("We do not know this community.")})
        if not access.DRAFT.is_held_by(actor_of(request), community):
            raise PermissionDenied
        document = self._sound({**given.get("request", {}), "kind": given["kind"], "community": community.slug})
        row = requests.draft(community, facts=HubFacts(kind=given["kind"], values=dict(documents.flat(document))), by=actor_of(request))
        return self._answer(row, status=201)

    @extend_schema(request=SaveSerializer)
    def partial_update(self, request: Request, reference: str) -> Response:  # noqa: ARG002  DRF's signature
        """Keep these answers beside the ones already given; a stale `version` gets 409."""
        row = self.get_object()
        right = access.DRAFT if row.is_editable else access.APPROVE
        if not right.is_held_by(actor_of(request), row.community):
            raise PermissionDenied
        given = self._read(SaveSerializer, request)
        values = dict(documents.flat(self._sound({**given["request"], "kind": row.kind, "community": row.community.slug})))
        try:
            requests.save(row, values=values, by=actor_of(request), version=given["version"])
        except requests.Stale as error:
            row.refresh_from_db()
            raise Conflict(
                _("Somebody else changed the answers meanwhile."), code="stale", version=row.version, request=row.document
            ) from error
        return self._answer(row)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Send it; 422 names what is missing."""
        row = self._held(request, access.SUBMIT)
        try:
            requests.submit(row, by=actor_of(request))
        except requests.Incomplete as error:
            errors = [{"pointer": answer.pointer, "code": "required", "detail": answer.title} for answer in error.missing]
            raise Unprocessable(_("Answers are missing."), errors=errors, code="incomplete") from error
        return self._answer(row)

    @extend_schema(request=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Approve exactly this plan; closing a hub takes two people."""
        row = self._held(request, access.APPROVE)
        given = self._read(ApprovalSerializer, request)
        try:
            requests.approve(row, plan_digest=given["plan_digest"], by=actor_of(request))
        except requests.PlanChanged as error:
            row.refresh_from_db()
            raise Conflict(_("The plan is another one now."), code="plan-changed", plan_digest=row.plan_digest, plan=row.plan) from error
        except requests.Unsound as error:
            raise Conflict(_("A check of this plan failed."), code="plan-unsound", plan=row.plan) from error
        except requests.SamePerson as error:
            raise Conflict(_("A second person has to approve."), code="second-approver") from error
        return self._answer(row)

    @extend_schema(request=RejectionSerializer)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Say no, with a reason."""
        row = self._held(request, access.APPROVE)
        requests.reject(row, reason=self._read(RejectionSerializer, request)["reason"], by=actor_of(request))
        return self._answer(row)

    @extend_schema(request=SettlementSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Say that a precondition is met or not needed."""
        row = self._held(request, access.APPROVE)
        given = self._read(SettlementSerializer, request)
        try:
            requests.settle(row, **given, by=actor_of(request))
        except KeyError as error:
            known = sorted(precondition["key"] for precondition in row.preconditions)
            problem = {"pointer": "/key", "code": "unknown", "detail": _("There is no such precondition."), "allowed": known}
            raise Unprocessable(_("There is no such precondition."), errors=[problem]) from error
        return self._answer(row)

    @extend_schema(request=CancelSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Take it back, or ask the deployer to stop."""
        row = self._held(request, access.CANCEL)
        requests.cancel(row, reason=self._read(CancelSerializer, request)["reason"], by=actor_of(request))
        return self._answer(row)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Try again what failed."""
        row = self._held(request, access.APPROVE)
        requests.retry(row, by=actor_of(request))
        return self._answer(row)

    def _held(self, request: Request, right: Right) -> HubRequest:
        row = self.get_object()
        if not right.is_held_by(actor_of(request), row.community):
            raise PermissionDenied
        return row

    def _read(self, serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
        given = serializer(data=request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def _sound(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document without blanks. What is wrong with it, save that it is incomplete, is refused by pointer."""
        cleaned = dict(schema.cleaned(document))
        wrong = [problem for problem in schema.problems(cleaned, today=timezone.localdate()) if problem.code != "required"]
        if wrong:
            errors = [{**problem.as_document(), "pointer": f"/request{problem.pointer}"} for problem in wrong]
            raise Unprocessable(_("Some answers cannot be used."), errors=errors)
        return cleaned

    def _answer(self, row: HubRequest, *, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data, status=status)


@csrf_exempt
@require_POST
def deployer_callback(request: HttpRequest) -> HttpResponse:
    """A deployer rings: check who it is, and read that deployment again soon."""
    try:
        identity = callbacks.verified(request.headers, request.body, secret=settings.DEPLOYER_CALLBACK_SECRET, now=timezone.now())
    except callbacks.Refused:
        logger.warning("A deployer's callback was refused: not signed by it, or older than five minutes.")
        return HttpResponse(status=401)
    try:
        deployment_id = str(json_documents.read(request.body)["data"].get("deployment_id", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        logger.warning("A deployer's callback was signed and not readable.")
        return HttpResponse(status=400)
    callbacks.hear(identity, deployment_id=deployment_id)
    return HttpResponse(status=204)
