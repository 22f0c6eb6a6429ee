"""The checks find what is wrong, in every hub and not only in the first."""

import pytest

from hubs.deployers.gitops.checking import checks, for_every_item, fragment
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
        (SECOND.replace("domain: second.shared.hubs.example", "domain: 12"), VALUES, "Cluster files", "hubs.1.domain"),
        (SECOND.replace("  display_name: Second hub\n", ""), VALUES, "Cluster files", "display_name"),
        (SECOND.replace("second.shared", "staging.shared"), VALUES, "Names and addresses", "staging.shared.hubs.example is the address of"),
        (SECOND.replace("name: second\n", "name: staging\n"), VALUES, "Names and addresses", "twice"),
        (SECOND.replace("second.values", "third.values"), VALUES, "Names and addresses", "third.values.yaml is not there"),
        (SECOND, "jupyterhubb: {}\n", "Values of the chart", "jupyterhubb"),
        (
            SECOND,
            "jupyterhub-home-nfs: {quotaEnforcer: {config: {QuotaManager: {hard_quota: lots}}}}\n",
            "Values of the chart",
            "hard_quota",
        ),
        (SECOND, "a: [\n", "Files can be read", "shared/second.values.yaml is not YAML"),
        ("broken: [\n", VALUES, "Files can be read", "does not describe a cluster"),
        (SECOND, VALUES + "      Authenticator:\n        allowed_users:\n        - eve\n", "Signing in", "shared/second"),
        (SECOND, VALUES.replace("class: github", "class: dummy"), "Signing in", "anybody"),
        (SECOND, "jupyterhub: {}\n", "Signing in", "does not say"),
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
    assert any("shared/second" in line for line in failing(after)["Signing in"])


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
        "Names and addresses": "pass",
        "Values of the chart": "skip",
        "Values of JupyterHub": "skip",
        "Signing in": "pass",
        "Secret files": "pass",
    }


def test_a_schema_for_the_first_item_is_meant_for_every_item():
    assert for_every_item({"items": [{"type": "object"}]}) == {"items": {"type": "object"}}


def test_a_fragment_requires_nothing_and_null_takes_away():
    assert fragment({"type": "object", "required": ["a"], "properties": {"a": {"enum": [1]}}}) == {
        "type": ["object", "null"],
        "properties": {"a": {"enum": [1, None]}},
    }
