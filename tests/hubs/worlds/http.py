"""The HTTP deployer in front of local GitOps: our client, our server, real HTTP between them, no socket."""

import httpx

from hubs.deployers.http import HttpDeployer, base_address
from hubs.deployers.http.memory import Memory
from hubs.deployers.serving import Application, Ledger, Scope
from tests.hubs.deploying import NOW
from tests.hubs.worlds.here import GitOpsWorld, carried_on

TOKEN = "the-token-of-the-desk"
URL = "https://deployer.example"


def client_of(application, *, token=TOKEN, memory=None):
    transport = httpx.WSGITransport(app=application)
    return HttpDeployer(base_address(URL), token=token, transport=transport, memory=memory or Memory())


class HttpWorld:
    """What the desk sees of an organisation's own deployer."""

    def __init__(self, path):
        self.behind = GitOpsWorld(path)
        self.ledger_path = path / "served.sqlite3"
        self.deployer = self.again()

    def again(self):
        return client_of(self.application(self.behind.again()))

    def dying(self, at):
        return client_of(self.application(self.behind.dying(at)))

    def application(self, deployer):
        """Twice the same ledger, as after a restart."""
        return Application(deployer, Ledger(self.ledger_path, calls=True), tokens={TOKEN: frozenset(Scope)}, clock=lambda: NOW)

    def let_it_happen(self, deployment):
        return carried_on(self.again(), deployment)

    def changes(self):
        return self.behind.changes()


def http(path):
    return HttpWorld(path)
