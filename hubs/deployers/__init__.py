"""Whatever deploys hubs, behind one interface: `from_url` chooses it by DEPLOYER_URL."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from hubs.deployers import gitops
from hubs.deployers.documents import as_document, from_document
from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps
from hubs.deployers.interface import (
    Approval,
    Capabilities,
    Change,
    Check,
    Cluster,
    Condition,
    Deployer,
    Deployment,
    Failure,
    FileChange,
    Hub,
    Order,
    Organisation,
    Plan,
    PlanWarning,
    Precondition,
    Redeploy,
    State,
    Step,
)
from hubs.deployers.manual import Manual

COMING = {
    "https": "A deployer behind its HTTP API is not supported yet",
    "http": "A deployer behind its HTTP API is not supported yet",
    "github+https": "Pull requests on GitHub are not supported yet",
}


def from_url(url: str, *, organisation: Organisation, folder: Path) -> Deployer:
    """The deployer that DEPLOYER_URL names. `folder` is where one that needs no repository keeps what it remembers."""
    if url == "manual":
        return Manual(folder / "deployments.git")
    return GitOps(Repository(repository_path(url), name=organisation.name, email=organisation.email), organisation=organisation)


def prepare(url: str, *, organisation: Organisation) -> bool:
    """Make the configuration repository that DEPLOYER_URL names, where it needs one and there is none. True when it was made."""
    return url != "manual" and gitops.prepare(repository_path(url), organisation)


def repository_path(url: str) -> Path:
    """The path in a `git+file:///…` address. Raises ImproperlyConfigured, in words, for every other one."""
    parts = urlsplit(url)
    if parts.scheme in COMING:
        raise ImproperlyConfigured(f"DEPLOYER_URL: {COMING[parts.scheme]}. Use git+file:///path/to/repository, or manual.")
    path = Path(unquote(parts.path))
    if parts.scheme != "git+file" or parts.netloc or not path.is_absolute() or ".." in path.parts:
        raise ImproperlyConfigured("DEPLOYER_URL is neither git+file:///path/to/repository nor manual.")
    return path


__all__ = [
    "Approval",
    "Capabilities",
    "Change",
    "Check",
    "Cluster",
    "Condition",
    "Deployer",
    "Deployment",
    "Failure",
    "FileChange",
    "Hub",
    "Order",
    "Organisation",
    "Plan",
    "PlanWarning",
    "Precondition",
    "Redeploy",
    "State",
    "Step",
    "as_document",
    "from_document",
    "from_url",
    "prepare",
]
