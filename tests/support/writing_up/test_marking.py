"""What is marked in a letter and what is not; a hostile letter takes no longer."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.writing_up.marking import Piece, Private, Sort, mark

PRIVATE = Private(
    names=("Ana Souza", "Will Smith"),
    users=("anasouza",),
    community=("Coastal Lab", "coastal"),
    domains=("coastal.hubs.example.org",),
    chosen=("Project Heron",),
)


def marked(text: str, *, is_code: bool = False) -> list[tuple[str, str]]:
    return [(str(piece.sort), piece.text) for piece in mark(text, PRIVATE, is_code=is_code) if piece.sort]


def said(text: str) -> str:
    return "".join(piece.instead if piece.sort else piece.text for piece in mark(text, PRIVATE))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ANA SOUZA asks", [("name", "ANA SOUZA")]),
        ("tell Ana, and Souza", [("name", "Ana"), ("name", "Souza")]),
        ("this will do, mark my words", []),
        ("Dear Dr. Pedro Silva,\nplease", [("name", "Pedro Silva")]),
        ("Hola José,\nnada", [("name", "José")]),
        ("Olá Conceição e\n", [("name", "Conceição")]),
        ("log in as anasouza or @ana-s", [("user", "anasouza"), ("user", "@ana-s")]),
        ("write to ana.s+x@mail.example.org", [("address", "ana.s+x@mail.example.org")]),
        (
            "call +55 (11) 5555-1234 or (011) 4555-1234 or 555 123 4567",
            [("number", "+55 (11) 5555-1234"), ("number", "(011) 4555-1234"), ("number", "555 123 4567")],
        ),
        (
            "from 10.0.3.7, fe80::1 and 2001:db8:0:0:0:0:0:1",
            [("number", "10.0.3.7"), ("number", "fe80::1"), ("number", "2001:db8:0:0:0:0:0:1")],
        ),
        ("version 4.2.1 of 2026-11-28 at 12:30:45, x[1::2]", []),
        ("in /home/ana/x and /home/jovyan/x, C:\\Users\\ana\\x", [("user", "ana"), ("user", "ana")]),
        ("at https://coastal.hubs.example.org/user/ana/lab", [("hub", "https://coastal.hubs.example.org/"), ("user", "ana")]),
        ("not at notcoastal.hubs.example.org or coastal.hubs.example.org.evil.example", [("community", "coastal")]),
        ("we of the Coastal Lab", [("community", "Coastal Lab")]),
        ("the Project Heron data", [("chosen", "Project Heron")]),
        ("password: hunter22", [("secret", "hunter22")]),
        ("la contraseña es abc12345", [("secret", "abc12345")]),
        ("my password is correct-horse", [("secret", "correct-horse")]),
        ("ghp_0123456789abcdefABCDEF0123456789abcd", [("secret", "ghp_0123456789abcdefABCDEF0123456789abcd")]),
        ("https://user:pa55word@git.example.org/x", [("secret", "user:pa55word")]),
        ("?token=abcdef123456&x=1", [("secret", "abcdef123456")]),
        ("Try this\n\nBest regards,\nSam\nSupport", [("signature", "Best regards,\nSam\nSupport")]),
        ("Prueba esto\n\nUn saludo\nAna Souza", [("signature", "Un saludo\nAna Souza")]),
        ("Try\n-- \nSam, The Desk", [("signature", "-- \nSam, The Desk")]),
        ("Thanks\nIt works", []),
        ("Yes\n\nOn Mon, Ana wrote:\n> no\n> no\n", [("quote", "On Mon, Ana wrote:\n> no\n> no\n")]),
        ("Yes\n----- Original Message -----\nFrom: x\nall of it", [("quote", "----- Original Message -----\nFrom: x\nall of it")]),
    ],
)
def test_what_is_private_is_marked_and_nothing_else(text, expected):
    assert marked(text) == expected


def test_a_private_key_is_one_secret_also_in_code():
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\ndef\n-----END OPENSSH PRIVATE KEY-----"
    assert marked(f"x = 1\n{key}\ny = 2", is_code=True) == [("secret", key)]


def test_code_keeps_its_comparisons_and_comments():
    assert marked("> 3\nThanks\n# Hi Bob\nopen('/home/ana/x')", is_code=True) == [("user", "ana")]


def test_the_hubs_address_becomes_the_fact():
    assert (
        said("open https://coastal.hubs.example.org/hub/token, or coastal.hubs.example.org")
        == "open {{ hub.url }}hub/token, or {{ hub.url }}"
    )


def test_nothing_known_marks_by_form_alone():
    assert [piece for piece in mark("Ana Souza <a@x.org>", Private()) if piece.sort] == [Piece("a@x.org", Sort.ADDRESS, "[address]")]


@given(st.text(max_size=300), st.booleans())
def test_put_together_the_pieces_are_the_text(text, is_code):
    assert "".join(piece.text for piece in mark(text, PRIVATE, is_code=is_code)) == text


@given(st.text(alphabet="abc \n.", max_size=60), st.sampled_from(["ana@mail.example.org", "10.1.2.3", "AKIAABCDEFGHIJKLMNOP", "Ana Souza"]))
def test_what_is_private_never_stays(around, private):
    assert private not in said(f"{around} {private} {around}")


@pytest.mark.parametrize(
    "text",
    ["=" * 10_000, "a" * 10_000, "a.b" * 3_000, "1 " * 5_000, "> " * 5_000, "Thanks\n" * 1_500, "@" * 10_000, "-" * 10_000, "On x" * 2_500],
)
def test_a_hostile_letter_takes_no_longer(text):
    began = time.monotonic()
    mark(text, PRIVATE)
    assert time.monotonic() - began < 3
