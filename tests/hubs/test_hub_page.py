"""A hub's page: is it down, how it was, what it offers, how much it is used, and who may do what there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest

from communities.roles import Role, StaffGroup
from hubs import conditions, having, health_page, offered, use_page, watching
from hubs.models import Hub, HubDay, HubUse, HubWatch, past_of
from hubs.states import HubState
from hubs.tasks import look_again
from support import incidents
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory
from tests.hubs.small_hub import Network, SmallHub
from tests.support.incidents.factories import TITLE, declared

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Seen = HubWatch.Seen
SPEC = {
    "images": ["quay.io/pangeo/pangeo-notebook:2026.11.01", "registry.example:5000/r"],
    "memory_gb": [2, 8],
    "home_quota_gib": 10,
    "admins": ["ana-quispe"],
    "features": ["gpu", "something_new"],
}


@pytest.fixture
def reef(community, settings):
    settings.HUB_API_TRANSPORT = Network(reef=SmallHub())
    cluster = ClusterFactory(name="one", domain_suffix="hubs.example")
    return HubFactory(name="reef", display_name="Reef", community=community, cluster=cluster)


@pytest.fixture
def theirs(client, representative):
    client.force_login(representative.user)
    return client


def address(hub, name="hub"):
    return reverse(f"hubs:{name}", args=[hub.community.slug, hub.cluster.name, hub.name])


def page(client, hub):
    response = client.get(address(hub))
    assert response.status_code == 200
    return response.content.decode()


def watched(hub, **fields):
    values = {"looked_at": NOON, "due_at": NOON + MINUTE, "created_at": NOON, "seen_since": NOON if fields.get("seen") else None}
    return HubWatch.objects.create(hub=hub, **{**values, **fields})


def health(hub, *, now=NOON):
    found = health_page.health_of(Hub.objects.select_related("watch").get(pk=hub.pk), now=now)
    return found.tone, found.word, found.sentence


def test_its_address_is_that_of_its_page(reef):
    assert reef.get_absolute_url() == "/c/aurora/hubs/one/reef/"


def test_a_hub_of_nobody_has_no_page(db):
    assert HubFactory(community=None).get_absolute_url() == ""


def test_a_hub_that_answers(reef):
    watched(reef, seen=Seen.UP, answered_at=NOON)
    assert health(reef) == ("good", "answers", "It answers.")


def test_a_hub_that_did_not_answer_once(reef):
    watched(reef, seen=Seen.UP, answered_at=NOON, failures=1, failing_since=NOON)
    assert health(reef)[:2] == ("act", "not sure")


def test_a_hub_that_is_down_says_since_when_and_why(reef):
    watched(reef, seen=Seen.DOWN, seen_since=NOON - 20 * MINUTE, reason="no-name", failures=2, failing_since=NOON)
    assert health(reef) == ("bad", "does not answer", "It has not answered since 11:40: its address is not known on the network.")
    assert health(reef, now=NOON + timedelta(minutes=5))[0] == "bad"


def test_since_another_day_is_told_with_the_day(reef):
    watched(reef, seen=Seen.DOWN, seen_since=NOON - timedelta(days=2), reason="error", failures=2, failing_since=NOON)
    assert "since Wed 18 Nov, 12:00: it answers with an error of its own." in health(reef)[2]


def test_a_hub_where_no_server_starts(reef):
    Hub.objects.update(conditions=conditions.merged([], [{"type": "Usable", "status": "False"}], now=NOON))
    watched(reef, seen=Seen.UP, answered_at=NOON)
    assert health(reef)[:2] == ("bad", "in trouble")


def test_a_hub_that_cannot_be_seen_from_here(reef):
    watched(reef, seen=Seen.HIDDEN, reason="private")
    assert health(reef) == ("wait", "not known", "We cannot see it from here: it is within a private network, where we do not look.")


def test_a_hub_that_was_never_seen(reef):
    assert health(reef)[1] == "not looked yet"
    watched(reef, seen=Seen.NOTHING, reason="refused", failures=1, failing_since=NOON)
    assert health(reef) == ("wait", "not seen yet", "We have not seen it answer yet: no connection can be made.")


def test_what_was_seen_long_ago_is_not_claimed(reef):
    watched(reef, seen=Seen.UP, answered_at=NOON)
    assert health(reef, now=NOON + timedelta(hours=2)) == ("wait", "not known", "We have not been able to look since 12:00.")


@pytest.mark.parametrize(
    ("ago", "said"),
    [(20, "Last looked less than a minute ago."), (61, "Last looked 1\xa0minute ago."), (7300, "Last looked 2\xa0hours ago.")],
)
def test_when_we_last_looked_is_told_roughly(ago, said):
    assert health_page.looked_said(NOON - timedelta(seconds=ago), NOON) == said


@pytest.mark.parametrize(("fields", "word"), [({"state": HubState.ENDED}, "ended"), ({"domain": ""}, "not known")])
def test_a_hub_that_nobody_looks_at(reef, fields, word):
    Hub.objects.update(**fields)
    assert health(reef)[:2] == ("wait", word)


def test_the_page_tells_facts_in_plain_words(theirs, reef):
    Hub.objects.update(facts={"spec": SPEC, "authentication": "github"})
    watched(reef, version="6.1.1")
    found = offered.facts_of(Hub.objects.get(), HubWatch.objects.get())
    assert [(str(fact.title), fact.words) for fact in found] == [
        ("Environments", "pangeo-notebook, 2026.11.01; r"),
        ("Memory", "2, 8 GB for a server"),
        ("Storage", "10 GiB a person"),
        ("Also there", "graphics processors"),
        ("Admins of the hub", "ana-quispe"),
        ("Signing in", "with a GitHub account"),
        ("Version", "JupyterHub 6.1.1"),
    ]
    assert "pangeo-notebook, 2026.11.01" in page(theirs, reef)


def test_facts_that_are_not_known_are_left_out(reef):
    assert offered.facts_of(reef, None) == []


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("cilogon", "with the account of a university or institute (CILogon)"),
        ("GitHubOAuthenticator", "with a GitHub account"),
        ("oauthenticator.google.GoogleOAuthenticator", "with a Google account"),
        ("dummy", "with any name"),
        ("shared-password", "with a shared password"),
        ("tmpauthenticator.TmpAuthenticator", "without an account"),
        ("null", "without an account"),
        ("canvas", "with a Canvas account"),
        ("GenericOAuthenticator", "with an account of your organisation"),
        ("ldap", "ldap"),
        ("", ""),
    ],
)
def test_signing_in_is_said_in_the_words_of_people(method, said):
    assert having.sign_in_said(method) == said


def test_the_page_without_numbers_says_so_and_draws_nothing(theirs, reef):
    shown = page(theirs, reef)
    assert "Nothing could be counted here yet" in shown
    assert "once we have watched it" in shown
    assert 'class="plot__drawing"' not in shown


def test_the_page_draws_the_days_and_the_use(theirs, reef):
    today = timezone.now().astimezone(UTC).date()
    HubDay.objects.create(hub=reef, day=today, checks=10, ok=9, watched_seconds=4000, down_seconds=400)
    HubUse.objects.create(hub=reef, day=today, weekly=4, monthly=9, source="metrics", read_at=timezone.now())
    shown = page(theirs, reef)
    assert "It answered 90.00 % of the time we watched it: 1 day of the last 90." in shown
    assert "Lately 9 people in a month and 4 in a week." in shown
    assert "7 min" in shown


def test_what_was_asked_for_it_is_listed_for_its_community_alone(theirs, reef):
    HubRequestFactory(community=reef.community, hub=reef, kind="event", reference="HR-OURS-0001")
    HubRequestFactory(hub=reef, kind="change", reference="HR-THEIRS-01")
    shown = page(theirs, reef)
    assert ("HR-OURS-0001" in shown, "HR-THEIRS-01" in shown) == (True, False)


def test_asking_for_something_begins_with_this_hub(theirs, reef):
    HubFactory(community=reef.community)
    start = reverse("hubs:start_request", args=[reef.community.slug, "change"]) + f"?hub={reef.pk}"
    assert start in page(theirs, reef)
    assert f'value="{reef.pk}" selected' in theirs.get(start).content.decode()
    help_ = reverse("support:new_ticket", args=[reef.community.slug]) + f"?hub={reef.pk}"
    assert help_ in page(theirs, reef)
    assert f'value="{reef.pk}" selected' in theirs.get(help_).content.decode()


def test_a_member_is_offered_neither_changes_nor_publicity(client, reef):
    client.force_login(member(reef.community, Role.MEMBER))
    shown = page(client, reef)
    assert ("Ask for something" in shown, "Show it to everybody" in shown, "Look again now" in shown) == (False, False, True)


def test_another_communitys_hub_is_not_found(client, reef):
    client.force_login(member(CommunityFactory(), Role.REPRESENTATIVE))
    assert {client.get(address(reef, name)).status_code for name in ("hub", "hub_health")} == {404}
    assert {client.post(address(reef, name)).status_code for name in ("hub_look", "hub_public")} == {404}
    assert (Hub.objects.get().is_public_status, HubWatch.objects.exists()) == (False, False)


def test_a_hub_under_another_communitys_address_is_not_found(theirs, reef):
    other = CommunityFactory(slug="other")
    assert theirs.get(reverse("hubs:hub", args=[other.slug, "one", "reef"])).status_code == 404


def test_looking_again_is_done_after_the_commit_and_told(theirs, reef, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after:
        response = theirs.post(address(reef, "hub_look"), follow=True)
    assert "We are looking." in response.content.decode()
    assert "We are looking again now." not in response.content.decode()  # nobody has looked before: there is no last time to tell
    assert (len(after), HubWatch.objects.get().is_asked) == (1, True)
    look_again(reef.pk)
    assert (HubWatch.objects.get().is_asked, HubWatch.objects.get().seen) == (False, Seen.UP)
    assert "It answers." in page(theirs, reef)


def test_looking_again_and_again_is_kept_within_bounds(theirs, reef):
    answers = [theirs.post(address(reef, "hub_look"), follow=True).content.decode() for _again in range(5)]
    assert ["We looked just now" in answer for answer in answers] == [False, False, False, False, True]


def test_a_lost_look_is_made_up_for_by_the_next_round(theirs, reef):
    theirs.post(address(reef, "hub_look"))
    assert watching.watch_all() == 1
    assert HubWatch.objects.get().is_asked is False


def test_the_part_that_moves_is_sent_again_only_when_it_changed(theirs, reef):
    with time_machine.travel(NOON, tick=False) as clock:
        watching.watch_all()
        etag = theirs.get(address(reef, "hub_health")).headers["ETag"]
        clock.shift(20)
        assert theirs.get(address(reef, "hub_health"), headers={"if-none-match": etag}).status_code == 304
        HubWatch.objects.update(asked_at=NOON + MINUTE)
        assert theirs.get(address(reef, "hub_health"), headers={"if-none-match": etag}).status_code == 200


def test_a_stranger_is_sent_to_the_login_by_the_part_too(client, reef):
    assert client.get(address(reef, "hub_health")).status_code == 302


def test_publicity_is_the_representatives_to_give_and_to_take(theirs, reef, client):
    theirs.post(address(reef, "hub_public"), {"shown": "on"})
    assert Hub.objects.get().is_public_status is True
    theirs.post(address(reef, "hub_public"))
    assert Hub.objects.get().is_public_status is False
    client.force_login(member(reef.community, Role.HUB_CHAMPION))
    assert client.post(address(reef, "hub_public"), {"shown": "on"}).status_code == 404


def test_an_open_incident_of_the_hub_or_its_cluster_is_told(theirs, reef):
    eli = staff(StaffGroup.ENGINEER, name="Eli")
    shown = declared(by=eli, cluster=reef.cluster)
    secret = declared(by=eli, title={"en": "Not for everybody"}, hubs=[reef], is_public=False)
    declared(by=eli, title={"en": "Of another cluster"}, cluster=ClusterFactory())
    news = health_page.news_of(reef, actor=acting(member(reef.community)))
    assert [(each.title, each.url) for each in news] == [(TITLE["en"], reverse("support:status_incident", args=[shown.reference]))]
    assert [each.title for each in health_page.news_of(reef, actor=acting(eli))] == ["Not for everybody", TITLE["en"]]
    assert TITLE["en"] in page(theirs, reef)
    for incident in (shown, secret):
        incidents.say(incident, text={"en": "It works"}, state="resolved", by=acting(eli))
    assert health_page.news_of(reef, actor=acting(eli)) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_eight_queries_whatever_it_holds(theirs, reef, rows, django_assert_num_queries):
    today = timezone.now().astimezone(UTC).date()
    watched(reef, seen=Seen.UP)
    for number in range(rows):
        day = today - timedelta(days=number)
        HubDay.objects.create(hub=reef, day=day, watched_seconds=10)
        HubUse.objects.create(hub=reef, day=day, monthly=number, source="api", read_at=timezone.now())
        HubRequestFactory(community=reef.community, hub=reef, kind=["event", "change", "decommission"][number])
        declared(title={"en": f"Incident {number}"}, cluster=reef.cluster)
    theirs.get("/")
    with django_assert_num_queries(8):
        page(theirs, reef)


def listing(client, name, **args):
    return client.get(reverse(f"hubs:{name}", kwargs=args))


def used(hub, monthly, *, days_ago=0):
    day = timezone.now().astimezone(UTC).date() - timedelta(days=days_ago)
    return HubUse.objects.create(hub=hub, day=day, monthly=monthly, weekly=1, source="metrics", read_at=timezone.now())


def test_all_hubs_are_listed_the_most_used_first(client, reef):
    client.force_login(staff(StaffGroup.COMMUNITY_GUIDE))
    kelp, old, bare = (HubFactory(name=name, display_name=name.title()) for name in ("kelp", "old", "bare"))
    for hub, monthly, days_ago in ((reef, 5, 0), (reef, 70, 3), (kelp, 9, 1), (old, 99, 40)):
        used(hub, monthly, days_ago=days_ago)
    rows = listing(client, "use").context["rows"]
    assert [(row.name, row.use_monthly) for row in rows] == [("kelp", 9), ("reef", 5), ("bare", None), ("old", None)]
    assert bare in rows


def test_a_list_longer_than_the_page_says_so(client, reef):
    client.force_login(staff(StaffGroup.ENGINEER))
    names = [f"hub-{number}" for number in range(use_page.MOST)]
    Hub.objects.bulk_create([Hub(cluster=reef.cluster, name=name, display_name=name) for name in names])
    assert f"The {use_page.MOST} most used are shown" in listing(client, "use").content.decode()


def test_a_community_reads_the_use_of_its_hubs_alone(theirs, reef):
    used(reef, 5)
    used(HubFactory(name="foreign", display_name="Foreign"), 90)
    shown = listing(theirs, "community_use", slug=reef.community.slug).content.decode()
    assert ("Lately 5 people in a month" in shown, "Foreign" in shown) == (True, False)


def test_use_of_no_hub_says_what_will_appear(theirs, community, client):
    assert "No hub yet" in listing(theirs, "community_use", slug=community.slug).content.decode()
    client.force_login(staff(StaffGroup.ENGINEER))
    assert "No hub yet" in listing(client, "use").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("name", "most"), [("use", 5), ("health", 5)])
def test_lists_of_the_staff_cost_the_same_with_more_hubs(client, rows, name, most):
    for number in range(rows):
        hub = HubFactory(state=HubState.TROUBLED)
        used(hub, number)
        watched(hub, seen=Seen.DOWN, failures=2, failing_since=NOON)
    client.force_login(staff(StaffGroup.ENGINEER))
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        assert listing(client, name).status_code == 200
    assert len(captured) == most


def test_hubs_in_trouble_are_listed_with_since_and_why(client, reef):
    client.force_login(staff(StaffGroup.SUPPORT_AGENT))
    assert "No hub is in trouble" in listing(client, "health").content.decode()
    Hub.objects.update(state=HubState.TROUBLED)
    HubFactory(name="well", display_name="Well one", state=HubState.LIVE)
    now = timezone.now()
    watched(reef, seen=Seen.DOWN, reason="certificate", failures=2, failing_since=now, looked_at=now, due_at=now + MINUTE, seen_since=now)
    shown = listing(client, "health").content.decode()
    assert ("its certificate is not accepted" in shown, "Well one" in shown, "1 in trouble, 1 live" in shown) == (True, False, True)


@pytest.mark.parametrize(("name", "headings"), [("use", "Name,Name shown,Cluster,Community,People a month"), ("health", "Name,Name shown")])
def test_lists_of_the_staff_can_be_taken_along(client, reef, name, headings):
    client.force_login(staff(StaffGroup.ENGINEER))
    Hub.objects.update(state=HubState.TROUBLED)
    used(reef, 5)
    file = b"".join(client.get(reverse(f"hubs:{name}") + "?download=csv").streaming_content).decode("utf-8-sig")
    assert file.startswith(headings)
    assert file.splitlines()[1].startswith("reef,Reef,one,Aurora")


def test_half_a_year_is_told_by_the_fullest_day_of_each_week(reef):
    other = HubFactory(community=reef.community)
    until = datetime(2026, 11, 20, tzinfo=UTC).date()
    for hub, day, monthly in ((reef, 16, 5), (other, 16, 7), (reef, 18, 50), (reef, 9, 2)):
        HubUse.objects.create(hub=hub, day=until.replace(day=day), monthly=monthly, source="api", read_at=NOON)
    weeks = use_page.weeks_of([reef.pk, other.pk], until=until)
    assert (len(weeks), [(week.monthly, week.hubs) for week in weeks[-3:]]) == (26, [(None, 0), (2, 1), (12, 2)])
    one = use_page.weeks_of_one(past_of(reef, since=use_page.first_week(until))[1], until=until)
    assert [(week.monthly, week.hubs) for week in one[-2:]] == [(2, 1), (50, 1)]
    assert "12 people in a month and – in a week, on 2 hubs" in use_page.said_of(weeks[-1])


def test_the_metrics_of_the_site_hold_hubs_by_state(client, reef):

    HubFactory(state=HubState.LIVE)
    HubFactory(state=HubState.ENDED)
    watching.watch_one(reef.pk)
    registry = CollectorRegistry()
    health_page.measure(registry)
    text = generate_latest(registry).decode()
    assert [line for line in text.splitlines() if line.startswith("hubdesk_hubs{")] == [
        'hubdesk_hubs{state="live"} 2.0',
        'hubdesk_hubs{state="troubled"} 0.0',
        'hubdesk_hubs{state="unseen"} 0.0',
    ]
    assert "hubdesk_hub_look_age_seconds" in text


def test_features_are_said_in_plain_words_and_what_we_have_no_words_for_is_left_out(reef):
    reef.facts = {"spec": {"features": ["profiles", "dask_setup", "unlisted_image", "binderhub_ui", "of_tomorrow"]}}
    also_there = offered.facts_of(reef, None)[0].words
    assert (
        also_there == "choice of servers, set up for Dask, environments of your own, a page that builds environments from a link (Binder)"
    )


def test_one_table_has_both_names_of_every_sign_in_and_feature():
    assert having.sign_in_name("dummyauthenticator.DummyAuthenticator") == "any name (dummy)"
    assert having.feature_name("of_tomorrow") == "of_tomorrow"
    assert all(said.name and said.plain for said in [*having.SIGN_IN.values(), *having.FEATURES.values()])


def test_the_page_names_the_address_people_go_to(theirs, reef):
    Hub.objects.update(address="http://127.0.0.1:8123/reef/")
    assert '<span class="health__address">127.0.0.1:8123</span>' in page(theirs, reef)
