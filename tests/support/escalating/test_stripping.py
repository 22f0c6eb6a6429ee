"""What is taken out of a text before engineers of the whole world read it."""

import pytest

from support.escalating.stripping import Taken, strip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Write to ana.ruiz@example.org please", "Write to [address] please"),
        ("key ghp_abcdefghijklmnopqrstuvwxyz0123", "key [secret]"),
        ("github_pat_11ABCDEFG0abcdefghijkl", "[secret]"),
        ("AKIAIOSFODNN7EXAMPLE", "[secret]"),
        ("password: hunter2x and more", "password: [secret] and more"),
        ("API_KEY=abcd1234", "API_KEY=[secret]"),
        ("?token=abcd1234&x=1", "?token=[secret]&x=1"),
        ("Authorization: Bearer abcdefghijkl1234", "Authorization: [secret]"),
        ("https://user:pw1234@host.example/x", "https://[secret]@host.example/x"),
        ("-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "[secret]"),
        ("eyJhbGciOiJIUzI1.eyJzdWIiOiIx.sig", "[secret]"),
        ("0123456789abcdef0123456789abcdef", "[secret]"),
        ("from 10.20.30.40 port 80", "from [number] port 80"),
        ("http://127.0.0.1:8888/lab on 0.0.0.0", "http://127.0.0.1:8888/lab on 0.0.0.0"),
        ("2001:db8:0:0:1:2:3:4 refused", "[number] refused"),
        ("call +51 984 123 456 now", "call [number] now"),
        ("https://hub.example/user/ana-ruiz/lab", "https://hub.example/user/[name]/lab"),
        ("/home/jovyan/work and /home/ana/work", "/home/jovyan/work and /home/[name]/work"),
        ("Ana Ruiz cannot start; ask Ruiz", "[name] cannot start; ask [name]"),
        ("version 4.1.2 at 12:30:45, image quay.io/hub/r:2026.03", "version 4.1.2 at 12:30:45, image quay.io/hub/r:2026.03"),
        ("It fails with exit code 137", "It fails with exit code 137"),
    ],
)
def test_private_details_become_words_for_what_they_were(text, kept):
    stripped = strip(text, names=["Ana Ruiz"])

    assert (stripped.text, bool(stripped.taken)) == (kept, text != kept)


def test_community_is_called_as_the_repository_allows():
    text = "Kelp Watch cannot work; kelp watch has a class"

    assert strip(text, community=["Kelp Watch"], called="kelp-watch").text == "kelp-watch cannot work; kelp-watch has a class"
    assert strip(text, community=["Kelp Watch"]).text == "[community] cannot work; [community] has a class"


def test_taken_counts_each_kind():
    assert strip("a@example.org, b@example.org, 10.0.0.1").taken == (Taken("address", 2), Taken("number", 1))


def test_short_names_and_parts_of_words_stay():
    assert strip("An analysis by Li", names=["Li", "Ana"]).text == "An analysis by Li"


def test_stripping_twice_takes_nothing_more():
    once = strip("Ana Ruiz, ana@example.org, token=abcd1234, +51 984 123 456", names=["Ana Ruiz"])

    assert strip(once.text, names=["Ana Ruiz"]).taken == ()
