"""Plan, start, follow: with the embedded deployer, and with interruptions at every place."""

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from communities.models import ServicePolicy
from communities.roles import StaffGroup
from ground import sweep
from ground.errors import Unavailable
from hubs import deployment, requests
from hubs.models import Cluster, Hub, HubRequest
from hubs.signals import deployment_failed
from hubs.states import HubState, RequestState
from tests.factories import acting, staff
from tests.hubs.documents import decommission, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """What the one signal said."""
    told = []

    def listen(sender, request, reason, **_more):
        told.append((request.reference, reason))

    deployment_failed.connect(listen)
    yield told
    deployment_failed.disconnect(listen)


def sent(community, representative, document=None, kind="new-hub"):
    request = HubRequestFactory(community=community, kind=kind, document=document or new_hub())
    return requests.submit(request, by=representative)


def planned(community, representative, document=None):
    request = sent(community, representative, document)
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    return request


def approved(community, representative, engineer):
    request = planned(community, representative)
    return requests.approve(request, plan_digest=request.plan_digest, by=engineer)


def settled(request, by):
    for precondition in request.preconditions:
        if precondition["status"] == "open":
            request = requests.settle(request, key=precondition["key"], status="met", by=by)
    return request


def to_the_end(request):
    """Perform what is due, hour by hour."""
    request.refresh_from_db()
    with time_machine.travel(max(timezone.now(), request.next_attempt_at or timezone.now()), tick=False) as clock:
        for _hour in range(30):
            sweep.perform_due(rounds=3)
            clock.shift(60)
    request.refresh_from_db()
    return request


def commits(repository):
    return repository.recent("refs/heads/main", 50)


def test_setup_makes_the_repository_once_and_registers_its_cluster(repository):
    assert [(cluster.name, cluster.shared) for cluster in Cluster.objects.all()] == [("shared", True)]
    assert [(hub.name, hub.state) for hub in Hub.objects.all()] == [("staging", HubState.RECORDED)]


def test_a_sent_request_gets_a_plan_that_names_its_files(repository, community, representative):
    request = planned(community, representative)
    assert request.state == RequestState.PLANNED
    assert request.plan_digest.startswith("sha256:")
    assert {change["path"] for change in request.plan["files"]} >= {
        "config/clusters/shared/cluster.yaml",
        "config/clusters/shared/aurora.values.yaml",
    }
    assert request.next_attempt_at is None
    assert len(commits(repository)) == 1


def test_answers_of_the_community_that_do_not_work_go_back_to_it(repository, community, representative):
    request = planned(community, representative, new_hub(domain=Hub.objects.get().domain))
    assert request.state == RequestState.RETURNED
    assert [problem["pointer"] for problem in request.problems] == ["/hubs/0/domain"]


def test_answers_of_ours_that_do_not_work_stay_with_us(repository, community, representative):
    request = planned(community, representative, new_hub() | {"cluster": "nowhere"})
    assert request.state == RequestState.SUBMITTED
    assert [problem["pointer"] for problem in request.problems] == ["/cluster"]
    assert request.next_attempt_at is None


def test_a_request_that_lacks_our_answers_waits_for_them(repository, community, representative, engineer):
    without = new_hub()
    del without["hubs"][0]["homepage"]["funded_by"]
    request = planned(community, representative, without)
    assert (request.state, request.next_attempt_at) == (RequestState.SUBMITTED, None)
    funder = {"/hubs/0/homepage/funded_by/name": "NSF", "/hubs/0/homepage/funded_by/url": "https://nsf.example"}
    requests.save(request, values=funder, by=engineer, version=1)
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.PLANNED


def test_an_approved_request_waits_for_people_then_is_recorded_and_never_called_live(repository, community, representative, engineer):
    request = to_the_end(approved(community, representative, engineer))
    assert request.state == RequestState.WAITING
    request = to_the_end(settled(request, engineer))
    assert (request.state, request.stage) == (RequestState.SUCCEEDED, "recorded")
    assert (request.hub.name, request.hub.community, request.hub.state) == ("aurora", community, HubState.RECORDED)
    assert {row["type"]: row["status"] for row in request.hub.conditions} == {"Synced": "True", "Ready": "Unknown", "Usable": "Unknown"}
    assert request.next_attempt_at is None
    assert len(commits(repository)) == 2


def test_refresh_follows_to_where_somebody_has_to_act(repository, community, representative, engineer):
    request = approved(community, representative, engineer)
    deployment.carry_on(request.pk)
    assert deployment.refresh(request).state == RequestState.WAITING
    assert deployment.refresh(settled(request, engineer)).state == RequestState.SUCCEEDED


def test_what_was_settled_before_approval_is_told_when_it_starts(repository, community, representative, engineer):
    request = settled(planned(community, representative), engineer)
    requests.approve(request, plan_digest=request.plan_digest, by=engineer)
    request = to_the_end(request)
    assert (request.state, request.orders) == (RequestState.SUCCEEDED, [])


def test_a_process_killed_after_any_step_leaves_one_deployment_and_one_commit(repository, community, representative, engineer):
    request = approved(community, representative, engineer)
    before = HubRequest.objects.get(pk=request.pk)
    deployment.start(before)  # and nothing of it was written down: the row is as before
    HubRequest.objects.filter(pk=request.pk).update(deployment_id="", deployment={}, stage="", state=RequestState.APPROVED)
    deployment.start(HubRequest.objects.get(pk=request.pk))
    deployment.start(before)
    request = to_the_end(settled(to_the_end(request), engineer))
    assert request.state == RequestState.SUCCEEDED
    assert (len(commits(repository)), Hub.objects.filter(name="aurora").count()) == (2, 1)


def test_a_claimed_request_is_not_performed_by_a_second_worker(repository, community, representative):
    request = sent(community, representative)
    deployment.carry_on(request.pk)
    deployment.carry_on(request.pk)
    assert [event.after for event in request.stage_events()] == ["submitted", "planned"]


def test_a_deployer_that_cannot_be_reached_is_asked_again_later(community, representative, settings, tmp_path):
    settings.DEPLOYER_URL = f"git+file://{tmp_path / 'nowhere'}"
    request = sent(community, representative)
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    assert (request.state, request.attempts) == (RequestState.SUBMITTED, 1)
    assert request.next_attempt_at > timezone.now()


def test_a_deployer_that_never_answers_fails_the_request_and_says_so_once(community, representative, settings, tmp_path, heard):
    settings.DEPLOYER_URL = f"git+file://{tmp_path / 'nowhere'}"
    request = sent(community, representative)
    HubRequest.objects.update(attempts=12)
    deployment.carry_on(request.pk)
    deployment.carry_on(request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.FAILED
    assert heard == [(request.reference, "The deployer could not be reached.")]


def test_a_listener_that_fails_leaves_the_failure_to_be_told_again(community, representative, settings, tmp_path):
    settings.DEPLOYER_URL = f"git+file://{tmp_path / 'nowhere'}"
    request = sent(community, representative)
    HubRequest.objects.update(attempts=12)

    def breaks(**_more):
        raise Unavailable("no desk")

    deployment_failed.connect(breaks)
    try:
        with pytest.raises(Unavailable):
            deployment.carry_on(request.pk)
    finally:
        deployment_failed.disconnect(breaks)
    request.refresh_from_db()
    assert (request.state, request.next_attempt_at is None) == (RequestState.SUBMITTED, False)


def test_older_news_of_a_deployment_is_thrown_away(repository, community, representative, engineer):
    request = approved(community, representative, engineer)
    deployment.carry_on(request.pk)
    old = deployment.deployer().read(HubRequest.objects.get().deployment_id)
    new = deployment.follow(HubRequest.objects.get())
    assert deployment.record(new, old).deployment["version"] == new.deployment["version"]


def test_cancel_while_the_deployer_has_it_stops_it(repository, community, representative, engineer):
    request = to_the_end(approved(community, representative, engineer))
    requests.cancel(request, by=engineer, reason="Wrong")
    request = to_the_end(request)
    assert (request.state, request.next_attempt_at, len(commits(repository))) == (RequestState.CANCELLED, None, 1)


def test_closing_a_hub_takes_it_out_and_keeps_its_history(repository, community, representative, engineer):
    to_the_end(settled(to_the_end(approved(community, representative, engineer)), engineer))
    Hub.objects.filter(name="aurora").update(community=community)
    closing = HubRequestFactory(community=community, kind="decommission", document=decommission())
    requests.submit(closing, by=representative)
    deployment.carry_on(closing.pk)
    closing.refresh_from_db()
    for person in (engineer, acting(staff(StaffGroup.ENGINEER))):
        requests.approve(closing, plan_digest=closing.plan_digest, at_once=True, by=person)
    closing = to_the_end(closing)
    assert [row["status"] for row in closing.preconditions if row["key"] == "helm-delete"] == ["open"]
    closing = to_the_end(settled(closing, engineer))
    assert [row["status"] for row in closing.deployment["preconditions"] if row["key"] == "helm-delete"] == ["met"]
    assert closing.state == RequestState.SUCCEEDED
    assert Hub.objects.get(name="aurora").state == HubState.ENDED


def test_plan_warns_by_the_programmes_notice(community, representative):
    ServicePolicy.objects.create(programme=community.programme, ending_notice_days=20_000)
    HubFactory(name="aurora", community=community, cluster=ClusterFactory(name="shared"))
    with override_settings(DEPLOYER_URL="manual"):
        request = sent(community, representative, decommission(), kind="decommission")
        deployment.carry_on(request.pk)
    request.refresh_from_db()
    assert [warning["detail"] for warning in request.plan["warnings"] if warning["code"] == "notice"] == [
        "Less than 20000 days for people to save their work."
    ]
