"""A failed deployment becomes an incident of its community, once an attempt."""

import pytest

from hubs.models import HubRequest
from hubs.signals import deployment_failed
from support.models import Ticket
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db


def fails(request, reason="Helm timed out"):
    deployment_failed.send(sender=HubRequest, request=request, reason=reason)


def test_a_failed_deployment_opens_an_incident_with_its_reason():
    request = HubRequestFactory(deployment_id="d-1")

    fails(request)

    ticket = Ticket.objects.get()
    assert (ticket.community, ticket.kind, ticket.opened_by, ticket.origin) == (
        request.community,
        "incident",
        None,
        f"hub-request:{request.pk}:d-1",
    )
    assert "Helm timed out" in ticket.body_text


def test_the_same_attempt_told_twice_is_one_ticket_and_another_attempt_another():
    request = HubRequestFactory(deployment_id="d-1")
    fails(request)
    fails(request)
    request.deployment_id = "d-2"
    fails(request)

    assert Ticket.objects.count() == 2
