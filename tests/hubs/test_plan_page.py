"""The plan and yes to it: who else restarts, from when on, and what happens when the repository moves meanwhile."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from communities.roles import Role, StaffGroup
from ground import sweep
from ground.states import WrongState
from hubs import deployment, following, requests
from hubs.models import Hub, HubRequest
from hubs.states import RequestState
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.documents import change, decommission, event, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db

DIGEST = "sha256:" + "a1b2c3d4e5f6" + "0" * 52


def planned(community, document=None, kind="new-hub", **plan):
    row = HubRequestFactory.build(
        community=community,
        kind=kind,
        document=document or new_hub(),
        state="planned",
        plan={"checks": [], **plan},
        plan_digest=DIGEST,
        revision=1,
    )
    row.follow_document()
    row.save()
    return row


def browser(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of(request, name):
    return reverse(f"hubs:{name}", args=[request.reference])


def test_hubs_of_others_that_restart_are_named_with_whom_to_tell(community, engineer, django_assert_num_queries):
    cluster = ClusterFactory(name="shared")
    HubFactory(cluster=cluster, name="mine", community=community)
    for name, person in (("reef", "Rui"), ("ice", "Ida")):
        other = CommunityFactory(name=name.title())
        member(other, Role.REPRESENTATIVE, name=person)
        member(other, Role.MEMBER, name="Nobody")
        HubFactory(cluster=cluster, name=name, community=other)
    HubFactory(name="reef")  # of the same name on another cluster
    redeploys = [
        {"cluster": "shared", "hub": name, "why": "It shares common.values.yaml.", "staging": False}
        for name in ("mine", "reef", "ice", "ours")
    ]
    request = planned(community, redeploys=redeploys)
    with django_assert_num_queries(2):
        told = following.restarts(request)
    assert [(row.hub, row.community, row.representatives) for row in told] == [
        ("mine", "", ""),
        ("reef", "Reef", "Rui"),
        ("ice", "Ice", "Ida"),
        ("ours", "", ""),
    ]
    page = browser(engineer.user).get(of(request, "review")).content.decode()
    assert "Reef: Rui" in page


def test_the_digest_is_shown_short_and_posted_whole(community, engineer):
    page = browser(engineer.user).get(of(planned(community), "review")).content.decode()
    assert ">a1b2c3d4e5f6</code>" in page
    assert re.search(r'name="plan_digest"\s+value="([^"]+)"', page)[1] == DIGEST


def test_checks_are_shown_with_file_and_line(community, engineer):
    check = {"name": "values", "status": "fail", "details": ["config/clusters/shared/aurora.values.yaml:12 unknown key"]}
    request = planned(community)
    HubRequest.objects.update(plan={"checks": [check]})
    page = browser(engineer.user).get(of(request, "review")).content.decode()
    assert "config/clusters/shared/aurora.values.yaml:12 unknown key" in page


def test_approved_for_later_waits_and_then_starts(repository, community, representative, engineer):
    with time_machine.travel("2027-01-04T09:00:00Z", tick=False) as clock:
        request = requests.submit(HubRequestFactory(community=community, document=new_hub()), by=representative)
        deployment.carry_on(request.pk)
        request.refresh_from_db()
        day = timezone.now() + timedelta(days=3)
        approved = requests.approve(request, plan_digest=request.plan_digest, not_before=day, by=engineer)
        assert (approved.state, approved.next_attempt_at) == (RequestState.APPROVED, day)
        assert following.sentence(approved) == "Approved. It starts on 7 January 2027, 09:00."
        sweep.perform_due(rounds=3)
        request.refresh_from_db()
        assert (request.state, request.deployment_id) == (RequestState.APPROVED, "")
        HubRequest.objects.update(next_attempt_at=timezone.now())  # whoever wakes it early
        deployment.carry_on(request.pk)
        request.refresh_from_db()
        assert (request.deployment_id, request.next_attempt_at) == ("", day)
        clock.shift(timedelta(days=3, seconds=1))
        sweep.perform_due(rounds=3)
    request.refresh_from_db()
    assert request.deployment_id != ""


def test_start_now_does_not_wait_for_the_day(community, engineer):
    request = requests.approve(planned(community), plan_digest=DIGEST, not_before=timezone.now() + timedelta(days=3), by=engineer)
    page = browser(engineer.user).get(of(request, "review")).content.decode()
    assert "It waits for its day:" in page
    assert browser(engineer.user).post(of(request, "start_now")).status_code == 302
    request.refresh_from_db()
    assert (request.not_before, request.time_to_wait) == (None, timedelta(0))
    assert request.next_attempt_at <= timezone.now()
    assert browser(engineer.user).post(of(request, "start_now")).status_code == 409
    with pytest.raises(WrongState):
        requests.start_now(request, by=engineer)


def test_what_waits_for_its_day_can_still_be_taken_back(community, engineer, representative):
    request = requests.approve(planned(community), plan_digest=DIGEST, not_before=timezone.now() + timedelta(days=3), by=engineer)
    cancelled = requests.cancel(request, by=representative)
    assert (cancelled.state, cancelled.next_attempt_at) == (RequestState.CANCELLED, None)


def test_a_hub_is_proposed_to_be_closed_after_its_last_day(community, engineer):
    with time_machine.travel("2027-05-01T09:00:00Z", tick=False):
        request = planned(community, decommission(), "decommission")
        page = browser(engineer.user).get(of(request, "review")).content.decode()
        assert 'value="2027-07-01T00:00"' in page
        assert (
            browser(engineer.user).post(of(request, "approve"), {"plan_digest": DIGEST, "not_before": "2027-07-01T00:00"}).status_code
            == 302
        )
        second = staff(StaffGroup.ENGINEER)
        assert browser(second).post(of(request, "approve"), {"plan_digest": DIGEST}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.not_before.isoformat()) == (RequestState.APPROVED, "2027-07-01T00:00:00+00:00")


@pytest.mark.parametrize(("first", "second", "waits"), [(0, 0, True), (1, 0, True), (0, 1, True), (1, 1, False)])
def test_a_hub_is_closed_before_its_last_day_only_if_both_say_so(community, engineer, first, second, waits):
    community.timezone = "America/Bogota"
    community.save()
    with time_machine.travel("2027-05-01T09:00:00Z", tick=False):
        request = planned(community, decommission(), "decommission")
        requests.approve(request, plan_digest=DIGEST, not_before=timezone.now(), at_once=bool(first), by=engineer)
        done = requests.approve(request, plan_digest=DIGEST, at_once=bool(second), by=acting(staff(StaffGroup.ENGINEER)))
        assert (done.not_before and done.not_before.isoformat()) == ("2027-07-01T05:00:00+00:00" if waits else None)


def test_over_the_api_a_closing_waits_for_its_last_day(community, engineer):
    request = planned(community, decommission(), "decommission")
    for person in (engineer.user, staff(StaffGroup.ENGINEER)):
        client = APIClient()
        client.force_authenticate(person)
        answer = client.post(f"/api/v1/hub-requests/{request.reference}/approve/", {"plan_digest": DIGEST}, format="json")
    assert (answer.json()["state"], answer.json()["not_before"]) == ("approved", "2027-07-01T00:00:00Z")


def test_at_once_on_the_page_means_more_than_the_proposed_day(community, engineer):
    with time_machine.travel("2027-05-01T09:00:00Z", tick=False):
        request = planned(community, decommission(), "decommission")
        given = {"plan_digest": DIGEST, "not_before": "2027-07-01T00:00", "at_once": "on"}
        for person in (engineer.user, staff(StaffGroup.ENGINEER)):
            assert 'name="at_once"' in browser(person).get(of(request, "review")).content.decode()
            assert browser(person).post(of(request, "approve"), given).status_code == 302
        request.refresh_from_db()
        assert (request.state, request.time_to_wait) == (RequestState.APPROVED, timedelta(0))


def test_a_closing_is_not_started_before_its_last_day_is_over(community, engineer):
    with time_machine.travel("2027-05-01T09:00:00Z", tick=False):
        request = planned(community, decommission(), "decommission")
        for person in (engineer, acting(staff(StaffGroup.ENGINEER))):
            done = requests.approve(request, plan_digest=DIGEST, by=person)
        assert (
            following.sentence(done) == "Approved. The hub stays until the end of its last day, 30 June 2027, and is taken away after that."
        )
        assert "Start it now" not in browser(engineer.user).get(of(request, "review")).content.decode()
        response = browser(engineer.user).post(of(request, "start_now"))
        assert response.status_code == 409
        assert "People were promised the hub until the end of its last day." in response.content.decode()
        request.refresh_from_db()
        assert request.not_before.isoformat() == "2027-07-01T00:00:00+00:00"


def test_the_second_approver_may_name_another_day(community, engineer):
    request = planned(community, decommission(), "decommission")
    first, second = timezone.now() + timedelta(days=3), timezone.now() + timedelta(days=5)
    requests.approve(request, plan_digest=DIGEST, not_before=first, at_once=True, by=engineer)
    done = requests.approve(request, plan_digest=DIGEST, not_before=second, at_once=True, by=acting(staff(StaffGroup.ENGINEER)))
    assert (done.not_before, done.next_attempt_at) == (second, pytest.approx(second, abs=timedelta(seconds=5)))


def test_the_second_approver_may_take_the_day_away(community, engineer):
    request = planned(community, decommission(), "decommission")
    day = timezone.now() + timedelta(days=3)
    requests.approve(request, plan_digest=DIGEST, not_before=day, at_once=True, by=engineer)
    given = {"plan_digest": DIGEST, "not_before": "", "at_once": "on"}
    assert browser(staff(StaffGroup.ENGINEER)).post(of(request, "approve"), given).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.not_before) == (RequestState.APPROVED, None)


def test_over_the_api_a_day_left_out_stays_the_first_approvers(community, engineer):
    request = planned(community, decommission(), "decommission")
    requests.approve(request, plan_digest=DIGEST, not_before=timezone.now() + timedelta(days=3), at_once=True, by=engineer)
    client = APIClient()
    client.force_authenticate(staff(StaffGroup.ENGINEER))
    client.post(f"/api/v1/hub-requests/{request.reference}/approve/", {"plan_digest": DIGEST, "at_once": True}, format="json")
    request.refresh_from_db()
    assert timedelta(days=2) < request.time_to_wait <= timedelta(days=3)


def test_a_day_that_is_none_keeps_the_plan_unapproved(community, engineer):
    request = planned(community)
    response = browser(engineer.user).post(of(request, "approve"), {"plan_digest": DIGEST, "not_before": "soon"})
    assert response.status_code == 422
    assert 'value="soon"' in response.content.decode()
    request.refresh_from_db()
    assert request.state == RequestState.PLANNED


def test_when_it_is_wanted_stands_beside_the_approval(community, engineer):
    wanted = planned(community, new_hub() | {"wanted_by": "2027-03-31"})
    assert "Wanted by 2027-03-31." in browser(engineer.user).get(of(wanted, "review")).content.decode()
    upcoming = planned(CommunityFactory(), event(), "event")
    assert "The event begins 2027-03-08T09:00 (America/Bogota)." in browser(engineer.user).get(of(upcoming, "review")).content.decode()


def test_a_double_click_approves_once(community, engineer):
    request = planned(community)
    assert browser(engineer.user).post(of(request, "approve"), {"plan_digest": DIGEST}).status_code == 302
    assert browser(engineer.user).post(of(request, "approve"), {"plan_digest": DIGEST}).status_code == 409
    assert [row.after for row in request.stage_events()] == ["approved"]


def test_a_repository_that_moved_under_the_plan_means_a_new_look(repository, community, representative, engineer):
    Hub.objects.filter(name="staging").update(community=community)
    domain = {"op": "set_domain", "domain": "hub.aurora.example"}
    first = requests.submit(HubRequestFactory(community=community, kind="change", document=change(domain)), by=representative)
    deployment.carry_on(first.pk)
    first.refresh_from_db()
    approved = requests.approve(first, plan_digest=first.plan_digest, by=engineer)
    path = "config/clusters/shared/cluster.yaml"
    text = repository.text("show", f"refs/heads/main:{path}")
    main = repository.main()
    commit = repository.commit(
        main,
        {path: text.replace("display_name: ", "display_name: Moved ", 1)},
        message="Elsewhere",
        at=timezone.now(),
    )
    repository.move("refs/heads/main", commit, old=main)
    deployment.carry_on(approved.pk)
    approved.refresh_from_db()
    assert (approved.state, approved.approved_by, approved.not_before) == (RequestState.PLANNED, None, None)
    assert approved.plan_digest != first.plan_digest
    page = browser(engineer.user).get(of(approved, "review")).content.decode()
    assert "The configuration changed since the plan was approved. Please look at the new plan." in page
    assert browser(engineer.user).post(of(approved, "approve"), {"plan_digest": first.plan_digest}).status_code == 409
    assert browser(engineer.user).post(of(approved, "approve"), {"plan_digest": approved.plan_digest}).status_code == 302
