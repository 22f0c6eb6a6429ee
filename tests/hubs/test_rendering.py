"""Files as they shall be: minimal edits, nothing that was not asked for, and what was asked for reads back."""

from datetime import date
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ground.errors import Rejected
from hubs.clusters import at, hub_values
from hubs.deployers.gitops import planning
from hubs.deployers.gitops.checking import Level, findings
from hubs.deployers.gitops.configuration import Configuration, dumped, loaded
from hubs.deployers.gitops.preparing import starter_files
from hubs.deployers.gitops.rendering import Circumstances, machines
from hubs.notation import parsed
from tests.hubs import documents
from tests.hubs.deploying import REAL, US

TODAY = date(2027, 1, 4)
STAGING = "config/clusters/shared/staging.values.yaml"
real = pytest.mark.skipif(not (REAL / "clusters").is_dir(), reason="the real configuration is not on this machine")


@cache
def starter():
    files = {path: text for path, text in starter_files(US).items() if path.endswith(".yaml")}
    return Configuration("a" * 40, files, frozenset(files))


@cache
def actual():
    files = {f"config/clusters/{path.parent.name}/{path.name}": path.read_text() for path in REAL.glob("clusters/*/*.yaml")}
    files |= {f"schemas/{path.name}": path.read_text() for path in REAL.glob("schemas/*.yaml")}
    return Configuration("b" * 40, files, frozenset(files))


def plan(request, configuration=None):
    return planning.make_plan(planning.sound(request, today=TODAY), configuration or starter(), Circumstances(US), today=TODAY)


def lines(planned):
    """What changes, by file name: the lines added and removed."""
    changed = {change.path.rpartition("/")[2]: change.diff.splitlines()[2:] for change in planned.plan.files}
    return {name: [line for line in diff if line[:1] in "+-"] for name, diff in changed.items()}


def staging(planned):
    return hub_values("basehub", [parsed(next(edit.text for edit in planned.edits if edit.path == STAGING))])


def failures(planned):
    return [line for check in planned.plan.checks if check.status == "fail" for line in check.details]


def test_starter_passes_every_check_it_has_a_schema_for():
    planned = plan(documents.change({"op": "set_culling"}))
    assert [(check.name, check.status) for check in planned.plan.checks if check.status != "pass"] == [("Values of JupyterHub", "skip")]


CHANGES = [
    (
        {"op": "set_image", "image": "quay.io/my/image:1.2"},
        ("jupyterhub", "singleuser", "profileList", 0, "profile_options", "image", "choices", "pangeo", "kubespawner_override", "image"),
        "quay.io/my/image:1.2",
    ),
    ({"op": "set_environment", "environment": {"default_interface": "/rstudio"}}, ("jupyterhub", "singleuser", "defaultUrl"), "/rstudio"),
    ({"op": "set_environment", "environment": {"named_servers": True}}, ("jupyterhub", "hub", "allowNamedServers"), True),
    (
        {"op": "set_environment", "environment": {"images": [{"title": "R & co.", "preset": "rocker"}]}},
        ("jupyterhub", "singleuser", "profileList", 0, "profile_options", "image", "choices", "r-co", "default"),
        True,
    ),
    (
        {"op": "set_resources", "resources": {"max_memory_gb": 8}},
        ("jupyterhub", "singleuser", "profileList", 0, "profile_options", "requests", "choices", "mem_15_gb"),
        None,
    ),
    (
        {"op": "set_resources", "resources": {"gpu": {"type": "nvidia-tesla-t4"}}},
        ("jupyterhub", "singleuser", "profileList", 1, "slug"),
        "gpu",
    ),
    (
        {"op": "admins", "add": ["ana@aurora.example"]},
        ("jupyterhub", "hub", "config", "Authenticator", "admin_users"),
        ["support@hubs.example", "ana@aurora.example"],
    ),
    (
        {"op": "set_storage", "storage": {"home_quota_gib": 64}},
        ("jupyterhub-home-nfs", "quotaEnforcer", "config", "QuotaManager", "hard_quota"),
        64,
    ),
    (
        {"op": "set_storage", "storage": {"scratch_bucket": True}},
        ("jupyterhub", "singleuser", "extraEnv", "SCRATCH_BUCKET"),
        "s3://shared-scratch-staging/$(JUPYTERHUB_USER)",
    ),
    (
        {"op": "set_storage", "storage": {"shared_public": True}},
        ("jupyterhub", "singleuser", "storage", "extraVolumeMounts", "1-shared-public-volumemount", "subPath"),
        "_shared-public",
    ),
    (
        {"op": "set_homepage", "homepage": {**documents.HOMEPAGE, "announcement": "Hi: all"}},
        ("jupyterhub", "custom", "homepage", "templateVars", "announcements"),
        ["Hi: all"],
    ),
    ({"op": "set_culling", "idle_minutes": 30}, ("jupyterhub", "cull", "timeout"), 1800),
    (
        {"op": "feature", "feature": "dask_gateway", "enabled": True},
        ("dask-gateway", "gateway", "auth", "jupyterhub", "jupyterhubServiceName"),
        "dask-gateway",
    ),
    (
        {"op": "feature", "feature": "allusers", "enabled": True},
        ("jupyterhub", "custom", "singleuserAdmin", "extraVolumeMounts", "01-allusers-volumemount", "mountPath"),
        "/home/jovyan/allusers",
    ),
    ({"op": "feature", "feature": "dynamic_image_building", "enabled": True}, ("binderhub-service", "enabled"), True),
    (
        {"op": "feature", "feature": "shared_public", "enabled": False},
        ("jupyterhub", "singleuser", "storage", "extraVolumeMounts", "1-shared-public-volumemount"),
        None,
    ),
]


@pytest.mark.parametrize(
    ("change", "place", "expected"), CHANGES, ids=[f"{change['op']}-{index}" for index, (change, *_rest) in enumerate(CHANGES)]
)
def test_change_is_written_where_it_belongs_and_passes_the_checks(change, place, expected):
    planned = plan(documents.change(change))
    value = staging(planned)
    for step in place:
        value = value.get(step) if isinstance(value, dict) else value[step]
    assert (value, failures(planned)) == (expected, [])
    assert all(change.summary for change in planned.plan.files)


def test_change_of_domain_also_touches_the_values_so_that_it_is_deployed():
    planned = plan(documents.change({"op": "set_domain", "domain": "hub.aurora.example"}))
    assert lines(planned) == {
        "cluster.yaml": ["-  domain: staging.shared.hubs.example", "+  domain: hub.aurora.example"],
        "staging.values.yaml": ["+# Served at hub.aurora.example"],
    }
    again = plan(documents.change({"op": "set_domain", "domain": "other.aurora.example"}), starter().with_edits(planned.edits))
    assert lines(again)["staging.values.yaml"] == ["-# Served at hub.aurora.example", "+# Served at other.aurora.example"]


def test_two_changes_of_one_request_add_up():
    planned = plan(documents.change({"op": "set_culling"}, {"op": "admins", "add": ["a@b.example"]}))
    assert lines(planned) == {"staging.values.yaml": ["+        - a@b.example", "+  cull:", "+    timeout: 3600", "+    maxAge: 604800"]}


def test_change_that_changes_nothing_has_no_files():
    assert plan(documents.change({"op": "set_storage", "storage": {"home_quota_gib": 1}})).plan.files == ()


def test_event_keeps_enough_machines_warm():
    planned = plan(documents.event(prewarm=True, attendees=100, memory_gb_per_attendee=4))
    assert at(staging(planned), "nodePlaceholder") == {"enabled": True, "replicas": 15}
    assert failures(planned) == []


def test_event_with_its_own_hub_prepares_that_one():
    request = documents.event(prewarm=True)
    del request["hub"]
    request["new_hub"] = documents.HUB
    planned = plan(request)
    assert [change.path.rpartition("/")[2] for change in planned.plan.files] == ["aurora.values.yaml", "cluster.yaml"]
    assert "nodePlaceholder" in planned.plan.files[0].diff


@pytest.mark.parametrize("provider", ["aws", "gcp", "azure", "kubeconfig"])
@pytest.mark.parametrize("paid_by", ["organisation", "community"])
def test_new_cluster_of_every_provider_passes_the_checks(provider, paid_by):
    planned = plan(documents.new_cluster(provider=provider, paid_by=paid_by))
    assert failures(planned) == []
    assert [change.action for change in planned.plan.files] == ["add"] * 4


@pytest.mark.parametrize(
    "signing_in",
    [
        documents.CILOGON,
        documents.GITHUB,
        {"method": "google", "allowed_hosted_domains": ["aurora.example"], "admins": ["ana@aurora.example"]},
        {"method": "auth0", "issuer": "https://login.aurora.example"},
        {"method": "shared-password"},
    ],
    ids=lambda signing_in: signing_in["method"],
)
def test_new_hub_with_every_way_of_signing_in_passes_the_checks(signing_in):
    assert failures(plan(documents.new_hub(authentication=signing_in))) == []


@pytest.mark.parametrize(("kind", "method"), [("ephemeral", "tmp"), ("binderhub-ui", "null")])
def test_hub_that_keeps_nothing_needs_no_disk_and_has_no_admins(kind, method):
    planned = plan(documents.new_hub(type=kind, authentication={"method": method}))
    assert failures(planned) == []
    assert "home-disk" not in {item.key for item in planned.plan.preconditions}
    assert "  admin_users" not in planned.plan.files[0].diff


def test_sizes_are_halves_of_a_machine():
    assert [size.gb for size in machines.sizes({}, "aws")] == [4, 7, 15, 29]
    assert [size.memory for size in machines.sizes({"instance_type": "r5.xlarge"}, "aws")] == [
        3902839759,
        7805679519,
        15611359038,
        31222718077,
    ]
    assert [size.gb for size in machines.sizes({"max_memory_gb": 110, "choices": 2}, "aws")] == [59]
    assert [size.gb for size in machines.sizes({"max_memory_gb": 16}, "kubeconfig")] == [2, 4, 8, 16]


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=3, max_size=40).filter(lambda text: len(text.strip()) > 2)
label = st.from_regex(r"\A[a-z]([a-z0-9-]{0,18}[a-z0-9])?\Z").filter(
    lambda name: name not in {"staging", "default", "support", "cert-manager", "kube-system", "kube-public", "kube-node-lease"}
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=label,
    texts=st.tuples(words, words),
    quota=st.integers(1, 1000),
    sizes=st.tuples(st.integers(1, 512), st.integers(1, 6)),
    titles=st.lists(words, min_size=1, max_size=3),
)
def test_whatever_people_call_things_the_hub_reads_back_as_it_was_asked_for(name, texts, quota, sizes, titles):
    (title, funder), (memory, choices) = texts, sizes
    homepage = {**documents.HOMEPAGE, "funded_by": {"name": funder, "url": "https://f.example"}}
    images = [{"title": text, "preset": "scipy", "default": index == 0} for index, text in enumerate(titles)]
    request = documents.new_hub(
        name=name,
        display_name=title,
        homepage=homepage,
        domain=f"{name}.new.example",
        storage={"home_quota_gib": quota},
        resources={"max_memory_gb": memory, "choices": choices},
        environment={"images": images},
    )
    planned = plan(request)
    after = starter().with_edits(planned.edits)
    hub = next(hub for hub in after.clusters["shared"].hubs if hub.name == name)
    assert (hub.display_name, hub.domain, hub.home_quota_gib, failures(planned)) == (title.strip(), f"{name}.new.example", quota, [])
    values = parsed(after.files[f"config/clusters/shared/{name}.values.yaml"])
    assert at(values, "jupyterhub", "custom", "homepage", "templateVars", "funded_by", "name") == funder.strip()
    assert max(hub.memory_gb) <= max(memory, min(hub.memory_gb))
    assert len(at(values["jupyterhub"]["singleuser"]["profileList"][0], "profile_options", "image", "choices")) == len(titles)


@real
def test_real_files_come_back_byte_for_byte():
    changed = [path for path, text in actual().files.items() if path.startswith("config/") and dumped(loaded(text)) != text]
    assert changed == []


@real
def test_real_clusters_pass_the_checks_but_for_what_was_so_before():
    clusters = set(actual().clusters)
    assert clusters == {"2i2c", "awi-ciroh", "earthscope", "leap", "nmfs-openscapes"}
    assert [str(finding) for finding in findings(actual(), clusters) if finding.level != Level.UNWANTED] == []
    assert {finding.path.split("/")[2] for finding in findings(actual(), clusters)} == {
        "awi-ciroh",
        "earthscope",
        "leap",
        "nmfs-openscapes",
    }


@real
def test_real_hub_gets_an_image_and_an_admin_in_a_few_lines():
    changes = ({"op": "set_image", "image": "quay.io/my/image:2"}, {"op": "admins", "add": ["ana@mtu.example"]})
    planned = plan(documents.change(*changes, cluster="2i2c", hub="mtu"), actual())
    assert lines(planned) == {
        "mtu.values.yaml": [
            "-      name: quay.io/2i2c/cloudbank-data8-image",
            "-      tag: 6286b77ae45c",
            "+      name: quay.io/my/image",
            "+      tag: '2'",
            "+        - ana@mtu.example",
        ]
    }
    assert (failures(planned), [redeploy.hub for redeploy in planned.plan.redeploys]) == ([], ["mtu"])


@real
def test_real_shared_file_names_every_hub_that_restarts_staging_first():
    planned = plan(documents.change({"op": "set_image", "image": "quay.io/my/image:2"}, cluster="nmfs-openscapes", hub="prod"), actual())
    assert [redeploy.hub for redeploy in planned.plan.redeploys] == ["staging", "noaa-only", "prod", "workshop"]
    assert [warning.code for warning in planned.plan.warnings] == ["shared-file"]


@real
def test_real_admins_change_in_the_hubs_own_file_alone():
    planned = plan(documents.change({"op": "admins", "add": ["zed"]}, cluster="nmfs-openscapes", hub="prod"), actual())
    assert [change.path for change in planned.plan.files] == ["config/clusters/nmfs-openscapes/prod.values.yaml"]
    assert [redeploy.hub for redeploy in planned.plan.redeploys] == ["prod"]


@real
@pytest.mark.parametrize(
    ("change", "_place", "_expected"), CHANGES, ids=[f"{change['op']}-{index}" for index, (change, *_rest) in enumerate(CHANGES)]
)
@pytest.mark.parametrize(
    ("cluster", "hub"),
    [("2i2c", "mtu"), ("leap", "prod"), ("leap", "public"), ("earthscope", "prod"), ("awi-ciroh", "prod"), ("nmfs-openscapes", "workshop")],
)
def test_real_hubs_take_every_change_and_still_pass_the_checks(cluster, hub, change, _place, _expected):
    if change["op"] == "admins" and hub != "mtu":
        change = {"op": "admins", "add": ["ana-ruiz"]}
    assert failures(plan(documents.change(change, cluster=cluster, hub=hub), actual())) == []


@real
def test_real_last_hub_takes_its_cluster_with_it():
    request = documents.decommission(cluster="leap", hub="public", remove_cluster=True)
    with pytest.raises(Rejected) as caught:
        plan(request, actual())
    assert [error["code"] for error in caught.value.errors] == ["not-empty"]
