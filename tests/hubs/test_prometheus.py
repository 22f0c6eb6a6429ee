"""Numbers of people out of Prometheus' text and its query API."""

import contextlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ground.errors import Rejected, Unavailable
from hubs.prometheus import LARGEST, Reader, Use, read_text, read_vector, use_of
from tests.hubs.small_hub import SmallHub
from tests.hubs.small_prometheus import SmallPrometheus

METRICS = """# HELP jupyterhub_active_users number of users who were active in the given time period
# TYPE jupyterhub_active_users gauge
jupyterhub_active_users{period="24h"} 12.0
jupyterhub_active_users{period="7d"} 40.0
jupyterhub_active_users{period="30d"} 95.0
jupyterhub_active_users{period="1y"} 800.0
# TYPE jupyterhub_total_users gauge
jupyterhub_total_users 210.0
# TYPE jupyterhub_running_servers gauge
jupyterhub_running_servers 7.0
jupyterhub_request_duration_seconds_bucket{code="200",handler="ana@example.org"} 3.0
"""
ALL = Use(daily=12, weekly=40, monthly=95, running=7, accounts=210)
HUB, PROMETHEUS = "https://hub.example.org/", "https://prometheus.example.org"
ROWS = {
    "jupyterhub_active_users": [
        ({"cluster": "one", "namespace": "reef", "period": "24h"}, "3"),
        ({"cluster": "one", "namespace": "reef", "period": "30d"}, "9"),
        ({"cluster": "one", "namespace": "kelp", "period": "7d"}, "NaN"),
    ],
    "jupyterhub_running_servers": [({"cluster": "one", "namespace": "reef"}, "2")],
    "jupyterhub_total_users": [({"cluster": "one", "namespace": "reef"}, "30"), ({"namespace": "stray"}, "1")],
}


def reader(app):
    return Reader(name="test", transport=httpx.WSGITransport(app=app))


def test_metrics_of_a_hub_are_read_whole():
    hub = SmallHub()
    hub.metrics = METRICS
    with reader(hub) as found:
        assert found.of_hub(HUB) == ALL
    assert hub.asked == [("/hub/metrics", "", "")]


def test_a_token_of_metrics_goes_to_that_hub():
    hub = SmallHub()
    hub.metrics, hub.metrics_token = METRICS, "secret"
    with reader(hub) as found:
        assert found.of_hub(HUB, token="secret") == ALL
        with pytest.raises(Rejected) as refused:
            found.of_hub(HUB, token="wrong-one")
    assert (refused.value.status, "wrong-one" in str(refused.value)) == (403, False)


@pytest.mark.parametrize(("status", "raised"), [(500, Unavailable), (429, Unavailable), (302, Rejected), (404, Rejected)])
def test_what_the_hub_refuses_is_told_apart(status, raised):
    hub = SmallHub()
    hub.broken = status
    with reader(hub) as found, pytest.raises(raised):
        found.of_hub(HUB)
    assert len(hub.asked) == 1


def test_metrics_without_end_are_given_up():
    hub = SmallHub()
    hub.body = b"#" * (LARGEST + 1)
    with reader(hub) as found, pytest.raises(Rejected):
        found.of_hub(HUB)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"some_metric 1\n"])
def test_a_text_without_our_metrics_says_nothing(body):
    assert use_of(read_text(body)) == Use()


@pytest.mark.parametrize("body", [b'jupyterhub_active_users{period="24h" 1', b"jupyterhub_active_users many", b"jupyterhub_total_users{ 1"])
def test_a_text_that_is_not_prometheus_is_rejected(body):
    with pytest.raises(Rejected):
        read_text(body)


@given(st.binary(max_size=200))
def test_no_text_breaks_the_reader(body):
    for start in (b"", b"jupyterhub_active_users"):
        with contextlib.suppress(Rejected):
            use_of(read_text(start + body))


@pytest.mark.parametrize("value", ["NaN", "+Inf", "-1", "1e300"])
def test_what_is_no_number_of_people_is_left_out(value):
    assert use_of(read_text(f'jupyterhub_active_users{{period="24h"}} {value}\n'.encode())) == Use()


def test_several_hubs_of_one_name_count_as_the_largest():
    text = b'jupyterhub_active_users{period="7d",pod="a"} 4\njupyterhub_active_users{period="7d",pod="b"} 9\n'
    assert use_of(read_text(text)) == Use(weekly=9)


def test_prometheus_is_asked_three_times_for_all_hubs():
    prometheus = SmallPrometheus(ROWS, token="bearer")
    with reader(prometheus) as found:
        assert found.of_prometheus(PROMETHEUS, token="bearer") == {
            ("one", "reef"): Use(daily=3, monthly=9, running=2, accounts=30),
            ("one", "kelp"): Use(),
            ("", "stray"): Use(accounts=1),
        }
    assert len(prometheus.asked) == 3


def test_prometheus_without_the_right_token_is_rejected():
    with reader(SmallPrometheus(ROWS, token="bearer")) as found, pytest.raises(Rejected):
        found.of_prometheus(PROMETHEUS)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"status": "error", "data": {"result": []}}',
        b'{"status": "success"}',
        b'{"status": "success", "data": {"result": null}}',
        b'{"status": "success", "data": {"result": [{"metric": {}}]}}',
        b'{"status": "success", "data": {"result": [{"metric": {}, "value": [1, "many"]}]}}',
        b'{"status": "success", "data": {"result": [{"metric": 4, "value": [1, "1"]}]}}',
    ],
)
def test_an_answer_that_is_not_prometheus_is_rejected(body):
    with pytest.raises(Rejected):
        read_vector("x", body)


def test_an_empty_answer_is_no_hub():
    assert read_vector("x", b'{"status": "success", "data": {"resultType": "vector", "result": []}}') == []


@pytest.mark.parametrize("url", ["", "hub", "ftp://hub.example.org", "http://[::1", "file:///etc/passwd"])
def test_what_is_no_address_of_the_web_is_rejected(url):
    with reader(SmallHub()) as found, pytest.raises(Rejected):
        found.of_hub(url)


def test_a_hub_within_our_walls_is_rejected_before_anything_is_sent():
    with Reader(name="test", resolve=lambda _host, _port: ["10.0.0.7"]) as found, pytest.raises(Rejected):
        found.of_hub(HUB, token="secret")


def test_nobody_there_is_unavailable():
    with Reader(name="test") as found, pytest.raises(Unavailable):
        found.of_hub("http://127.0.0.1:9/", private=True)
