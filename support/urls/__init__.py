"""Addresses of the desk and of a community's tickets, by what they are for."""

from support.urls import (
    asking,
    automation,
    clocks,
    composing,
    desk,
    escalating,
    incidents,
    mirror,
    notices,
    portal,
    queue,
    relations,
    reports,
    triage,
    writing_up,
)

app_name = "support"
ROOMS = (
    desk,
    queue,
    triage,
    composing,
    relations,
    clocks,
    escalating,
    incidents,
    automation,
    notices,
    reports,
    mirror,
    asking,
    writing_up,
    portal,
)
urlpatterns = [pattern for room in ROOMS for pattern in room.urlpatterns]
