"""How much hubs are used: which source is asked, what is kept, and that nobody's name is."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from django.core import serializers

from hubs import counting
from hubs.models import HubUse
from hubs.states import HubState
from tests.hubs.factories import ClusterFactory, HubFactory
from tests.hubs.small_hub import Network, SmallHub, person
from tests.hubs.small_prometheus import SmallPrometheus
from tests.hubs.test_prometheus import METRICS, ROWS

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 20, 3, 50, tzinfo=UTC)
REEF = "https://reef.hubs.example"


@pytest.fixture(autouse=True)
def _night():
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def hub():
    return SmallHub()


@pytest.fixture
def reef(settings, hub):
    settings.HUB_API_TRANSPORT = Network(reef=hub)
    return HubFactory(name="reef", cluster=ClusterFactory(name="one", domain_suffix="hubs.example"))


def with_prometheus(settings, **more):
    prometheus = SmallPrometheus(ROWS, **more)
    settings.PROMETHEUS_URL, settings.PROMETHEUS_TRANSPORT = "https://prometheus.example", httpx.WSGITransport(app=prometheus)
    return prometheus


def kept():
    fields = ("hub__name", "day", "daily", "weekly", "monthly", "running_peak", "accounts", "source")
    return list(HubUse.objects.order_by("day", "hub__name").values_list(*fields))


def test_metrics_that_a_hub_shows_are_kept_once_a_day(reef, hub):
    hub.metrics = METRICS
    assert (counting.count(), counting.count()) == (1, 0)
    assert kept() == [("reef", NIGHT.date(), 12, 40, 95, 7, 210, "metrics")]
    assert len(hub.asked) == 1
    with time_machine.travel(NIGHT + timedelta(days=1), tick=False):
        assert counting.count() == 1
    assert HubUse.objects.count() == 2


def test_a_token_for_metrics_comes_before_prometheus(reef, hub, settings):
    hub.metrics, hub.metrics_token = METRICS, "for-metrics"
    settings.HUB_METRICS_TOKENS = {f"{REEF}/": "for-metrics"}
    with_prometheus(settings)
    counting.count()
    assert kept() == [("reef", NIGHT.date(), 12, 40, 95, 7, 210, "metrics")]


def test_prometheus_comes_before_the_list_of_users(reef, hub, settings):
    settings.HUB_TOKENS = {REEF: hub.token}
    prometheus = with_prometheus(settings, token="bearer")
    settings.PROMETHEUS_TOKENS = {"https://prometheus.example": "bearer"}
    counting.count()
    assert kept() == [("reef", NIGHT.date(), 3, None, 9, 2, 30, "prometheus")]
    assert (len(prometheus.asked), hub.asked) == (3, [])


def test_the_list_of_users_is_counted_and_forgotten(reef, hub, settings):
    ago = [(NIGHT - timedelta(**since)).isoformat() for since in ({"hours": 1}, {"days": 3}, {"days": 20}, {"days": 40})]
    hub.users = [*(person(f"ana{number}@example.org", at) for number, at in enumerate(ago)), person("never@example.org")]
    settings.HUB_TOKENS = {REEF: hub.token}
    counting.count()
    assert kept() == [("reef", NIGHT.date(), 1, 2, 3, None, 5, "api")]
    assert "@example.org" not in json.dumps(serializers.serialize("json", HubUse.objects.all()))


def test_a_source_that_fails_is_followed_by_the_next(reef, hub, settings, caplog):
    settings.HUB_METRICS_TOKENS = {REEF: "wrong-token"}
    hub.metrics_token = "another"
    settings.HUB_TOKENS = {REEF: hub.token}
    hub.users = [person("ana", NIGHT.isoformat())]
    with_prometheus(settings).body = b"<html>"
    counting.count()
    assert kept() == [("reef", NIGHT.date(), 1, 1, 1, None, 1, "api")]
    assert "wrong-token" not in caplog.text


def test_a_hub_that_says_nothing_gets_no_row_and_is_asked_again(reef, hub):
    assert counting.count() == 0
    hub.metrics = METRICS
    assert (counting.count(), HubUse.objects.count()) == (1, 1)


@pytest.mark.parametrize("fault", [{"broken": 503}, {"broken": 302}, {"body": b"jupyterhub_active_users{"}, {"body": b""}])
def test_a_hub_in_trouble_stops_nobody_else(reef, hub, settings, fault):
    for name, value in fault.items():
        setattr(hub, name, value)
    settings.HUB_API_TRANSPORT.hubs["kelp"] = SmallHub()
    settings.HUB_API_TRANSPORT.hubs["kelp"].metrics = METRICS
    HubFactory(name="kelp", cluster=reef.cluster)
    HubFactory(name="away", cluster=reef.cluster)
    assert (counting.count(), [row[0] for row in kept()]) == (1, ["kelp"])


def test_hubs_that_ended_or_have_no_address_are_not_asked(reef, hub):
    HubFactory(state=HubState.ENDED)
    HubFactory(domain="")
    counting.count()
    assert len(hub.asked) == 1


def test_one_prometheus_for_several_clusters_must_say_which(reef, settings):
    HubFactory(name="reef", cluster=ClusterFactory(name="two"))
    HubFactory(name="stray", cluster=ClusterFactory(name="three"))
    prometheus = with_prometheus(settings)
    prometheus.rows = {"jupyterhub_active_users": [*ROWS["jupyterhub_active_users"], ({"namespace": "stray", "period": "7d"}, "5")]}
    counting.count()
    assert [(row[0], row[4]) for row in kept()] == [("reef", 9)]
    assert len(prometheus.asked) == 3


def test_a_clusters_own_prometheus_needs_no_label(settings):
    HubFactory(name="reef", cluster=ClusterFactory(name="one"))
    prometheus = SmallPrometheus({"jupyterhub_active_users": [({"namespace": "reef", "period": "7d"}, "5")]})
    settings.PROMETHEUS_URLS, settings.PROMETHEUS_TRANSPORT = {"one": "https://p.example"}, httpx.WSGITransport(app=prometheus)
    settings.HUB_API_TRANSPORT = Network()
    counting.count()
    assert kept() == [("reef", NIGHT.date(), None, 5, None, None, None, "prometheus")]


@pytest.mark.parametrize("rows", [1, 3])
def test_counting_costs_the_same_with_more_hubs(settings, rows, django_assert_num_queries):
    hubs = {f"h{number}": SmallHub() for number in range(rows)}
    for name, each in hubs.items():
        each.metrics = METRICS
        HubFactory(name=name)
    settings.HUB_API_TRANSPORT = Network(**hubs)
    with django_assert_num_queries(2):
        assert counting.count() == rows
