"""The desk with a deployer behind HTTP: the whole way, interruptions, and callbacks of every kind."""

import json
from datetime import timedelta

import httpx
import pytest
from django.utils import timezone

from ground import sweep
from ground.errors import Rejected
from hubs import callbacks, defaults, deployment, following, logs, requests
from hubs.deployers.gitops import steps
from hubs.models import Hub, HubRequest, StepLog
from hubs.states import RequestState
from hubs.views.community import progress_tag
from support.models import Ticket
from tests.hubs.deploying import order
from tests.hubs.documents import new_hub
from tests.hubs.faulty import Losing
from tests.hubs.test_deployment import planned, settled, to_the_end
from tests.hubs.worlds.http import TOKEN, HttpWorld

pytestmark = pytest.mark.django_db
SECRET = "a-secret-of-the-deployer"


@pytest.fixture
def world(tmp_path):
    return HttpWorld(tmp_path)


@pytest.fixture
def desk(world, settings, tmp_path):
    """The desk's settings, and how its calls travel."""
    settings.DEPLOYER_URL, settings.DEPLOYER_TOKEN, settings.DEPLOYER_CALLBACK_SECRET = "https://deployer.example", TOKEN, SECRET
    settings.VAR_DIR = tmp_path
    settings.DEPLOYER_TRANSPORT = Losing(world.application(world.behind.again()))
    return settings


@pytest.fixture
def approved(desk, community, representative, engineer):
    request = planned(community, representative)
    return requests.approve(request, plan_digest=request.plan_digest, by=engineer)


def ring(client, identity, **data):
    body = json.dumps({"type": "deployment.updated", "timestamp": timezone.now().isoformat(), "data": data})
    stamp = str(int(timezone.now().timestamp()))
    signed = callbacks.signature(identity, stamp, body.encode(), secret=SECRET)
    headers = {"webhook-id": identity, "webhook-timestamp": stamp, "webhook-signature": signed}
    return client.post("/webhooks/deployer/", body, content_type="application/json", headers=headers).status_code


def test_a_request_is_carried_out_by_somebody_else(world, approved, engineer):
    request = to_the_end(approved)
    assert (request.state, request.stage) == (RequestState.WAITING, "waiting-for-people")
    request = to_the_end(settled(request, engineer))
    assert (request.state, request.hub.name, world.changes()) == (RequestState.SUCCEEDED, "aurora", 1)
    assert Hub.objects.get(name="aurora").domain == "aurora.shared.hubs.example"


def test_an_approval_with_a_day_is_carried_out_once_the_day_has_come(desk, community, representative, engineer):
    request = planned(community, representative)
    approved = requests.approve(request, plan_digest=request.plan_digest, not_before=timezone.now() + timedelta(days=2), by=engineer)
    HubRequest.objects.update(not_before=timezone.now() - timedelta(minutes=1), next_attempt_at=timezone.now())
    assert to_the_end(approved).state == RequestState.WAITING


def test_a_desk_is_set_up_with_what_the_deployer_knows_or_while_it_is_away(desk):
    desk.DEPLOYER_TRANSPORT.left = 1
    defaults.ensure()
    assert Hub.objects.count() == 0
    defaults.ensure()
    assert [(hub.cluster.name, hub.name) for hub in Hub.objects.all()] == [("shared", "staging")]


def test_an_unsound_answer_stands_at_its_field(desk, community, representative):
    request = planned(community, representative, new_hub(domain="staging.shared.hubs.example"))
    assert (request.state, [problem["pointer"] for problem in request.problems]) == (RequestState.RETURNED, ["/hubs/0/domain"])


def test_a_plan_that_changed_behind_http_goes_back_to_the_approvers(world, approved):
    world.let_it_happen(world.behind.deployer.start(_other(world)))
    deployment.carry_on(approved.pk)
    approved.refresh_from_db()
    assert (approved.state, approved.approved_by) == (RequestState.PLANNED, None)


def _other(world):
    other = new_hub(name="other", domain="other.shared.hubs.example", display_name="Other")
    return order(world.behind.deployer, other, request_id="99")


@pytest.mark.parametrize("lost", [1, 3, 6])
def test_lost_answers_leave_one_deployment_and_one_change(world, desk, approved, engineer, lost):
    desk.DEPLOYER_TRANSPORT.left = lost
    request = to_the_end(approved)
    request = to_the_end(settled(request, engineer))
    assert (request.state, world.changes(), len(world.behind.again().records.all())) == (RequestState.SUCCEEDED, 1, 1)


def test_a_deployer_that_asks_for_patience_gets_it(desk, approved):
    desk.DEPLOYER_TRANSPORT = httpx.MockTransport(lambda _request: httpx.Response(503, headers={"Retry-After": "900"}))
    deployment.carry_on(approved.pk)
    approved.refresh_from_db()
    assert (approved.state, approved.attempts) == (RequestState.APPROVED, 1)
    assert approved.next_attempt_at > timezone.now() + timedelta(minutes=14)


def asked_often(request, times=14):
    for _time in range(times):
        HubRequest.objects.update(next_attempt_at=timezone.now())
        deployment.carry_on(request.pk)
    request.refresh_from_db()
    return request


def test_a_hub_that_is_busy_for_days_fails_nothing_and_says_what_it_waits_for(desk, approved):
    busy = {"type": "urn:deployer:problem:hub-busy", "title": "Busy", "status": 409}
    desk.DEPLOYER_TRANSPORT = httpx.MockTransport(lambda _request: httpx.Response(409, json=busy))
    before = progress_tag(approved)
    request = asked_often(approved)
    assert progress_tag(request) != before
    assert (request.state, request.attempts, Ticket.objects.count()) == (RequestState.APPROVED, 0, 0)
    assert request.next_attempt_at > timezone.now() + timedelta(minutes=4)
    assert following.sentence(request) == "Another change of this hub is being carried out. This one starts when that is done."


def test_a_deployer_that_is_away_while_it_works_fails_nothing(desk, approved):
    deployment.carry_on(approved.pk)
    there, desk.DEPLOYER_TRANSPORT = desk.DEPLOYER_TRANSPORT, httpx.MockTransport(lambda _request: httpx.Response(503))
    request = asked_often(approved)
    assert (request.state, Ticket.objects.count()) == (RequestState.DEPLOYING, 0)
    assert following.sentence(request) == "We cannot see at the moment how far it is. It goes on all the same, and we keep asking."
    desk.DEPLOYER_TRANSPORT = there
    assert to_the_end(request).state == RequestState.WAITING


def test_a_wrong_token_waits_for_an_operator_and_fails_nothing(desk, approved):
    desk.DEPLOYER_TOKEN = "wrong"
    deployment.carry_on(approved.pk)
    approved.refresh_from_db()
    assert (approved.state, approved.last_error) == (RequestState.APPROVED, "deployer.example does not accept DEPLOYER_TOKEN")


def test_callbacks_doubled_and_out_of_order_leave_one_change(client, world, approved, engineer):
    deployment.carry_on(approved.pk)
    told = HubRequest.objects.get(pk=approved.pk)
    about = {"deployment_id": told.deployment_id, "request_id": told.reference, "state": "in_progress", "stage": "x"}
    for number, version in enumerate((5, 2, 9, 3, 5, 1, 9)):
        assert ring(client, f"msg-{number % 5}", **about, version=version) == 204
        sweep.perform_due(rounds=2)
    request = to_the_end(settled(to_the_end(told), engineer))
    assert ring(client, "late", **about, version=2) == 204
    request.refresh_from_db()
    assert (request.state, request.next_attempt_at, world.changes()) == (RequestState.SUCCEEDED, None, 1)


def test_a_callback_about_what_we_know_has_nothing_read(client, approved):
    deployment.carry_on(approved.pk)
    request = HubRequest.objects.get(pk=approved.pk)
    later = timezone.now() + timedelta(hours=1)
    known = request.deployment["version"]
    for version, is_read in ((known - 1, False), (known, False), (known + 1, True)):
        HubRequest.objects.update(next_attempt_at=later)
        ring(client, f"msg-{version}", deployment_id=request.deployment_id, version=version)
        assert (HubRequest.objects.get().next_attempt_at < later) is is_read


def test_cancel_and_settle_travel(world, approved, engineer):
    request = to_the_end(approved)
    requests.settle(request, key="oauth-app", status="met", by=engineer, note="done")
    request = to_the_end(request)
    assert next(item["status"] for item in request.deployment["preconditions"] if item["key"] == "oauth-app") == "met"
    requests.cancel(request, by=engineer, reason="Not needed")
    request = to_the_end(request)
    assert (request.state, world.changes()) == (RequestState.CANCELLED, 0)
    assert request.orders == []


def test_a_failed_step_has_its_log_and_a_ticket_and_is_tried_again(world, approved, engineer):
    request = to_the_end(approved)
    broken(world.behind.again(), request.deployment_id)
    request = to_the_end(request)
    assert (request.state, request.reason or request.last_error) == (RequestState.FAILED, "The disk is full.")
    assert StepLog.objects.get().text.splitlines()[-1] == "  The disk is full."
    ticket = Ticket.objects.get()
    note = ticket.messages.get(kind="note")
    assert ("The disk is full." in ticket.body_text, "The disk is full." in note.body_text) == (False, True)
    assert f"/hubs/requests/{request.reference}/log/check/" in note.body_text
    request = to_the_end(requests.retry(request, by=engineer))
    assert (request.state, request.deployment["attempt"]) == (RequestState.WAITING, 2)
    request = to_the_end(settled(request, engineer))
    assert (request.state, world.changes(), Ticket.objects.count()) == (RequestState.SUCCEEDED, 1, 1)


def broken(deployer, deployment_id):
    """A step that fails for a reason that goes away."""
    record, token = deployer.records.get(deployment_id)
    step = next(step for step in record.deployment.steps if step.name == "check")
    deployer.records.save(steps.failed(record, step, deployer._shop(), Rejected("The disk is full.", status=422)), token=token)


def test_logs_are_fetched_by_a_task_and_kept(world, approved, engineer):
    request = to_the_end(approved)
    row = logs.ask(request, "propose")
    assert (row.is_awaited, row.text) == (True, "")
    sweep.perform_due()
    row = StepLog.objects.get()
    assert (row.is_awaited, row.is_cut, row.text.splitlines()[0].endswith("begun")) == (False, False, True)
    with pytest.raises(KeyError):
        logs.ask(request, "merge")
