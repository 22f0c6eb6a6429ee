"""The configuration repository a desk begins with: our schemas, one shared cluster, and on it a staging hub rendered like any other."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from hubs.deployers.git import Repository, initialise
from hubs.deployers.gitops.configuration import CLUSTERS, Configuration, dumped
from hubs.deployers.gitops.rendering import Circumstances, render
from hubs.deployers.gitops.rendering.new_clusters import support
from hubs.deployers.interface import Organisation

STARTER = Path(__file__).resolve().parent / "starter"
CLUSTER = "shared"
FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)


def prepare(path: Path, organisation: Organisation) -> bool:
    """Make the repository where there is none; True when it was made. It appears whole or not at all."""
    if Repository(path).exists():
        return False
    if path.exists() and any(path.iterdir()):
        raise ImproperlyConfigured(f"{path} holds files but no git repository; DEPLOYER_URL needs one, or a path that is free.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as workshop:
        made = Path(workshop) / "repository"
        _found(made, organisation)
        try:
            made.rename(path)
        except OSError:
            return False  # another process was quicker
    return True


def starter_files(organisation: Organisation) -> dict[str, str]:
    """What the first commit holds."""
    files = {str(path.relative_to(STARTER)): path.read_text(encoding="utf-8") for path in sorted(STARTER.rglob("*")) if path.is_file()}
    files["README.md"] = Template(files["README.md"]).safe_substitute(name=organisation.name)
    circumstances = Circumstances(organisation)
    files[f"{CLUSTERS}/{CLUSTER}/support.values.yaml"] = dumped(support(CLUSTER, "aws", {"region": "us-west-2"}, circumstances))
    empty = Configuration("", {path: text for path, text in files.items() if path.endswith(".yaml")}, frozenset(files))
    edits = render(_staging(organisation), empty, circumstances)
    return {**files, **{edit.path: edit.text for edit in edits if edit.text is not None}}


def _found(path: Path, organisation: Organisation) -> None:
    initialise(path)
    repository = Repository(path, name=organisation.name, email=organisation.email)
    commit = repository.commit("", dict(starter_files(organisation)), message="Begin the configuration with a shared cluster\n", at=FOUNDED)
    repository.move("refs/heads/main", commit, old="")
    repository.run("read-tree", commit)
    repository.run("checkout-index", "--all", "--force", "--quiet")
    shutil.rmtree(path / ".git" / "hooks", ignore_errors=True)


def _staging(organisation: Organisation) -> Mapping[str, Any]:
    us = {"name": organisation.name, "url": organisation.url}
    hub = {
        "name": "staging",
        "display_name": f"{organisation.name} staging"[:120],
        "domain": f"staging.{CLUSTER}.{organisation.domain_suffix}",
        "type": "jupyterhub",
        "authentication": {
            "method": "cilogon",
            "identity_providers": [{"entity_id": "http://google.com/accounts/o8/id", "allow_all": False}],
            "admins": [organisation.email],
        },
        "homepage": {"org": {**us, "logo_url": f"{organisation.url}/logo.png"}, "funded_by": us},
        "storage": {"home_quota_gib": 1},
    }
    return {"kind": "new-hub", "community": "staff", "cluster": CLUSTER, "hubs": [hub]}
