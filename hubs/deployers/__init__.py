"""Whatever deploys hubs, behind one interface: `from_url` chooses it by DEPLOYER_URL."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from hubs.deployers import github, gitops, local_hub
from hubs.deployers.documents import as_document, from_document
from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps
from hubs.deployers.http import HttpDeployer, base_address
from hubs.deployers.interface import (
    Approval,
    Capabilities,
    Change,
    Check,
    Cluster,
    Condition,
    Deployer,
    Deployment,
    Event,
    Failure,
    FileChange,
    Hub,
    Log,
    Order,
    Organisation,
    Plan,
    PlanWarning,
    Precondition,
    Redeploy,
    State,
    Step,
)
from hubs.deployers.local_hub import LocalHub
from hubs.deployers.manual import Manual
from hubs.deployers.surroundings import GitHubAccess, Surroundings

Builder = Callable[[str, Surroundings], Deployer]


def from_url(url: str, *, surroundings: Surroundings) -> Deployer:
    """The deployer that DEPLOYER_URL names. Raises ImproperlyConfigured, in words, where it names none we can work with."""
    return _builder(url)(url, surroundings)


def prepare(url: str, *, surroundings: Surroundings) -> bool:
    """Make the configuration repository that DEPLOYER_URL names, where it is on this machine and not there yet. True when it was made."""
    return _is_here(url) and gitops.prepare(repository_path(url, surroundings), surroundings.organisation)


def _is_here(url: str) -> bool:
    """Is its repository on this machine?"""
    return url == LOCAL_HUB or urlsplit(url).scheme in ON_THIS_MACHINE


def configuration_of(url: str, *, hubs: Collection[tuple[str, str]], surroundings: Surroundings) -> Mapping[str, str]:
    """The readable files of these hubs, each a (cluster, name), by path, where DEPLOYER_URL keeps them on this machine; none elsewhere.

    Raises Unavailable.
    """
    if not _is_here(url) or not (repository := _repository(url, surroundings)).exists():
        return {}
    return gitops.part_of(gitops.read(repository, repository.resolve(repository.main())), hubs)


def repository_path(url: str, surroundings: Surroundings) -> Path:
    """The repository of a `git+file:///…` address, or of one for hubs on this machine. Raises ImproperlyConfigured, in words, for others."""
    if url == LOCAL_HUB:
        return surroundings.folder / "configuration"
    parts = urlsplit(url)
    path = Path(unquote(parts.path))
    if parts.scheme not in ON_THIS_MACHINE or parts.netloc or not path.is_absolute() or ".." in path.parts:
        raise ImproperlyConfigured(UNKNOWN)
    return path


def _builder(url: str) -> Builder:
    """By `manual`, or by the scheme of the address."""
    found = BUILDERS.get(url) or BUILDERS.get(urlsplit(url).scheme)
    if found is None:
        raise ImproperlyConfigured(UNKNOWN)
    return found


def _manual(_url: str, surroundings: Surroundings) -> Deployer:
    return Manual(surroundings.folder / "deployments.git", clock=surroundings.clock)


def _gitops(url: str, surroundings: Surroundings) -> Deployer:
    return GitOps(_repository(url, surroundings), organisation=surroundings.organisation, clock=surroundings.clock)


def _local_hub(url: str, surroundings: Surroundings) -> Deployer:
    tools = local_hub.installed_in(surroundings.local_hub)
    if words := local_hub.refusal(tools, is_debug=surroundings.is_debug, site_url=surroundings.site_url):
        raise ImproperlyConfigured(words)
    return LocalHub(
        _repository(url, surroundings),
        organisation=surroundings.organisation,
        folder=surroundings.folder,
        tools=tools,
        clock=surroundings.clock,
    )


def _repository(url: str, surroundings: Surroundings) -> Repository:
    us = surroundings.organisation
    return Repository(repository_path(url, surroundings), name=us.name, email=us.email)


def _github(url: str, surroundings: Surroundings) -> Deployer:
    return github.from_url(url, surroundings)


def _http(url: str, surroundings: Surroundings) -> Deployer:
    address = base_address(url, is_debug=surroundings.is_debug)
    return HttpDeployer(address, token=surroundings.token, transport=surroundings.transport)


LOCAL_HUB = "local-hub"
ON_THIS_MACHINE = {"git+file", "local-hub+file"}
UNKNOWN = "DEPLOYER_URL is none of https://…, git+file:///path/to/repository, github+https://github.com/ORG/REPO, manual and local-hub."
BUILDERS: dict[str, Builder] = {
    "manual": _manual,
    "git+file": _gitops,
    "github+https": _github,
    "github+http": _github,
    "https": _http,
    "http": _http,
    LOCAL_HUB: _local_hub,
    "local-hub+file": _local_hub,
}


__all__ = [
    "Approval",
    "Capabilities",
    "Change",
    "Check",
    "Cluster",
    "Condition",
    "Deployer",
    "Deployment",
    "Event",
    "Failure",
    "FileChange",
    "GitHubAccess",
    "Hub",
    "Log",
    "Order",
    "Organisation",
    "Plan",
    "PlanWarning",
    "Precondition",
    "Redeploy",
    "State",
    "Step",
    "Surroundings",
    "as_document",
    "configuration_of",
    "from_document",
    "from_url",
    "prepare",
]
