"""Who gets through to the addresses of incidents."""

from support import incidents
from tests.access.routes import EVERYBODY, SIGNED_IN, Route, World
from tests.factories import acting, staff
from tests.support.factories import TicketFactory
from tests.support.incidents.factories import declared
from tests.support.routes.base import DESK, a_ticket

RUNNERS = frozenset({"Support agent", "Support triager", "Engineer", "Operator"})
WORDS = {"title_en": "Slow", "severity": "minor"}


def an_incident(world: World) -> tuple[str]:
    return (declared(ticket=TicketFactory(community=world.community)).reference,)


def a_follow_up(world: World) -> tuple[str, int]:
    incident = declared(ticket=TicketFactory(community=world.community))
    return (incident.reference, incidents.add_follow_up(incident, text="Watch the disk", by=acting(staff())).pk)


ROUTES = [
    Route("support:incidents", DESK),
    Route("support:incident_declare", RUNNERS),
    Route("support:incident_declare", RUNNERS, method="post", data=WORDS),
    Route("support:incident", DESK, an_incident),
    Route("support:incident_edit", RUNNERS, an_incident),
    Route("support:incident_edit", RUNNERS, an_incident, method="post", data=WORDS),
    Route("support:incident_say", RUNNERS, an_incident, method="post", data={"update-text_en": "We look", "update-state": "investigating"}),
    Route("support:incident_share", RUNNERS, an_incident, method="post"),
    Route("support:incident_note", RUNNERS, an_incident, method="post", data={"line-text": "Disk full"}),
    Route("support:incident_follow_up", RUNNERS, an_incident, method="post", data={"follow-up-text": "Watch the disk"}),
    Route("support:incident_finish", RUNNERS, a_follow_up, method="post"),
    Route("support:incident_unfinish", RUNNERS, a_follow_up, method="post"),
    Route("support:incident_timeline", DESK, an_incident),
    Route("support:incident_attach", RUNNERS, a_ticket, method="post"),
    Route("support:incident_detach", RUNNERS, a_ticket, method="post"),
    Route("support:incident_mails", SIGNED_IN),
    Route("support:incident_mails", SIGNED_IN, method="post", data={"wants": "0"}),
    Route("support:status_feed", EVERYBODY),
    Route("support:status_month", EVERYBODY, lambda _world: (2026, 3)),
    Route("support:status_incident", EVERYBODY, an_incident),
]
