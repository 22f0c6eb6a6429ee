"""Who gets through to the ground's addresses."""

from tests.access.routes import EVERYBODY, Route

ROUTES = [
    Route("healthz", EVERYBODY),
    Route("readyz", EVERYBODY),
]
