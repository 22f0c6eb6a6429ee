"""Reports: what is counted, the tickets behind each number, and who reads them."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from communities.roles import Role, StaffGroup
from ground.actors import Actor
from knowledgebase.models import Audience
from support.asking import deflecting
from support.models import ClockRun, SatisfactionRating, Suggested, Ticket
from support.reports import PERIODS, Chosen, Numbers, behind, parts_of
from support.states import Status
from support.working import spending
from tests.factories import CommunityFactory, acting, member, staff
from tests.knowledgebase.factories import bare, published
from tests.support.asking.factories import on_terms
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)
REPORT = "support:reports"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


def client_of(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def days_ago(days):
    return NOW - timedelta(days=days)


def opened(days, *, solved=None, **fields):
    over = {} if solved is None else {"solved_at": days_ago(solved), "status_id": Status.CLOSED}
    return TicketFactory(created_at=days_ago(days), updated_at=days_ago(days), **over, **fields)


def ran(ticket, clock, minutes, *, promised=60, days=1, outcome=None):
    outcome = outcome or ("met" if minutes <= promised else "missed")
    at = days_ago(days)
    return ClockRun.objects.create(
        ticket=ticket, clock=clock, began_at=at, ended_at=at, target_minutes=promised, used_minutes=minutes, outcome=outcome
    )


def numbers(actor, **asked):
    return Numbers(Chosen.of(asked, communities=[]), actor)


def test_volume_and_backlog_by_week_agree_with_the_tickets_behind_them(sam):
    opened(200, solved=100)
    opened(100, solved=20)
    opened(30)
    opened(9, solved=1)
    opened(1)
    counted = numbers(acting(sam))

    places = counted.chosen.places
    assert (sum(counted.opened_by_step.values()), sum(counted.solved_by_step.values())) == (3, 2)
    for place in places:
        step = place.isoformat()
        assert behind(counted, "opened", step=step).count() == counted.opened_by_step.get(place, 0)
        assert behind(counted, "solved", step=step).count() == counted.solved_by_step.get(place, 0)
        assert behind(counted, "left", step=step).count() == counted.backlog_by_step[place]
    assert list(counted.backlog_by_step.values())[-1] == behind(counted, "left").count() == 2


@pytest.mark.parametrize(
    ("period", "first", "steps"), [("month", "2026-05-25", 31), ("quarter", "2026-03-23", 14), ("year", "2025-06-01", 13)]
)
def test_periods_begin_with_a_whole_step_and_end_today(sam, period, first, steps):
    places = numbers(acting(sam), period=period).chosen.places

    assert (places[0].isoformat(), len(places)) == (first, steps)


def test_clocks_are_counted_with_their_median_and_ninetieth(sam):
    ticket = opened(5)
    for minutes in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100):
        ran(ticket, "next", minutes)
    ran(ticket, "next", 5, outcome="void")
    ran(ticket, "first", 7, days=150)
    counted = numbers(acting(sam))

    standing = counted.standings["next"]
    assert (standing.met, standing.missed, standing.share, standing.median, standing.ninetieth) == (6, 4, 60, 50, 90)
    assert counted.standings["first"].ended == 0
    assert list(behind(counted, "missed-next")) == [ticket]
    assert (list(behind(counted, "met-first")), list(behind(counted, "ended"))) == ([], [ticket])


def test_kinds_and_communities_are_counted_together_and_lead_to_their_tickets(sam):
    coast, lake = CommunityFactory(name="Coast"), CommunityFactory(name="Lake")
    first, _second = opened(3, community=coast, kind="incident"), opened(3, community=coast)
    opened(90, community=lake, kind="event", solved=2)
    ran(first, "first", 10)
    counted = numbers(acting(sam))

    assert [(name, each.opened, each.solved, each.met) for (_slug, name), each in counted.by_community.items()] == [
        ("Coast", 2, 0, 1),
        ("Lake", 1, 1, 0),
    ]
    assert {kind: each.opened for kind, each in counted.by_kind.items()} == {"incident": 1, "": 1, "event": 1}


def test_ratings_of_either_scale_are_told_apart(sam):
    ticket = opened(2)
    for number, rating in enumerate((103, 101, 1, 100, 2, -101, 3)):
        SatisfactionRating.objects.create(freshdesk_id=number, ticket=ticket, rating=rating, created_at=NOW)
    counted = numbers(acting(sam))

    assert counted.ratings == {"happy": 3, "neither": 2, "unhappy": 2}
    assert list(behind(counted, "rated-happy")) == [ticket]


def test_a_rating_that_was_given_again_counts_as_it_is_now(sam):
    ticket = opened(2)
    SatisfactionRating.objects.create(freshdesk_id=1, ticket=ticket, rating=-103, created_at=days_ago(2), is_current=False)
    SatisfactionRating.objects.create(freshdesk_id=2, ticket=ticket, rating=103, created_at=days_ago(1))
    counted = numbers(acting(sam))

    assert counted.ratings == {"happy": 1, "neither": 0, "unhappy": 0}
    assert (list(behind(counted, "rated-happy")), list(behind(counted, "rated-unhappy"))) == ([ticket], [])


def test_time_written_down_stands_against_what_is_agreed_and_leads_to_its_tickets(sam):
    coast, lake = CommunityFactory(name="Coast", slug="coast"), CommunityFactory(name="Lake", slug="lake")
    spending.agree(coast, minutes=600, period="quarter")
    first, second, other = opened(60, community=coast), opened(5, community=coast, kind="event"), opened(5, community=lake)
    for ticket, minutes, days in ((first, 90, 50), (first, 30, 2), (second, 45, 2), (second, 500, 200), (other, 20, 1)):
        spending.add(ticket, minutes=minutes, at=days_ago(days), by=acting(sam))
    spending.add(second, minutes=300, at=days_ago(2), is_counted=False, by=acting(sam))
    spending.add(opened(3, community=None), minutes=15, at=days_ago(2), by=acting(sam))
    client = client_of(sam)
    part = next(each for each in client.get(reverse(REPORT)).context["parts"] if each.key == "budget")

    assert [(name, [str(cell) for cell in cells]) for name, cells in part.rows] == [
        ("Coast", ["2 h 45 min", "10 h 18 min", "26 %"]),
        ("Lake", ["20 minutes", "no limit", "–"]),
    ]
    listed = client.get(part.rows[0][1][0].url)
    assert {(row, row.minutes) for row in listed.context["page"].rows} == {(first, 120), (second, 45)}
    of_events = numbers(acting(sam), kind="event")
    assert [(each.name, each.minutes) for each in of_events.spent] == [("Coast", 45)]
    assert list(behind(of_events, "spent")) == [second]


def test_what_has_no_kind_or_no_community_leads_to_its_tickets_too(sam):
    alone, bare = opened(2, community=None, kind="event"), opened(2, community=CommunityFactory())
    client = client_of(sam)
    parts = {each.key: each for each in client.get(reverse(REPORT)).context["parts"]}
    without = {name: client.get(cells[0].url).context["page"].rows for key in ("communities", "kinds") for name, cells in parts[key].rows}

    assert (without["No community"], without["Not decided"]) == ([alone], [bare])


def test_the_widget_the_portal_and_the_search_page_are_told_apart(sam):
    coast = CommunityFactory()
    for place in Suggested.Place:
        deflecting.note_shown(deflecting.new_form(), community=coast, place=place)
    counted = numbers(acting(sam))

    assert {place: found["shown"] for place, found in counted.suggested_by_place.items()} == {"portal": 1, "widget": 1, "search": 1}
    assert counted.suggested["shown"] == 3


def test_a_form_on_the_communitys_page_is_counted_from_first_words_to_sending(sam):
    coast = CommunityFactory(slug="coast")
    published(bare(coast), title="When a server does not start", body="Wait.", audience=Audience.PUBLIC)
    client, written = client_of(member(coast, Role.REPRESENTATIVE)), {"subject": "My server does not start", "body": "It spins."}
    shown = client.post(reverse("support:new_ticket_answers", args=["coast"]), written)
    word = shown.context["form_word"]
    address = re.search(r'href="([^"]*opened/[^"]*)"', shown.content.decode())

    assert f'<input type="hidden" name="form" value="{word}">' in shown.content.decode()
    assert client.get(html.unescape(address[1])).status_code == 302
    again = client.post(reverse("support:new_ticket", args=["coast"]), {**written, "body": "", "form": word})
    assert (again.status_code, again.context["form_word"]) == (422, word)
    client.post(reverse("support:new_ticket", args=["coast"]), {**written, "form": word})
    assert [(each.title, each.shown, each.opened, each.kept) for each in numbers(acting(sam)).suggested_articles] == [
        ("When a server does not start", 1, 1, 0)
    ]
    assert numbers(acting(sam)).suggested_by_place == {"portal": {"shown": 1, "opened": 1, "kept": 0, "gave_up": 0, "sent": 1}}


def test_steps_of_a_form_count_once_and_only_with_a_word_of_ours(sam):
    coast = CommunityFactory()
    kept, gave_up, sent = (deflecting.new_form() for _ in range(3))
    for form in (kept, kept, gave_up, sent):
        deflecting.note_shown(form, community=coast)
    deflecting.note_opened(kept, community=coast)
    deflecting.note_sent(sent, community=coast)
    deflecting.note_shown("ana@example.org", community=coast)
    deflecting.note_sent("", community=coast)

    assert Suggested.objects.count() == 5
    assert numbers(acting(sam)).suggested == {"shown": 3, "opened": 1, "kept": 1, "gave_up": 1, "sent": 1}


@pytest.mark.parametrize("what", ["all", "met-never", "rated-", "rated", "opened-first", "left-", "void-first"])
def test_what_no_report_shows_has_no_tickets_behind_it(sam, what):
    assert behind(numbers(acting(sam)), what) is None
    assert client_of(sam).get(reverse("support:report_rows", args=[what])).status_code == 404


def test_every_number_of_a_report_leads_to_as_many_tickets(sam):
    coast = CommunityFactory()
    for days in (1, 8, 40):
        ran(opened(days, community=coast, kind="event"), "first", 10 * days)
    opened(20, community=coast, solved=3)
    client = client_of(sam)
    parts = client.get(reverse(REPORT)).context["parts"]
    cells = [cell for part in parts for _name, cells in part.rows for cell in cells if cell.url]

    assert len(cells) > 40
    for cell in cells:
        asked = client.get(cell.url, {**{key: value[0] for key, value in parse_qs(urlsplit(cell.url).query).items()}})
        assert (cell.url, len(asked.context["page"].rows)) == (cell.url, cell.value)


def test_report_costs_the_same_with_one_ticket_and_with_three(sam):
    client = client_of(sam)
    ran(opened(2), "first", 5)
    client.get(reverse(REPORT))
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(REPORT))
        costs.append(len(captured))
        for days in (3, 4):
            ran(opened(days, kind="event", solved=1), "resolution", 5)

    assert costs[0] == costs[1] <= 15


def test_an_empty_report_says_so_and_never_fails(sam):
    page = client_of(sam).get(reverse(REPORT)).content.decode()

    assert "No ticket was opened or solved in this time." in page
    assert "This desk does not write down time yet." in page or "No time was written down in this time." in page


@pytest.mark.parametrize(
    "query", ["period=never", "community=nobody&kind=x", "community=%00", "step=2026-13-45", "download=exe&list=volume"]
)
def test_a_report_answers_whatever_the_address_says(sam, query):
    assert client_of(sam).get(f"{reverse(REPORT)}?{query}").status_code == 200
    assert client_of(sam).get(f"{reverse('support:report_rows', args=['opened'])}?{query}").status_code == 200


def test_numbers_and_the_tickets_behind_them_are_handed_out_as_files(sam):
    ticket = opened(2)
    client = client_of(sam)

    volume = b"".join(client.get(f"{reverse(REPORT)}?download=csv&list=volume").streaming_content).decode()
    rows = b"".join(client.get(f"{reverse('support:report_rows', args=['opened'])}?download=csv").streaming_content).decode()

    assert volume.splitlines()[0] == "\ufeffFrom,Opened,Solved"
    assert volume.splitlines()[-1] == "Together,1,0"
    assert ticket.reference in rows


def test_a_community_reads_of_its_own_tickets_alone_and_of_no_staff(sam):
    coast = CommunityFactory(slug="coast")
    ana = member(coast, Role.REPRESENTATIVE)
    mine = opened(2, community=coast, assignee=sam, assignee_label="Sam", subject="Ours")
    opened(2, subject="Theirs")
    opened(2, community=coast, confidential=True, subject="Secret")
    client = client_of(ana)

    page = client.get(reverse("support:community_report", args=["coast"]))
    rows = client.get(reverse("support:community_report_rows", args=["coast", "opened"]))
    file = b"".join(client.get(reverse("support:community_report_rows", args=["coast", "opened"]), {"download": "csv"}).streaming_content)

    assert {part.key for part in page.context["parts"]} == {
        "volume",
        "backlog",
        "responsiveness",
        "kinds",
        "satisfaction",
        "deflection",
        "articles",
    }
    assert list(rows.context["page"].rows) == [mine]
    assert (b"Sam" in page.content + rows.content + file, b"Ours" in file, b"Theirs" in file) == (False, True, False)


def test_a_community_cannot_ask_for_another_ones_numbers():
    coast, lake = CommunityFactory(slug="coast"), CommunityFactory(slug="lake")
    ana = member(coast, Role.HUB_CHAMPION)
    opened(2, community=lake)
    client = client_of(ana)

    page = client.get(reverse("support:community_report", args=["coast"]), {"community": "lake"})

    assert page.context["parts"][0].rows == []
    assert client.get(reverse("support:community_report", args=["lake"])).status_code == 404
    assert client_of(member(coast, Role.MEMBER)).get(reverse("support:community_report", args=["coast"])).status_code == 404


@pytest.mark.parametrize("target", ["", "https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_a_suggestion_never_leads_out_of_the_site(target):
    coast = CommunityFactory(slug="coast")
    client = client_of(member(coast, Role.MEMBER))

    assert client.get(reverse("support:suggestion_opened", args=["coast"]), {"to": target}).status_code == 404


def test_opening_a_suggestion_counts_and_leads_to_the_article():
    coast = CommunityFactory(slug="coast")
    client, form = client_of(member(coast, Role.MEMBER)), deflecting.new_form()

    answer = client.get(reverse("support:suggestion_opened", args=["coast"]), {"to": "/kb/start/", "form": form})

    assert (answer.status_code, answer["Location"]) == (302, "/kb/start/")
    assert list(Suggested.objects.values_list("form", "step", "community")) == [(form, "opened", coast.pk)]


def test_tickets_that_are_gone_are_not_counted(sam):
    opened(2, sync_state="gone", gone_reason="spam")

    assert numbers(acting(sam)).opened.count() == 0
    assert {period.step for period in PERIODS.values()} == {"day", "week", "month"}
    assert Ticket.objects.count() == 1
    assert [part.key for part in parts_of(numbers(Actor.anonymous()), lambda *_a, **_k: "", is_staff=False)]


def test_a_rating_that_was_changed_counts_once_as_what_was_said_last(sam):
    ticket = opened(2)
    for number, (rating, is_current) in enumerate(((-103, False), (103, True))):
        SatisfactionRating.objects.create(freshdesk_id=number, ticket=ticket, rating=rating, is_current=is_current, created_at=NOW)
    counted = numbers(acting(sam))

    assert counted.ratings == {"happy": 1, "neither": 0, "unhappy": 0}
    assert (list(behind(counted, "rated-happy")), list(behind(counted, "rated-unhappy"))) == ([ticket], [])


def test_a_ticket_that_was_merged_counts_with_the_one_it_went_into(sam):
    primary = opened(5)
    opened(4, solved=3, merged_into=primary)
    counted = numbers(acting(sam))

    assert (list(counted.opened), counted.solved.count()) == ([primary], 0)


def test_who_may_only_ask_opens_a_suggestion_too():
    coast, outsider = CommunityFactory(slug="coast"), member(CommunityFactory(), Role.MEMBER)
    on_terms(coast, who_opens="anybody")

    answer = client_of(outsider).get(
        reverse("support:suggestion_opened", args=["coast"]), {"to": "/kb/start/", "form": deflecting.new_form()}
    )

    assert (answer.status_code, Suggested.objects.get().step) == (302, "opened")
