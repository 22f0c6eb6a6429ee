"""Killed around every call that changes something, and at calls between: one branch, one commit, one pull request, one change."""

import pytest

from tests.hubs import documents
from tests.hubs.deploying import Killed, order
from tests.hubs.worlds.github import github

CHANGE = documents.change({"op": "set_culling", "idle_minutes": 30})


def read_until(deployer, deployment, stage):
    for _round in range(30):
        if deployment.stage == stage or deployment.state.is_final:
            return deployment
        deployment = deployer.read(deployment.id)
    raise AssertionError(deployment)


def deaths(transport):
    """Before and after each call that changes something, and before every sixth that does not."""
    reads = [at for at in range(1, transport.count + 1, 6) if at not in transport.writes]
    return [(at, False) for at in reads] + [(at, after) for at in transport.writes for after in (False, True)]


def test_proposed_once_wherever_it_is_killed(tmp_path):
    start = github(tmp_path / "start")
    wanted = order(start.deployer, CHANGE)
    whole = start.copied(tmp_path / "whole")
    living, transport = whole.dying_at(0)
    head = read_until(living, living.start(wanted), "waiting-for-merge").change.head
    assert len(transport.writes) == 6
    for at, after in deaths(transport):
        world = start.copied(tmp_path / f"{at}-{after}")
        _die_proposing(world, wanted, at, after)
        told = world.code.described(world.pull)
        assert (at, branches(world), len(world.code.pulls), told["head"]["sha"]) == (at, [head], 1, head)
        assert (len(told["labels"]), told["requested_teams"]) == (2, [{"slug": "engineers"}])


def _die_proposing(world, wanted, at, after):
    dying, transport = world.dying_at(at, after=after)
    with pytest.raises(Killed):
        read_until(dying, dying.start(wanted), "waiting-for-merge")
    assert transport.count == at
    reborn = world.again()
    read_until(reborn, reborn.start(wanted), "waiting-for-merge")


def test_settled_and_cancelled_once_wherever_it_is_killed(tmp_path):
    start = github(tmp_path / "start")
    deployment = start.until(start.deployer.start(order(start.deployer, documents.new_hub())), "waiting-for-people")
    living, transport = start.copied(tmp_path / "whole").dying_at(0)
    settle_and_cancel(living, deployment)
    assert len(transport.writes) == 8  # what was settled: comment, text, tree, commit, branch; taken back: comment, closed, branch
    for at, after in deaths(transport):
        world = start.copied(tmp_path / f"{at}-{after}")
        with pytest.raises(Killed):
            settle_and_cancel(world.dying_at(at, after=after)[0], deployment)
        settle_and_cancel(world.again(), deployment)
        comments = [comment["body"] for comment in world.code.comments[str(world.pull["number"])]]
        assert (at, len(comments), len(set(comments))) == (at, 2, 2)
        assert (world.code.issue(world.pull)["state"], branches(world)) == ("closed", [])
        assert world.again().read(deployment.id).state == "cancelled"
        shown = [world.code.git.commit(sha)["message"] for sha in world.code.git.log(world.pull["sha"], count=5)]
        assert sum("Hub-Request: 7-r1" in message for message in shown) == 2


def branches(world):
    return world.code.git.text("for-each-ref", "--format=%(objectname)", "refs/heads/hub-request/").split()


def settle_and_cancel(deployer, deployment):
    """Settle with a value, see it written, take it all back."""
    if deployer.read(deployment.id).state != "cancelled":
        deployer.settle(deployment.id, "home-disk", status="met", by="Ben", outputs={"volumeId": "vol-0abc"})
        deployer.read(deployment.id)
        deployer.cancel(deployment.id, by="Ana", reason="not needed")


def test_killed_again_and_again_it_still_ends_live_with_one_change(tmp_path):
    world = github(tmp_path)
    wanted = order(world.deployer, CHANGE)
    died = 0
    for life in range(200):
        world.deployer = world.dying_at(3 + life % 7, after=bool(life % 2))[0]
        try:
            done = world.let_it_happen(world.deployer.start(wanted))
            break
        except Killed:
            died += 1
    assert (done.state, done.stage, died > 4, world.changes(), len(world.code.pulls)) == ("succeeded", "live", True, 1, 1)
