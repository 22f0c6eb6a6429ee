"""A failed deployment becomes an incident of its community, once an attempt."""

import pytest

from hubs.models import HubRequest
from hubs.signals import deployment_failed
from support.models import Ticket
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db


def fails(request, reason="Helm timed out"):
    deployment_failed.send(sender=HubRequest, request=request, reason=reason)


def test_a_failed_deployment_opens_an_incident_and_its_reason_is_for_engineers():
    request = HubRequestFactory(deployment_id="d-1")

    fails(request)

    ticket = Ticket.objects.get()
    assert (ticket.community, ticket.kind, ticket.opened_by, ticket.origin) == (
        request.community,
        "incident",
        None,
        f"hub-request:{request.pk}:d-1",
    )
    assert "Helm timed out" not in ticket.body_text
    assert "Helm timed out" in ticket.messages.get().body_text


def test_the_facts_are_in_a_note_that_the_community_does_not_see():
    steps = [
        {"name": "check", "title": "Check it", "status": "failed", "has_log": True},
        {"name": "merge", "title": "Merge", "status": "pending"},
    ]
    error = {
        "type": "urn:deployer:problem:invalid-request",
        "retryable": True,
        "errors": [{"code": "check", "pointer": "", "detail": "line 7"}],
    }
    told = {"steps": steps, "error": error, "hub_usable": True, "attempt": 1}
    request = HubRequestFactory(deployment_id="d-1", deployment=told, plan_digest="sha256:abc")

    fails(request)

    ticket = Ticket.objects.get()
    note = ticket.messages.get()
    assert "Your hub still runs as it did before." in ticket.body_text
    assert "sha256:abc" not in ticket.body_text
    assert note.kind == "note"
    for fact in (
        f"/hubs/requests/{request.reference}/log/check/",
        "Merge: pending",
        "line 7",
        "it can be tried again",
        "The hub as it was still runs.",
        "sha256:abc",
        "d-1",
    ):
        assert fact in note.body_text


def test_a_second_attempt_that_fails_is_another_ticket():
    request = HubRequestFactory(deployment_id="d-1")
    fails(request)
    request.deployment = {"attempt": 2}
    fails(request)

    assert sorted(Ticket.objects.values_list("origin", flat=True)) == [f"hub-request:{request.pk}:d-1", f"hub-request:{request.pk}:d-1:2"]


def test_the_same_attempt_told_twice_is_one_ticket_and_another_attempt_another():
    request = HubRequestFactory(deployment_id="d-1")
    fails(request)
    fails(request)
    request.deployment_id = "d-2"
    fails(request)

    assert Ticket.objects.count() == 2
