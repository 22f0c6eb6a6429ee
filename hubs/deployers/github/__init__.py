"""Pull requests on GitHub upon a configuration repository in 2i2c's layout (docs/adr/0043)."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from ground.github import AppTokens, Connection, FixedToken, Tokens
from hubs.deployers.git import Repository
from hubs.deployers.github.deployer import GitHub
from hubs.deployers.github.options import Options, read
from hubs.deployers.github.remote import Remote
from hubs.deployers.interface import Organisation
from hubs.deployers.surroundings import GitHubAccess, Surroundings


def from_url(url: str, surroundings: Surroundings) -> GitHub:
    """The deployer of `github+https://github.com/ORG/REPO`. Raises ImproperlyConfigured, in words."""
    options, access = read(url), surroundings.github
    if not (access.token or (access.app_id and access.app_private_key)):
        raise ImproperlyConfigured("DEPLOYER_URL names GitHub, which needs GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY.")
    if urlsplit(access.api_url).hostname == "api.github.com" and urlsplit(url).hostname not in {"github.com", "www.github.com"}:
        raise ImproperlyConfigured("DEPLOYER_URL names a GitHub of its own; GITHUB_API_URL has to say where its API is.")
    return _opened(access, options, surroundings.organisation, surroundings.folder, surroundings.clock)


@lru_cache(maxsize=8)
def _opened(access: GitHubAccess, options: Options, us: Organisation, folder: Path, clock: Callable[[], datetime]) -> GitHub:
    """One a process: it keeps what GitHub says has not changed, and an App's tokens."""
    tokens: Tokens = FixedToken(access.token) if access.token else AppTokens(access.app_id, access.app_private_key)
    remote = Remote(Connection(access.api_url, tokens, transport=access.transport), options.repository)
    kept = Repository(folder / "github" / f"{options.repository}.git", name=us.name, email=us.email)
    secrets = tuple(secret for secret in (access.token, access.app_private_key) if secret)
    return GitHub(remote, kept, options=options, organisation=us, secrets=secrets, clock=clock)


__all__ = ["GitHub", "Options", "from_url", "read"]
