"""A Freshdesk to ask: in this process, and as one of its own."""

import os
import signal
import subprocess
import sys

import httpx
import pytest

from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorTransport


@pytest.fixture
def simulator():
    simulator = Simulator(key="key")
    yield simulator
    simulator.store.close()


@pytest.fixture
def api(simulator):
    with httpx.Client(transport=SimulatorTransport(simulator), base_url="http://sim.test/api/v2/", auth=("key", "X")) as client:
        yield client


@pytest.fixture
def ticket(api):
    """The first one, number 1."""
    answer = api.post("tickets", json={"subject": "S", "description": "D", "email": "lena@uni.example"})
    return answer.json()


@pytest.fixture
def browser(simulator):
    with httpx.Client(transport=SimulatorTransport(simulator), base_url="http://sim.test", follow_redirects=True) as client:
        yield client


@pytest.fixture
def process(tmp_path):
    command = [sys.executable, "-m", "demo.freshdesk", "--port", "0", "--folder", str(tmp_path / "sim"), "--key", "key"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_PROXY": "*"})
    address = running.stdout.readline().split()[-1]
    yield address
    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=10) == 0
    running.stdout.close()
