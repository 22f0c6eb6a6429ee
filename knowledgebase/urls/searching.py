"""Finding articles."""

from django.urls import path

from knowledgebase.views import searching

urlpatterns = [
    path("kb/search/", searching.search, name="search"),
    path("c/<slug:slug>/kb/search/", searching.search, name="community_search"),
    path("c/<slug:slug>/kb/suggest/", searching.suggestions, name="community_suggestions"),
]
