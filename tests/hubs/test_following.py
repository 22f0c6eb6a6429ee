"""What people are told about a request."""

import pytest
from django.utils import translation

from hubs import conditions, following
from tests.hubs.factories import HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db


def test_a_draft_is_at_its_first_step():
    assert [(str(step.title), step.state) for step in following.steps(HubRequestFactory())] == [
        ("Your answers", "now"),
        ("A plan is made", "next"),
        ("An engineer reads and approves the plan", "next"),
        ("The change is carried out", "next"),
    ]


def test_a_failure_is_stuck_where_it_happened():
    request = HubRequestFactory(state="failed", submitted_at="2027-01-01T00:00:00Z")
    assert [step.state for step in following.steps(request)] == ["done", "stuck", "next", "next"]


@pytest.mark.parametrize(
    ("usable", "words"),
    [(True, "Your hub still runs as it did before."), (False, "Your hub cannot be used at the moment."), (None, "and will try again.")],
)
def test_a_failure_says_whether_the_hub_still_runs_where_that_is_known(usable, words):
    assert following.sentence(HubRequestFactory(state="failed", deployment={"hub_usable": usable})).endswith(words)


def test_an_engineer_finds_the_log_of_a_step_that_keeps_one():
    told = [
        {"name": "check", "title": "Check", "status": "failed", "has_log": True},
        {"name": "merge", "title": "Merge", "status": "pending"},
        {"name": "a/b", "title": "Odd", "status": "failed", "has_log": True},
    ]
    request = HubRequestFactory(deployment={"steps": told})
    assert [step.url for step in following.work_steps(request)[3:]] == [f"/hubs/requests/{request.reference}/log/check/", "", ""]
    assert {step.url for step in following.steps(request)} == {""}


def test_the_deployers_own_steps_follow_ours():
    told = [{"title": "Propose", "status": "succeeded"}, {"title": "Merge", "status": "running"}, {"title": "Record", "status": "pending"}]
    request = HubRequestFactory(deployment={"steps": told})
    assert [(step.title, step.state) for step in following.steps(request)[3:]] == [
        ("Propose", "done"),
        ("Merge", "now"),
        ("Record", "next"),
    ]


def test_what_is_only_recorded_is_not_called_live(engineer):
    hub = HubFactory(conditions=conditions.unknown(now=HubFactory().created_at))
    assert "we do not call it live" in following.outcome(HubRequestFactory(hub=hub))


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ([], "recorded"),
        ([{"type": "Synced", "status": "True"}], "recorded"),
        ([{"type": "Ready", "status": "True"}], "live"),
        ([{"type": "Ready", "status": "True"}, {"type": "Usable", "status": "False"}], "troubled"),
    ],
)
def test_a_hub_is_what_was_seen_of_it(seen, state):
    assert conditions.summary(seen) == state


def test_a_condition_keeps_its_time_until_its_status_changes():
    now = HubFactory().created_at
    before = conditions.merged([], [{"type": "Ready", "status": "True", "since": "2027-01-01T00:00:00+00:00"}], now=now)
    same = conditions.merged(before, [{"type": "Ready", "status": "True"}], now=now)
    other = conditions.merged(before, [{"type": "Ready", "status": "False"}], now=now)
    assert [row["since"] for row in same if row["type"] == "Ready"] == ["2027-01-01T00:00:00+00:00"]
    assert [row["since"] for row in other if row["type"] == "Ready"] == [now.isoformat()]


def test_the_steps_of_a_deployer_of_ours_are_told_in_the_readers_language():
    told = [
        {"name": "propose", "title": "Write the change", "status": "succeeded", "has_log": True},
        {"name": "other", "title": "Somebody else's words", "status": "running"},
        {"name": "blank", "title": "", "status": "pending"},
    ]
    request = HubRequestFactory(deployment={"steps": told})
    with translation.override("es"):
        assert [step.title for step in following.steps(request)[3:]] == ["Escribir el cambio", "Somebody else's words", ""]
        assert [step.url for step in following.work_steps(request)[3:]] == [f"/hubs/requests/{request.reference}/log/propose/", "", ""]
