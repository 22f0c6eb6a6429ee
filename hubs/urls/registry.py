"""Clusters and hubs, as the engineers and the support staff look them up."""

from django.urls import path

from hubs.views import registry

urlpatterns = [
    path("hubs/all/", registry.hubs, name="list"),
    path("hubs/all/<slug:cluster>/<slug:name>/", registry.one, name="one"),
    path("hubs/all/<slug:cluster>/<slug:name>/values/", registry.values, name="values"),
    path("hubs/all/<slug:cluster>/<slug:name>/undo/", registry.undo, name="undo_match"),
    path("hubs/unmatched/", registry.unmatched, name="unmatched"),
    path("hubs/clusters/", registry.clusters, name="clusters"),
    path("hubs/clusters/<slug:name>/", registry.cluster, name="cluster"),
]
