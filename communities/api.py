"""Communities over the API."""

from django.db.models import Prefetch, QuerySet
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request

from communities.models import Community, Membership
from communities.roles import Role
from ground.actors import Actor
from ground.filters import KnownFilters


def actor_of(request: Request) -> Actor:
    """Who acts through the API: the token's person, or the session's."""
    return request._request.actor  # type: ignore[attr-defined]  # set by the middleware and by TokenAuthentication


class CommunitySerializer(serializers.ModelSerializer[Community]):
    representatives = serializers.SerializerMethodField()

    class Meta:
        model = Community
        fields = ("slug", "name", "state", "representatives")

    def get_representatives(self, community: Community) -> list[str]:
        """Their e-mail addresses."""
        return [membership.user.email for membership in community.memberships.all()]


class CommunityFilter(KnownFilters):
    """By state."""

    class Meta:
        model = Community
        fields = ("state",)


class CommunityViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Community]):
    """The communities you may see."""

    serializer_class = CommunitySerializer
    lookup_field = "slug"
    filterset_class = CommunityFilter
    queryset = Community.objects.none()

    def get_queryset(self) -> QuerySet[Community]:
        representatives = Membership.objects.filter(role=Role.REPRESENTATIVE).select_related("user").order_by("user__email")
        return Community.objects.visible_to(actor_of(self.request)).prefetch_related(Prefetch("memberships", representatives))
