"""Who gets through to the routes of the desk and of a community's tickets, by what they are for."""

from tests.support.routes import (
    asking,
    automation,
    base,
    clocks,
    composing,
    escalating,
    incidents,
    notices,
    queue,
    relations,
    reports,
    triage,
    writing_up,
)

ROOMS = (base, queue, triage, composing, relations, clocks, escalating, incidents, automation, notices, reports, asking, writing_up)
ROUTES = [route for room in ROOMS for route in room.ROUTES]
