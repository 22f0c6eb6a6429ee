"""Clusters and hubs from configuration files."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hubs.models import Cluster, Hub
from hubs.states import HubState
from tests.factories import CommunityFactory
from tests.hubs.deploying import REAL

pytestmark = pytest.mark.django_db


def folder(tmp_path: Path, *, domains=("one.example.org", "two.example.org")) -> Path:
    cluster = tmp_path / "polar"
    cluster.mkdir(exist_ok=True)
    entry = "- name: {0}\n  display_name: {0}\n  domain: {1}\n  helm_chart: basehub\n  helm_chart_values_files: [{0}.values.yaml, enc-{0}.secret.values.yaml]\n"
    hubs = entry.format("aurora", domains[0]) + entry.format("borealis", domains[1])
    cluster.joinpath("cluster.yaml").write_text(f"name: polar\nprovider: aws\naws:\n  region: us-west-2\nhubs:\n{hubs}")
    for name in ("aurora", "borealis"):
        cluster.joinpath(f"{name}.values.yaml").write_text(
            "jupyterhub:\n  hub:\n    config:\n      JupyterHub:\n        authenticator_class: github\n"
            f"  custom:\n    homepage:\n      templateVars:\n        org:\n          url: https://{name}.example.org\n"
        )
        cluster.joinpath(f"enc-{name}.secret.values.yaml").write_text("client_secret: do-not-look\n")
    return tmp_path


def imported(path: Path, capsys) -> dict:
    call_command("import_clusters", str(path), "--json")
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_folder_is_registered_and_its_communities_are_matched(tmp_path, capsys):
    community = CommunityFactory(slug="aurora", website="https://aurora.example.org")
    assert imported(folder(tmp_path), capsys) == {"clusters": 1, "hubs": 2, "unmatched": ["polar/borealis"], "warnings": []}
    cluster = Cluster.objects.get()
    assert (cluster.name, cluster.provider, cluster.region) == ("polar", "aws", "us-west-2")
    hub = Hub.objects.get(name="aurora")
    assert (hub.community, hub.domain, hub.state, hub.facts["authentication"]) == (
        community,
        "one.example.org",
        HubState.RECORDED,
        "github",
    )
    assert not any("do-not-look" in json.dumps(hub.facts) for hub in Hub.objects.all())


@pytest.mark.parametrize("place", ["clusters", "config/clusters"])
def test_of_a_whole_repository_its_clusters_are_found(tmp_path, capsys, place):
    (tmp_path / place).mkdir(parents=True)
    folder(tmp_path / place)
    assert imported(tmp_path, capsys)["clusters"] == 1


def test_importing_again_changes_nothing_and_forgets_no_community(tmp_path, capsys):
    imported(folder(tmp_path), capsys)
    community = CommunityFactory()
    Hub.objects.update(community=community)
    assert imported(tmp_path, capsys)["unmatched"] == []
    assert (Cluster.objects.count(), Hub.objects.filter(community=community).count()) == (1, 2)


def test_two_hubs_at_one_address_are_told_of(tmp_path, capsys):
    told = imported(folder(tmp_path, domains=("same.example.org", "same.example.org")), capsys)
    assert told["warnings"] == ["polar/borealis: another hub answers at same.example.org already"]


def test_a_folder_that_is_not_there_is_one_line_and_2(tmp_path):
    with pytest.raises(CommandError, match="is not a folder") as error:
        call_command("import_clusters", str(tmp_path / "nowhere"))
    assert error.value.returncode == 2


def test_a_folder_without_clusters_is_one_line_and_2(tmp_path):
    with pytest.raises(CommandError, match=r"holds no .*cluster\.yaml") as error:
        call_command("import_clusters", str(tmp_path))
    assert error.value.returncode == 2


@pytest.mark.skipif(not REAL.is_dir(), reason="the reference folders are not here")
def test_real_folders_are_registered_whole(capsys):
    told = imported(REAL / "clusters", capsys)
    assert (told["clusters"], told["hubs"]) == (Cluster.objects.count(), Hub.objects.count())
    assert told["clusters"] == len([path for path in (REAL / "clusters").iterdir() if (path / "cluster.yaml").exists()])
