"""What DEPLOYER_URL says of a repository on GitHub."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from hubs import deployers
from hubs.deployers import GitHubAccess, Surroundings
from hubs.deployers.github import GitHub, Options, read
from hubs.deployers.redaction import without_secrets
from tests.hubs.deploying import US

ACCESS = GitHubAccess(token="a-token")


def test_address_alone_means_2i2cs_names():
    assert read("github+https://github.com/2i2c-org/infrastructure") == Options("2i2c-org/infrastructure")


def test_address_may_name_everything_else():
    url = "github+https://github.com/o/r.git?workflow=deploy.yml&job={hub}&check=lint-{cluster}&label=hub&label=desk&reviewer=octavia&team=engineers"
    assert read(url) == Options(
        "o/r",
        workflow="deploy.yml",
        job="{hub}",
        check="lint-{cluster}",
        labels=("hub", "desk"),
        reviewers=("octavia",),
        teams=("engineers",),
    )


@pytest.mark.parametrize(
    "url",
    [
        "github+https://github.com/o",
        "github+https://github.com/o/r/pulls",
        "github+https:///o/r",
        "github+https://github.com/o/..",
        "github+https://github.com/o/r?color=red",
        "github+https://github.com/o/r?job={cluster.name.__class__}",
        "github+https://github.com/o/r?job={who}",
        "github+https://github.com/o/r?workflow=../x",
        "github+https://github.example/o/r",
    ],
)
def test_other_addresses_say_so(tmp_path, url):
    with pytest.raises(ImproperlyConfigured, match="DEPLOYER_URL"):
        deployers.from_url(url, surroundings=Surroundings(US, tmp_path, github=ACCESS))


def test_one_connection_a_process_which_tells_no_secret(tmp_path):
    surroundings = Surroundings(US, tmp_path, github=ACCESS)
    first, second = (deployers.from_url("github+https://github.com/o/r", surroundings=surroundings) for _ in range(2))
    assert (isinstance(first, GitHub), first is second, "a-token" in repr(surroundings)) == (True, True, False)


def test_without_a_key_it_says_so(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="GITHUB_TOKEN"):
        deployers.from_url("github+https://github.com/o/r", surroundings=Surroundings(US, tmp_path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest", "[taken out]\nrest"),
        ("-----BEGIN PRIVATE KEY-----\ncut off", "[taken out]"),
        ("github_pat_abcdefghijklmnopqrst_1", "[taken out]"),
        ("AKIAABCDEFGHIJKLMNOP", "[taken out]"),
        ("AGE-SECRET-KEY-1ABC", "[taken out]"),
        ("Authorization: Bearer abcdefgh", "Authorization: [taken out]"),
        ('"client_secret": "abcdefgh",', '"client_secret": "[taken out]",'),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.abc", "[taken out]"),
        ("git clone https://x:y@host.test/", "git clone https://[taken out]@host.test/"),
        ("the secret of a good hub", "the secret of a good hub"),
    ],
)
def test_what_looks_secret_is_masked(text, expected):
    assert without_secrets(text) == expected


def test_what_is_ours_is_masked_whatever_it_looks_like():
    assert without_secrets("x our-own-key y", known=["our-own-key", ""]) == "x [taken out] y"
