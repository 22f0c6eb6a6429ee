"""Clusters and hubs read from a folder, without opening a secret."""

import pytest

from hubs.clusters import is_secret, merged, read_folder
from tests.hubs.deploying import REAL

CLUSTER = """name: aurora
provider: gcp
metadata: {2i2c: {hubspot_deal_id: 7}}
gcp: {project: aurora-1, zone: us-central1-b, billing: {paid_by_us: false}}
hubs:
- name: prod
  display_name: Aurora
  domain: aurora.example
  helm_chart: daskhub
  helm_chart_values_files: [common.values.yaml, prod.values.yaml, enc-prod.secret.values.yaml, ../../outside.yaml]
"""
COMMON = "basehub: {jupyterhub: {hub: {config: {Authenticator: {admin_users: [ana]}}}, singleuser: {extraEnv: {SCRATCH_BUCKET: gs://x}}}}\n"
PROD = """basehub:
  jupyterhub:
    singleuser:
      extraEnv: {SCRATCH_BUCKET: }
      profileList:
      - display_name: Small
        kubespawner_override: {mem_limit: 7G, image: quay.io/a/b:1}
    hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {allowed_organizations: [aurora]}}}
  jupyterhub-home-nfs: {quotaEnforcer: {config: {QuotaManager: {hard_quota: 20}}}}
"""


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "clusters" / "aurora"
    home.mkdir(parents=True)
    (home / "cluster.yaml").write_text(CLUSTER)
    (home / "common.values.yaml").write_text(COMMON)
    (home / "prod.values.yaml").write_text(PROD)
    (home / "enc-prod.secret.values.yaml").write_text("not: [yaml")
    (tmp_path / "outside.yaml").write_text("not: [yaml")
    (home / "linked.yaml").symlink_to(tmp_path / "outside.yaml")
    return tmp_path / "clusters"


def test_facts_are_those_of_the_merged_values(folder):
    [cluster] = read_folder(folder).clusters
    [hub] = cluster.hubs
    assert (cluster.name, cluster.provider, cluster.region, cluster.account, cluster.agreement_id, cluster.paid_by_us) == (
        "aurora",
        "gcp",
        "us-central1-b",
        "aurora-1",
        7,
        False,
    )
    assert (hub.url, hub.authenticator, hub.admins, hub.images, hub.memory_gb, hub.home_quota_gib) == (
        "https://aurora.example",
        "github",
        ("ana",),
        ("quay.io/a/b:1",),
        (7,),
        20,
    )
    assert (hub.secret_files, "scratch_bucket" in hub.features) == (("enc-prod.secret.values.yaml",), False)


def test_folder_that_cannot_be_read_is_a_warning_and_not_an_end(folder):
    for name, text in {"broken": "a: [", "empty": "", "list": "- 1", "nameless": "hubs: []"}.items():
        (folder / name).mkdir()
        (folder / name / "cluster.yaml").write_text(text)
    reading = read_folder(folder)
    assert [cluster.name for cluster in reading.clusters] == ["aurora"]
    assert [warning.split(":")[0] for warning in reading.warnings] == ["broken", "empty", "list", "nameless"]


def test_hubs_that_are_oddly_written_are_read_as_far_as_they_go(folder):
    (folder / "aurora" / "prod.values.yaml").write_text("basehub: [1]\n")
    (folder / "aurora" / "cluster.yaml").write_text(CLUSTER.replace("basehub", "x") + "- 7\n- {name: bare}\n")
    assert [hub.name for hub in read_folder(folder).hubs] == ["prod", "bare"]


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("enc-x.yaml", True),
        ("x.SECRET.yaml", True),
        ("a/b/enc-support.secret.values.yaml", True),
        ("prod.values.yaml", False),
        ("secret/x.yaml", False),
    ],
)
def test_secrets_are_known_by_their_names(name, secret):
    assert is_secret(name) is secret


def test_values_merge_as_helm_merges_them():
    assert merged([{"a": {"b": 1, "c": [1]}, "d": 1}, {"a": {"b": None, "c": [2]}, "d": {"e": 1}}]) == {"a": {"c": [2]}, "d": {"e": 1}}


@pytest.mark.skipif(not (REAL / "clusters").is_dir(), reason="the real configuration is not on this machine")
def test_real_clusters_read_whole():
    reading = read_folder(REAL / "clusters")
    assert (len(reading.clusters), len(reading.hubs), reading.warnings) == (5, 14, ())
    assert {hub.authenticator for hub in reading.hubs} == {"cilogon", "github", "generic-oauth", "shared-password"}
