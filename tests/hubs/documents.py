"""Requests as a champion would send them, for tests to change one thing of."""

from copy import deepcopy
from typing import Any

PERSON = {"name": "Ana Ruiz", "email": "ana@aurora.example"}
HOMEPAGE = {
    "org": {"name": "Aurora Institute", "url": "https://aurora.example", "logo_url": "https://aurora.example/logo.png"},
    "funded_by": {"name": "NSF: AGS", "url": "https://nsf.example"},
}
CILOGON = {
    "method": "cilogon",
    "identity_providers": [{"entity_id": "https://idp.aurora.example/shibboleth", "allowed_domains": ["aurora.example"]}],
    "admins": ["ana@aurora.example"],
}
GITHUB = {"method": "github", "allowed_organizations": ["aurora-institute", "aurora-institute:hub-users"], "admins": ["ana-ruiz"]}
HUB = {
    "name": "aurora",
    "display_name": "Aurora Research Hub",
    "domain": "aurora.shared.hubs.example",
    "type": "jupyterhub",
    "authentication": CILOGON,
    "homepage": HOMEPAGE,
}
EVENT = {
    "title": "Ocean data workshop",
    "starts_at": "2027-03-08T09:00:00-05:00",
    "ends_at": "2027-03-12T17:00:00-05:00",
    "active_hours": "09:00-17:30",
    "timezone": "America/Bogota",
    "attendees": 60,
}
ENDING = {
    "reason": "unused",
    "last_day": "2027-06-30",
    "data": {"action": "delete", "confirmed_by": "Ana Ruiz"},
    "users_told": True,
    "confirm_hub_name": "aurora",
}


def _request(kind: str, **more: Any) -> dict[str, Any]:
    return deepcopy({"kind": kind, "community": "aurora", "requested_by": PERSON, **more})


def new_hub(**spec: Any) -> dict[str, Any]:
    return _request("new-hub", cluster="shared", hubs=[{**HUB, **spec}])


def new_cluster(**facts: Any) -> dict[str, Any]:
    cluster = {
        "name": "aurora",
        "provider": "aws",
        "region": "us-west-2",
        "paid_by": "community",
        "account_name": "aurora",
        "agreement_id": 7,
        **facts,
    }
    return _request("new-hub", new_cluster=cluster, hubs=[{**HUB, "name": "staging", "domain": "staging.aurora.hubs.example"}])


def event(**facts: Any) -> dict[str, Any]:
    return _request("event", cluster="shared", hub="staging", event={**EVENT, **facts})


def change(*changes: dict[str, Any], cluster: str = "shared", hub: str = "staging") -> dict[str, Any]:
    return _request("change", cluster=cluster, hub=hub, changes=list(changes))


def decommission(*, cluster: str = "shared", hub: str = "aurora", **facts: Any) -> dict[str, Any]:
    return _request("decommission", cluster=cluster, hub=hub, decommission={**ENDING, "confirm_hub_name": hub, **facts})
