"""Whatever a request may ask for, its files pass every check: with our own schemas, and with the real ones where they are at hand."""

from copy import deepcopy
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hubs.deployers.gitops import planning
from hubs.deployers.gitops.rendering import Circumstances
from hubs.deployers.gitops.rendering.changes import FEATURES
from hubs.schema.shape import request_schema
from tests.hubs import documents
from tests.hubs.deploying import REAL, US
from tests.hubs.test_rendering import TODAY, actual, starter

PROVIDERS = ("aws", "gcp", "azure", "kubeconfig")
SIGNING_IN = [
    documents.GITHUB,
    documents.CILOGON,
    {
        "method": "cilogon",
        "identity_providers": [{"entity_id": "https://idp.aurora.example/a", "username_claim": "eppn"}],
        "admins": ["a@aurora.example"],
    },
    {"method": "google", "allowed_hosted_domains": ["aurora.example"], "admins": ["ana@aurora.example"]},
    {"method": "auth0", "issuer": "https://login.aurora.example/", "scopes": ["openid", "email"]},
    {"method": "generic-oauth", "issuer": "https://login.aurora.example", "username_claim": "email", "admins": ["ana"]},
    {"method": "canvas", "issuer": "https://canvas.aurora.example"},
    {"method": "shared-password", "admins": ["ana"]},
    {"method": "shared-password"},
]
OPEN = [{"method": "tmp"}, {"method": "null"}]
GPUS = ["nvidia-tesla-t4", "nvidia-l4", "nvidia-a100"]
IMAGES = [
    {"title": "Ours", "image": "quay.io/aurora/ours:2026.1"},
    {"title": "R", "preset": "rocker", "default": True},
    {"title": "R!", "preset": "scipy"},
]
BASES = [
    pytest.param(starter, id="ours"),
    pytest.param(actual, id="real", marks=pytest.mark.skipif(not REAL.is_dir(), reason="the real configuration is not on this machine")),
]


def failing(request, configuration, circumstances=None):
    request = planning.sound(request, today=TODAY)
    planned = planning.make_plan(request, configuration, circumstances or Circumstances(US), today=TODAY)
    return [line for check in planned.plan.checks if check.status == "fail" for line in check.details]


def on_new_cluster(provider, spec, **facts):
    request = documents.new_cluster(provider=provider, name="aurora", **facts)
    request["hubs"] = [{**request["hubs"][0], **deepcopy(spec)}]
    return request


def settled(*hubs):
    """What engineers tell about a hub's disk and a cluster's account."""
    disks = {f"home-disk-{hub}": {"volumeId": "vol-1", "serverIP": "10.0.0.1"} for hub in hubs}
    return Circumstances(
        US, {"home-disk": {"volumeId": "vol-1", "serverIP": "10.0.0.1"}, "cloud-account": {"account": "123456789012"}, **disks}
    )


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_new_cluster_with_every_way_of_signing_in(base, provider):
    found = {}
    for number, signing_in in enumerate(SIGNING_IN):
        request = on_new_cluster(provider, {"authentication": signing_in}, paid_by=["organisation", "community"][number % 2])
        lines = failing(request, base(), settled() if number % 3 else Circumstances(US))
        found |= {signing_in["method"]: lines} if lines else {}
    assert found == {}


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", ["ephemeral", "binderhub-ui"])
def test_hubs_that_keep_nothing(base, provider, kind):
    for signing_in in OPEN:
        assert failing(on_new_cluster(provider, {"type": kind, "authentication": signing_in}), base()) == []


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_new_hubs_with_everything_that_can_be_switched(base, provider):
    environment = {
        "dask_gateway": True,
        "dynamic_image_building": True,
        "named_servers": True,
        "images": IMAGES,
        "default_interface": "/rstudio",
    }
    storage = {"home_quota_gib": 64, "scratch_bucket": True, "persistent_bucket": True, "shared_public": True, "allusers_for_admins": True}
    storage |= {"requester_pays": True} if provider == "gcp" else {}
    for gpu in [False, *({"type": kind, "allowed_groups": ["aurora:gpu"]} for kind in GPUS)]:
        spec = {
            "authentication": documents.GITHUB,
            "environment": environment,
            "resources": {"gpu": gpu, "max_memory_gb": 110},
            "storage": storage,
            "github_push": True,
            "anonymize_usernames": True,
            "homepage": {**documents.HOMEPAGE, "announcement": "Hello: you"},
        }
        assert failing(on_new_cluster(provider, spec), base()) == []


REAL_HUBS = [
    ("2i2c", "mtu"),
    ("leap", "public"),
    ("leap", "staging"),
    ("earthscope", "binder"),
    ("awi-ciroh", "prod"),
    ("nmfs-openscapes", "workshop"),
]
HUBS = [
    pytest.param(starter, "shared", "staging", id="ours"),
    *(pytest.param(actual, *names, id="-".join(names), marks=BASES[1].marks) for names in REAL_HUBS),
]
ON = [
    {"op": "set_image", "image": "quay.io/aurora/ours:2026.1"},
    {"op": "set_environment", "environment": {"images": IMAGES, "bring_your_own_image": False}},
    {"op": "set_environment", "environment": {"dask_gateway": True, "dynamic_image_building": True}},
    {"op": "set_resources", "resources": {"max_memory_gb": 60, "choices": 6}},
    *({"op": "set_resources", "resources": {"gpu": {"type": kind}}} for kind in GPUS),
    {"op": "set_storage", "storage": {"home_quota_gib": 100, "scratch_bucket": True, "persistent_bucket": True, "shared_public": True}},
    {"op": "set_domain", "domain": "hub.aurora.example"},
    {"op": "set_homepage", "homepage": documents.HOMEPAGE},
    {"op": "set_culling"},
    *({"op": "feature", "feature": feature, "enabled": True} for feature in sorted(FEATURES)),
]
OFF = [
    {"op": "set_environment", "environment": {"bring_your_own_image": True, "default_interface": "/tree", "named_servers": False}},
    {
        "op": "set_storage",
        "storage": {"scratch_bucket": False, "persistent_bucket": False, "shared_public": False, "allusers_for_admins": False},
    },
    {"op": "set_culling", "idle_minutes": 10, "max_age_hours": 1},
    *({"op": "feature", "feature": feature, "enabled": False} for feature in sorted(FEATURES)),
]


@pytest.mark.parametrize("changes", [ON, OFF], ids=["on", "off"])
@pytest.mark.parametrize(("base", "cluster", "hub"), HUBS)
def test_every_change_of_hubs_that_run(base, cluster, hub, changes):
    admins = {"op": "admins", "add": ["ana@aurora.example" if cluster == "shared" or hub == "mtu" else "ana-ruiz"]}
    assert failing(documents.change(*changes, admins, cluster=cluster, hub=hub), base()) == []
    for change in changes[-1:]:
        assert failing(documents.change(change, cluster=cluster, hub=hub), base()) == []


@pytest.mark.parametrize(("base", "cluster", "hub"), HUBS)
def test_every_event_on_hubs_that_run(base, cluster, hub):
    for kind, (prewarm, prepull) in zip(["workshop", "class", "hackathon", "other"], product([True, False], repeat=2), strict=True):
        event = documents.event(kind=kind, prewarm=prewarm, prepull_images=prepull, memory_gb_per_attendee=4)
        assert failing({**event, "cluster": cluster, "hub": hub}, base()) == []


@pytest.mark.parametrize(("base", "cluster", "hub"), HUBS)
def test_every_end_of_hubs_that_run(base, cluster, hub):
    others = len(base().clusters[cluster].hubs) - 1
    if "staging" in hub and others:
        return  # refused
    data = [{"action": "delete", "confirmed_by": "Ana"}, {"action": "archive", "destination": "s3://aurora"}]
    for action, remove_cluster in product(data, [False] if others else [False, True]):
        assert failing(documents.decommission(cluster=cluster, hub=hub, data=action, remove_cluster=remove_cluster), base()) == []


@pytest.mark.parametrize(
    ("base", "cluster"),
    [
        pytest.param(starter, "shared", id="ours"),
        *(pytest.param(actual, name, id=name, marks=BASES[1].marks) for name in dict.fromkeys(cluster for cluster, _hub in REAL_HUBS)),
    ],
)
def test_every_hub_for_an_event(base, cluster):
    for signing_in in SIGNING_IN if cluster == "shared" else SIGNING_IN[::3]:
        request = documents.event(prewarm=True, prepull_images=True)
        del request["hub"]
        request |= {"cluster": cluster, "new_hub": {**documents.HUB, "authentication": signing_in, "domain": "event.new.example"}}
        assert failing(request, base()) == []


@settings(
    max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
@given(data=st.data())
@pytest.mark.parametrize("base", BASES)
def test_any_mixture_in_a_cluster_that_runs(base, data):
    draw = data.draw
    cluster = draw(st.sampled_from(sorted(base().clusters)))
    provider = base().clusters[cluster].provider
    flags = st.booleans()
    signing_in = draw(st.sampled_from(SIGNING_IN))
    spec = {
        "domain": "a.new.example",
        "authentication": signing_in,
        "environment": draw(
            st.fixed_dictionaries(
                {},
                optional={"images": st.just(IMAGES), "dask_gateway": flags, "dynamic_image_building": flags, "bring_your_own_image": flags},
            )
        ),
        "resources": draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "max_memory_gb": st.integers(1, 512),
                    "choices": st.integers(1, 6),
                    "gpu": st.sampled_from([False, {"type": "nvidia-l4"}]),
                },
            )
        ),
        "storage": draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "home_quota_gib": st.integers(1, 1000),
                    "scratch_bucket": flags,
                    "shared_public": flags,
                    "allusers_for_admins": flags,
                },
            )
        ),
        "github_push": draw(flags),
        "anonymize_usernames": draw(flags),
    }
    request = {**documents.new_hub(**spec), "cluster": cluster}
    assert (provider in PROVIDERS, failing(request, base(), draw(st.sampled_from([Circumstances(US), settled("aurora")])))) == (True, [])


def test_the_methods_and_providers_are_those_of_the_schema():
    definitions = request_schema()["$defs"]
    methods = {name for way in definitions["authentication"]["oneOf"] for name in _names(way["properties"]["method"])}
    assert methods == {way["method"] for way in [*SIGNING_IN, *OPEN]}
    assert set(definitions["newCluster"]["properties"]["provider"]["enum"]) == set(PROVIDERS)
    assert {change["properties"]["op"]["const"] for change in definitions["change"]["oneOf"]} == {change["op"] for change in ON} | {
        "admins"
    }


def _names(rule):
    return [rule["const"]] if "const" in rule else rule["enum"]
