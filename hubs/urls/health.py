"""A hub's page, whether it is well, and how much it is used."""

from django.urls import path

from hubs.views import health, use

urlpatterns = [
    path("c/<slug:slug>/hubs/use/", use.community, name="community_use"),
    path("c/<slug:slug>/hubs/<slug:cluster>/<slug:name>/", health.hub, name="hub"),
    path("c/<slug:slug>/hubs/<slug:cluster>/<slug:name>/health/", health.fragment, name="hub_health"),
    path("c/<slug:slug>/hubs/<slug:cluster>/<slug:name>/look/", health.look, name="hub_look"),
    path("c/<slug:slug>/hubs/<slug:cluster>/<slug:name>/public/", health.public, name="hub_public"),
    path("hubs/health/", health.troubled, name="health"),
    path("hubs/use/", use.everywhere, name="use"),
]
