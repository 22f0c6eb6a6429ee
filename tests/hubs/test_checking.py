"""The checks find what is wrong, in every hub and not only in the first."""

import pytest

from hubs.deployers.gitops.checking import Level, checks, findings
from hubs.deployers.gitops.checking.quantities import is_cron, is_quantity, spawner_bytes
from hubs.deployers.gitops.checking.shapes import for_every_item, fragment
from hubs.deployers.gitops.configuration import Configuration
from tests.hubs.test_rendering import STAGING, starter

LISTING = "config/clusters/shared/cluster.yaml"
SECOND = """- name: second
  display_name: Second hub
  domain: second.shared.hubs.example
  helm_chart: basehub
  helm_chart_values_files:
  - common.values.yaml
  - second.values.yaml
"""
VALUES = """jupyterhub:
  custom:
    2i2c: {}
    homepage:
      templateVars:
        redirect_to: https://aurora.example
  hub:
    config:
      JupyterHub:
        authenticator_class: github
      GitHubOAuthenticator:
        allowed_organizations:
        - aurora
"""


def with_second(listing=SECOND, values=VALUES):
    before = starter()
    files = {**before.files, LISTING: before.files[LISTING] + listing, "config/clusters/shared/second.values.yaml": values}
    return Configuration(before.base, files, frozenset(files))


def failing(after):
    return {check.name: check.details for check in checks(starter(), after, {"shared"}) if check.status == "fail"}


def test_sound_second_hub_passes():
    assert failing(with_second()) == {}


@pytest.mark.parametrize(
    ("listing", "values", "check", "words"),
    [
        (SECOND + "  colour: blue\n", VALUES, "Cluster files", "colour"),
        (
            SECOND.replace("domain: second.shared.hubs.example", "domain: 12"),
            VALUES,
            "Cluster files",
            "cluster.yaml:31: hubs.second.domain: 12 is not of type",
        ),
        (SECOND.replace("  display_name: Second hub\n", ""), VALUES, "Cluster files", "display_name"),
        (
            SECOND.replace("second.shared", "staging.shared"),
            VALUES,
            "Names and addresses",
            "Several hubs have this address: shared/second, shared/staging",
        ),
        (SECOND.replace("name: second\n", "name: staging\n"), VALUES, "Names and addresses", "two hubs of this name"),
        (SECOND.replace("second.values", "third.values"), VALUES, "Values files", "third.values.yaml is not there"),
        (SECOND, "jupyterhubb: {}\n", "Values of the chart", "jupyterhubb"),
        (
            SECOND,
            "jupyterhub-home-nfs: {quotaEnforcer: {config: {QuotaManager: {hard_quota: lots}}}}\n",
            "Values of the chart",
            "hard_quota",
        ),
        (SECOND, "a: [\n", "Files can be read", "shared/second.values.yaml:2: This is not YAML"),
        ("broken: [\n", VALUES, "Files can be read", "shared/cluster.yaml:30: This is not YAML"),
        (SECOND, VALUES + "      Authenticator:\n        allowed_users:\n        - eve\n", "Signing in", "shared/second"),
        (SECOND, VALUES.replace("class: github", "class: dummy"), "Signing in", "anybody"),
        (SECOND, "jupyterhub: {}\n", "Signing in", "not said how people sign in"),
    ],
)
def test_what_is_wrong_with_the_second_hub_is_found(listing, values, check, words):
    found = failing(with_second(listing, values))
    assert words in " ".join(found[check])


def test_rule_sees_values_inherited_from_a_shared_file():
    after = with_second()
    common = "config/clusters/shared/common.values.yaml"
    after = Configuration(
        after.base, {**after.files, common: "jupyterhub: {hub: {config: {Authenticator: {allowed_users: [eve]}}}}\n"}, after.paths
    )
    [line] = failing(after)["Signing in"]
    assert line == (
        f"{common}:1: jupyterhub.hub.config.Authenticator.allowed_users: “second” lets in these people and members of organisations"
        " (second.values.yaml:12); only one of both can be meant."
    )


def test_what_was_wrong_before_is_mentioned_and_not_held_against_a_change():
    before = with_second(SECOND + "  colour: blue\n")
    after = Configuration(before.base, {**before.files, STAGING: before.files[STAGING] + "# touched\n"}, before.paths)
    [check] = [check for check in checks(before, after, {"shared"}) if check.name == "Cluster files"]
    assert (check.status, "Already so before" in check.details[0]) == ("warn", True)


def test_repository_without_schemas_is_checked_as_far_as_it_goes():
    bare = Configuration("", {path: text for path, text in starter().files.items() if "schema" not in path}, starter().paths)
    assert {check.name: check.status for check in checks(bare, bare, {"shared"})} == {
        "Files can be read": "pass",
        "Cluster files": "skip",
        "Clusters and charts": "pass",
        "Names and addresses": "pass",
        "Values files": "pass",
        "Values of the chart": "skip",
        "Values of JupyterHub": "skip",
        "Hubs as a whole": "skip",
        "Signing in": "pass",
        "Environments and sizes": "pass",
        "Storage, front page and times": "pass",
        "Secret files": "pass",
    }


def test_a_schema_for_the_first_item_is_meant_for_every_item():
    assert for_every_item({"items": [{"type": "object"}]}) == {"items": {"type": "object"}}


def test_a_fragment_requires_nothing_and_null_takes_away():
    assert fragment({"type": "object", "required": ["a"], "properties": {"a": {"enum": [1]}}}) == {
        "type": ["object", "null"],
        "properties": {"a": {"enum": [1, None]}},
    }


def signed_in(config, *, secret=False):
    """What is found about signing in, as levels and words, with this configuration of the second hub."""
    listing = SECOND + ("  - enc-second.secret.values.yaml\n" if secret else "")
    values = f"jupyterhub: {{custom: {{2i2c: {{}}, homepage: {{}}}}, hub: {{config: {config}}}}}\n"
    found = findings(with_second(listing, values), {"shared"})
    return [
        (finding.level.value, finding.pointer.rpartition(".")[2], finding.line)
        for finding in found
        if "second" in finding.path + finding.pointer
    ]


@pytest.mark.parametrize(
    ("config", "open_only", "with_secrets"),
    [
        ("{JupyterHub: {authenticator_class: 'null'}}", [], []),
        ("{JupyterHub: {authenticator_class: tmp}}", [], []),
        ("{JupyterHub: {authenticator_class: tmp}, Authenticator: {admin_users: [eve]}}", ["wrong admin_users"], ["wrong admin_users"]),
        (
            "{JupyterHub: {authenticator_class: dummy}, Authenticator: {admin_users: []}}",
            ["unwanted authenticator_class"],
            ["unwanted authenticator_class"],
        ),
        ("{}", ["wrong config"], []),
        ("{JupyterHub: {authenticator_class: github}}", ["wrong GitHubOAuthenticator"], ["doubtful GitHubOAuthenticator"]),
        ("{JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {allowed_organizations: [a]}}", [], []),
        ("{JupyterHub: {authenticator_class: github}, Authenticator: {allowed_users: [eve]}}", [], []),
        ("{JupyterHub: {authenticator_class: google}, GoogleOAuthenticator: {allowed_hosted_domains: [a.example]}}", [], []),
        ("{JupyterHub: {authenticator_class: cilogon}}", ["wrong allowed_idps"], ["doubtful allowed_idps"]),
        (
            "{JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {scope: [a]}}",
            ["wrong allowed_idps"],
            ["wrong allowed_idps"],
        ),
        ("{CILogonOAuthenticator: {allowed_idps: {a: {}}}}", ["wrong username_claim"], ["wrong username_claim"]),
        ("{CILogonOAuthenticator: {allowed_idps: {a: {username_derivation: {username_claim: sub}}}}}", [], []),
        ("{JupyterHub: {authenticator_class: shared-password}, Authenticator: {allow_all: true}}", ["wrong helm_chart_values_files"], []),
        (
            "{JupyterHub: {authenticator_class: shared-password}}",
            ["wrong SharedPasswordAuthenticator", "wrong helm_chart_values_files"],
            ["doubtful SharedPasswordAuthenticator"],
        ),
        (
            "{JupyterHub: {authenticator_class: 'null'}, GitHubOAuthenticator: {client_secret: abc}}",
            ["wrong client_secret"],
            ["wrong client_secret"],
        ),
    ],
)
def test_who_is_let_in(config, open_only, with_secrets):
    told = [[f"{level} {name}" for level, name, _line in signed_in(config, secret=secret)] for secret in (False, True)]
    assert told == [open_only, with_secrets]


BASEHUB = "helm-charts/basehub/values.yaml"


def without_redirect():
    return with_second(SECOND, VALUES.replace("redirect_to: https://aurora.example", "announcements: []"))


def test_what_hubs_that_run_have_is_missed_and_what_one_goes_without_is_not():
    assert [line.rpartition(" “")[2] for line in failing(without_redirect())["Hubs as a whole"]] == ["org” is missing."]
    going_without = with_second(SECOND, VALUES.replace("custom:", "customs:"))
    after = Configuration(
        going_without.base,
        {
            **going_without.files,
            LISTING: going_without.files[LISTING] + SECOND.replace("second", "third").replace("Second", "Third"),
            "config/clusters/shared/third.values.yaml": going_without.files["config/clusters/shared/second.values.yaml"],
        },
        going_without.paths,
    )
    assert [check.status for check in checks(going_without, after, {"shared"}) if check.name == "Hubs as a whole"] == ["warn"]


def test_what_the_chart_says_by_itself_is_not_missed():
    after = with_second(SECOND, VALUES.replace("    2i2c: {}\n", ""))
    assert failing(after)["Hubs as a whole"] == ("config/clusters/shared/second.values.yaml:2: jupyterhub.custom.2i2c: “2i2c” is missing.",)
    for text, status in (("jupyterhub: {custom: {2i2c: {}}}", "pass"), ("nfs: {enabled: true}", "fail")):
        held = Configuration(after.base, {**after.files, BASEHUB: text}, after.paths | {BASEHUB})
        assert {check.name: check.status for check in checks(starter(), held, {"shared"})}["Hubs as a whole"] == status


@pytest.mark.parametrize(
    "schema", ["{type: 7}", "{properties: {jupyterhub: {$ref: 'http://127.0.0.1:9/a.json'}}}", "{patternProperties: {'(': {}}}"]
)
def test_a_schema_that_cannot_be_used_is_told_and_nothing_is_fetched(schema):
    after = with_second()
    after = Configuration(after.base, {**after.files, "helm-charts/basehub/values.schema.yaml": schema}, after.paths)
    assert all("The schema cannot be used" in line for line in failing(after)["Values of the chart"])


def test_a_schema_that_cannot_be_read_is_told():
    after = with_second()
    after = Configuration(after.base, {**after.files, "schemas/cluster.schema.yaml": "a: ["}, after.paths)
    assert failing(after)["Cluster files"] == (f"{LISTING}:1: The schema cannot be used: line 2: did not find expected node content",)


def test_a_file_that_describes_no_cluster():
    after = Configuration("", {**starter().files, LISTING: "- 1\n"}, starter().paths)
    assert failing(after)["Files can be read"] == (f"{LISTING}:1: This does not describe a cluster.",)


def test_doubts_stop_nothing_and_are_not_repeated():
    listing, values = SECOND.replace("second.shared.hubs.example", "hub.aurora.example"), VALUES
    after = with_second(listing, values)
    unread = "config/clusters/shared/old.values.yaml"
    after = Configuration(after.base, {**after.files, unread: "{}"}, after.paths | {unread})
    first = {check.name: check.details for check in checks(starter(), after, {"shared"}) if check.status == "warn"}
    assert first == {
        "Names and addresses": (
            f"{LISTING}:31: hubs.second.domain: No other hub's address ends in aurora.example; whose it is has to lead it here.",
        ),
        "Values files": (f"{unread}: No hub reads this file.",),
    }
    assert {check.status for check in checks(after, after, {"shared"})} == {"pass", "skip"}


def test_what_is_unwanted_is_refused_where_it_is_new_and_told_where_it_runs():
    image = "jupyterhub: {singleuser: {image: {name: quay.io/a/b, tag: latest}}}\n"
    before = Configuration("", {**starter().files, "config/clusters/shared/common.values.yaml": image}, starter().paths)
    assert [finding.level for finding in findings(before, {"shared"}) if "latest" in finding.detail] == [Level.UNWANTED]
    assert list(failing(before)) == ["Environments and sizes"]
    [check] = [check for check in checks(before, before, {"shared"}) if check.name == "Environments and sizes"]
    assert (check.status, len(check.details)) == ("warn", 1)


def test_lines_that_move_are_not_news():
    before = with_second(SECOND + "  colour: blue\n")
    moved = before.files[LISTING].replace("hubs:\n", "# moved\n\nhubs:\n")
    after = Configuration(before.base, {**before.files, LISTING: moved}, before.paths)
    assert {check.status for check in checks(before, after, {"shared"})} == {"pass", "warn", "skip"}


def test_two_clusters_with_one_address_are_told_when_either_changes():
    other = "config/clusters/other/cluster.yaml"
    text = "name: other\nprovider: kubeconfig\nkubeconfig: {file: enc-a}\nmetadata: {2i2c: {hubspot_deal_id: 1}}\nhubs:\n" + SECOND.replace(
        "second.shared", "staging.shared"
    )
    files = {
        **starter().files,
        other: text,
        "config/clusters/other/common.values.yaml": "{}",
        "config/clusters/other/second.values.yaml": VALUES,
    }
    after = Configuration("", files, frozenset(files))
    for cluster, path in (("other", other), ("shared", LISTING)):
        [line] = [line for check in checks(starter(), after, {cluster}) if check.status == "fail" for line in check.details]
        assert line.startswith(path)
        assert line.endswith("Several hubs have this address: other/second, shared/staging.")


HOMES = "nfs: {enabled: true, pv: {enabled: true"


def profile(text):
    return f"singleuser: {{profileList: [{text}]}}"


def choices(text, option="image"):
    return profile(f"{{display_name: A, profile_options: {{{option}: {{{text}}}}}}}")


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        (HOMES + ", serverIP: ''}}", "nfs.pv.serverIP"),
        ("jupyterhub-home-nfs: {eks: {volumeId: ''}}", "jupyterhub-home-nfs.eks.volumeId"),
        ("nfs: {enabled: true, pv: {enabled: false, serverIP: ''}}", ""),
        ("jupyterhub-home-nfs: {quotaEnforcer: {config: {QuotaManager: {hard_quota: true}}}}", "hard_quota"),
        ("dask-gateway: {enabled: true, resources: {limits: {cpu: a lot}}}", "dask-gateway.resources.limits.cpu"),
        ("dask-gateway: {enabled: true, resources: {limits: {cpu: 100m, memory: 1.5Gi}}}", ""),
        ("dask-gateway: {enabled: true, jobs: [{schedule: '0 3 * * *'}, {schedule: '@daily'}]}", ""),
        ("dask-gateway: {enabled: true, jobs: [{schedule: at three}]}", "dask-gateway.jobs.0.schedule"),
        ("jupyterhub: {cull: {timeout: 3600, maxAge: 60}}", "jupyterhub.cull.maxAge"),
        ("jupyterhub: {cull: {timeout: 3600, maxAge: 0, every: 60}}", ""),
        ("jupyterhub: {cull: {every: soon}}", "jupyterhub.cull.every"),
        ("jupyterhub: {custom: {homepage: {templateVars: {redirect_to: null}}}}", "jupyterhub.custom.homepage.templateVars.org"),
        ("jupyterhub: {singleuser: {memory: {guarantee: 2G, limit: 1G}}}", "jupyterhub.singleuser.memory.guarantee"),
        ("jupyterhub: {singleuser: {memory: {limit: 1GB}}}", "jupyterhub.singleuser.memory.limit"),
        ("jupyterhub: {singleuser: {memory: {guarantee: 1G, limit: 2G}}}", ""),
        (f"jupyterhub: {{{profile('{display_name: A, slug: a}, {display_name: B, slug: a}')}}}", "profileList.a.slug"),
        (f"jupyterhub: {{{profile('{display_name: A, default: true}, {display_name: B, default: true}')}}}", "profileList.B.default"),
        (f"jupyterhub: {{{profile('{display_name: A, kubespawner_override: {cpu_limit: two}}')}}}", "cpu_limit"),
        (f"jupyterhub: {{{profile('{display_name: A, kubespawner_override: {mem_limit: 1Gi}}')}}}", "mem_limit"),
        (f"jupyterhub: {{{profile('{display_name: A, kubespawner_override: {cpu_limit: 1, cpu_guarantee: 2}}')}}}", "cpu_guarantee"),
        (f"jupyterhub: {{{profile('{display_name: A, kubespawner_override: {image: quay.io/a/b@sha256:12}}')}}}", ""),
        (f"jupyterhub: {{{profile('{display_name: A, kubespawner_override: {image: quay.io:80/a/b}}')}}}", "kubespawner_override.image"),
        (f"jupyterhub: {{{choices('choices: {x: {display_name: X}}')}}}", "choices.x.kubespawner_override"),
        (f"jupyterhub: {{{choices('unlisted_choice: {enabled: true}')}}}", "unlisted_choice.display_name"),
        (f"jupyterhub: {{{choices('unlisted_choice: {enabled: false}')}}}", ""),
        (
            f"jupyterhub: {{{choices('unlisted_choice: {enabled: true, display_name: X, kubespawner_override: {image: x:1}}')}}}",
            "unlisted_choice.kubespawner_override",
        ),
    ],
)
def test_what_a_hub_runs_with(values, pointer):
    after = with_second(SECOND.replace("  - second.values.yaml\n", "  - second.values.yaml\n  - more.values.yaml\n"))
    more = "config/clusters/shared/more.values.yaml"
    found = failing(Configuration(after.base, {**after.files, more: f"{values}\n"}, after.paths | {more}))
    told = [line.split(": ")[1] for lines in found.values() for line in lines]
    assert [place.endswith(pointer) for place in told[:1]] == ([True] if pointer else []), told


@pytest.mark.parametrize(
    ("value", "is_amount", "size"),
    [
        ("500m", True, None),
        ("2Gi", True, None),
        ("2G", True, 2 * 2**30),
        (2, True, 2),
        ("1e3", True, None),
        ("1.5T", True, 1.5 * 2**40),
        (True, False, None),
        ("2 G", False, None),
        (None, False, None),
        ("", False, None),
    ],
)
def test_amounts_as_kubernetes_and_as_jupyterhub_read_them(value, is_amount, size):
    assert (is_quantity(value), spawner_bytes(value)) == (is_amount, size)


@pytest.mark.parametrize(
    ("text", "is_time"),
    [
        ("*/5 * * * *", True),
        ("0 3 * * MON-FRI", True),
        ("0,30 1-5/2 1 * *", True),
        ("@daily", True),
        ("0 3 * *", False),
        ("@often", False),
        (7, False),
    ],
)
def test_times_as_cron_writes_them(text, is_time):
    assert is_cron(text) is is_time
