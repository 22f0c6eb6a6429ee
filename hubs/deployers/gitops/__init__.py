"""Local GitOps on a configuration repository in 2i2c's layout (docs/adr/0032)."""

from hubs.deployers.gitops.configuration import read
from hubs.deployers.gitops.deployer import GitOps
from hubs.deployers.gitops.parting import part_of
from hubs.deployers.gitops.preparing import prepare

__all__ = ["GitOps", "part_of", "prepare", "read"]
