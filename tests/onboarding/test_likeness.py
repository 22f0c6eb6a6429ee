import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.likeness import Alike, Facts, Likeness, compare, domain_of, host_of, similarity, trigrams


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.glaciares.example.org/hub?x=1", "glaciares.example.org"),
        ("glaciares.example.org", "glaciares.example.org"),
        ("https://github.com/glaciares", ""),
        ("http://[broken", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_host_is_the_site_itself(website, host):
    assert host_of(website) == host


@pytest.mark.parametrize(
    ("email", "domain"), [("Ana@Glaciares.example.org", "glaciares.example.org"), ("ana@gmail.com", ""), ("nobody", ""), ("", "")]
)
def test_domain_of_a_common_provider_says_nothing(email, domain):
    assert domain_of(email) == domain


def test_trigrams_are_those_of_pg_trgm():
    assert trigrams("Cat") == frozenset({"  c", " ca", "cat", "at "})
    assert similarity("word", "two words") == pytest.approx(4 / 11)


def test_accents_and_capitals_do_not_part_names():
    assert similarity("Glaciología Andina", "GLACIOLOGIA  andina") == 1


def test_compare_names_every_reason():
    one = Facts("Red Andina de Glaciares", "https://glaciares.example.org", "ana@glaciares.example.org", "PE")
    other = Facts("Red Andina de los Glaciares", "http://www.glaciares.example.org/", "luis@glaciares.example.org", "PE")
    found = compare(one, other)
    assert found.reasons == [Likeness.WEBSITE, Likeness.MAIL, Likeness.NAME]
    assert found.score == pytest.approx(similarity(one.name, other.name))


@pytest.mark.parametrize(
    "other",
    [
        Facts("Mangroves du Saloum", "https://mangroves.example.sn", "aissatou@mangroves.example.sn", "SN"),
        Facts("Mangroves du Saloum", email="ana@glaciares.example.org", country="CL"),
        Facts("", email="ana@gmail.com", country="PE"),
    ],
)
def test_compare_finds_nothing_in_strangers(other):
    assert compare(Facts("Red Andina", "", "ana@glaciares.example.org", "PE"), other) is None
    assert compare(Facts("", email="luis@gmail.com", country="PE"), other) is None


@given(st.text(), st.text())
def test_likeness_is_mutual_and_on_its_scale(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == (1 if trigrams(one) else 0)


@given(st.text(), st.text())
def test_compare_is_mutual(one, other):
    first, second = Facts(one), Facts(other)
    assert compare(first, second) == compare(second, first)
    assert compare(first, first) in (None, Alike([Likeness.NAME], 1.0))
