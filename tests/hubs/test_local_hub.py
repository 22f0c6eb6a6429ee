"""Hubs on this machine: with a small stand-in for what may go wrong on the way, with a real JupyterHub for what it is about."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured

from ground.errors import Rejected
from hubs import deployers
from hubs.conditions import status
from hubs.deployers import Surroundings, as_document
from hubs.deployers.local_hub import Entrance, entrances, installed_in, processes
from hubs.deployers.local_hub.places import Place, place, places
from tests.hubs import documents
from tests.hubs.deploying import US, Dying, Killed, finish, order
from tests.hubs.worlds.local_hub import local_hub, pretended
from tests.services import LOCAL_HUB, needs_local_hub

ROOT = Path(__file__).parents[2]
WAY = ["propose", "check", "merge", "start", "wait", "verify"]


@pytest.fixture
def world(tmp_path):
    made = local_hub(tmp_path)
    yield made
    made.stop()


def ordered(world, request=None, **facts):
    return finish(world.deployer, world.deployer.start(order(world.deployer, request or documents.new_hub(), **facts)))


def ended(world, *, request_id="9", **facts):
    return ordered(world, documents.decommission(**facts), request_id=request_id, second_by="Mia")


def aurora(world):
    return place(world.hubs, "shared", "aurora")


def told(deployment):
    [hub] = deployment.hubs
    return {each.type: each.status for each in hub.conditions}


def health(url):
    return httpx.get(f"{url}hub/health", trust_env=False).status_code


def test_approved_hub_runs_without_anybody_doing_more(world):
    plan = world.deployer.plan(documents.new_hub())
    assert (plan.preconditions, plan.warnings[0].code) == ((), "local-hub")
    done = ordered(world)
    assert (done.state, done.stage, done.hub_usable, done.cancellable) == ("succeeded", "live", True, False)
    assert [(step.name, step.status) for step in done.steps] == [(name, "succeeded") for name in WAY]
    assert told(done) == {"Synced": "True", "Ready": "True", "Usable": "True"}
    assert done.hubs[0].url == aurora(world).url
    assert health(done.hubs[0].url) == 200
    assert world.changes() == 1


def test_capabilities_say_that_reading_takes_a_step(world):
    told = world.deployer.capabilities()
    assert (told.implementation, told.features.logs, told.poll_after_seconds) == ("local-hub", True, 0)


def test_every_hub_is_told_those_that_never_started_as_written(world):
    ordered(world)
    assert {hub.name: (hub.url, status(as_document(hub.conditions), "Usable")) for hub in world.deployer.hubs()} == {
        "aurora": (aurora(world).url, "True"),
        "staging": ("https://staging.shared.hubs.example", "Unknown"),
    }


def test_process_knows_nothing_of_the_desk(world, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "never")
    ordered(world)
    [names] = world.starts()
    assert set(names) - {"LC_CTYPE"} == {"PATH", "HOME", "LANG", "PYTHONUNBUFFERED", "HUBDESK_PLACE"}


def test_passwords_are_in_one_file_of_the_owner_and_nowhere_else(world):
    done = ordered(world)
    [entrance] = entrances(world.path / "deployer")
    assert entrance == Entrance("shared", "aurora", aurora(world).url, entrance.password, entrance.admin_password, ("ana@aurora.example",))
    assert (aurora(world).folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert f"password {entrance.password}" in (aurora(world).folder / "hub.log").read_text()
    logs = [world.deployer.log(done.id, step).text for step in ("start", "wait", "verify")]
    told = json.dumps(
        [as_document(done), as_document(world.deployer.hubs()), as_document(world.deployer.plan(documents.change({"op": "set_culling"})))]
    )
    assert [entrance.password in text for text in (*logs, told, repr(entrance))] == [False] * 5
    assert "password •••" in logs[1]


def test_log_is_told_in_parts_and_a_step_without_one_says_so(world):
    done = ordered(world)
    whole = world.deployer.log(done.id, "start")
    assert world.deployer.log(done.id, "start", offset=whole.next_offset) == replace(whole, text="")
    for identifier, step in ((done.id, "record"), (done.id, "../start"), ("nothing", "start")):
        with pytest.raises(Rejected) as refusal:
            world.deployer.log(identifier, step)
        assert refusal.value.status == 404


def test_events_are_told_from_a_number_on(world):
    done = ordered(world)
    happened = world.deployer.events(done.id)
    assert [event.seq for event in happened] == list(range(1, len(happened) + 1))
    last = [event.data for event in world.deployer.events(done.id, after=len(happened) - 2)]
    assert last == [{"step": "verify", "status": "begun"}, {"step": "verify", "status": "done"}]


@pytest.mark.parametrize("at", range(10, 19))
def test_killed_at_any_write_leaves_one_change_and_one_process(world, at):
    wanted = order(world.deployer, documents.new_hub())
    repository = Dying(world.path / "configuration", at=at)
    try:
        dying = world.again(repository)
        finish(dying, dying.start(wanted))
    except Killed:
        pass
    done = finish(world.deployer, world.deployer.start(wanted))
    assert (done.state, done.stage, world.changes(), len(world.starts())) == ("succeeded", "live", 1, 1)


def test_worker_killed_while_it_starts_the_hub_leaves_one_process(world):
    wanted = world.deployer.start(order(world.deployer, documents.new_hub()))
    script = f"""
from pathlib import Path
from tests.hubs.worlds.local_hub import World, pretended
world = World(Path({str(world.path)!r}), pretended(Path({str(world.path / "tools")!r})))
while True:
    world.deployer.read({wanted.id!r})
"""
    worker = subprocess.Popen([sys.executable, "-c", f"import django; django.setup()\n{script}"], cwd=ROOT, start_new_session=True)
    until = time.monotonic() + 60
    while not (aurora(world).folder / "process.json").exists():
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.005)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(10)
    done = finish(world.deployer, world.deployer.read(wanted.id))
    assert (done.stage, world.changes(), len(world.starts()), len(processes.marked(aurora(world)))) == ("live", 1, 1, 1)


def test_started_twice_finds_the_one_that_runs(world):
    ordered(world)
    before = processes.running(aurora(world))
    processes.start(aurora(world), world.tools)
    subprocess.run(
        [world.tools.python, str(world.tools.launch), str(aurora(world).folder), "x", world.tools.hub],
        env=world.tools.environment(aurora(world).folder),
        check=True,
    )
    assert (processes.running(aurora(world)), len(world.starts())) == (before, 1)


def test_hub_that_was_killed_is_started_again_when_hubs_are_read(world):
    first = ordered(world)
    os.kill(processes.running(aurora(world)).pid, signal.SIGKILL)
    hub = next(hub for hub in world.again().hubs() if hub.name == "aurora")
    assert (hub.url, health(hub.url), len(world.starts())) == (first.hubs[0].url, 200, 2)


def test_pid_of_somebody_else_is_never_stopped(world):
    ordered(world)
    world.stop()
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    facts = {"pid": bystander.pid, "started": "1", "digest": "x"}
    (aurora(world).folder / "process.json").write_text(json.dumps(facts))
    assert (processes.running(aurora(world)), world.stop()) == (None, 0)
    assert bystander.poll() is None
    bystander.communicate(b"\n")


def test_change_that_matters_restarts_the_hub_and_any_other_does_not(world):
    ordered(world)
    first = processes.running(aurora(world))
    quota = {"op": "set_storage", "storage": {"home_quota_gib": 20}}
    assert ordered(world, documents.change(quota, hub="aurora"), request_id="8").stage == "live"
    assert processes.running(aurora(world)) == first
    culling = {"op": "set_culling", "idle_minutes": 30, "max_age_hours": 10}
    people = {"op": "admins", "add": ["eve@aurora.example"]}
    assert ordered(world, documents.change(culling, people, hub="aurora"), request_id="9").stage == "live"
    assert processes.running(aurora(world)) != first
    settings = aurora(world).settings
    assert (settings["cull"], settings["admins"]) == (
        {"timeout": 1800, "max_age": 36000},
        ["ana@aurora.example", "eve@aurora.example"],
    )


def test_markup_in_a_name_stays_a_name(world):
    ordered(world, documents.new_hub(display_name="Aurora <b>'\"\\ {x}"))
    assert aurora(world).settings["announcement"] == "Aurora &lt;b&gt;&#x27;&quot;\\ {x} · Aurora Institute"


@pytest.mark.parametrize(
    ("data", "left"),
    [({"action": "delete", "confirmed_by": "Ana"}, []), ({"action": "archive", "destination": "s3://x"}, ["aurora.kept-9"])],
)
def test_ended_hub_stops_and_its_folder_goes_or_is_kept_aside(world, data, left):
    ordered(world)
    url = aurora(world).url
    done = ended(world, data=data)
    assert (done.state, done.stage, done.hubs) == ("succeeded", "removed", ())
    assert [step.name for step in done.steps] == ["propose", "check", "merge", "stop"]
    assert sorted(path.name for path in (world.hubs / "shared").iterdir() if path.is_dir()) == left
    assert (places(world.hubs), entrances(world.path / "deployer")) == ([], [])
    with pytest.raises(httpx.ConnectError):
        health(url)
    assert [hub.name for hub in world.deployer.hubs()] == ["staging"]


@pytest.mark.parametrize("at", range(10, 15))
def test_killed_while_it_ends_a_hub_leaves_none(world, at):
    ordered(world)
    wanted = order(world.deployer, documents.decommission(), request_id="9", second_by="Mia")
    try:
        dying = world.again(Dying(world.path / "configuration", at=at))
        finish(dying, dying.start(wanted))
    except Killed:
        pass
    done = finish(world.deployer, world.deployer.start(wanted))
    assert (done.stage, world.changes(), places(world.hubs)) == ("removed", 2, [])


def test_hub_that_stops_while_it_starts_fails_at_once_and_can_be_tried_again(world):
    broken = replace(world.tools, hub="/bin/false")
    deployer = world.again(tools=broken)
    failed = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    assert (failed.state, failed.hub_usable, failed.cancellable, failed.error.retryable) == ("failed", False, False, True)
    assert told(failed) == {"Synced": "True", "Ready": "False", "Usable": "Unknown"}
    with pytest.raises(Rejected):
        deployer.cancel(failed.id, by="Ana", reason="no")
    done = finish(world.deployer, world.deployer.retry(failed.id, by="Ben"))
    assert (done.stage, done.attempt, world.changes()) == ("live", 2, 1)


@pytest.mark.parametrize("answer", ["nothing of the kind", '{"ok": false, "at": "server", "detail": "no server"}'])
def test_check_that_does_not_pass_fails_the_deployment(world, answer):
    deployer = world.again(tools=pretended(world.path / "broken", answer=answer))
    failed = finish(deployer, deployer.start(order(deployer, documents.new_hub())))
    assert (failed.state, failed.stage, told(failed)) == ("failed", "verifying", {"Synced": "True", "Ready": "True", "Usable": "False"})


def test_hub_that_builds_images_cannot_run_here(world):
    with pytest.raises(Rejected) as refusal:
        world.deployer.plan(documents.new_hub(type="binderhub-ui"))
    assert (refusal.value.status, refusal.value.errors[0]["pointer"]) == (422, "/hubs/0/type")


def test_name_that_leads_elsewhere_has_no_place(tmp_path):
    with pytest.raises(Rejected):
        place(tmp_path, "shared", "../aurora")


def test_ports_that_somebody_took_meanwhile_are_given_up(tmp_path):
    chosen = Place(tmp_path / "shared" / "aurora")
    chosen.furnish({"admins": []}, is_running=False)
    first = chosen.settings["ports"]
    chosen.furnish({"admins": []}, is_running=False)
    assert chosen.settings["ports"] == first
    server = httpx_server(first["hub"])
    chosen.furnish({"admins": []}, is_running=False)
    assert chosen.settings["ports"] != first
    server.close()


def httpx_server(port):
    import socket

    taken = socket.socket()
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


@pytest.mark.parametrize("url", ["local-hub", "local-hub+file:///repository"])
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"is_debug": False}, "DEBUG"),
        ({"site_url": "https://desk.example"}, "loopback"),
        ({"local_hub": Path("/nowhere")}, "make install-local-hub"),
    ],
)
def test_refused_where_it_must_not_or_cannot_run(tmp_path, url, facts, words):
    surroundings = replace(Surroundings(US, tmp_path, is_debug=True, local_hub=installed(tmp_path)), **facts)
    with pytest.raises(ImproperlyConfigured, match=words):
        deployers.from_url(url, surroundings=surroundings)


def test_chosen_with_its_repository_under_the_desks_folder_or_elsewhere(tmp_path):
    surroundings = Surroundings(US, tmp_path, is_debug=True, local_hub=installed(tmp_path))
    assert deployers.from_url("local-hub", surroundings=surroundings).repository.path == tmp_path / "configuration"
    assert deployers.from_url(f"local-hub+file://{tmp_path}/a%20b", surroundings=surroundings).repository.path == tmp_path / "a b"
    assert deployers.prepare("local-hub", surroundings=surroundings) is True
    with pytest.raises(ImproperlyConfigured):
        deployers.from_url("local-hub+file://elsewhere/a", surroundings=surroundings)


def installed(folder):
    """What looks like the extra."""
    commands = folder / "venv" / "bin"
    commands.mkdir(parents=True, exist_ok=True)
    for name in ("python", "jupyterhub", "configurable-http-proxy", "jupyterhub-singleuser"):
        (commands / name).touch()
    return folder / "venv"


@needs_local_hub
@pytest.mark.services
@pytest.mark.xdist_group("local_hub")
def test_real_hub_that_starts_no_server_is_not_live_and_put_right_it_is(tmp_path):
    tools = installed_in(LOCAL_HUB)
    world = replace(local_hub(tmp_path), tools=replace(tools, server=f"{tools.server}-that-is-not-there"))
    try:
        failed = ordered(world)
        assert (failed.state, health(failed.hubs[0].url)) == ("failed", 200)
        assert told(failed) == {"Synced": "True", "Ready": "True", "Usable": "False"}
        mended = replace(world, tools=tools)
        done = finish(mended.deployer, mended.deployer.retry(failed.id, by="Ben"))
        assert (done.state, done.stage, told(done)) == ("succeeded", "live", {"Synced": "True", "Ready": "True", "Usable": "True"})
        enter(mended, done.hubs[0].url)
        kill_all_but_what_it_started(mended)
        assert ended(mended).stage == "removed"
        assert processes.marked(aurora(mended)) == []
    finally:
        world.stop()


def kill_all_but_what_it_started(world):
    """A hub that is killed leaves its proxy and its service, which are found and ended."""
    os.kill(processes.running(aurora(world)).pid, signal.SIGKILL)
    left = processes.marked(aurora(world))
    told = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
    for command in (b"configurable-http-proxy", b"jupyterhub_idle_culler"):
        assert any(command in each for each in told), (command, told)
    world.stop()
    assert processes.marked(aurora(world)) == []


def enter(world, url):
    """The page to sign in names the hub; the right word opens it, a wrong one and the name that checks do not."""
    [entrance] = entrances(world.path / "deployer")
    assert "Aurora Research Hub · Aurora Institute" in httpx.get(f"{url}hub/login", trust_env=False).text
    tries = [("eve", "wrong"), ("ana@aurora.example", entrance.password), ("hubdesk-check", entrance.password), ("eve", entrance.password)]
    assert [signed_in(url, name, word) for name, word in tries] == [403, 403, 403, 302]
    assert signed_in(url, "../../../x", entrance.password) == 403
    assert signed_in(url, "ana@aurora.example", entrance.admin_password) == 302


def signed_in(url, name, word):
    with httpx.Client(base_url=url, trust_env=False) as person:
        person.get("hub/login")
        form = {"username": name, "password": word, "_xsrf": person.cookies["_xsrf"]}
        return person.post("hub/login", data=form).status_code
