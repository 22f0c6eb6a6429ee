"""Real JupyterHubs on loopback, for trying out and for the demonstration (docs/adr/0047)."""

from hubs.deployers.local_hub.deployer import LocalHub
from hubs.deployers.local_hub.places import Entrance, entrances
from hubs.deployers.local_hub.processes import stop_all
from hubs.deployers.local_hub.refusing import refusal
from hubs.deployers.local_hub.tools import Tools, installed_in

__all__ = ["Entrance", "LocalHub", "Tools", "entrances", "installed_in", "refusal", "stop_all"]
