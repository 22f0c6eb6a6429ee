"""What a file is, whether we take it, and what it may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.files import contents
from support.files.contents import Refused, clean_name, served_type, type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 32
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
EMPTY_ZIP = b"PK\x03\x04" + b"\0" * 60
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 60
ELF = b"\x7fELF\x02\x01\x01" + b"\0" * 60
HTML = b"<!doctype html><script>alert(1)</script>"


@pytest.mark.parametrize(
    ("name", "head", "content_type"),
    [
        ("shot.png", PNG, "image/png"),
        ("SHOT.PNG", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("paper.pdf", PDF, "application/pdf"),
        ("data.zip", EMPTY_ZIP, "application/zip"),
        ("report.docx", EMPTY_ZIP, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("old.xls", OLE, "application/vnd.ms-excel"),
        ("data.tar.gz", b"\x1f\x8b\x08" + b"\0" * 20, "application/gzip"),
        ("run.ipynb", b'{"cells": []}', "application/x-ipynb+json"),
        ("values.yaml", b"jupyterhub:\n", "text/plain"),
        ("students.csv", b"BMI,Age\n21,30\n", "text/csv"),  # begins like a bitmap
        ("latin.csv", "año,café\n".encode("latin-1"), "text/csv"),
        ("from-windows.txt", "it failed".encode("utf-16"), "text/plain"),
        ("colours.log", b"\x1b[31mERROR\x1b[0m\n", "text/plain"),
        ("page.txt", HTML, "text/plain"),  # text it is, and as text it is served
        ("noname", b"It failed\n", "text/plain"),
        ("noname", PNG, "image/png"),
    ],
)
def test_takes_what_people_send(name, head, content_type):
    assert type_of(name, head) == content_type


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("setup.exe", EXE, contents.NOT_TAKEN),
        ("page.html", HTML, contents.NOT_TAKEN),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", contents.NOT_TAKEN),
        ("run.sh", b"#!/bin/sh\n", contents.NOT_TAKEN),
        ("macro.docm", EMPTY_ZIP, contents.NOT_TAKEN),
        ("noname", EXE, contents.NOT_TAKEN),
        ("noname", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", contents.NOT_TAKEN),
        ("setup.png", EXE, contents.NOT_WHAT_IT_SAYS),
        ("page.png", HTML, contents.NOT_WHAT_IT_SAYS),
        ("setup.txt", EXE, contents.NOT_WHAT_IT_SAYS),
        ("daemon.csv", ELF, contents.NOT_WHAT_IT_SAYS),
        ("daemon.pdf", ELF, contents.NOT_WHAT_IT_SAYS),
        ("shot.jpg", PNG, contents.NOT_WHAT_IT_SAYS),
        ("paper.docx", PDF, contents.NOT_WHAT_IT_SAYS),
        ("data.zip", b"", contents.NOT_WHAT_IT_SAYS),
    ],
)
def test_refuses_what_may_run_and_what_is_not_what_it_says(name, head, words):
    with pytest.raises(Refused) as refusal:
        type_of(name, head)
    assert str(refusal.value) == words % {"name": name}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("server.log", "server.log"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\shot.png", "shot.png"),
        ("gpj.\u202etxe.png", "gpj.txe.png"),  # a turned reading direction hid the ending
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie: b.txt"),
        ("zero\u200bwidth\x00.txt", "zerowidth.txt"),
        ("  año  2026 .pdf ", "año 2026 .pdf"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        (".bashrc", "bashrc"),
        ("e\u0301t\u00e9.txt", "été.txt"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_a_name_is_its_last_part_as_it_is_seen(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_a_clean_name_stays_as_it_is_and_leads_nowhere(text):
    name = clean_name(text)
    assert clean_name(name) == name
    assert 0 < len(name) <= 200
    assert name not in {".", ".."}
    assert not set("/\\\r\n\x00\u202e") & set(name)


def test_nothing_is_served_as_what_a_browser_runs():
    assert [served_type(each) for each in ("text/html", "image/svg+xml", "text/javascript", "", "image/png", "text/plain")] == [
        *["application/octet-stream"] * 4,
        "image/png",
        "text/plain",
    ]
    assert not [each for each in contents.SERVED if any(word in each for word in ("html", "svg", "script", "xml;", "xhtml"))]
