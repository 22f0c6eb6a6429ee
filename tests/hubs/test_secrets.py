"""What somebody wrote into an open file and should not have is not shown."""

import pytest

from hubs.clusters.secrets import HIDDEN, without_secrets
from hubs.clusters.values import plain, stacked, switched_off
from hubs.deployers import redaction


@pytest.mark.parametrize(
    "name",
    [
        "client_secret",
        "clientSecret",
        "password",
        "apiToken",
        "token",
        "cookieSecret",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "private_key",
    ],
)
def test_what_is_named_like_a_secret_is_hidden(name):
    assert without_secrets({name: "do-not-look", "other": [{name: "do-not-look"}]}) == {name: HIDDEN, "other": [{name: HIDDEN}]}


@pytest.mark.parametrize("name", ["secretName", "token_url", "secretKeyRef", "username", "allowed_scopes", "passwordless", "key"])
def test_what_only_sounds_like_one_is_shown(name):
    assert without_secrets({name: "look"}) == {name: "look"}


def test_everything_below_a_secret_is_hidden_and_a_truth_or_nothing_is_not():
    assert without_secrets({"secret": {"a": 1}, "password": "", "token": None, "tokens": False}) == {
        "secret": HIDDEN,
        "password": "",
        "token": None,
        "tokens": False,
    }


def test_variables_written_as_name_and_value_are_looked_at_too():
    assert without_secrets([{"name": "API_TOKEN", "value": "x"}, {"name": "PLACE", "value": "y"}]) == [
        {"name": "API_TOKEN", "value": HIDDEN},
        {"name": "PLACE", "value": "y"},
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ana:word@example.org/x", f"https://{HIDDEN}@example.org/x"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\nrest", f"{HIDDEN}\nrest"),
        ("-----BEGIN PRIVATE KEY-----\ncut off", HIDDEN),
        ("c.Auth.client_secret = 'abc'\nc.x = 'y'", f"c.Auth.client_secret = '{HIDDEN}'\nc.x = 'y'"),
        ('{"password": "abc"}', f'{{"password": "{HIDDEN}"}}'),
        ("ghp_abcdefghij0123456789", HIDDEN),
        ("ghu_abcdefghij0123456789", HIDDEN),
        ("glpat-abcdefghij0123456789", HIDDEN),
        ("AGE-SECRET-KEY-1QQQQQQQQQQQQ", HIDDEN),
        ("eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", HIDDEN),
        ("bearer abcdefgh12345678", f"bearer {HIDDEN}"),
        ('auth_state.get("access_token", "")', 'auth_state.get("access_token", "")'),
        ("nothing to hide: https://example.org:8000/", "nothing to hide: https://example.org:8000/"),
    ],
)
def test_texts_that_hold_a_secret_are_shown_without_it(text, shown):
    assert without_secrets({"extraConfig": text}) == {"extraConfig": shown}


@pytest.mark.parametrize(
    "text", ["glpat-abcdefghij0123456789", "ghr_abcdefghij0123456789", "Bearer abcdefgh12345678", "eyJhbGciOiJI.eyJzdWIiOiIx.c2ln"]
)
def test_logs_are_shown_without_the_same(text):
    told = redaction.without_secrets(f"Authorization: {text}\nand {text}.")
    assert (told.count(redaction.GONE), text.split()[-1] in told, "out] out]" in told) == (2, False, False)


def test_null_stays_where_it_switches_something_off():
    values = stacked([{"a": {"b": 1, "c": 2}, "d": {"e": 1}}, {"a": {"b": None}, "d": None, "f": [{"g": None}]}])
    assert values == {"a": {"b": None, "c": 2}, "d": None, "f": [{"g": None}]}
    assert list(switched_off(values)) == ["a.b", "d"]


def test_values_are_made_plain():
    import datetime

    odd = {1: datetime.date(2026, 1, 2), "x": float("nan"), "y": b"\0", "z": {"b"}, "n": "a\0b", "t": (1, None, True)}
    assert plain(odd) == {"1": "2026-01-02", "x": "nan", "y": "(binary)", "z": ["b"], "n": "ab", "t": [1, None, True]}


def test_values_folded_into_themselves_or_without_end_are_refused():
    loop: dict = {}
    loop["again"] = loop
    bomb: list = ["x"]
    for _ in range(9):
        bomb = [bomb] * 9
    for value in (loop, bomb):
        with pytest.raises(ValueError, match="too large or too deep"):
            plain(value)
