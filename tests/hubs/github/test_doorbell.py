"""GitHub's doorbell at the desk: who may ring, what it is about, and that each ring counts once."""

import json

import httpx
import pytest
from django.test import Client
from django.utils import timezone

from demo.github.bells import Bells, Delivery
from hubs.deployers.github.doorbell import Rung, heard
from hubs.models import HeardCallback, HubRequest
from tests.factories import UserFactory
from tests.hubs.factories import HubRequestFactory

SECRET = "a-secret-of-github"
MERGE = "a" * 40


@pytest.fixture
def deploying(settings):
    settings.GITHUB_WEBHOOK_SECRET = SECRET
    facts = {"approved_by": UserFactory(), "approved_at": timezone.now(), "plan_digest": "sha256:1"}
    return HubRequestFactory(
        state="deploying", deployment_id="hub-request-HR-7-r1", deployment={"change": {"branch": "x", "merged_as": MERGE}}, **facts
    )


class Told(httpx.BaseTransport):
    """An httpx transport that leads into the desk, and keeps the answers."""

    def __init__(self):
        self.statuses = []

    def handle_request(self, request):
        headers = {name: value for name, value in request.headers.items() if name.startswith("x-")}
        answer = Client().post("/webhooks/deployer/github/", request.content, content_type="application/json", headers=headers)
        self.statuses.append(answer.status_code)
        return httpx.Response(answer.status_code)


def bells(secret=SECRET):
    told = Told()
    return Bells("https://desk.test/webhooks/deployer/github/", secret, told), told


def is_due(request):
    due = HubRequest.objects.get(pk=request.pk).next_attempt_at is not None
    HubRequest.objects.update(next_attempt_at=None)
    return due


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("pull_request", {"pull_request": {"head": {"ref": "hub-request/HR-7-r1"}}}, True),
        ("push", {"ref": "refs/heads/hub-request/HR-7-r1", "after": "b" * 40}, True),
        ("push", {"ref": "refs/heads/main", "after": MERGE}, True),
        ("workflow_run", {"workflow_run": {"head_branch": "main", "head_sha": MERGE}}, True),
        ("workflow_job", {"workflow_job": {"head_sha": MERGE}}, True),
        ("check_run", {"check_run": {"pull_requests": [{"head": {"ref": "hub-request/HR-7-r1"}}]}}, True),
        ("check_suite", {"check_suite": {"head_branch": "hub-request/HR-7-r1"}}, True),
        ("installation", {"action": "suspend"}, True),
        ("pull_request", {"pull_request": {"head": {"ref": "hub-request/HR-8-r1"}}}, False),
        ("push", {"ref": "refs/heads/main", "after": "b" * 40}, False),
        ("issues", {"issue": {"number": 1}}, False),
        ("pull_request", {"pull_request": [1, 2]}, False),
    ],
)
def test_event_has_the_requests_looked_at_that_it_names(deploying, event, payload, expected):
    ring, told = bells()
    ring.ring(event, "example-hubs/infrastructure", **payload)
    ring.tell()
    assert (told.statuses, is_due(deploying)) == ([204], expected)


@pytest.mark.django_db
def test_delivery_that_comes_twice_is_heard_once(deploying):
    ring, told = bells()
    ring.copies, ring.is_held = 2, True
    ring.ring("pull_request", "o/r", pull_request={"head": {"ref": "hub-request/HR-7-r1"}})
    ring.release()
    assert (told.statuses, HeardCallback.objects.count(), is_due(deploying)) == ([204, 204], 1, True)


@pytest.mark.django_db
def test_request_that_has_ended_is_left_alone(deploying):
    HubRequest.objects.update(state="cancelled")
    ring, _told = bells()
    ring.ring("installation", "o/r", action="deleted")
    ring.tell()
    assert not is_due(deploying)


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["", "another"])
def test_wrong_signature_is_refused_unread(deploying, secret):
    ring, told = bells(secret)
    ring.ring("installation", "o/r", action="deleted")
    ring.tell()
    assert (told.statuses, HeardCallback.objects.count(), is_due(deploying)) == ([401], 0, False)


@pytest.mark.django_db
def test_unset_secret_knows_nobody(deploying, settings):
    settings.GITHUB_WEBHOOK_SECRET = ""
    ring, told = bells("")
    ring.ring("installation", "o/r", action="deleted")
    ring.tell()
    assert told.statuses == [401]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "delivery", [Delivery("push", b"no json"), Delivery("push", b"{}", identity="a b"), Delivery("push", b"{}", identity="")]
)
def test_signed_and_unreadable_is_400(deploying, delivery):
    ring, told = bells()
    ring.waiting = [delivery]
    ring.tell()
    assert told.statuses == [400]


def test_what_is_no_object_names_nothing():
    assert [heard("push", payload) for payload in ([], None, "x", {"ref": 7, "after": 7})] == [Rung()] * 4


def test_branch_that_leads_elsewhere_names_nothing():
    names = ["hub-request/../main-r1", "hub-request/7", "hub-request/7-rx", "main", "hub-request/7-r1\n"]
    assert {heard("push", json.loads(json.dumps({"ref": f"refs/heads/{name}"}))) for name in names} == {Rung()}
