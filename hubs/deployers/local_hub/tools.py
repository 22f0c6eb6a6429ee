"""The optional extra: a JupyterHub in a virtual environment of its own, since it would bring a second web framework into the desk's."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSIDE = Path(__file__).resolve().parent / "inside"
INSTALL = "make install-local-hub"


@dataclass(frozen=True)
class Tools:
    """Commands by full path, and our own scripts, which the extra's Python runs."""

    python: str
    hub: str
    proxy: str
    server: str
    launch: Path = INSIDE / "launch.py"
    check: Path = INSIDE / "check.py"
    config: Path = INSIDE / "jupyterhub_config.py"

    @property
    def are_there(self) -> bool:
        """Is everything installed?"""
        return all(Path(command).exists() for command in (self.python, self.hub, self.proxy, self.server))

    @property
    def path(self) -> str:
        """PATH of whatever runs in a hub: the extra's commands, then the system's."""
        return f"{Path(self.python).parent}:/usr/local/bin:/usr/bin:/bin"

    def environment(self, folder: Path) -> Mapping[str, str]:
        """All that a hub's processes know of us. HUBDESK_PLACE marks them, so that the last of them is found."""
        return {"PATH": self.path, "HOME": str(folder), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "HUBDESK_PLACE": str(folder)}


def installed_in(venv: Path) -> Tools:
    """The extra in that virtual environment, be it there or not."""
    commands = venv / "bin"
    return Tools(
        python=str(commands / "python"),
        hub=str(commands / "jupyterhub"),
        proxy=str(commands / "configurable-http-proxy"),
        server=str(commands / "jupyterhub-singleuser"),
    )
