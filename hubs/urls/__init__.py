"""Addresses of the hubs' room, one module for each of its doors."""

from hubs.urls import calendar, community, engineers, health, hooks, registry

app_name = "hubs"
urlpatterns = [
    *community.urlpatterns,
    *health.urlpatterns,
    *engineers.urlpatterns,
    *registry.urlpatterns,
    *calendar.urlpatterns,
    *hooks.urlpatterns,
]
