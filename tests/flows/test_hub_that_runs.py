"""With the optional JupyterHub: an approved request ends in a hub in which a person signs in and runs a cell; Ctrl-C leaves no process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.story.joining import WHAT_THE_HUB_STILL_NEEDS
from hubs.deployers.local_hub import processes
from hubs.deployers.local_hub.places import places
from hubs.documents import changed
from tests.flows.people import sign_in
from tests.flows.world import ROOT, World, start
from tests.services import LOCAL_HUB, needs_local_hub

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.xdist_group("local_hub"), needs_local_hub]
NGOZI, ELI = "ngozi@opendata.example.ng", "eli@hubs.example"
SIGNING_IN = {"/hubs/0/authentication/method": "github", "/hubs/0/authentication/allowed_organizations": ["open-data-lagos"]}
PATIENCE = 120
RUN_CELL = """async ({base, code}) => {
  const xsrf = document.cookie.split("; ").find(each => each.startsWith("_xsrf=")).slice(6);
  const made = await fetch(base + "api/kernels", {method: "POST", headers: {"X-XSRFToken": xsrf}});
  const kernel = (await made.json()).id;
  const channel = new WebSocket(base.replace("http", "ws") + "api/kernels/" + kernel + "/channels");
  const header = {msg_id: "1", session: "1", username: "", msg_type: "execute_request", version: "5.4"};
  const content = {code, silent: false, store_history: false, allow_stdin: false, stop_on_error: true};
  channel.onopen = () => channel.send(JSON.stringify(
    {header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: []}));
  return await new Promise(told => channel.onmessage = ({data}) => {
    const found = JSON.parse(data);
    if (found.msg_type === "stream") told(found.content.text);
  });
}"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = start(tmp_path_factory.mktemp("demo"), LOCAL_HUB="1", LOCAL_HUB_VENV=str(LOCAL_HUB))
    yield world
    if world.process.poll() is None:
        world.stop()


def test_approved_request_ends_in_a_hub_where_a_cell_runs_and_nothing_is_left_of_it(running: World, chromium: Browser):
    ngozi, eli = calling(running, NGOZI), calling(running, ELI)
    [told] = eli("get", "hubs/?community=glaciares")["results"]
    assert (told["state"], [each["status"] for each in told["conditions"]]) == ("live", ["True"] * 3)
    approved = approve(ngozi, eli)
    done = until(lambda: eli("get", f"hub-requests/{approved}/"), lambda row: row["state"] not in {"approved", "deploying"})
    assert (done["state"], done["stage"]) == ("succeeded", "live"), done["deployment"]
    [hub] = ngozi("get", "hubs/")["results"]
    assert run_cell(running, chromium, hub["url"], hub["name"]) == "42\n"
    assert running.stop() == 0
    taken = places(running.var / "deployer" / "hubs")
    assert [(each.name[1], processes.running(each), processes.marked(each)) for each in taken] == [
        (name, None, []) for name in sorted([told["name"], hub["name"]])
    ]


def calling(world: World, email: str) -> Callable[..., Any]:
    """The API, asked with a token of that person."""
    environment = {**os.environ, "VAR_DIR": str(world.var), "DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment["SECRET_KEY"] = (world.var / "secret-key").read_text()
    command = [sys.executable, "manage.py", "create_token", email]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    token = done.stdout.splitlines()[-1]

    def call(method: str, path: str, **data: Any) -> Any:
        body = {"json": data} if method != "get" else {}
        answer = httpx.request(
            method, f"{world.site}/api/v1/{path}", headers={"Authorization": f"Token {token}"}, timeout=60, trust_env=False, **body
        )
        assert answer.is_success, answer.text
        return answer.json()

    return call


def approve(ngozi: Callable[..., Any], eli: Callable[..., Any]) -> str:
    """The representative sends what the answers began, an engineer approves the plan."""
    [draft] = ngozi("get", "hub-requests/?community=lagos-data")["results"]
    path = f"hub-requests/{draft['id']}/"
    ngozi("patch", path, version=ngozi("get", path)["version"], request=changed({}, WHAT_THE_HUB_STILL_NEEDS | SIGNING_IN))
    ngozi("post", f"{path}submit/")
    planned = until(lambda: eli("get", path), lambda row: row["state"] == "planned")
    eli("post", f"{path}approve/", plan_digest=planned["plan_digest"])
    return str(draft["id"])


def until(read: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
    ends = time.monotonic() + PATIENCE
    while not holds(found := read()):
        assert time.monotonic() < ends, found
        time.sleep(0.5)
    return found


def run_cell(world: World, chromium: Browser, url: str, name: str) -> str:
    """The engineer finds the password on the demonstration's page; with it a person signs in at the hub and works."""
    page: Page = chromium.new_context(locale="en").new_page()
    page.set_default_timeout(60_000)
    sign_in(page, world, ELI)
    page.goto(f"{world.site}/demo/hubs/")
    password = page.locator(f'[data-password="{name}"]').inner_text()
    page.get_by_role("link", name=url).click()
    page.get_by_label("Username").fill("ngozi")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/user/ngozi/**", timeout=60_000)
    expect(page).to_have_title("JupyterLab", timeout=60_000)
    return str(page.evaluate(RUN_CELL, {"base": f"{url}user/ngozi/", "code": "print(6 * 7)"}))
