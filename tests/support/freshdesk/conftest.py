"""A client of a simulator, whose waits move the simulator's clock."""

import pytest
import stamina

from demo.freshdesk import Simulator
from demo.freshdesk.transport import SimulatorClock, SimulatorTransport
from support.freshdesk import Freshdesk


@pytest.fixture(autouse=True)
def _no_waiting():
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def simulator():
    simulator = Simulator(key="key")
    yield simulator
    simulator.store.close()


@pytest.fixture
def freshdesk(simulator):
    transport, clock = SimulatorTransport(simulator), SimulatorClock(simulator)
    with Freshdesk("http://acme.freshdesk.test", "key", transport=transport, clock=clock) as client:
        yield client
