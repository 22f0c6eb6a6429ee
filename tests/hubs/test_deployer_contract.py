"""One contract, whatever deploys: each test holds for every world."""

import json
from dataclasses import replace

import pytest

from ground.errors import Rejected, Unavailable
from hubs.deployers import Approval, Order, State, as_document
from tests.hubs import documents
from tests.hubs.deploying import NOW, Killed
from tests.hubs.worlds import WORLDS

SECRETS = ("the-token-of-the-desk", "BEGIN PRIVATE KEY", "password")


@pytest.fixture(params=sorted(WORLDS))
def world(request, tmp_path):
    return WORLDS[request.param](tmp_path)


def change(**facts):
    return documents.change({"op": "set_culling", "idle_minutes": 30, **facts})


def order(deployer, request, *, request_id="7", revision=1, digest="", **approval):
    return Order(request_id, revision, request, Approval("Ben", NOW, digest or deployer.plan(request).digest, **approval))


def refusal(call, *arguments, **options):
    with pytest.raises(Rejected) as caught:
        call(*arguments, **options)
    return caught.value.status, [error["code"] for error in caught.value.errors]


def test_says_what_it_can_do(world):
    able = world.deployer.capabilities()
    assert set(able.kinds) <= {"new-hub", "event", "change", "decommission"}
    assert able.features.plan
    assert 0 <= able.poll_after_seconds <= 3600  # nothing: it takes a step whenever it is read


def test_plan_writes_nothing_and_is_the_same_again(world):
    first = world.deployer.plan(documents.new_hub())
    assert world.again().plan(documents.new_hub()) == first
    assert first.is_sound
    assert world.changes() == 0


def test_plan_of_an_unsound_request_names_the_fields(world):
    with pytest.raises(Rejected) as caught:
        world.deployer.plan(documents.new_hub(name="../../evil", domain="not a domain"))
    assert caught.value.status == 422
    assert {error["pointer"] for error in caught.value.errors} == {"/hubs/0/name", "/hubs/0/domain"}


def test_order_of_an_unsound_request_names_the_same_fields(world):
    wanted = order(world.deployer, change())
    with pytest.raises(Rejected) as caught:
        world.deployer.start(replace(wanted, request=documents.new_hub(name="../../evil")))
    assert (caught.value.status, [error["pointer"] for error in caught.value.errors]) == (422, ["/hubs/0/name"])


def test_an_order_is_carried_out_once(world):
    done = world.let_it_happen(world.deployer.start(order(world.deployer, change())))
    assert (done.state, world.changes()) == (State.SUCCEEDED, 1)
    assert world.again().read(done.id).state == State.SUCCEEDED


def test_the_same_order_twice_is_one_deployment(world):
    wanted = order(world.deployer, change())
    first = world.deployer.start(wanted)
    assert world.again().start(wanted).id == first.id
    done = world.let_it_happen(first)
    assert (world.again().start(wanted).id, world.again().read(first.id).state) == (done.id, State.SUCCEEDED)
    assert world.changes() == 1


def test_another_order_under_the_same_name_is_refused(world):
    world.deployer.start(order(world.deployer, change()))
    other = order(world.deployer, change(idle_minutes=90))
    assert refusal(world.deployer.start, other) == (422, ["idempotency-key-reused"])


def test_a_digest_nobody_approved_is_refused(world):
    wanted = order(world.deployer, change(), digest="sha256:" + "0" * 64)
    assert refusal(world.deployer.start, wanted) == (409, ["plan-changed"])


def test_one_operation_a_hub_at_a_time(world):
    world.deployer.start(order(world.deployer, change()))
    other = documents.change({"op": "admins", "add": ["eve@hubs.example"]})
    assert refusal(world.deployer.start, order(world.deployer, other, request_id="8")) == (409, ["hub-busy"])


def test_a_decommission_needs_a_second_approver(world):
    if world.deployer.clusters():
        world.let_it_happen(world.deployer.start(order(world.deployer, documents.new_hub(), request_id="6")))
    request = documents.decommission()
    assert refusal(world.deployer.start, order(world.deployer, request)) == (422, ["required"])
    assert refusal(world.deployer.start, order(world.deployer, request, second_by="Ben"))[0] == 422
    assert world.deployer.start(order(world.deployer, request, second_by="Mia")).kind == "decommission"


def test_cancelled_before_it_is_done_changes_nothing(world):
    deployment = world.deployer.start(order(world.deployer, documents.new_hub()))
    cancelled = world.deployer.cancel(deployment.id, by="Ana", reason="not needed")
    assert (cancelled.state, cancelled.cancellable) == (State.CANCELLED, False)
    assert world.again().cancel(deployment.id, by="Ana", reason="again").state == State.CANCELLED
    assert (world.let_it_happen(cancelled).state, world.changes()) == (State.CANCELLED, 0)


def test_done_cannot_be_cancelled(world):
    done = world.let_it_happen(world.deployer.start(order(world.deployer, change())))
    assert refusal(world.deployer.cancel, done.id, by="Ana", reason="too late") == (409, ["not-cancellable"])


def test_what_has_not_failed_is_not_tried_again(world):
    done = world.let_it_happen(world.deployer.start(order(world.deployer, change())))
    assert refusal(world.deployer.retry, done.id, by="Ben")[0] == 409


def test_settling_what_nobody_knows_is_refused(world):
    deployment = world.deployer.start(order(world.deployer, documents.new_hub()))
    assert refusal(world.deployer.settle, deployment.id, "nothing", status="met", by="Ben")[0] == 404
    for item in deployment.preconditions[:1]:  # one that leaves nothing to people has none
        assert refusal(world.deployer.settle, deployment.id, item.key, status="maybe", by="Ben")[0] == 422


def test_a_settled_precondition_stays_settled(world):
    deployment = world.deployer.start(order(world.deployer, documents.new_hub()))
    for key in [item.key for item in deployment.preconditions][-1:]:
        for deployer in (world.deployer, world.again()):
            settled = deployer.settle(deployment.id, key, status="not-needed", by="Ben")
            assert next(item.status for item in settled.preconditions if item.key == key) == "not-needed"


@pytest.mark.parametrize("name", ["nobody-knows-it", "../main", "a/b", "-x", "é", "", ".."])
def test_a_deployment_nobody_knows_is_404(world, name):
    assert refusal(world.deployer.read, name)[0] == 404


def test_a_version_never_goes_back(world):
    deployment = world.deployer.start(order(world.deployer, documents.new_hub()))
    versions = [deployment.version]
    for _round in range(8):
        deployment = world.deployer.read(deployment.id)
        versions.append(deployment.version)
    versions.append(world.let_it_happen(deployment).version)
    assert versions == sorted(versions)


def test_events_are_told_in_order_and_from_any_number_on(world):
    done = world.let_it_happen(world.deployer.start(order(world.deployer, change())))
    events = world.again().events(done.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert len(events) > 1
    assert world.deployer.events(done.id, after=events[0].seq) == events[1:]
    assert refusal(world.deployer.events, "nobody-knows-it")[0] == 404


def test_a_log_is_read_in_parts_and_ends(world):
    done = world.let_it_happen(world.deployer.start(order(world.deployer, change())))
    told = [step for step in done.steps if step.has_log]
    assert told
    whole = world.deployer.log(done.id, told[0].name)
    assert whole.text
    assert world.deployer.log(done.id, told[0].name, offset=4).text == whole.text[4:]
    assert world.deployer.log(done.id, told[0].name, offset=whole.next_offset).text == ""
    assert refusal(world.deployer.log, done.id, "no-such-step")[0] == 404


def test_hubs_and_clusters_belong_together(world):
    clusters = {cluster.name: cluster.hubs for cluster in world.deployer.clusters()}
    hubs = world.deployer.hubs()
    assert {name: sum(hub.cluster == name for hub in hubs) for name in clusters} == clusters
    assert {hub.cluster for hub in hubs} <= set(clusters)


def test_no_secret_is_in_any_document(world):
    request = documents.new_hub(authentication=documents.GITHUB)
    plan = world.deployer.plan(request)
    deployment = world.let_it_happen(world.deployer.start(order(world.deployer, request)))
    parts = [plan, deployment, *world.deployer.events(deployment.id), *world.deployer.hubs(), *world.deployer.clusters()]
    parts += [world.deployer.log(deployment.id, step.name) for step in deployment.steps if step.has_log]
    told = json.dumps([as_document(part) for part in parts], ensure_ascii=False)
    for said in ("password •••", "Everybody enters with one password"):  # a hub on this machine speaks of one; its own tests look for it
        told = told.replace(said, "")
    assert [secret for secret in SECRETS if secret in told] == []


@pytest.mark.parametrize(
    "name", ["gitops", "http"]
)  # the others are killed in tests of their own: people and machines outside take their steps
def test_killed_between_any_two_writes_it_goes_on_and_makes_one_change(name, tmp_path):
    world = WORLDS[name](tmp_path)
    wanted = order(world.deployer, documents.new_hub())
    deaths = 0
    for life in range(60):
        deployer = world.dying(1 + life % 4)
        try:
            deployment = deployer.start(wanted)
            for item in deployment.preconditions:
                if item.is_open and item.blocks == "merge":
                    deployer.settle(deployment.id, item.key, status="met", by="Ben")
            if deployer.read(deployment.id).state == State.SUCCEEDED:
                break
        except (Killed, Unavailable):
            deaths += 1
    assert (deployer.read(deployment.id).state, deaths > 3, world.changes()) == (State.SUCCEEDED, True, 1)
