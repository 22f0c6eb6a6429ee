"""The desk with GitHub as its deployer: from an approved plan to a hub that is live, told by webhooks and looked at without them."""

from datetime import timedelta

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from demo.github.faults import Fault
from demo.github.transport import SimulatorTransport
from hubs import deployment
from hubs.choosing import deployer
from hubs.models import HubRequest
from hubs.states import RequestState
from tests.factories import CommunityFactory, UserFactory
from tests.hubs import documents
from tests.hubs.factories import HubRequestFactory
from tests.hubs.worlds.github import REPOSITORY, TOKEN, World

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-github"
AS_GITHUB_SENDS = ("x-github-event", "x-github-delivery", "x-hub-signature-256")


class Desk(httpx.BaseTransport):
    """Webhooks lead into the desk."""

    def handle_request(self, request):
        headers = {name: request.headers[name] for name in AS_GITHUB_SENDS}
        answer = Client().post("/webhooks/deployer/github/", request.content, content_type="application/json", headers=headers)
        return httpx.Response(answer.status_code)


@pytest.fixture
def world(tmp_path, settings):
    hook = {"webhook_url": "https://desk.test/webhooks/deployer/github/", "webhook_secret": SECRET, "webhook_transport": Desk()}
    world = World(tmp_path, **hook)
    settings.DEPLOYER_URL = f"github+https://github.test/{REPOSITORY}"
    settings.GITHUB_API_URL = "https://github.test/api/v3"
    settings.GITHUB_TOKEN, settings.GITHUB_WEBHOOK_SECRET = TOKEN, SECRET
    settings.GITHUB_TRANSPORT = SimulatorTransport(world.simulator)
    settings.VAR_DIR = tmp_path / "var"
    world.now = timezone.now()
    return world


def approved(request_document, **more):
    facts = {"approved_by": UserFactory(name="Ben"), "approved_at": timezone.now(), "plan_digest": deployer().plan(request_document).digest}
    community = CommunityFactory(slug="aurora")
    return HubRequestFactory(
        community=community, kind=request_document["kind"], document=request_document, revision=1, state="approved", **facts, **more
    )


def goes_on(request, world):
    """The task, when its time has come."""
    HubRequest.objects.filter(pk=request.pk).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    return request


def test_approved_request_ends_live_and_the_webhooks_have_it_looked_at(world):
    request = approved(documents.change({"op": "set_culling", "idle_minutes": 30}))
    while goes_on(request, world).state != RequestState.WAITING:
        pass
    assert (request.stage, request.deployment["change"]["url"]) == ("waiting-for-merge", f"https://github.test/{REPOSITORY}/pull/1")
    HubRequest.objects.update(next_attempt_at=None)
    world.code.merge(world.pull["number"])
    world.simulator.bells.copies = 2
    world.simulator.bells.release(backwards=True)
    request.refresh_from_db()
    assert request.next_attempt_at is not None
    while not goes_on(request, world).is_final:
        pass
    assert (request.state, request.stage) == (RequestState.SUCCEEDED, "live")
    assert {each["type"]: each["status"] for each in request.hub.conditions} == {"Synced": "True", "Ready": "True", "Usable": "True"}
    assert (world.changes(), len(world.code.pulls)) == (1, 1)


def test_limit_of_github_is_waited_out(world):
    request = approved(documents.change({"op": "set_culling", "idle_minutes": 30}))

    world.simulator.faults.add(Fault("secondary", seconds=300))
    goes_on(request, world)
    assert (request.state, request.next_attempt_at > timezone.now() + timedelta(seconds=200)) == (RequestState.APPROVED, True)
