"""Hub requests over the API: filled in, sent, planned, approved, carried out."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from communities.access import Right
from communities.api import actor_of
from communities.models import Community
from ground.filters import KnownFilters
from ground.models import StageEvent
from ground.problems import Conflict, Unprocessable
from hubs import access, documents, requests, schema
from hubs.api.documents import (
    ApprovalSerializer,
    CancelSerializer,
    HubRequestSerializer,
    NewRequestSerializer,
    RejectionSerializer,
    SaveSerializer,
    SettlementSerializer,
)
from hubs.documents import HubFacts
from hubs.models import HubRequest
from hubs.policy import notice_for
from hubs.states import Kind, RequestState


class HubRequestFilter(KnownFilters):
    """By community, state and kind."""

    community = filters.CharFilter(field_name="community__slug")
    state = filters.ChoiceFilter(choices=RequestState.choices)
    kind = filters.ChoiceFilter(choices=Kind.choices)


class HubRequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[HubRequest]):
    """Requests to make or change a hub: filled in, sent, planned, approved, carried out."""

    serializer_class = HubRequestSerializer
    lookup_field = "reference"
    lookup_value_regex = r"[A-Za-z0-9-]+"
    filterset_class = HubRequestFilter
    queryset = HubRequest.objects.none()

    def get_queryset(self) -> QuerySet[HubRequest]:
        history = Prefetch("history", StageEvent.objects.order_by("at", "pk"))
        return (
            HubRequest.objects.visible_to(actor_of(self.request))
            .select_related("community", "assessment__recorded_by")
            .prefetch_related(history)
        )

    @extend_schema(request=NewRequestSerializer)
    def create(self, request: Request) -> Response:
        """Begin a draft, or fill the one begun."""
        given = self._read(NewRequestSerializer, request)
        community = Community.objects.visible_to(actor_of(request)).filter(slug=given["community"]).first()
        if community is None:
            raise serializers.ValidationError({"community": _("We do not know this community.")})
        if not access.DRAFT.is_held_by(actor_of(request), community):
            raise PermissionDenied
        document = self._sound({**given.get("request", {}), "kind": given["kind"], "community": community.slug}, community)
        facts = HubFacts(kind=given["kind"], values=dict(documents.flat(document)))
        try:
            row = requests.draft(community, facts=facts, by=actor_of(request))
        except requests.ForeignHub as error:
            raise _foreign(error, "/request/hub") from error
        return self._answer(row, status=201)

    @extend_schema(request=SaveSerializer)
    def partial_update(self, request: Request, reference: str) -> Response:  # noqa: ARG002  DRF's signature
        """Keep these answers beside the ones already given; a stale `version` gets 409."""
        row = self.get_object()
        right = access.DRAFT if row.is_editable else access.APPROVE
        if not right.is_held_by(actor_of(request), row.community):
            raise PermissionDenied
        given = self._read(SaveSerializer, request)
        values = dict(documents.flat(self._sound({**given["request"], "kind": row.kind, "community": row.community.slug}, row.community)))
        try:
            requests.save(row, values=values, by=actor_of(request), version=given["version"])
        except requests.TooLarge as error:
            raise self._too_large() from error
        except requests.ForeignHub as error:
            raise _foreign(error, "/request/hub") from error
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
        except requests.ForeignHub as error:
            raise _foreign(error, "/hub") from error
        return self._answer(row)

    @extend_schema(request=ApprovalSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, reference: str) -> Response:  # noqa: ARG002
        """Approve exactly this plan; closing a hub takes two people."""
        row = self._held(request, access.APPROVE)
        given = {"not_before": row.not_before} | self._read(ApprovalSerializer, request)
        try:
            requests.approve(row, **given, by=actor_of(request))
        except requests.PlanChanged as error:
            row.refresh_from_db()
            raise Conflict(_("The plan is another one now."), code="plan-changed", plan_digest=row.plan_digest, plan=row.plan) from error
        except requests.Unsound as error:
            raise Conflict(_("A check of this plan failed."), code="plan-unsound", plan=row.plan) from error
        except requests.Unassessed as error:
            raise Conflict(_("Record first what another hub of this community means."), code="unassessed") from error
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

    def _sound(self, document: dict[str, Any], community: Community) -> dict[str, Any]:
        """The document without blanks. What is wrong with it, save that it is incomplete, is refused by pointer."""
        if documents.is_too_large(document):
            raise self._too_large()
        cleaned = dict(schema.cleaned(document))
        found = schema.problems(cleaned, today=timezone.localdate(), notice=notice_for(community))
        wrong = [problem for problem in found if problem.code != "required"]
        if wrong:
            errors = [{**problem.as_document(), "pointer": f"/request{problem.pointer}"} for problem in wrong]
            raise Unprocessable(_("Some answers cannot be used."), errors=errors)
        return cleaned

    def _too_large(self) -> Unprocessable:
        detail = _("This is more than a request can hold.")
        return Unprocessable(detail, errors=[{"pointer": "/request", "code": "too-large", "detail": detail}])

    def _answer(self, row: HubRequest, *, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data, status=status)


def _foreign(error: requests.ForeignHub, pointer: str) -> Unprocessable:
    return Unprocessable(str(error), errors=[{"pointer": pointer, "code": "foreign-hub", "detail": str(error)}], code="foreign-hub")
