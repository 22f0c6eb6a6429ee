"""What comes from outside as rich text: safe, its history folded, its pictures named and not loaded, its words whole."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground.quoting import FOLD
from ground.sanitising import clean_html, from_markdown, from_plain, letter_html, plain_text, without_quotes

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<p style="position:fixed">x</p>',
    "<iframe src='//evil.example'></iframe>",
    '<img src="https://tracker.example/1.gif">',
    "<svg onload=alert(1)>",
    '<form action="/x"><input name=a></form>',
    "\x00<b>bold</b>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_clean_html_keeps_nothing_that_runs_or_calls_home(text):
    cleaned = clean_html(text)
    assert not re.search(r"script|onerror|onload|javascript|style=|iframe|svg|form|tracker|\x00", cleaned)


@given(st.text())
def test_clean_html_is_the_same_done_twice(text):
    once = clean_html(text)
    assert clean_html(once) == once


def test_clean_html_gives_links_away_to_nobody():
    assert (
        clean_html('<a href="https://example.org" target="_blank">x</a>')
        == '<a href="https://example.org" rel="noopener noreferrer nofollow">x</a>'
    )


def test_from_markdown_leaves_raw_html_as_text():
    assert from_markdown("a <b>b</b> **c**") == "<p>a &lt;b&gt;b&lt;/b&gt; <strong>c</strong></p>\n"


def test_from_plain_keeps_lines_and_paragraphs():
    assert from_plain("a\nb\n\n<c>") == "<p>a<br>b</p><p>&lt;c&gt;</p>"


@given(st.text(alphabet=st.characters(blacklist_categories=["C", "Z"]), min_size=1))
def test_plain_text_gives_back_what_from_plain_was_given(text):
    assert plain_text(from_plain(text)) == text


GMAIL = (
    '<div dir="ltr">It works.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    'Am Mo., 3. März 2026 um 14:00 Uhr schrieb Sam &lt;<a href="mailto:sam@example.org">sam@example.org</a>&gt;:<br></div>'
    '<blockquote class="gmail_quote" style="margin:0">Please restart</blockquote></div>'
)
OLD_GMAIL = (
    'It works.<div class="gmail_extra"><br><div class="gmail_quote">On 3 March 2014 14:00, Sam wrote:<br>'
    '<blockquote class="gmail_quote">Please restart</blockquote></div><br></div>'
)
YAHOO = 'It works.<div id="ydp1" class="yahoo_quoted"><div>On Monday, Sam wrote:</div><div>Please restart</div></div>'
FRESHDESK = (
    '<div>It works.<br></div><div class="freshdesk_quote"><blockquote class="freshdesk_quote">On Mon, 3 Mar at 2:00 PM , Sam '
    "&lt;sam@example.org&gt; wrote:<br>Please restart</blockquote></div>"
)
APPLE = (
    "It works.<br><div>On 3 Mar 2026, at 14:00, Sam &lt;sam@example.org&gt; wrote:</div><br>"
    '<blockquote type="cite"><div>Please restart</div></blockquote><br>'
)
THUNDERBIRD = (
    '<p>It works.</p><div class="moz-cite-prefix">Le 03/03/2026 à 14:00, Sam a écrit :<br></div>'
    '<blockquote type="cite" cite="mid:1@example.org"><p>Please restart</p></blockquote>'
)
OUTLOOK = (
    '<div class="WordSection1"><p class="MsoNormal">It works.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt">'
    '<p class="MsoNormal"><b>Von:</b> Sam<br><b>Gesendet:</b> Montag<br><b>Betreff:</b> AW</p></div><p>Please restart</p></div>'
)
OUTLOOK_ON_THE_WEB = '<div>It works.</div><hr><div id="x_divRplyFwdMsg"><b>Von:</b> Sam</div><div>Please restart</div>'
OUTLOOK_BARE = (
    "<p>It works.</p><p><b>De:</b> Sam<br><b>Enviado:</b> lunes<br><b>Para:</b> Ana<br><b>Asunto:</b> RE</p><p>Please restart</p>"
)
ORIGINAL = "<p>It works.</p><p>-----Mensaje original-----<br>Please restart</p>"
RULED = "It works.<br>________________________________<br>From: Sam<br>Sent: Monday<br>Subject: x<br><br>Please restart"
PLAIN = (
    "<p>It works.</p><p>El lun, 3 mar 2026 a las 14:00, Sam<br>&lt;sam@example.org&gt; escribió:<br>&gt; Please<br>&gt;<br>&gt; restart</p>"
)
PORTUGUESE = "<div>It works.<br>Em seg., 3 de mar. de 2026 às 14:00, Sam escreveu:<br>&gt; Please restart</div>"
ANGLED = "<div>It works.<br>&gt; Please<br>&gt; restart</div>"
ATTRIBUTED = "<p>It works.</p><p>On Monday Sam wrote:</p><blockquote><p>Please restart</p></blockquote>"
TABLE = f"<table><tbody><tr><td>It works.</td></tr><tr><td>{ANGLED.removeprefix('<div>It works.').removesuffix('</div>')}</td></tr></tbody></table>"
PROGRAMS = {name: value for name, value in list(globals().items()) if name.isupper() and isinstance(value, str) and "It works" in value}


@pytest.mark.parametrize("letter", PROGRAMS.values(), ids=PROGRAMS)
def test_history_of_every_mail_program_is_folded_and_not_one_word_lost(letter):
    folded = letter_html(letter)

    assert (folded.count(FOLD), without_quotes(folded)) == (1, "It works.")
    assert "".join(plain_text(folded).split()) == "".join(plain_text(letter).split())


def test_a_fold_holds_the_history_with_who_wrote_it_and_no_word_of_ours():
    assert letter_html(APPLE) == (
        f"It works.<br>{FOLD}<div>On 3 Mar 2026, at 14:00, Sam &lt;sam@example.org&gt; wrote:</div><br>"
        "<blockquote><div>Please restart</div></blockquote><br></details>"
    )


def test_a_fold_in_the_middle_of_an_element_closes_and_opens_it():
    assert letter_html("<p>It <b>works<br>&gt; Please</b></p>") == (f"<p>It <b>works<br></b></p>{FOLD}<p><b>&gt; Please</b></p></details>")


@pytest.mark.parametrize(
    "signature", ["<br>-- <br>Ana Ruiz<br>Kelp Watch", '<div class="gmail_signature">Ana Ruiz</div>', "<p>Enviado desde mi iPhone</p>"]
)
def test_a_short_signature_below_the_history_stays_readable(signature):
    folded = letter_html(f'<div>It works.<blockquote type="cite">Please restart</blockquote>{signature}</div>')

    assert without_quotes(folded) == f"It works.\n{plain_text(signature)}"


@pytest.mark.parametrize(
    "letter",
    [
        '<p>Both:</p><blockquote type="cite">First?</blockquote><p>Yes.</p><blockquote type="cite">Second?</blockquote><p>No, never.</p>',
        f"{GMAIL}<p>And one more thing below.</p>",
        '<blockquote type="cite">Please restart</blockquote>',
        '<div class="gmail_quote">On Monday Sam wrote:<blockquote class="gmail_quote">Please restart</blockquote></div>',
        '<p>FYI</p><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------</div>Read this</div>',
        "<p>The docs say</p><blockquote><p>restart it</p></blockquote>",
        "<p>I typed<br>&gt;&gt;&gt; import numpy<br>&gt;&gt;&gt; numpy.pi</p>",
        "<pre>&gt; ls</pre><pre>&gt; cd</pre>",
        "<p>From: here on<br>nothing works</p>",
        "<p>Sam wrote: restart. I did.</p>",
        "",
    ],
    ids=["inline", "below", "only", "only-gmail", "forwarded", "passage", "prompt", "code", "from", "wrote", "empty"],
)
def test_what_is_no_trailing_history_is_not_folded(letter):
    folded = letter_html(letter)
    assert (FOLD in folded, without_quotes(folded)) == (False, plain_text(clean_html(letter)))


def test_only_the_history_after_the_last_answer_is_folded():
    folded = letter_html('<blockquote type="cite">First?</blockquote><p>Yes.</p><blockquote type="cite">The rest</blockquote>')

    assert without_quotes(folded) == "First?\nYes."


@pytest.mark.parametrize(
    ("image", "kept"),
    [
        (
            '<img src="https://x.example/a.png" alt="Logo" width="90">',
            '<img data-remote-src="https://x.example/a.png" alt="Logo" width="90">',
        ),
        ('<img src="//x.example/a?b=1&amp;c=2">', '<img data-remote-src="https://x.example/a?b=1&amp;c=2">'),
        ('<IMAGE SRC=" http://x.example/a ">', '<img data-remote-src="http://x.example/a">'),
        ('<img src="/files/1.png" alt="Plot">', '<img src="/files/1.png" alt="Plot">'),
        ('<img src="https://x.example/a" width="1" height="1">', ""),
        ('<img src="https://x.example/a" width="0">', ""),
        ('<img src="https://x.example/a" height="1px">', ""),
        ('<img src="https://x.example/a" style="max-height: 0px">', ""),
        ('<img src="https://x.example/a" style="display:none">', ""),
        ('<img src="data:image/png;base64,AAAA">', ""),
        ('<img src="cid:image001">', ""),
        ('<img src="javascript:alert(1)">', ""),
        ('<img src="/\\x.example/a">', ""),
        ('<img src="/&#9;/x.example/a">', ""),
        ('<img src="https://[x">', ""),
        ('<img src="https://">', ""),
        ('<img data-remote-src="javascript:alert(1)">', ""),
        ('<img src="a.png" srcset="https://x.example/a 2x">', ""),
        ("<img>", ""),
    ],
)
def test_pictures_are_named_and_never_loaded(image, kept):
    assert letter_html(f"<p>{image}</p>") == f"<p>{kept}</p>"


def test_a_picture_of_the_site_is_no_way_to_another_host():
    assert [clean_html(f'<img src="{source}">') for source in ("/a.png", "//x", "/\\x", "/\t/x")] == [
        '<img src="/a.png">',
        "<img>",
        "<img>",
        "<img>",
    ]


LETTERS_OF_A_STRANGER = [
    *HOSTILE,
    '<details open ontoggle="alert(1)"><summary>x</summary>y</details>',
    '<details class="quoted"><summary></summary><details ontoggle=alert(1)></details></details>',
    '<style>@import "https://x.example/a.css"</style><link rel=stylesheet href=https://x.example/a.css>',
    '<meta http-equiv=refresh content="0;url=https://x.example"><base href="https://x.example/">',
    '<a href=" java\nscript:alert(1)">x</a><a href="&#1;javascript:alert(1)">x</a><a href="data:text/html,x">x</a>',
    '<svg><a><set attributeName="href" to="javascript:alert(1)"></set><text>x</text></a></svg><math><mtext><img src=x onerror=alert(1)></math>',
    '<div class="gmail_quote" onclick="alert(1)">x<blockquote class="masthead gmail_quote" style="position:fixed">y',
    "<p>a<br>&gt; <script>alert(1)</script><b onmouseover=alert(1)>",
    '<picture><source srcset="https://x.example/a"><img src="https://x.example/a" onload=alert(1) loading=eager></picture>',
    '<video poster="https://x.example/a" src="https://x.example/b"></video><input type=image src="https://x.example/a"><table background="https://x.example/a">',
    "<img data-remote-src='https://x.example/\"onerror=\"alert(1)'><img alt='\"><script>alert(1)</script>' src=https://x.example/a>",
    "<p>\ud800<b>\x00bold</b><img alt=\udfff src=https://x.example/a>",
]
RUNS_OR_LOADS = re.compile(
    r"""(?ix) <(?!/?(?:a|b|blockquote|br|details|div|em|hr|img|p|pre|span|strong|summary|table|tbody|td|tr)[ >]) | <[^>]*\s(?:on\w+|style|srcset|poster|open|id)=
    | href="(?!https?:|mailto:) | \ssrc=" | \x00 | [\ud800-\udfff] """
)


@pytest.mark.parametrize("letter", LETTERS_OF_A_STRANGER)
def test_letter_html_keeps_nothing_that_runs_or_loads(letter):
    assert RUNS_OR_LOADS.search(letter_html(letter)) is None


@given(
    st.lists(
        st.sampled_from([*LETTERS_OF_A_STRANGER, *PROGRAMS.values(), "</div>", "</p>", "</blockquote>", "<p>", "<td>", "words", "<br>"]),
        max_size=6,
    )
)
def test_letters_put_together_stay_safe_keep_their_words_and_stay_as_they_are(parts):
    letter = "".join(parts)
    once = letter_html(letter)

    assert RUNS_OR_LOADS.search(once) is None
    assert "".join(plain_text(once).split()) == "".join(plain_text(clean_html(letter)).split())
    assert letter_html(once) == once


@given(st.text())
def test_letter_html_takes_any_text_and_loses_no_word(text):
    assert "".join(plain_text(letter_html(text)).split()) == "".join(plain_text(text).split())


@given(
    st.lists(
        st.sampled_from(
            ["It works.", "> Please restart", "On Monday Sam wrote:", "> - a", "-----Original Message-----", "", "From: a", "-- "]
        )
    )
)
def test_what_we_send_comes_back_with_the_same_words_folded_or_not(lines):
    sent = from_markdown("\n".join(lines))
    returned = f'<div style="font-family:sans-serif">{sent}</div>'

    assert "".join(plain_text(letter_html(returned)).split()) == "".join(plain_text(sent).split()) == "".join(plain_text(returned).split())


@pytest.mark.parametrize(
    "letter",
    [
        "<div>" * 200_000 + "deep",
        "<div>" * 90_000 + "deep" + "</div>" * 90_000,
        "<blockquote type=cite>" * 9_000 + "deep",
        "deep" + "<" * 500_000,
        "deep<a" * 100_000,
        "deep" + "\n" * 500_000 + "&gt;",
        "deep" + '<img src="https://x.example/1.png">' * 9_000,
        "deep" + "".join(f"<font color={n}>" for n in range(2000)) + "<p>x" * 2000,
    ],
    ids=["nested", "closed", "quotes", "angles", "tags", "lines", "pictures", "fonts"],
)
def test_a_megabyte_made_to_hurt_takes_seconds_at_most_and_keeps_its_words(letter):
    began = time.process_time()
    folded = letter_html(letter)

    assert ("deep" in plain_text(folded), time.process_time() - began < 10) == (True, True)


def test_without_quotes_ends_where_the_fold_ends():
    assert without_quotes(f"a<br>{FOLD}b<details><summary>c</summary>d</details>e</details><br>f") == "a\nf"
    assert without_quotes(f"a<br>{FOLD}b") == "a"
    assert without_quotes("<p>a</p>") == "a"
