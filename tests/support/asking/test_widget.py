"""The widget's side of the desk: who may ask from where, what becomes of it, and that it stays small and sets no cookie."""

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site_settings
from django.db import IntegrityError
from django.db.models.signals import pre_save
from django.test import Client
from django.utils import timezone

from communities.roles import Role, StaffGroup
from knowledgebase.models import Audience
from support.asking import deflecting, widget
from support.models import Suggested, Ticket, WidgetAsk, WidgetSite
from support.reports import Chosen, Numbers
from support.states import HeldFor, SyncState
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.asking.factories import on_terms, site_of

pytestmark = pytest.mark.django_db
ORIGIN = "https://docs.example.org"
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def site(community):
    return site_of(community)


@pytest.fixture
def page():
    return Client(headers={"origin": ORIGIN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, enforce_csrf_checks=True)


def written(site, **fields):
    """What the dialog sends when it was opened ten seconds ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=10)):
        token = widget.begin(site)
    return {
        "name": "Ana",
        "email": "Ana@Example.org",
        "subject": "No server",
        "body": "It fails",
        "page_url": f"{ORIGIN}/start?token=secret#key=secret",
        "page_title": "Start",
        "language": "es",
        "token": token,
    } | fields


def ask(page, site, **fields):
    return page.post(f"/widget/{site.key}/tickets/", written(site, **fields))


def test_the_script_is_under_fifteen_kilobytes_before_compression():
    octets = (Path(site_settings.BASE_DIR) / "static/widget/widget.js").read_bytes()
    assert len(octets) < 15_000
    assert len(gzip.compress(octets)) < 6_000


def test_the_script_is_kept_long_asked_for_by_its_mark_and_open_to_other_sites():
    first = Client().get("/widget.js")
    again = Client(headers={"if-none-match": first["ETag"]}).get("/widget.js")
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert first["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=86400" in first["Cache-Control"]
    assert first["Content-Type"].startswith("text/javascript")


def test_no_answer_sets_a_cookie_or_reads_one(page, site, django_assert_max_num_queries):
    answers = [page.get("/widget.js"), page.post(f"/widget/{site.key}/start/"), page.post(f"/widget/{site.key}/articles/", {"q": "server"})]
    answers.append(ask(page, site))
    assert [response.status_code for response in answers] == [200, 200, 200, 201]
    assert [dict(response.cookies) for response in answers] == [{}] * 4
    assert ["Cookie" in response.get("Vary", "") for response in answers] == [False] * 4


def test_what_its_articles_saved_is_counted_under_a_word_of_the_form(page, site, community):
    edition = published(bare(community), title="When a server does not start", body="Wait.", audience=Audience.PUBLIC)
    kept, sent = deflecting.new_form(), deflecting.new_form()
    for form in (kept, sent):
        page.post(f"/widget/{site.key}/articles/", {"q": "server does not start", "form": form})
    page.post(f"/widget/{site.key}/articles/", {"q": "penguins on ice", "form": deflecting.new_form()})
    assert page.post(f"/widget/{site.key}/opened/", {"form": kept, "article": edition.pk}).status_code == 204
    ask(page, site, form=sent)
    ask(page, site, form=sent, email="")
    report = Numbers(Chosen.of({}, communities=[]), acting(staff(StaffGroup.SUPPORT_AGENT)))
    assert report.suggested_by_place == {"widget": {"shown": 2, "opened": 1, "kept": 1, "gave_up": 0, "sent": 1}}
    assert [(each.shown, each.opened, each.kept) for each in report.suggested_articles] == [(2, 1, 1)]
    assert set(Suggested.objects.values_list("community", flat=True)) == {community.pk}


def test_a_ticket_is_opened_with_its_page_and_without_its_secrets(page, site, community):
    on_terms(community, who_opens="anybody")
    response = ask(page, site)
    ticket = Ticket.objects.get()
    assert (response.status_code, response.json()) == (201, {"reference": ticket.reference, "waits": False})
    assert (ticket.community, ticket.requester.email, ticket.requester.user, ticket.sync_state) == (
        community,
        "ana@example.org",
        None,
        SyncState.LOCAL,
    )
    assert f'href="{ORIGIN}/start"' in ticket.body_html
    assert "secret" not in ticket.body_html
    assert WidgetAsk.objects.values_list("page_url", "page_title", "language").get() == (f"{ORIGIN}/start", "Start", "es")
    assert ticket.events.get(field="opened").actor_role == "widget"


def test_the_desk_is_told_that_nobody_verified_who_asks(page, site, community):
    member(community, Role.MEMBER, email="ana@example.org")
    on_terms(community, who_opens="anybody")
    ask(page, site)
    client = Client()
    client.force_login(staff(StaffGroup.SUPPORT_AGENT), backend="django.contrib.auth.backends.ModelBackend")
    desk = client.get(f"/desk/tickets/{Ticket.objects.get().reference}/").content.decode()
    assert ("Not verified" in desk, "ana@example.org" in desk) == (True, True)


@pytest.mark.parametrize("opens", ["representatives", "members"])
def test_a_strangers_ticket_waits_on_narrower_terms(page, site, community, opens):
    on_terms(community, who_opens=opens)
    response = ask(page, site)
    ticket = Ticket.objects.get()
    assert (response.json()["waits"], ticket.sync_state) == (True, SyncState.AWAITING_APPROVAL)
    assert page.post(f"/widget/{site.key}/start/").json()["waits"] is True


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://docs.example.org.evil.example"}, 403),
        ({"origin": "http://docs.example.org"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
        ({"origin": ORIGIN, "sec-fetch-mode": "navigate"}, 403),
        ({"origin": ORIGIN, "sec-fetch-mode": "no-cors"}, 403),
        ({"origin": ORIGIN, "sec-fetch-site": "none"}, 403),
        ({"origin": ORIGIN}, 201),
    ],
)
def test_only_pages_of_its_origins_ask(site, headers, status):
    response = Client(headers=headers).post(f"/widget/{site.key}/tickets/", written(site))
    assert (response.status_code, Ticket.objects.count()) == (status, int(status == 201))
    assert response.get("Access-Control-Allow-Origin") == (ORIGIN if status == 201 else None)
    assert "Origin" in response["Vary"]


def test_a_preflight_lets_in_exactly_its_origins(site):
    address = f"/widget/{site.key}/tickets/"
    good, bad = (Client(headers={"origin": origin}).options(address) for origin in (ORIGIN, "https://evil.example"))
    assert (good.status_code, good["Access-Control-Allow-Origin"], good["Access-Control-Allow-Methods"]) == (204, ORIGIN, "POST")
    assert "Access-Control-Allow-Credentials" not in good
    assert (bad.status_code, bad.get("Access-Control-Allow-Origin")) == (403, None)


def test_a_key_that_is_off_or_nobodys_is_not_known(page, site):
    WidgetSite.objects.update(is_on=False)
    assert [ask(page, site).status_code, page.post("/widget/nobody/start/").status_code] == [404, 404]
    assert page.get("/widget/nobody/start/").status_code == 404


def test_what_is_missing_is_named_and_nothing_is_opened(page, site):
    response = ask(page, site, email="nobody", subject="")
    assert (response.status_code, sorted(response.json()["errors"])) == (422, ["email", "subject"])
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"website": "https://buy.example"},
        {"token": "made up"},
        {"body": "https://a.example https://b.example www.c.example [url=d]"},
    ],
)
def test_what_looks_odd_is_held_and_not_lost(page, site, community, odd):
    on_terms(community, who_opens="anybody")
    assert ask(page, site, **odd).json()["waits"] is True
    ticket = Ticket.objects.get()
    assert (ticket.sync_state, ticket.approval.reason) == (SyncState.AWAITING_APPROVAL, HeldFor.GUARD)


def test_what_comes_faster_than_anybody_writes_is_held(page, site, community):
    on_terms(community, who_opens="anybody")
    ask(page, site, token=page.post(f"/widget/{site.key}/start/").json()["token"])
    assert Ticket.objects.get().approval.reason == HeldFor.GUARD


def test_a_token_of_another_site_is_held(page, site, community):
    on_terms(community, who_opens="anybody")
    other = site_of(community, name="Other")
    ask(page, site, token=written(other)["token"])
    assert Ticket.objects.get().approval.reason == HeldFor.GUARD


def test_pressed_twice_it_is_one_ticket_and_the_same_words_by_others_are_held(page, site, community):
    on_terms(community, who_opens="anybody")
    fields = written(site)
    first, second = (page.post(f"/widget/{site.key}/tickets/", fields).json() for _press in range(2))
    assert (first, Ticket.objects.count()) == (second, 1)
    ask(page, site, email="somebody@else.example")
    assert Ticket.objects.get(requester__email="somebody@else.example").approval.reason == HeldFor.GUARD


def test_a_page_of_somewhere_else_is_not_written_down(page, site):
    ask(page, site, page_url="https://evil.example/x")
    assert WidgetAsk.objects.get().page_url == ""


def test_too_many_are_told_when_to_come_again(page, site):
    answers = [ask(page, site, subject=f"Question {number}") for number in range(7)]
    assert [response.status_code for response in answers] == [201] * 6 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert answers[-1]["Access-Control-Allow-Origin"] == ORIGIN


def test_only_public_articles_are_suggested(page, site, community):
    shelf = bare(community)
    published(shelf, title="Start a server", body="Start a server from the hub", audience=Audience.MEMBERS)
    published(shelf, title="Server start in public", body="Start a server from anywhere", audience=Audience.PUBLIC)
    found = page.post(f"/widget/{site.key}/articles/", {"q": "start a server"}).json()["articles"]
    assert [row["title"] for row in found] == ["Server start in public"]
    assert found[0]["url"].startswith(site_settings.SITE_URL)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://Docs.Example.org/", ["https://docs.example.org"]),
        ("https://docs.example.org:443 https://docs.example.org:8443", ["https://docs.example.org", "https://docs.example.org:8443"]),
        ("http://localhost:8003", ["http://localhost:8003"]),
        ("http://docs.example.org", None),
        ("docs.example.org", None),
        ("https://user@docs.example.org", None),
        ("https://docs.example.org:port", None),
        ("*", None),
    ],
)
def test_an_origin_is_kept_as_a_browser_writes_it(community, typed, kept):
    client = Client()
    client.force_login(member(community, Role.REPRESENTATIVE), backend="django.contrib.auth.backends.ModelBackend")
    response = client.post("/c/coastal/tickets/widget/", {"name": "Docs", "origins": typed, "is_on": "on"}, follow=True)
    assert [row.origins for row in WidgetSite.objects.all()] == ([kept] if kept else [])
    if kept:
        assert f"data-key=&quot;{WidgetSite.objects.get().key}&quot;" in response.content.decode().replace('"', "&quot;")


def test_a_site_is_switched_off_by_its_own_community_alone(community, site):
    outsider = member(CommunityFactory(), Role.REPRESENTATIVE)
    client = Client()
    client.force_login(outsider, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(f"/c/coastal/tickets/widget/{site.pk}/", {}).status_code == 404
    assert list(WidgetSite.objects.visible_to(acting(outsider))) == []
    ana = member(community, Role.HUB_CHAMPION)
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/c/coastal/tickets/widget/{site.pk}/", {"name": "Docs", "origins": ORIGIN})
    assert WidgetSite.objects.get().is_on is False


@pytest.mark.parametrize("length", ["a word", "-1", "1.5", "9" * 5000])
def test_a_length_that_is_no_number_is_refused(site, length):
    response = Client(headers={"origin": ORIGIN}).post(f"/widget/{site.key}/start/", CONTENT_LENGTH=length)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (413, ORIGIN)


def test_a_database_that_takes_no_ticket_is_not_mistaken_for_pressing_twice(site, community):
    asked = widget.Asked(name="Ana", email="ana@example.org", subject="No server", body="It fails")

    def refuse(**_kwargs):
        raise IntegrityError("not this row")

    pre_save.connect(refuse, sender=WidgetAsk)
    try:
        with pytest.raises(IntegrityError, match="not this row"):
            widget.take(site, asked, origin=ORIGIN)
    finally:
        pre_save.disconnect(refuse, sender=WidgetAsk)
    assert not Ticket.objects.exists()
