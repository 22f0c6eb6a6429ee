"""DEPLOYER_URL chooses the deployer, or says in words why it cannot."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from hubs import deployers
from hubs.deployers import Surroundings
from hubs.deployers.git import Repository
from hubs.deployers.gitops import GitOps
from hubs.deployers.http import HttpDeployer, base_address
from hubs.deployers.manual import Manual
from tests.hubs.deploying import US


def test_file_address_is_local_gitops(tmp_path):
    chosen = deployers.from_url(f"git+file://{tmp_path}/a%20b", surroundings=Surroundings(US, tmp_path))
    assert isinstance(chosen, GitOps)
    assert chosen.repository.path == tmp_path / "a b"


def test_manual_is_a_person(tmp_path):
    assert isinstance(deployers.from_url("manual", surroundings=Surroundings(US, tmp_path)), Manual)
    assert deployers.prepare("manual", surroundings=Surroundings(US, tmp_path)) is False


@pytest.mark.parametrize(
    "url",
    [
        "http://deployer.example",
        "https://name:secret@deployer.example",
        "https://deployer.example/?a=b",
        "https://",
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
        deployers.from_url(url, surroundings=Surroundings(US, tmp_path))


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://deployer.example", "https://deployer.example/v1/"),
        ("https://deployer.example/hubs/", "https://deployer.example/hubs/v1/"),
        ("https://deployer.example/v1", "https://deployer.example/v1/"),
        ("http://127.0.0.1:8100", "http://127.0.0.1:8100/v1/"),
        ("http://[::1]:8100", "http://[::1]:8100/v1/"),
        ("http://localhost:8100", "http://localhost:8100/v1/"),
    ],
)
def test_web_address_is_the_deployer_api(tmp_path, url, base):
    assert str(base_address(url)) == base
    assert isinstance(deployers.from_url(url, surroundings=Surroundings(US, tmp_path)), HttpDeployer)


def test_plain_http_elsewhere_is_for_developers(tmp_path):
    chosen = deployers.from_url("http://deployer.example", surroundings=Surroundings(US, tmp_path, is_debug=True))
    assert isinstance(chosen, HttpDeployer)


def test_prepared_once_and_never_overwritten(tmp_path):
    url = f"git+file://{tmp_path}/configuration"
    assert deployers.prepare(url, surroundings=Surroundings(US, tmp_path)) is True
    head = Repository(tmp_path / "configuration").resolve("refs/heads/main")
    assert deployers.prepare(url, surroundings=Surroundings(US, tmp_path)) is False
    assert Repository(tmp_path / "configuration").resolve("refs/heads/main") == head
    assert "Example Hubs" in (tmp_path / "configuration/README.md").read_text()
    assert list(tmp_path.iterdir()) == [tmp_path / "configuration"]


def test_folder_with_files_of_somebody_is_not_touched(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ImproperlyConfigured):
        deployers.prepare(f"git+file://{tmp_path}", surroundings=Surroundings(US, tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_first_commit_passes_its_own_checks(tmp_path):
    deployers.prepare(f"git+file://{tmp_path}/configuration", surroundings=Surroundings(US, tmp_path))
    chosen = deployers.from_url(f"git+file://{tmp_path}/configuration", surroundings=Surroundings(US, tmp_path))
    [cluster] = chosen.clusters()
    assert (cluster.name, cluster.shared, cluster.domain_suffix, cluster.hubs) == ("shared", True, "shared.hubs.example", 1)
    [hub] = chosen.hubs()
    assert (hub.name, hub.url, hub.authentication) == ("staging", "https://staging.shared.hubs.example", "cilogon")
