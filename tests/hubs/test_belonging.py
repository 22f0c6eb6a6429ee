"""Whose a hub is: what is certain, what is proposed and why."""

import pytest

from hubs.belonging import Candidate, Directory, Sign, Traces, host, is_same_site, traces_of

AURORA = Candidate(1, "aurora", "Aurora Ocean Lab", "https://aurora.example.org")
CORAL = Candidate(2, "coral", "Coral Reef Institute", "https://github.com/coral-reefs")
TUNDRA = Candidate(3, "tundra", "Tundra Network", "https://www.tundra.example.net/about/")
DIRECTORY = Directory([AURORA, CORAL, TUNDRA])


def traces(**more) -> Traces:
    return Traces(**{"cluster": "polar", "name": "prod"} | more)


@pytest.mark.parametrize(
    ("found", "whose"),
    [
        (traces(told="aurora"), AURORA),
        (traces(organisation="AURORA Ocean-Lab", homepage="https://aurora.example.org"), AURORA),
        (traces(name="tundra", homepage="http://tundra.example.net/about"), TUNDRA),
        (traces(cluster="coral", homepage="https://github.com/coral-reefs"), CORAL),
        (traces(organisation="AURORA Ocean-Lab"), None),
        (traces(homepage="http://tundra.example.net/about"), None),
        (traces(name="coral", cluster="coral", organisation="Coral Reef Institute"), None),
        (traces(cluster="coral", homepage="https://github.com/coral-reefs", is_cluster_shared=True), None),
        (traces(name="coral", organisation="Aurora Ocean Lab", homepage="https://aurora.example.org"), None),
        (traces(told="aurora", organisation="Coral Reef Institute"), AURORA),
        (traces(github=("coral-reefs",)), None),
        (traces(homepage="https://tundra.example.net/"), None),
        (traces(domain="aurora.hubs.example"), None),
        (traces(), None),
    ],
)
def test_only_what_two_independent_signs_or_the_deployer_say_is_certain(found, whose):
    assert DIRECTORY.certain(found) == whose


@pytest.mark.parametrize("name", ["staging", "workshop", "public"])
def test_an_everyday_name_names_no_community(name):
    assert Directory([Candidate(1, name, "Somebody else")]).certain(traces(name=name)) is None


@pytest.mark.parametrize(
    ("found", "proposed"),
    [
        (traces(github=("coral-reefs", "elsewhere")), [(CORAL, (Sign.GITHUB,))]),
        (traces(neighbours=("tundra",)), [(TUNDRA, (Sign.NEIGHBOUR,))]),
        (traces(neighbours=("tundra",), is_cluster_shared=True), []),
        (traces(domain="aurora.hubs.example"), [(AURORA, (Sign.DOMAIN,))]),
        (traces(homepage="https://data.tundra.example.net/hub"), [(TUNDRA, (Sign.SITE,))]),
        (traces(display_name="Aurora Ocean Centre"), [(AURORA, (Sign.WORDS,))]),
        (traces(organisation="Coral Reef Institute of the North"), [(CORAL, (Sign.WORDS,))]),
        (traces(name="coral", organisation="Aurora Ocean Lab"), [(AURORA, (Sign.ORGANISATION, Sign.WORDS)), (CORAL, (Sign.NAME,))]),
        (traces(), []),
    ],
)
def test_what_is_not_certain_is_proposed_with_its_signs(found, proposed):
    assert [(each.candidate, each.signs) for each in DIRECTORY.proposals(found)] == proposed


def test_initials_of_an_organisation_are_a_sign():
    ciroh = Candidate(1, "cirh", "Somebody of another name")
    assert [
        each.candidate for each in Directory([ciroh]).proposals(traces(organisation="Cooperative Institute for Research of Hydrology"))
    ] == [ciroh]


def test_no_more_than_three_are_proposed():
    many = [Candidate(number, f"lab-{number}", f"Ocean Lab {number}") for number in range(9)]
    assert len(Directory(many).proposals(traces(organisation="Ocean Lab"))) == 3


def test_traces_are_read_from_facts_whatever_a_deployer_told():
    facts = {
        "domain": "x.example",
        "homepage": {"org": {"name": "Aurora", "url": "https://a.example"}},
        "sign_in": {"organisations": ["Coral:readers", "Coral:staff"]},
    }
    assert traces_of(facts, cluster="polar", name="prod", told="aurora") == Traces(
        "polar", "prod", "x.example", "", "Aurora", "https://a.example", ("Coral",), "aurora"
    )
    assert traces_of({"homepage": 7, "sign_in": {"organisations": "all"}}, cluster="c", name="n") == Traces("c", "n")


@pytest.mark.parametrize(("url", "found"), [("https://www.a.org/x", "a.org"), ("b.org/y", "b.org"), ("", ""), ("http://[", "")])
def test_the_host_of_an_address(url, found):
    assert host(url) == found


def test_two_blank_addresses_are_not_one_site():
    assert (is_same_site("", ""), is_same_site("https://a.org/", "http://www.a.org/b")) == (False, True)
