"""What a deployer is given of the desk it works for: who we are, where it may remember, and the keys it was trusted with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from hubs.deployers.interface import Organisation


@dataclass(frozen=True)
class GitHubAccess:
    """How to reach GitHub: an operator's token, or an App that asks for short-lived ones. Never shown: it is left out of `repr`."""

    api_url: str = "https://api.github.com"
    token: str = field(default="", repr=False)
    app_id: str = ""
    app_private_key: str = field(default="", repr=False)
    transport: httpx.BaseTransport | None = None


@dataclass(frozen=True)
class Surroundings:
    """`folder` is where one that needs no repository keeps what it remembers; `token` is DEPLOYER_TOKEN.

    `is_debug` says that this is a developer's machine or the demonstration; `local_hub` is where its optional JupyterHub is installed.
    """

    organisation: Organisation
    folder: Path
    token: str = field(default="", repr=False)
    github: GitHubAccess = field(default_factory=GitHubAccess)
    transport: httpx.BaseTransport | None = None
    is_debug: bool = False
    site_url: str = "http://127.0.0.1:8000"
    local_hub: Path = Path(".venv-local-hub")
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
