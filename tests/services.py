"""Services that a machine may lack: what needs them is skipped with a reason, and fails where REQUIRE_SERVICES=1."""

import os
from pathlib import Path

import pytest

from hubs.deployers.local_hub import installed_in

REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"
LOCAL_HUB = Path(os.environ.get("LOCAL_HUB_VENV") or Path(__file__).parents[1] / ".venv-local-hub")
needs_local_hub = pytest.mark.skipif(
    not installed_in(LOCAL_HUB).are_there and not REQUIRED, reason="JupyterHub is not installed; `make install-local-hub` does it"
)
