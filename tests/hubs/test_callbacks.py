"""The deployer's doorbell: who may ring, and that each ring counts once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from hubs import callbacks, tasks
from hubs.models import HeardCallback, Hub, HubRequest
from tests.factories import UserFactory
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-the-deployer"


@pytest.fixture
def deploying(settings):
    settings.DEPLOYER_CALLBACK_SECRET = SECRET
    approved = {"approved_by": UserFactory(), "approved_at": timezone.now(), "plan_digest": "sha256:1"}
    return HubRequestFactory(state="deploying", deployment_id="d-1", **approved)


def ring(client, body=None, *, identity="msg-1", secret=SECRET, ago=timedelta(0), **headers):
    raw = body if body is not None else json.dumps({"type": "deployment.updated", "data": {"deployment_id": "d-1"}})
    stamp = str(int((timezone.now() - ago).timestamp()))
    signed = {
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": callbacks.signature(identity, stamp, raw.encode(), secret=secret),
    }
    return client.post("/webhooks/deployer/", raw, content_type="application/json", headers=signed | headers).status_code


def test_a_signed_callback_has_the_deployment_read_again(client, deploying):
    assert ring(client) == 204
    assert HubRequest.objects.get().next_attempt_at is not None


def test_a_repeated_callback_is_taken_once(client, deploying):
    assert ring(client) == 204
    HubRequest.objects.update(next_attempt_at=None)
    assert ring(client) == 204
    assert HubRequest.objects.get().next_attempt_at is None
    assert HeardCallback.objects.count() == 1


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another"},
        {"ago": timedelta(minutes=6)},
        {"ago": timedelta(minutes=-6)},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,ü"},
        {"webhook-id": ""},
        {"webhook-id": "x" * 300},
    ],
)
def test_a_callback_that_is_not_the_deployers_is_refused(client, deploying, how):
    assert ring(client, **how) == 401
    assert HubRequest.objects.get().next_attempt_at is None


def test_without_a_secret_every_callback_is_refused(client, deploying, settings):
    settings.DEPLOYER_CALLBACK_SECRET = ""
    assert ring(client, secret="") == 401


@pytest.mark.parametrize("body", ["", "[]", "{", '{"data": 7}', '{"data": null}', '"x"', "[" * 200_000])
def test_a_signed_callback_that_cannot_be_read_is_400(client, deploying, body):
    assert ring(client, body) == 400


def test_a_callback_of_a_hub_has_the_registry_read_once_for_all_that_ring_meanwhile(
    client, deploying, repository, django_capture_on_commit_callbacks
):
    body = json.dumps({"type": "hub.changed", "data": {"cluster": "a", "hub": "b"}})
    Hub.objects.all().delete()
    with django_capture_on_commit_callbacks() as enqueued:
        assert [ring(client, body, identity=f"msg-{number}") for number in range(3)] == [204] * 3
    assert (len(enqueued), HubRequest.objects.get().next_attempt_at) == (1, None)
    tasks.keep_current()
    assert [hub.name for hub in Hub.objects.all()] == ["staging"]


def test_a_callback_of_an_unknown_deployment_changes_nothing(client, deploying):
    assert ring(client, json.dumps({"data": {"deployment_id": "d-2\x00"}}), identity="msg-2") == 204
    assert HubRequest.objects.get().next_attempt_at is None


def test_one_of_several_signatures_is_enough(client, deploying):
    stamp = str(int(timezone.now().timestamp()))
    raw = json.dumps({"data": {"deployment_id": "d-1"}})
    right = callbacks.signature("m", stamp, raw.encode(), secret=SECRET)
    headers = {"webhook-id": "m", "webhook-timestamp": stamp, "webhook-signature": f"v1,AAAA {right}"}
    assert client.post("/webhooks/deployer/", raw, content_type="application/json", headers=headers).status_code == 204
