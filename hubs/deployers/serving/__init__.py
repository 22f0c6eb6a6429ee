"""A server of the deployer API in front of any deployer, so that an organisation can put it before its own (docs/adr/0045)."""

from hubs.deployers.serving.application import Application, Scope
from hubs.deployers.serving.calling import Caller
from hubs.deployers.serving.following import Follower
from hubs.deployers.serving.ledger import Ledger
from hubs.deployers.serving.process import Service, serve

__all__ = ["Application", "Caller", "Follower", "Ledger", "Scope", "Service", "serve"]
