"""Logs of steps: fetched by a task, bounded, read on a page that fetches nothing."""

import httpx
import pytest
from django.urls import reverse

from ground import sweep
from hubs import logs
from hubs.models import StepLog
from hubs.models.logs import LONGEST
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db
STEP = {"name": "check", "title": "Check it", "status": "failed", "has_log": True}


@pytest.fixture
def request_row():
    return HubRequestFactory(
        deployment_id="d-1", deployment={"steps": [STEP, {**STEP, "name": "merge", "status": "pending", "has_log": False}]}
    )


@pytest.fixture
def behind(settings):
    """A deployer that answers with what a test puts into it."""
    answers = []

    def answer(request):
        return answers.pop(0) if answers else httpx.Response(200, text="", headers={"X-Next-Offset": request.url.params["offset"]})

    settings.DEPLOYER_URL, settings.DEPLOYER_TRANSPORT = "https://deployer.example", httpx.MockTransport(answer)
    return answers


def part(text, following):
    return httpx.Response(200, text=text, headers={"X-Next-Offset": str(following)})


def test_a_log_is_read_to_its_end(request_row, behind):
    behind += [part("one\n", 4), part("two\n", 8)]
    logs.ask(request_row, "check")
    sweep.perform_due()
    row = StepLog.objects.get()
    assert (row.text, row.is_cut, row.is_awaited, row.fetched_at is not None) == ("one\ntwo\n", False, False, True)


def test_of_a_long_log_the_end_is_kept(request_row, behind):
    behind += [part("a" * LONGEST, LONGEST), part("the reason", LONGEST + 10)]
    logs.ask(request_row, "check")
    sweep.perform_due()
    row = StepLog.objects.get()
    assert (len(row.text), row.text.endswith("the reason"), row.is_cut) == (LONGEST, True, True)


def test_a_log_that_does_not_go_on_ends(request_row, behind):
    behind += [part("one\n", 0)] * 3
    logs.ask(request_row, "check")
    sweep.perform_due()
    assert len(behind) == 2


def test_a_deployer_that_is_away_is_asked_again_and_one_without_the_log_is_not(request_row, behind):
    behind += [httpx.Response(503)]
    row = logs.ask(request_row, "check")
    logs.fetch(row.pk)
    row.refresh_from_db()
    assert (row.is_awaited, row.last_error) == (True, "deployer.example answered 503")
    problem = {"type": "urn:deployer:problem:not-found", "title": "Not Found", "status": 404, "detail": "Nothing is written down."}
    behind += [httpx.Response(404, json=problem)]
    StepLog.objects.update(next_attempt_at=row.request.created_at)
    logs.fetch(row.pk)
    row.refresh_from_db()
    assert (row.is_awaited, row.last_error) == (False, "Nothing is written down.")
    logs.fetch(row.pk)  # nobody asks any more


def test_a_step_without_a_log_cannot_be_asked_for(request_row):
    for name in ("merge", "nothing"):
        with pytest.raises(KeyError):
            logs.ask(request_row, name)


def test_the_page_shows_what_was_fetched_and_has_it_fetched_again(client, request_row, behind, engineer):
    client.force_login(engineer.user)
    page = reverse("hubs:log", args=[request_row.reference, "check"])
    assert "It has not been fetched yet." in client.get(page).content.decode()
    asked = client.post(reverse("hubs:fetch_log", args=[request_row.reference, "check"]))
    assert (asked.status_code, asked.url) == (302, page)
    assert "It is being fetched." in client.get(page).content.decode()
    behind += [part("<b>broken</b> on line 7\n", 24)]
    sweep.perform_due()
    shown = client.get(page).content.decode()
    assert "&lt;b&gt;broken&lt;/b&gt; on line 7" in shown
    assert "Fetch it again" in shown


def test_a_step_nobody_knows_has_no_page(client, request_row, engineer):
    client.force_login(engineer.user)
    for name in ("merge", "nothing"):
        assert client.get(reverse("hubs:log", args=[request_row.reference, name])).status_code == 404
        assert client.post(reverse("hubs:fetch_log", args=[request_row.reference, name])).status_code == 404


def test_the_request_links_to_its_logs(client, request_row, engineer):
    client.force_login(engineer.user)
    shown = client.get(reverse("hubs:review", args=[request_row.reference])).content.decode()
    assert reverse("hubs:log", args=[request_row.reference, "check"]) in shown
