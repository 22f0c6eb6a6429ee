"""A desk connected to a simulator."""

import httpx
import pytest
import stamina

from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from support import sync


@pytest.fixture(autouse=True)
def _no_waiting():
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def simulator(settings):
    simulator = Simulator(key="key")
    settings.FRESHDESK_URL = "http://acme.freshdesk.test"
    settings.FRESHDESK_API_KEY = "key"
    settings.FRESHDESK_TRANSPORT = SimulatorTransport(simulator)
    settings.FRESHDESK_CLOCK = SimulatorClock(simulator)
    yield simulator
    simulator.store.close()


@pytest.fixture
def freshdesk(simulator):
    with sync.open_freshdesk() as client:
        yield client


@pytest.fixture
def api(simulator):
    with httpx.Client(transport=SimulatorTransport(simulator), base_url="http://acme.freshdesk.test/api/v2/", auth=("key", "X")) as client:
        yield client
