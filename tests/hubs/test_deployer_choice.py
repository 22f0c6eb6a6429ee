"""DEPLOYER_URL chooses the deployer, or says in words why it cannot."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from hubs import deployers
from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps
from hubs.deployers.manual import Manual
from tests.hubs.deploying import US


def test_file_address_is_local_gitops(tmp_path):
    chosen = deployers.from_url(f"git+file://{tmp_path}/a%20b", organisation=US, folder=tmp_path)
    assert isinstance(chosen, GitOps)
    assert chosen.repository.path == tmp_path / "a b"


def test_manual_is_a_person(tmp_path):
    assert isinstance(deployers.from_url("manual", organisation=US, folder=tmp_path), Manual)
    assert deployers.prepare("manual", organisation=US) is False


@pytest.mark.parametrize(
    "url",
    [
        "https://deployer.example",
        "github+https://github.com/a/b",
        "ftp://x",
        "",
        "git+file://host/x",
        "git+file:relative",
        "git+file:///a/../b",
    ],
)
def test_other_addresses_say_so(tmp_path, url):
    with pytest.raises(ImproperlyConfigured, match="DEPLOYER_URL"):
        deployers.from_url(url, organisation=US, folder=tmp_path)


def test_prepared_once_and_never_overwritten(tmp_path):
    url = f"git+file://{tmp_path}/configuration"
    assert deployers.prepare(url, organisation=US) is True
    head = Repository(tmp_path / "configuration").resolve("refs/heads/main")
    assert deployers.prepare(url, organisation=US) is False
    assert Repository(tmp_path / "configuration").resolve("refs/heads/main") == head
    assert "Example Hubs" in (tmp_path / "configuration/README.md").read_text()
    assert list(tmp_path.iterdir()) == [tmp_path / "configuration"]


def test_folder_with_files_of_somebody_is_not_touched(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ImproperlyConfigured):
        deployers.prepare(f"git+file://{tmp_path}", organisation=US)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_first_commit_passes_its_own_checks(tmp_path):
    deployers.prepare(f"git+file://{tmp_path}/configuration", organisation=US)
    chosen = deployers.from_url(f"git+file://{tmp_path}/configuration", organisation=US, folder=tmp_path)
    [cluster] = chosen.clusters()
    assert (cluster.name, cluster.shared, cluster.domain_suffix, cluster.hubs) == ("shared", True, "shared.hubs.example", 1)
    [hub] = chosen.hubs()
    assert (hub.name, hub.url, hub.authentication) == ("staging", "https://staging.shared.hubs.example", "cilogon")
