"""Letters joined without a template: what people wrote stays words, whatever they wrote."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from django.utils import timezone, translation

from support.history import Entry, Line
from support.history.letters import joined
from support.models import Message
from support.states import Delivery, MessageKind, SyncState

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 29, 4, 5, tzinfo=UTC)
HOSTILE = "\"><script>alert('x')</script>&amp;"
ESCAPED = "&quot;&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&amp;amp;"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"), timezone.override("UTC"):
        yield


class Tags(HTMLParser):
    """Which elements begin, and whether each ends."""

    def __init__(self, html):
        super().__init__()
        self.began, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.began.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_letter_is_written_whole():
    entry = Entry(kind=MessageKind.INCOMING, at=AT, who="Ana", html="<p>No server</p>", key="message-7", message=Message(pk=7))

    assert joined([entry], address="/desk/T-1/", query="view=all") == (
        '<li class="letter letter--incoming" id="message-7">\n'
        '<div class="letter__head"><strong>Ana</strong>\n'
        '<span class="meta"><a class="letter__link" href="/desk/T-1/?view=all&amp;letter=message-7#message-7" title="Link to this letter">'
        '<time datetime="2026-11-29T04:05:00+00:00" title="your time, UTC+0000">Sun 29 Nov 2026, 04:05</time></a></span></div>\n'
        '<div class="letter__body"><p>No server</p></div>\n</li>\n'
    )


def test_a_new_note_of_a_merged_ticket_says_so():
    entry = Entry(
        kind=MessageKind.NOTE, at=AT, who="Sam", key="message-7", is_new=True, reference="T-2", message=Message(pk=7, ticket_version=3)
    )
    html = joined([entry], address="/desk/T-1/")

    assert '<li class="letter letter--note is-new letter--merged" id="message-7" data-version="3" data-letter="7">' in html
    assert '<span class="letter__label">Internal note, only staff read it</span>' in html
    assert '<a class="letter__reference" href="/desk/tickets/T-2/">in T-2</a>' in html
    assert '<span class="letter__new">New since you opened</span>' in html


def test_what_a_hostile_person_wrote_leaves_its_place_nowhere():
    letter = Entry(kind=MessageKind.REPLY, at=AT, who=HOSTILE, html="<p>a</p>", key="message-7", reference="T-2", message=Message(pk=7))
    events = Entry(kind="events", at=AT, lines=[Line(AT, HOSTILE, HOSTILE)])
    html = joined([letter, events, Entry(kind="gap", at=AT, hidden=2)], address="/desk/T-1/", query=HOSTILE)
    tags = Tags(html)

    assert (tags.open, tags.began.count("li"), "script" in tags.began) == ([], 4, False)
    assert f"<strong>{ESCAPED}</strong>" in html
    assert f'href="/desk/T-1/?{ESCAPED}&amp;letter=message-7#message-7"' in html
    assert html.count("&lt;script&gt;") == 5


def test_a_letter_says_how_far_it_came():
    sent = Message(pk=7, sync_state=SyncState.QUEUED, last_error=HOSTILE, delivery=Delivery.FAILED, delivery_note=HOSTILE)
    html = joined([Entry(kind=MessageKind.REPLY, at=AT, who="Sam", key="message-7", message=sent)], address="/")

    assert html.count('<span class="sync ') == 2
    assert html.count("&lt;script&gt;") == 2
    assert "<script" not in html
