"""A sound configuration with one thing made wrong: it is found, at its file and line, and nothing else is."""

import re
from dataclasses import dataclass
from functools import cache

import pytest

from hubs.deployers.gitops.checking import checks
from hubs.deployers.gitops.configuration import Configuration
from tests.hubs import documents
from tests.hubs.test_rendering import actual, plan, real, starter

END = r"\Z"


@dataclass(frozen=True)
class Mutation:
    """`old` (a pattern, its first place) becomes `new` in a file; a line that holds `line` is told, of `told_of` or the same file."""

    name: str
    file: str
    old: str
    new: str
    line: str
    words: str
    told_of: str = ""

    def __str__(self):
        return self.name


@cache
def two_hubs():
    """The configuration a desk begins with, and a community's hub."""
    request = documents.new_hub(authentication=documents.GITHUB, storage={"home_quota_gib": 20})
    request["hubs"].append({**request["hubs"][0], "name": "second", "display_name": "Second", "domain": "second.shared.hubs.example"})
    return starter().with_edits(plan(request).edits)


def mutated(configuration, mutation):
    path = f"config/clusters/{mutation.file}"
    text, count = re.subn(mutation.old, mutation.new, configuration.files[path], count=1)
    assert count == 1
    return Configuration(configuration.base, {**configuration.files, path: text}, configuration.paths)


def told(before, mutation):
    """Every failing line, and where the one is that is expected."""
    after = mutated(before, mutation)
    lines = [line for check in checks(before, after, {mutation.file.split("/")[0]}) if check.status == "fail" for line in check.details]
    path = f"config/clusters/{mutation.told_of or mutation.file}"
    places = [number for number, text in enumerate(after.files[path].splitlines(), 1) if mutation.line in text]
    return lines, [f"{path}:{number}: " for number in places]


def assert_found(before, mutation):
    lines, places = told(before, mutation)
    assert len(lines) == 1, lines
    assert mutation.words in lines[0]
    assert any(lines[0].startswith(place) for place in places), (lines, places)


NMFS, MTU = "nmfs-openscapes/cluster.yaml", "2i2c/mtu.values.yaml"
MUTATIONS = [
    Mutation(
        "unknown-key-of-the-second-hub",
        NMFS,
        r"( +)domain: nmfs-openscapes.2i2c.cloud\n",
        r"\g<0>\1colour: blue\n",
        "colour: blue",
        "hubs.prod.colour",
    ),
    Mutation(
        "numeric-domain", "2i2c/cluster.yaml", "domain: mtu.2i2c.cloud", "domain: 12", "domain: 12", "hubs.mtu.domain: 12 is not of type"
    ),
    Mutation("no-display-name", "2i2c/cluster.yaml", "  display_name: Michigan.*\n", "", "- name: mtu", "“display_name” is missing"),
    Mutation("name-twice", NMFS, "name: workshop", "name: prod", "- name: prod", "two hubs of this name"),
    Mutation(
        "domain-twice",
        "2i2c/cluster.yaml",
        "domain: mtu.2i2c.cloud",
        "domain: staging.2i2c.cloud",
        "domain: staging.2i2c.cloud",
        "2i2c/mtu, 2i2c/staging",
    ),
    Mutation(
        "domain-of-another-cluster",
        "leap/cluster.yaml",
        "domain: leap.2i2c.cloud",
        "domain: mtu.2i2c.cloud",
        "domain: mtu.2i2c.cloud",
        "2i2c/mtu, leap/prod",
    ),
    Mutation("display-name-twice", "leap/cluster.yaml", "display_name: LEAP Prod", "display_name: LEAP Public", "LEAP Public", "called so"),
    Mutation(
        "address-instead-of-a-domain", "leap/cluster.yaml", "domain: leap", "domain: https://leap", "https://leap.2i2c", "no host name"
    ),
    Mutation("name-in-capitals", NMFS, "- name: prod", "- name: Prod", "- name: Prod", "small letters"),
    Mutation("name-kubernetes-uses", NMFS, "- name: prod", "- name: support", "- name: support", "Kubernetes"),
    Mutation(
        "google-name-too-long",
        "2i2c/cluster.yaml",
        "- name: mtu",
        "- name: michigan-technological-uni",
        "- name: michigan",
        "may have 30 characters",
    ),
    Mutation("cluster-called-otherwise", "leap/cluster.yaml", "^name: leap", "name: jump", "name: jump", "folder, leap"),
    Mutation("provider-unknown", NMFS, "provider: aws", "provider: ibm", "provider: ibm", "'ibm' is not one of"),
    Mutation("provider-of-another-block", NMFS, "provider: aws", "provider: gcp", "provider: gcp", "“gcp”"),
    Mutation("provider-block-gone", NMFS, r"aws:\n(  .*\n)+", "", "provider: aws", "“aws”"),
    Mutation("chart-unknown", NMFS, "helm_chart: basehub", "helm_chart: basehubb", "basehubb", "hubs.staging.helm_chart"),
    Mutation("deal-as-text", NMFS, "hubspot_deal_id: ", "hubspot_deal_id: no", "hubspot_deal_id", "metadata.2i2c.hubspot_deal_id"),
    Mutation(
        "values-file-not-there", "2i2c/cluster.yaml", "- mtu.values", "- mtv.values", "- mtv.values.yaml", "mtv.values.yaml is not there"
    ),
    Mutation("values-file-twice", "2i2c/cluster.yaml", "(  - mtu.values.yaml\n)", r"\1\1", "- mtu.values.yaml", "listed twice"),
    Mutation("not-yaml", MTU, END, "broken: ]\n", "broken: ]", "not YAML"),
    Mutation("key-twice", MTU, END, "jupyterhub: {}\n", "jupyterhub: {}", "the key 'jupyterhub' is there twice"),
    Mutation("unknown-key-of-the-chart", MTU, END, "jupyterhubb: {}\n", "jupyterhubb", "not known here"),
    Mutation(
        "unknown-key-of-jupyterhub",
        "leap/public.values.yaml",
        "( +)allowNamedServers: true",
        r"\1allowNamedServer: true",
        "allowNamedServer:",
        "not known here",
    ),
    Mutation(
        "wrong-type-in-jupyterhub",
        "leap/public.values.yaml",
        "allowNamedServers: true",
        "allowNamedServers: often",
        "allowNamedServers",
        "is not of type 'boolean'",
    ),
    Mutation(
        "wrong-type-in-a-shared-file",
        "nmfs-openscapes/common.values.yaml",
        "allowNamedServers: true",
        "allowNamedServers: 3",
        "allowNamedServers",
        "is not of type 'boolean'",
    ),
    Mutation("beside-basehub", "leap/prod.values.yaml", END, "jupyterhub: {}\n", "jupyterhub: {}", "below “basehub”"),
    Mutation(
        "wrong-type-below-basehub",
        "leap/daskhub-common.values.yaml",
        "allowNamedServers: true",
        "allowNamedServers: 3",
        "allowNamedServers: 3",
        "basehub.jupyterhub.hub.allowNamedServers",
    ),
    Mutation("no-funder", MTU, r" +funded_by:\n +name: .*\n +url: .*\n", "", "templateVars:", "“funded_by” is missing"),
    Mutation("no-logo", MTU, r" +logo_url: .*\n", "", "org:", "“logo_url” is missing"),
    Mutation(
        "dummy-with-admins",
        "nmfs-openscapes/prod.values.yaml",
        "class: github",
        "class: dummy",
        "admin_users:",
        "under any name",
        "nmfs-openscapes/common.values.yaml",
    ),
    Mutation(
        "organisations-and-people-of-two-files",
        "nmfs-openscapes/common.values.yaml",
        r"( +)admin_users:",
        r"\1allowed_users: [eve]\n\g<0>",
        "allowed_users",
        "staging.values.yaml:2",
    ),
    Mutation(
        "cilogon-without-institutions",
        "nmfs-openscapes/noaa-only.values.yaml",
        r"allowed_idps:\n( {10}.*\n)+",
        "shown_idps: {}\n",
        "CILogonOAuthenticator:",
        "no institution",
    ),
    Mutation(
        "institution-without-a-claim",
        "nmfs-openscapes/noaa-only.values.yaml",
        r" +username_derivation:\n.*\n",
        "",
        "http://google.com",
        "which of this institution's claims",
    ),
    Mutation(
        "password-for-everybody",
        "nmfs-openscapes/workshop.values.yaml",
        r"( +)Authenticator:",
        r"\1SharedPasswordAuthenticator: {user_password: hunter22}\n\g<0>",
        "user_password",
        "secret file",
    ),
    Mutation("no-file-for-the-password", NMFS, r" +- enc-workshop.*\n", "", "helm_chart_values_files:", "no secret file"),
    Mutation(
        "moving-tag",
        "nmfs-openscapes/common.values.yaml",
        "openscapes:89655e1",
        "openscapes:latest",
        "openscapes:latest",
        "openscapes:latest has no fixed tag",
    ),
    Mutation(
        "no-tag",
        "nmfs-openscapes/common.values.yaml",
        "openscapes:89655e1",
        "openscapes",
        "openscapes",
        "container-images/openscapes has no fixed tag",
    ),
    Mutation(
        "more-guaranteed-than-allowed",
        "nmfs-openscapes/common.values.yaml",
        "mem_guarantee: 1951419879",
        "mem_guarantee: 3G",
        "mem_guarantee: 3G",
        "More is guaranteed",
    ),
    Mutation(
        "memory-kubernetes-writes",
        "nmfs-openscapes/common.values.yaml",
        "mem_guarantee: 14G",
        "mem_guarantee: 14Gi",
        "mem_guarantee: 14Gi",
        "does not read this as memory",
    ),
    Mutation(
        "two-default-profiles",
        "nmfs-openscapes/common.values.yaml",
        "( +)slug: gpu\n",
        r"\g<0>\1default: true\n",
        "default: true",
        "Only one profile",
    ),
    Mutation(
        "two-default-choices",
        "nmfs-openscapes/common.values.yaml",
        "( +)slug: echosm\n",
        r"\g<0>\1default: true\n",
        "default: true",
        "Only one choice",
    ),
    Mutation(
        "slug-twice",
        "nmfs-openscapes/common.values.yaml",
        "( +)description: Choose.*\n",
        r"\g<0>\1slug: gpu\n",
        "slug: gpu",
        "has the slug “gpu”",
    ),
    Mutation(
        "choice-that-changes-nothing",
        "nmfs-openscapes/common.values.yaml",
        r"( +)kubespawner_override:\n.*(pyrbase|89655e1)\n",
        "",
        "python:",
        "changes nothing",
    ),
    Mutation(
        "own-image-that-goes-nowhere",
        "nmfs-openscapes/common.values.yaml",
        r"image: '\{value\}'",
        "image: quay.io/a/b:1",
        "kubespawner_override:",
        "hold {value}",
    ),
    Mutation(
        "own-image-checked-by-nothing",
        "nmfs-openscapes/common.values.yaml",
        r"validation_regex: .*",
        "validation_regex: '('",
        "validation_regex",
        "no regular expression",
    ),
    Mutation("quota-as-text", "nmfs-openscapes/prod.values.yaml", "hard_quota: 20", "hard_quota: lots", "hard_quota", "number of GiB"),
    Mutation("server-blank", "nmfs-openscapes/prod.values.yaml", "serverIP: .*", "serverIP: ''", "serverIP", "it is blank"),
    Mutation("disk-blank", "nmfs-openscapes/prod.values.yaml", "volumeId: .*", "volumeId: ''", "volumeId", "volumeId"),
    Mutation("amount-that-is-none", "leap/prod.values.yaml", "memory: 256Mi", "memory: 256 MB", "256 MB", "as an amount"),
    Mutation("idle-time-as-text", "earthscope/binder.values.yaml", "maxAge: 43200", "maxAge: 12h", "maxAge", "is not of type 'integer'"),
    Mutation(
        "idle-longer-than-alive",
        "earthscope/binder.values.yaml",
        "( +)every: 300",
        r"\g<0>\n\1timeout: 86400",
        "maxAge",
        "before they can be idle",
    ),
]


COMMON, SECOND, LISTING = "shared/common.values.yaml", "shared/second.values.yaml", "shared/cluster.yaml"
OF_OURS = [
    Mutation(
        "unknown-key-of-the-last-hub", LISTING, r"( +)domain: second.*\n", r"\g<0>\1colour: blue\n", "colour: blue", "hubs.second.colour"
    ),
    Mutation("numeric-domain", LISTING, "domain: second.*", "domain: 12", "domain: 12", "hubs.second.domain: 12 is not of type"),
    Mutation("no-display-name", LISTING, "  display_name: Second\n", "", "- name: second", "“display_name” is missing"),
    Mutation("name-twice", LISTING, "name: second", "name: aurora", "- name: aurora", "two hubs of this name"),
    Mutation("domain-twice", LISTING, "domain: second", "domain: aurora", "domain: aurora", "shared/aurora, shared/second"),
    Mutation(
        "display-name-twice", LISTING, "display_name: Second", "display_name: Aurora Research Hub", "Aurora Research Hub", "called so"
    ),
    Mutation("provider-unknown", LISTING, "provider: aws", "provider: ibm", "provider: ibm", "'ibm' is not one of"),
    Mutation("provider-of-another-block", LISTING, "provider: aws", "provider: gcp", "provider: gcp", "“gcp”"),
    Mutation("chart-unknown", LISTING, "helm_chart: basehub", "helm_chart: basehubb", "basehubb", "hubs.staging.helm_chart"),
    Mutation(
        "values-file-not-there", LISTING, "- second.values", "- third.values", "- third.values.yaml", "third.values.yaml is not there"
    ),
    Mutation("not-yaml", SECOND, END, "broken: ]\n", "broken: ]", "not YAML"),
    Mutation("key-twice", SECOND, END, "jupyterhub: {}\n", "jupyterhub: {}", "the key 'jupyterhub' is there twice"),
    Mutation("unknown-key-of-the-chart", SECOND, END, "jupyterhubb: {}\n", "jupyterhubb", "not known here"),
    Mutation("wrong-type", SECOND, "defaultUrl: /lab", "defaultUrl: 7", "defaultUrl", "is not of type 'string'"),
    Mutation("no-funder", SECOND, r" +funded_by:\n +name: .*\n +url: .*\n", "", "templateVars:", "“funded_by” is missing"),
    Mutation("no-logo", SECOND, r" +logo_url: .*\n", "", "org:", "“logo_url” is missing"),
    Mutation("no-custom", SECOND, r"  custom:\n(    .*\n)+", "", "jupyterhub:", "“custom” is missing"),
    Mutation("dummy-with-admins", SECOND, "class: github", "class: dummy", "admin_users", "under any name"),
    Mutation(
        "people-of-a-shared-file",
        COMMON,
        END,
        "jupyterhub: {hub: {config: {Authenticator: {allowed_users: [eve]}}}}\n",
        "allowed_users",
        "aurora.values.yaml:",
    ),
    Mutation("moving-tag", SECOND, "pangeo-notebook:[0-9.]+", "pangeo-notebook:latest", "pangeo-notebook:latest", "no fixed tag"),
    Mutation(
        "more-guaranteed-than-allowed", SECOND, "mem_guarantee: .*", "mem_guarantee: 300G", "mem_guarantee: 300G", "More is guaranteed"
    ),
    Mutation("memory-kubernetes-writes", SECOND, "mem_limit: .*", "mem_limit: 14Gi", "mem_limit: 14Gi", "does not read this as memory"),
    Mutation("two-default-choices", SECOND, r"( +)mem_7_gb:\n", r"\g<0>\1  default: true\n", "default: true", "Only one choice"),
    Mutation("quota-as-text", SECOND, "hard_quota: 20", "hard_quota: lots", "hard_quota", "is not of type 'number'"),
    Mutation("idle-time-as-text", SECOND, "^jupyterhub:\n", r"\g<0>  cull: {timeout: soon}\n", "cull", "is not of type 'integer'"),
    Mutation("servers-fewer-than-none", SECOND, END, "nodePlaceholder: {enabled: true, replicas: -1}\n", "nodePlaceholder", "minimum of 0"),
]


@real
@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_what_is_made_wrong_in_a_real_folder_is_found_where_it_is_and_alone(mutation):
    assert_found(actual(), mutation)


@pytest.mark.parametrize("mutation", OF_OURS, ids=str)
def test_what_is_made_wrong_in_a_folder_of_ours_is_found_where_it_is_and_alone(mutation):
    assert_found(two_hubs(), mutation)
