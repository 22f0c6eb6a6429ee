"""The first page of a knowledge base, and its articles."""

from django.urls import path

from knowledgebase.views import reading

urlpatterns = [
    path("kb/", reading.home, name="home"),
    path("kb/<path:address>/", reading.article, name="article"),
    path("c/<slug:slug>/kb/", reading.home, name="community_home"),
    path("c/<slug:slug>/kb/<path:address>/", reading.article, name="community_article"),
]
