"""What triage proposes by rule: the kind, how many it concerns, what to do next; and the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communities.states import Party
from support.desk import shortcuts
from support.desk.shortcuts import Place
from support.states import Impact, Kind
from support.triage import guessing
from support.triage.next_steps import DECLARE, UNDECIDED, Act, next_step


@pytest.mark.parametrize(
    ("text", "kind", "because"),
    [
        ("Error 502 when students log in", Kind.INCIDENT, ("error", "502")),
        ("Could you add a package to the image? pyresample", Kind.CHANGE, ("add a package",)),
        ("How do I share a notebook with my team?", Kind.GUIDANCE, ("how do",)),
        ("Workshop in May with 80 participants", Kind.EVENT, ("workshop", "participants")),
        ("El servidor no arranca desde el lunes", Kind.INCIDENT, ("no arranca",)),
        ("O servidor não inicia", Kind.INCIDENT, ("nao inicia",)),
        ("Comment ajouter un paquet, et installer R ?", Kind.CHANGE, ("ajouter", "installer")),
        ("Thank you all", "", ()),
        ("", "", ()),
    ],
)
def test_kind_is_the_one_that_most_words_speak_for(text, kind, because):
    assert guessing.kind_of(text) == guessing.Guess(kind, because)


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("I cannot open my notebook", Impact.ONE),
        ("My students cannot open theirs", Impact.SOME),
        ("Nobody can log in, all students wait", Impact.HUB),
        ("Todos los alumnos esperan", Impact.HUB),
        ("It fails on several hubs and for everybody", Impact.MANY),
    ],
)
def test_impact_is_the_widest_that_a_word_speaks_for(text, impact):
    assert guessing.impact_of(text).value == impact


@given(st.text(max_size=400))
def test_guesses_give_only_words_of_the_text(text):
    folded = guessing._plain(text)
    for guess in (guessing.kind_of(text), guessing.impact_of(text)):
        assert all(f" {word}" in folded for word in guess.because)


@pytest.mark.parametrize("party", ["", *Party.values])
@pytest.mark.parametrize("kind", ["", *Kind.values])
def test_every_party_and_kind_has_a_step(party, kind):
    step = next_step(party=party, kind=kind)
    assert str(step.words)
    assert (step is UNDECIDED) == (party == "")


def test_incident_that_stops_many_is_declared_whosever_it_is():
    assert next_step(party=Party.COMMUNITY, kind=Kind.INCIDENT, impact=Impact.HUB) is DECLARE
    assert next_step(party=Party.COMMUNITY, kind=Kind.INCIDENT, impact=Impact.ONE).act == Act.ANSWER
    assert next_step(party=Party.COMMUNITY, kind=Kind.CHANGE, impact=Impact.MANY).act == Act.ANSWER


def test_default_keys_are_keys_and_clash_nowhere():
    assert [each.key for each in shortcuts.SHORTCUTS.values() if not shortcuts.is_key(each.key)] == []
    assert shortcuts.doubled(shortcuts.keys({})) == {}


def test_changed_key_is_the_one_that_works_and_only_it_is_kept():
    changed = shortcuts.differing({**shortcuts.keys({}), "reply": "ñ", "note": "n", "gone": "x"})
    assert changed == {"reply": "ñ"}
    assert shortcuts.at(Place.DESK, changed=changed)["reply"]["key"] == "ñ"
    assert shortcuts.at(Place.TRIAGE, changed=changed)["skip"]["key"] == "s"


def test_same_key_in_two_places_is_no_clash_and_in_one_is():
    keys = shortcuts.keys({})
    assert keys["skip"] == keys["status"]
    assert shortcuts.doubled({**keys, "note": "r"}) == {"note": "reply"}
    assert shortcuts.doubled({**keys, "skip": "u"}) == {"skip": "back"}


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a", True), ("A", True), ("?", True), ("é", True), ("1", False), (" ", False), ("ab", False), ("", False), ("\n", False)],
)
def test_key_is_one_sign_that_is_no_digit(text, is_one):
    assert shortcuts.is_key(text) is is_one
