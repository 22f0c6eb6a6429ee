"""Every shape of mail is read into plain values, and nothing that a stranger can send breaks the reader."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.mailing import reading
from support.mailing.reading import read
from support.mailing.shapes import Body, Bounce, ReadMail, Unreadable
from tests.support.mailing.letters import NAMES, eml, written

ANSWER = "T-ABCD-1234.k3y@127.0.0.1"


def mail(name):
    return read(eml(name, answer=ANSWER, reference="T-ABCD-1234"))


def files(name):
    return [(file.name, file.content_type, len(file.content), file.content_id) for file in mail(name).body.files]


def test_a_plain_mail_is_read_whole():
    assert mail("plain_new") == ReadMail(
        key="20260303091240.4711@coastal.example",
        message_id="20260303091240.4711@coastal.example",
        in_reply_to="",
        references=(),
        from_address="ana.reyes@coastal.example",
        from_name="Ana Reyes",
        to=("support@hubs.example",),
        cc=("bruno@coastal.example",),
        delivered_to=("support@hubs.example",),
        subject="The hub does not start",
        date=datetime(2026, 3, 3, 9, 12, 40, tzinfo=UTC),
        body=Body(
            text="Hello,\n\nsince this morning my server stops at “pulling image”.\nIt worked yesterday.\n\nAna",
            html="<p>Hello,</p><p>since this morning my server stops at “pulling image”.<br>It worked yesterday.</p><p>Ana</p>",
        ),
        automatic="",
        bounce=None,
    )


@pytest.mark.parametrize(
    ("name", "in_reply_to", "references"),
    [
        ("gmail_reply", ANSWER, ("20260303091240.4711@coastal.example", ANSWER)),
        ("outlook_reply", "", ()),
        ("apple_mail_reply", ANSWER, ("20260303091240.4711@coastal.example", ANSWER)),
        ("mobile_plain_reply", ANSWER, ()),
    ],
)
def test_a_reply_names_what_it_answers(name, in_reply_to, references):
    read_ = mail(name)
    assert (read_.in_reply_to, read_.references, read_.automatic, read_.bounce) == (in_reply_to, references, "", None)


def test_of_two_ways_to_say_the_same_both_are_kept_once():
    body = mail("gmail_reply").body
    assert body.text.startswith("It starts again, gracias 🙏\n\nOn Tue")
    assert body.html.startswith("<div>It starts again, gracias 🙏</div><br><div")
    assert body.html.count("gracias") == 1


def test_outlooks_page_loses_its_head_and_keeps_its_words():
    body = mail("outlook_reply").body
    assert body.html.startswith("<p>It works now – thank you. It’s the image…</p>")
    assert body.text.startswith("It works now – thank you. It’s the image…\n\nFrom: Example Hubs")


def test_flowed_lines_are_joined_and_words_around_a_picture_kept():
    body = mail("apple_mail_reply").body
    assert body.text.splitlines()[0] == "Here is what it says after I pressed the button, in the hope that it helps you:see the picture."
    assert body.html == "Here is what it says.<div>See the picture.</div>"
    assert files("apple_mail_reply") == [("Screenshot.png", "image/png", 70, "")]


@pytest.mark.parametrize(
    ("name", "sender", "subject", "text"),
    [
        ("latin_1", "José Muñoz", "La conexión se corta después de media hora ¿qué pasa?", "¿Qué pasa con la conexión?"),
        ("windows_1252_as_latin_1", "Dupont", "Facture", "C’est 40 € – “payé” à l’œil."),
        ("base64_subject", "山田", "ハブが起動しません", "助けてください"),
        ("mobile_plain_reply", "Ana Reyes", "Re: The hub does not start [T-ABCD-1234]", "Sí, ya funciona.\n\nEnviado desde mi móvil"),
        ("broken_charset", "Broken � Name", "Café été", "naïve =ZZ and a NUL"),
    ],
)
def test_words_survive_their_charset(name, sender, subject, text):
    read_ = mail(name)
    assert (read_.from_name, read_.subject, read_.body.text) == (sender, subject, text)


def test_a_mail_within_a_mail_is_a_file_and_not_its_words():
    assert mail("forwarded_as_mail").body.text == "Is this ours?"
    assert [(name, kind) for name, kind, _size, _cid in files("forwarded_as_mail")] == [("Invoice 17_2026.eml", "message/rfc822")]
    assert b"You owe 12.00" in mail("forwarded_as_mail").body.files[0].content


def test_files_keep_their_names_and_a_picture_its_place_in_the_text():
    assert files("attachment_rfc2231") == [("pré-inscrição dos alunos 100%.pdf", "application/pdf", 17, "")]
    assert files("inline_image") == [("error.png", "image/png", 70, "ii_kx1")]
    assert mail("inline_image").body.html == '<p>Look: <img alt="error.png"></p>'


def test_a_mail_from_a_pipe_is_read_as_from_the_wire():
    piped = b"From ana.reyes@coastal.example Tue Mar  3 09:12:44 2026\n" + eml("plain_new").replace(b"\r\n", b"\n")
    assert read(piped) == mail("plain_new")


def test_a_name_with_folders_is_only_its_last_part():
    raw = written(
        MIME_Version="1.0", Content_Type='application/pdf; name="x"', Content_Disposition=r'attachment; filename="..\..\a/b/../c.pdf"'
    )
    assert [file.name for file in read(raw).body.files] == ["c.pdf"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("away_exchange", "Auto-Submitted: auto-generated"),
        ("away_gmail", "Auto-Submitted: auto-replied"),
        ("away_without_headers", "out of office"),
        ("read_receipt", "a report"),
        ("mailing_list", "mailing list"),
        ("plain_new", ""),
        ("our_own", ""),
    ],
)
def test_what_no_person_wrote_says_so(name, reason):
    assert mail(name).automatic == reason


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "No; owner=x"}, ""),
        ({"Precedence": "Junk"}, "Precedence: bulk"),
        ({"Precedence": "first-class"}, ""),
        ({"X_Autorespond": "yes"}, "automatic reply"),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, ""),
        ({"X_Auto_Response_Suppress": "All", "Subject": "Out of office"}, "out of office"),
        ({"Subject": "Out of office hours the hub stops"}, ""),
        ({"Subject": "Abwesenheit: bis Montag"}, "out of office"),
        ({"Return_Path": "<>"}, "no return path"),
        ({"Return_Path": "<ana@coastal.example>"}, ""),
        ({"From": "postmaster@coastal.example"}, "from a mail server"),
    ],
)
def test_each_mark_of_a_program_counts_and_no_other(headers, reason):
    assert read(written(**headers)).automatic == reason


@pytest.mark.parametrize(
    ("name", "note", "is_final"),
    [
        ("bounce_postfix", "550 5.1.1 <ana.reyes@coastal.example>: Recipient address rejected: User unknown", True),
        (
            "bounce_exchange",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana.reyes@coastal.example not found by SMTP address lookup",
            True,
        ),
        ("bounce_qmail", "Remote host said: 550 5.1.1 No such user here", True),
        ("bounce_exim", "550 mailbox is full", True),
        ("delayed_postfix", "connect to mx1.coastal.example[192.0.2.10]:25: Connection timed out", False),
    ],
)
def test_a_report_names_our_mail_the_address_and_the_servers_words(name, note, is_final):
    read_ = mail(name)
    assert (read_.bounce, read_.automatic) == (Bounce((ANSWER,), "ana.reyes@coastal.example", note, is_final), "")


def test_a_report_of_success_is_no_bounce():
    raw = eml("bounce_postfix", answer=ANSWER).replace(b"Action: failed", b"Action: relayed").replace(b"Status: 5.1.1", b"Status: 2.0.0")
    assert (read(raw).bounce, read(raw).automatic) == (None, "a report")


def test_a_mail_without_an_id_has_a_fingerprint_that_survives_another_way_here():
    once, again = mail("without_message_id"), read(b"Received: from elsewhere\r\n" + eml("without_message_id"))
    other = read(eml("without_message_id").replace(b"help", b"HELP"))
    assert (once.message_id, once.key) == ("", again.key)
    assert other.key != once.key


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (eml("empty"), "it is empty"),
        (b"\r\n \r\n", "it is empty"),
        (eml("deep_multipart"), "its parts are nested too deeply or too many"),
        (b"Content-Type: multipart/mixed; boundary=x\r\n" * 300, "its parts are nested too deeply or too many"),
        (b"Subject: " + b"x" * reading.LARGEST, "it is larger than 25 MB"),
        (b"\r\nno headers at all", "its headers are missing or too many"),
        (b"X: y\r\n" * 501 + b"\r\n", "its headers are missing or too many"),
    ],
)
def test_what_is_no_mail_is_refused_with_its_reason(raw, reason):
    with pytest.raises(Unreadable, match=reason):
        read(raw)


def test_a_mail_of_many_mails_within_each_other_ends_in_a_refusal_or_a_mail():
    raw = b"From: a@b.example\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000
    with pytest.raises(Unreadable, match="nested"):
        read(raw)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", "<div>" * 100_000),
        ("text/html", "<head" * 100_000),
        ("text/html", "<html>" + "</head " * 80_000),
        ("text/html", "<br" * 160_000),
        ("text/plain; format=flowed", "a \r\n" * 120_000),
        ("text/plain; charset=punycode", "a" * 400_000),
        ("text/plain", "a" * 500_000),
    ],
)
def test_what_is_made_to_be_slow_is_not(kind, body):
    began = time.monotonic()
    read(written(MIME_Version="1.0", Content_Type=kind, From="MAILER-DAEMON@x.example", Subject="Undeliverable", body=body))
    assert time.monotonic() - began < 5


def test_words_of_a_page_nested_without_end_are_kept():
    assert (
        read(written(MIME_Version="1.0", Content_Type="text/html", body="<div>" * 3000 + "Hi &amp; bye")).body.html == "<p>Hi &amp; bye</p>"
    )


@given(st.binary(max_size=400), st.sampled_from(NAMES), st.integers(0, 3000))
def test_whatever_is_broken_in_a_mail_it_is_read_or_refused(noise, name, at):
    whole = eml(name)
    for raw in (noise, whole[:at] + noise + whole[at:], whole[:at]):
        try:
            read_ = read(raw)
        except Unreadable:
            continue
        assert "\x00" not in f"{read_.subject}{read_.from_name}{read_.body.text}{read_.body.html}"
        f"{read_.subject}{read_.from_name}{read_.body.text}".encode()
