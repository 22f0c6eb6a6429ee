"""Which community a company looks like: by domain, by name, by slug, or by none."""

import pytest

from support.mirror.likeness import Candidate, Directory, Likeness

KELP = Candidate(1, "Kelp Watch", "kelp-watch", "https://www.kelp.example/about")
OCEAN = Candidate(2, "Océano Abierto", "oceano", "http://[broken")
RIVERS = Candidate(3, "Rivers of the North", "rivers-north")


@pytest.mark.parametrize(
    ("name", "domains", "expected"),
    [
        ("Kelp Watch", [], Likeness(1, 1.0)),
        ("kelp watch, Inc", [], Likeness(1, 1.0)),
        ("The Watch Kelp Project", [], Likeness(1, 1.0)),
        ("Quite another name", ["WWW.kelp.example"], Likeness(1, 0.97)),
        ("Oceano abierto", [], Likeness(2, 1.0)),
        ("Kelp Wacth", [], Likeness(1, 0.9)),
        ("North Rivers", [], Likeness(3, 1.0)),
        ("An Institute", ["rivers-north.example"], Likeness(3, 1.0)),
        ("Zoology", ["zoo.example"], None),
        ("Northern Lights Observatory", [], None),
        ("", [], None),
        ("???", ["", "."], None),
    ],
)
def test_likeliest_is_who_shares_a_domain_or_a_name(name, domains, expected):
    assert Directory([KELP, OCEAN, RIVERS]).likeliest(name, domains) == expected


def test_likeliest_of_two_alike_is_the_first_and_of_none_is_none():
    twin = Candidate(9, "Kelp Watch", "kelp-watch-2")

    assert Directory([twin, KELP]).likeliest("Kelp Watch", []) == Likeness(1, 1.0)
    assert Directory([]).likeliest("Kelp Watch", []) is None


def test_same_name_outweighs_a_shared_domain():
    shared = Candidate(4, "Other", "other", "https://kelp.example")

    assert Directory([shared, KELP]).likeliest("Kelp Watch", ["kelp.example"]) == Likeness(1, 1.0)
