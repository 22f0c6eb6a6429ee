"""A desk that may speak to a simulated GitHub."""

import pytest
import stamina

from communities.roles import StaffGroup
from demo.github import Simulator
from demo.github.transport import SimulatorTransport
from ground.github import FixedToken
from support.escalating.connection import open_github
from support.github import GitHub
from support.models import IssueTarget
from tests.factories import staff


@pytest.fixture(autouse=True)
def _no_waiting():
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def simulator(settings):
    simulator = Simulator("hubs/infra", "hubs/private", token="token")
    settings.GITHUB_TOKEN = "token"
    settings.GITHUB_API_URL = "http://api.github.test"
    settings.GITHUB_TRANSPORT = SimulatorTransport(simulator)
    return simulator


@pytest.fixture
def client_of(simulator):
    return GitHub("http://api.github.test", FixedToken("token"), transport=SimulatorTransport(simulator), now=lambda: 1000.0)


@pytest.fixture
def github(simulator):
    with open_github() as client:
        yield client


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam Okafor")


@pytest.fixture
def target():
    return IssueTarget.objects.create(name="Infrastructure", repository="hubs/infra", labels="support, hub")
