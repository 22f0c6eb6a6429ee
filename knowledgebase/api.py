"""Articles in the API: listed, searched and suggested; public ones without a token."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from communities.api import actor_of
from communities.models import Community
from ground.paging import ApiPagination
from knowledgebase.access import can_enter
from knowledgebase.models import Edition, EditionQuerySet
from knowledgebase.suggestions import as_found, find, suggest

MOST_FOUND = 200


class ArticleSerializer(serializers.Serializer[Any]):
    """A found or listed article; `score` is 0 where nothing was asked."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.CharField()
    excerpt = serializers.CharField()
    score = serializers.FloatField()
    shared = serializers.BooleanField()
    language = serializers.CharField()


QUERY = OpenApiParameter("q", description="Words to look for.")
COMMUNITY = OpenApiParameter("community", description="Slug: its own articles and the shared ones it does not override.")
LANGUAGE = OpenApiParameter("language", description="Code of a language: en, es, pt, fr.")


class ArticlePagination(ApiPagination):
    """Newest articles last, by key."""

    ordering = "pk"


class BestFirst(LimitOffsetPagination):
    """Found articles, best first: what they are sorted by is no key, so that the cursor is a place among them."""

    default_limit = ApiPagination.page_size
    max_limit = ApiPagination.max_page_size
    limit_query_param = "page_size"
    offset_query_param = "cursor"

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "previous": self.get_previous_link(), "results": data})


class ArticleViewSet(viewsets.GenericViewSet[Edition]):
    """`articles/?q=&community=&language=` and `articles/suggest/?q=&community=`."""

    permission_classes = [AllowAny]
    serializer_class = ArticleSerializer
    pagination_class = ArticlePagination
    filter_backends: list[Any] = []
    queryset = Edition.objects.none()

    def get_queryset(self) -> EditionQuerySet:
        editions, community = Edition.objects.visible_to(actor_of(self.request)), self.community()
        editions = editions.readable_in(community) if community else editions.filter(in_place_of=None)  # versions live in a community
        language = self.request.query_params.get("language", "")
        if language and language not in dict(settings.LANGUAGES):
            raise ValidationError({"language": _("We do not know this language.")})
        return editions.filter(language=language) if language else editions

    @extend_schema(parameters=[QUERY, COMMUNITY, LANGUAGE])
    def list(self, request: Request) -> Response:
        """Articles the caller may read; with `q` the best matches, best first."""
        query, community = request.query_params.get("q", "").strip(), self.community()
        if query:
            pages = BestFirst()
            found = pages.paginate_queryset(find(query, within=self.get_queryset(), community=community, limit=MOST_FOUND), request, self)
            return pages.get_paginated_response(ArticleSerializer(found, many=True).data)
        page = self.paginate_queryset(self.get_queryset().defer("parts", "contents").select_related("knowledge_base__community"))
        rows = [as_found(edition, score=0.0, community=self.community()) for edition in page or []]
        return self.get_paginated_response(ArticleSerializer(rows, many=True).data)

    @extend_schema(parameters=[QUERY, COMMUNITY], responses=ArticleSerializer(many=True))
    @action(detail=False, pagination_class=None)
    def suggest(self, request: Request) -> Response:
        """Up to five articles that may answer a question, the community's own first."""
        found = suggest(request.query_params.get("q", ""), actor=actor_of(request), community=self.community())
        return Response({"results": ArticleSerializer(found, many=True).data})

    def community(self) -> Community | None:
        """The community asked for; one the caller may not know is told from a misspelt one by nobody."""
        slug = self.request.query_params.get("community", "")
        if not slug:
            return None
        community = Community.objects.filter(slug=slug).first()
        if community is None or not can_enter(actor_of(self.request), community):
            raise ValidationError({"community": _("You have no community of that name.")})
        return community
