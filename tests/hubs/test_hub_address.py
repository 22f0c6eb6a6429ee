"""Where a hub answers, and what a deployment that failed tells of it."""

from dataclasses import replace

import pytest

from hubs import deployment, registry
from hubs.deployers import Condition, Failure, State, interface
from hubs.models import Hub
from tests.hubs.deploying import NOW
from tests.hubs.factories import HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db
SEEN = interface.Hub("shared", "aurora", "Aurora", "https://aurora.shared.hubs.example", spec={"domain": "aurora.shared.hubs.example"})


def keep(seen):
    registry.keep_all([interface.Cluster("shared", "aws")], [seen])


@pytest.mark.parametrize(
    ("told", "url", "host", "domain"),
    [
        (SEEN.url, "https://aurora.shared.hubs.example/", "aurora.shared.hubs.example", "aurora.shared.hubs.example"),
        ("http://127.0.0.1:8123/a/b/", "http://127.0.0.1:8123/a/b/", "127.0.0.1:8123", "aurora.shared.hubs.example"),
        ("https://hubs.example:8443/", "https://hubs.example:8443/", "hubs.example:8443", "aurora.shared.hubs.example"),
        ("javascript://x/%0aalert(1)", "https://aurora.shared.hubs.example/", "aurora.shared.hubs.example", "aurora.shared.hubs.example"),
        ("", "", "", ""),
    ],
)
def test_address_is_the_domain_or_where_the_deployer_says(told, url, host, domain):
    keep(replace(SEEN, url=told))
    hub = Hub.objects.get()
    assert (hub.url, hub.host, hub.domain) == (url, host, domain)


def test_hub_that_moves_back_to_its_domain_has_no_other_address():
    keep(replace(SEEN, url="http://127.0.0.1:8123/"))
    keep(SEEN)
    assert Hub.objects.get().address == ""


@pytest.fixture
def row(engineer):
    return HubRequestFactory(state="deploying", approved_by=engineer.user, approved_at=NOW, plan_digest="sha256:x")


def failed(row, **facts):
    known = {"id": "hub-request-1-r1", "request_id": row.reference, "kind": row.kind, "version": 1, "created_at": NOW, "updated_at": NOW}
    error = Failure("urn:deployer:problem:invalid-request", "No server starts.", 502)
    return interface.Deployment(**known, state=State.FAILED, stage="verifying", cancellable=False, error=error, **facts)


def test_failed_deployment_leaves_its_hub_in_trouble_for_everybody_to_see(row):
    seen = replace(SEEN, conditions=(Condition("Ready", "True"), Condition("Usable", "False", reason="No server starts.")))
    kept = deployment.record(row, failed(row, hubs=(seen,)))
    kept.refresh_from_db()
    assert (kept.state, kept.hub.name, kept.hub.state, kept.hub.community) == ("failed", "aurora", "troubled", row.community)


def test_failed_deployment_that_tells_of_no_hub_makes_none(row):
    deployment.record(row, failed(row))
    assert Hub.objects.count() == 0


def test_page_of_a_community_shows_where_the_hub_answers(client, representative, community):
    HubFactory(community=community, address="http://127.0.0.1:8123/shared/aurora/")
    client.force_login(representative.user)
    assert (
        '<a href="http://127.0.0.1:8123/shared/aurora/" rel="external">127.0.0.1:8123</a>' in client.get("/c/aurora/hubs/").content.decode()
    )
