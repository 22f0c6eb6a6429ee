"""A deployer behind HTTP, as deployer-api.yaml describes it (docs/adr/0045)."""

from hubs.deployers.http.addresses import base_address
from hubs.deployers.http.client import HttpDeployer

__all__ = ["HttpDeployer", "base_address"]
