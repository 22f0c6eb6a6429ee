"""Watching hubs: what one look, two, a gap, a second worker and a dead network of our own make of a hub."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from hubs import conditions, health_page, watching
from hubs.models import Hub, HubDay, HubWatch, Outage
from hubs.states import HubState
from support.incidents import status_page
from tests.hubs.factories import ClusterFactory, HubFactory
from tests.hubs.small_hub import Network, SmallHub

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
MINUTE = timedelta(minutes=1)
Seen = HubWatch.Seen


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def network(settings, clock):
    settings.HUB_API_TRANSPORT = Network(reef=SmallHub())
    return settings.HUB_API_TRANSPORT


@pytest.fixture
def reef(network):
    return HubFactory(name="reef", cluster=ClusterFactory(name="one", domain_suffix="hubs.example"))


def at(clock, minutes):
    """Go on to so many minutes after noon, and look at what is due."""
    clock.move_to(NOON + minutes * MINUTE)
    return watching.watch_all()


def known(hub):
    hub.refresh_from_db()
    watch = HubWatch.objects.get(hub=hub)
    return watch.seen, hub.state, conditions.status(hub.conditions, "Ready")


def test_hubs_are_held_in_the_order_in_which_readings_hold_them(reef, clock):
    HubFactory(display_name="A")
    with CaptureQueriesContext(connection) as asked:
        at(clock, 0)
    turned = [query["sql"] for query in asked if query["sql"].startswith("SELECT") and '"hubs_hub"."conditions"' in query["sql"]]
    assert 'ORDER BY "hubs_hub"."id"' in turned[-1]


def days(hub):
    return {row.day: (row.checks, row.ok, row.watched_seconds, row.down_seconds) for row in HubDay.objects.filter(hub=hub)}


def outages(hub):
    return [(row.began, row.ended, row.reason) for row in Outage.objects.filter(hub=hub)]


def gone(network, name="reef"):
    return network.hubs.pop(name)


def test_the_first_answer_makes_a_hub_live(reef, clock):
    assert at(clock, 0) == 1
    assert known(reef) == (Seen.UP, HubState.LIVE, "True")
    watch = HubWatch.objects.get()
    assert (watch.looked_at, watch.answered_at, watch.version, watch.reason, watch.due_at) == (NOON, NOON, "6.1.1", "", NOON + 1.5 * MINUTE)
    assert days(reef) == {TODAY: (1, 1, 0, 0)}


def test_what_is_not_due_is_left_alone_and_twice_is_once(reef, network, clock):
    assert (at(clock, 0), at(clock, 1), at(clock, 1.5)) == (1, 0, 1)
    assert network.asked == ["reef", "reef", "reef"]  # with the version once


def test_the_time_between_looks_was_watched(reef, clock):
    for minutes in (0, 2, 4, 6):
        at(clock, minutes)
    assert days(reef) == {TODAY: (4, 4, 360, 0)}


def test_a_blip_is_no_outage(reef, network, clock):
    at(clock, 0)
    hub = gone(network)
    at(clock, 2)
    assert known(reef) == (Seen.UP, HubState.LIVE, "True")
    network.hubs["reef"] = hub
    at(clock, 4)
    assert (outages(reef), days(reef), HubWatch.objects.get().failures) == ([], {TODAY: (3, 2, 240, 0)}, 0)


def test_two_silent_looks_are_an_outage_from_the_first_of_them_and_one_answer_ends_it(reef, network, clock):
    at(clock, 0)
    hub = gone(network)
    at(clock, 2)
    at(clock, 4)
    assert known(reef) == (Seen.DOWN, HubState.TROUBLED, "False")
    assert outages(reef) == [(NOON + 2 * MINUTE, None, "refused")]
    at(clock, 6)
    network.hubs["reef"] = hub
    at(clock, 8)
    assert known(reef) == (Seen.UP, HubState.LIVE, "True")
    assert outages(reef) == [(NOON + 2 * MINUTE, NOON + 8 * MINUTE, "refused")]
    assert days(reef) == {TODAY: (5, 2, 480, 360)}


def test_two_looks_at_once_are_one(reef, network, clock):
    at(clock, 0)
    gone(network)
    at(clock, 2)
    HubWatch.objects.update(due_at=NOON)
    clock.shift(10)
    watching.watch_all()
    assert known(reef) == (Seen.UP, HubState.LIVE, "True")


def test_an_error_of_the_hub_itself_is_told(reef, network, clock):
    at(clock, 0)
    network.hubs["reef"].broken = 503
    at(clock, 2)
    at(clock, 4)
    reef.refresh_from_db()
    assert reef.told_conditions[1] == "Does not answer · it answers with an error of its own"


def test_silence_of_a_hub_that_never_answered_is_no_outage(reef, network, clock):
    gone(network)
    for minutes in (0, 2, 4):
        at(clock, minutes)
    assert known(reef) == (Seen.NOTHING, HubState.RECORDED, conditions.UNKNOWN)
    assert (outages(reef), days(reef)) == ([], {TODAY: (3, 0, 0, 0)})


def test_what_a_deployer_saw_stays_while_we_see_nothing(reef, network, clock):
    seen = conditions.merged([], [{"type": "Ready", "status": "True"}], now=NOON)
    Hub.objects.update(conditions=seen, state=HubState.LIVE)
    gone(network)
    for minutes in (0, 2, 4):
        at(clock, minutes)
    assert known(reef) == (Seen.NOTHING, HubState.LIVE, "True")


def test_usable_is_not_ours_to_change(reef, clock):
    Hub.objects.update(conditions=conditions.merged([], [{"type": "Usable", "status": "False"}], now=NOON))
    at(clock, 0)
    reef.refresh_from_db()
    assert ([row["status"] for row in reef.conditions], reef.state) == ([conditions.UNKNOWN, "True", "False"], HubState.TROUBLED)


def test_a_hub_that_cannot_be_seen_any_more_is_not_called_down(reef, network, clock):
    at(clock, 0)
    network.hubs["reef"].broken = 403
    at(clock, 2)
    assert known(reef) == (Seen.HIDDEN, HubState.RECORDED, conditions.UNKNOWN)
    assert (outages(reef), days(reef), HubWatch.objects.get().due_at) == ([], {TODAY: (1, 1, 0, 0)}, NOON + 32 * MINUTE)


def test_an_outage_of_what_cannot_be_seen_any_more_is_over(reef, network, clock):
    at(clock, 0)
    network.hubs["reef"].broken = 500
    at(clock, 2)
    at(clock, 4)
    network.hubs["reef"].broken = 401
    at(clock, 6)
    assert outages(reef) == [(NOON + 2 * MINUTE, NOON + 6 * MINUTE, "error")]


def test_a_night_asleep_is_a_gap_and_no_outage(reef, network, clock):
    at(clock, 0)
    at(clock, 2)
    gone(network)
    at(clock, 1000)
    assert (outages(reef), days(reef)[TODAY]) == ([], (2, 2, 120, 0))
    at(clock, 1002)
    assert outages(reef) == [(NOON + 1000 * MINUTE, None, "refused")]
    assert days(reef)[TODAY + timedelta(days=1)] == (2, 0, 120, 120)


def test_a_blip_before_a_gap_and_one_after_it_are_two_blips(reef, network, clock):
    at(clock, 0)
    gone(network)
    at(clock, 2)
    at(clock, 1000)
    assert (known(reef)[0], HubWatch.objects.get().failing_since) == (Seen.UP, NOON + 1000 * MINUTE)


def test_an_outage_goes_on_over_a_gap_that_is_not_counted(reef, network, clock):
    at(clock, 0)
    hub = gone(network)
    at(clock, 2)
    at(clock, 4)
    network.hubs["reef"] = hub
    at(clock, 60)
    assert outages(reef) == [(NOON + 2 * MINUTE, NOON + 60 * MINUTE, "refused")]
    assert days(reef) == {TODAY: (4, 2, 240, 120)}


def test_days_are_those_of_utc(reef, clock):
    midnight = 12 * 60
    for minutes in (midnight - 1, midnight + 1):
        at(clock, minutes)
    assert days(reef) == {TODAY: (1, 1, 60, 0), TODAY + timedelta(days=1): (1, 1, 60, 0)}


def test_a_clock_that_is_set_back_loses_nothing_but_the_time_between(reef, network, clock):
    at(clock, 600)
    at(clock, 0)
    assert days(reef) == {TODAY: (2, 2, 0, 0)}
    gone(network)
    at(clock, 2)
    at(clock, 4)
    assert days(reef) == {TODAY: (4, 2, 240, 120)}


def test_an_outage_never_ends_before_it_began(reef, network, clock):
    at(clock, 600)
    hub = gone(network)
    at(clock, 602)
    at(clock, 604)
    network.hubs["reef"] = hub
    at(clock, 0)
    assert outages(reef) == [(NOON + 602 * MINUTE, NOON + 602 * MINUTE, "refused")]


@pytest.mark.parametrize(("silent", "pause"), [(30, 1.5), (70, 10), (25 * 60, 30)])
def test_the_longer_nobody_is_there_the_seldomer_we_look(reef, network, clock, silent, pause):
    at(clock, 0)
    gone(network)
    at(clock, 2)
    at(clock, 4)
    at(clock, 2 + silent)
    assert HubWatch.objects.get().due_at == NOON + (2 + silent + pause) * MINUTE


def several(network, *, clusters):
    found = []
    for number in range(3):
        cluster = clusters[number % len(clusters)]
        network.hubs[f"h{number}"] = SmallHub()
        found.append(HubFactory(name=f"h{number}", cluster=cluster))
    return found


def test_when_all_fall_silent_at_once_we_doubt_our_own_network(network, clock, caplog):
    hubs = several(network, clusters=[ClusterFactory(), ClusterFactory()])
    at(clock, 0)
    network.cut = True
    at(clock, 2)
    at(clock, 4)
    assert [known(hub)[0] for hub in hubs] == [Seen.UP] * 3
    assert (Outage.objects.count(), HubWatch.objects.filter(failures=0, looked_at=NOON).count()) == (0, 3)
    assert "trouble of our own network" in caplog.text


def test_hubs_of_one_cluster_may_well_fall_silent_together(network, clock):
    hubs = several(network, clusters=[ClusterFactory()])
    at(clock, 0)
    network.cut = True
    at(clock, 2)
    at(clock, 4)
    assert {known(hub)[0] for hub in hubs} == {Seen.DOWN}


def test_one_that_answers_with_an_error_shows_that_our_network_works(network, clock):
    hubs = several(network, clusters=[ClusterFactory(), ClusterFactory()])
    at(clock, 0)
    network.hubs = {"h0": network.hubs["h0"]}
    network.hubs["h0"].broken = 500
    at(clock, 2)
    at(clock, 4)
    assert {known(hub)[0] for hub in hubs} == {Seen.DOWN}


@pytest.mark.parametrize(("there", "seen"), [({"control": SmallHub()}, Seen.DOWN), ({}, Seen.UP)])
def test_a_control_address_knows_whose_trouble_it_is(reef, network, clock, there, seen):
    at(clock, 0)
    network.hubs = there
    with override_settings(HUB_CONTROL_URL="https://control.example.org/"):
        at(clock, 2)
        at(clock, 4)
    assert known(reef)[0] == seen


def test_a_hub_without_address_or_that_ended_is_not_looked_at(network, clock):
    HubFactory(domain="")
    HubFactory(state=HubState.ENDED)
    assert (at(clock, 0), network.asked, HubWatch.objects.count()) == (0, [], 0)


def test_the_outage_of_a_hub_that_ends_is_over(reef, network, clock):
    at(clock, 0)
    gone(network)
    at(clock, 2)
    at(clock, 4)
    Hub.objects.update(state=HubState.ENDED)
    at(clock, 10)
    reef.refresh_from_db()
    assert (outages(reef)[0][1], reef.state) == (NOON + 10 * MINUTE, HubState.ENDED)


def test_what_another_worker_holds_is_left_to_it_until_its_lease_ends(reef, network, clock):
    at(clock, 0)
    HubWatch.objects.update(held_by="another", held_until=NOON + 6 * MINUTE)
    assert (at(clock, 2), at(clock, 5), at(clock, 6)) == (0, 0, 1)


def test_a_worker_that_was_too_slow_keeps_nothing(reef, network, clock):
    at(clock, 0)
    clock.shift(2 * MINUTE)
    slow = watching._claim(HubWatch.objects.all(), most=10)
    clock.shift(6 * MINUTE)
    quick = watching._claim(HubWatch.objects.all(), most=10)
    watching.watch(slow)
    assert days(reef) == {TODAY: (1, 1, 0, 0)}
    watching.watch(quick)
    assert days(reef)[TODAY][:2] == (2, 2)


def test_a_deployment_that_only_records_takes_nothing_back(reef, clock):
    at(clock, 0)
    reef.refresh_from_db()
    recorded = [{"type": "Synced", "status": "True"}, {"type": "Ready", "status": "Unknown"}, {"type": "Usable", "status": "Unknown"}]
    after = conditions.merged(reef.conditions, recorded, now=NOON + MINUTE)
    assert [row["status"] for row in after] == ["True", "True", conditions.UNKNOWN]


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_costs_the_same_with_more_hubs(network, clock, count, django_assert_num_queries):
    cluster = ClusterFactory()
    for number in range(count):
        network.hubs[f"h{number}"] = SmallHub()
        HubFactory(name=f"h{number}", cluster=cluster)
    at(clock, 0)
    clock.shift(2 * MINUTE)
    with django_assert_num_queries(12):
        assert watching.watch_all() == count


def test_a_hub_that_is_asked_for_alone_is_looked_at_alone(reef, network, clock):
    other = HubFactory(name="other")
    assert watching.watch_one(reef.pk) == 1
    assert (network.asked, HubWatch.objects.filter(hub=other).exists()) == (["reef", "reef"], False)


def test_nothing_is_lost_between_two_days_of_looks(reef, clock):
    for minutes in range(11 * 60, 13 * 60 + 1, 5):
        at(clock, minutes)
    found = days(reef)
    assert {day: row[2] for day, row in found.items()} == {TODAY: 3600, date(2026, 11, 21): 3600}


def test_a_hub_that_is_gone_from_the_configuration_is_nobodys_trouble(reef, network, clock):
    at(clock, 0)
    gone(network)
    at(clock, 2)
    at(clock, 4)
    assert list(Hub.objects.troubled()) == [reef]
    Hub.objects.update(gone_at=NOON, is_public_status=True)
    assert at(clock, 6) == 0
    assert [ended for _began, ended, _reason in outages(reef)] == [NOON + 6 * MINUTE]
    assert list(Hub.objects.troubled()) == []
    assert health_page.count_now(Hub.objects.all(), now=NOON + 6 * MINUTE) == health_page.Counted()
    assert health_page.states_of_clusters([reef.cluster_id], now=NOON + 6 * MINUTE) == {}
    assert status_page.overview(NOON + 6 * MINUTE).hubs == []


def test_a_hub_that_is_gone_and_was_never_looked_at_is_not_watched(reef, clock):
    Hub.objects.update(gone_at=NOON)
    assert (at(clock, 0), HubWatch.objects.count()) == (0, 0)
