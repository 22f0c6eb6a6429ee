"""Who gets through to the portal's routes."""

from tests.access.routes import EVERYBODY, MEMBERS, SIGNED_IN, STAFF, Route, of_community

ROUTES = [
    Route("portal:start", EVERYBODY),
    Route("portal:status", EVERYBODY),
    Route("portal:widget", EVERYBODY),
    Route("portal:communities", SIGNED_IN),
    Route("portal:community", MEMBERS | STAFF, of_community),
]
