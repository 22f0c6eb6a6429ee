"""Addresses of the knowledge bases and of their files."""

from django.urls import path

from knowledgebase import views

app_name = "knowledgebase"
urlpatterns = [
    path("kb/", views.home, name="home"),
    path("kb/search/", views.search, name="search"),
    path("kb/<path:address>/", views.article, name="article"),
    path("c/<slug:slug>/kb/", views.home, name="community_home"),
    path("c/<slug:slug>/kb/search/", views.search, name="community_search"),
    path("c/<slug:slug>/kb/suggest/", views.suggestions, name="community_suggestions"),
    path("c/<slug:slug>/kb/<path:address>/", views.article, name="community_article"),
    path("files/images/<uuid:key>/<str:spec>/", views.image, name="image"),
    path("files/documents/<uuid:key>/", views.document, name="document"),
]
