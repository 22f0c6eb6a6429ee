"""A person deploys: every step waits to be ticked off."""

import pytest

from ground.errors import Rejected
from hubs.deployers import Approval, Order
from hubs.deployers.manual import Manual
from tests.hubs import documents
from tests.hubs.deploying import NOW


@pytest.fixture
def person(tmp_path):
    return Manual(tmp_path / "deployments.git", clock=lambda: NOW)


def order(person, request, **approval):
    return Order("7", 1, request, Approval("Ben", NOW, person.plan(request).digest, **approval))


def test_ends_when_the_last_step_is_ticked_off(person):
    wanted = order(person, documents.new_hub())
    deployment = person.start(wanted)
    assert (deployment.state, [step.status for step in deployment.steps]) == ("waiting", ["pending"] * 3)
    for item in deployment.preconditions:
        assert deployment.state == "waiting"
        deployment = person.settle(deployment.id, item.key, status="met", by="Ben")
    assert (deployment.state, deployment.stage, person.read(deployment.id)) == ("succeeded", "done-by-hand", deployment)
    assert person.start(wanted) == deployment


def test_changed_request_goes_back_to_the_approver(person):
    wanted = order(person, documents.new_hub())
    with pytest.raises(Rejected) as caught:
        person.start(Order("7", 1, documents.event(), wanted.approval))
    assert caught.value.status == 409


def test_cancelled_cannot_be_ticked_off(person):
    deployment = person.start(order(person, documents.event()))
    assert person.cancel(deployment.id, by="Ana", reason="").state == "cancelled"
    with pytest.raises(Rejected):
        person.settle(deployment.id, "prepare", status="met", by="Ben")


def test_incomplete_request_is_refused_with_its_fields(person):
    with pytest.raises(Rejected) as caught:
        person.plan({"kind": "event"})
    assert (caught.value.status, "/event/title" in {error["pointer"] for error in caught.value.errors}) == (422, True)


def test_plan_of_a_change_names_the_hub_that_restarts(person):
    assert [redeploy.hub for redeploy in person.plan(documents.change({"op": "set_culling"})).redeploys] == ["staging"]
    assert person.hubs() == person.clusters() == []
