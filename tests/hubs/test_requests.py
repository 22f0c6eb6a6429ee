"""Each decider of a hub request, a test an exit."""

import pytest

from communities.models import ServicePolicy
from communities.roles import StaffGroup
from ground.states import WrongState
from hubs import requests
from hubs.documents import HubFacts
from hubs.models import Hub, HubRequest
from hubs.states import RequestState
from tests.factories import acting, staff
from tests.hubs.documents import decommission, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db

DIGEST = "sha256:" + "1" * 64
OTHER_DIGEST = "sha256:" + "2" * 64


def planned(community, kind="new-hub", **fields):
    return HubRequestFactory(
        community=community,
        kind=kind,
        document=decommission() if kind == "decommission" else new_hub(),
        state="planned",
        plan={"checks": []},
        plan_digest=DIGEST,
        revision=1,
        **fields,
    )


def test_draft_starts_from_what_is_known(community, representative):
    ClusterFactory(name="shared", shared=True, domain_suffix="hubs.example")
    request = requests.draft(community, facts=HubFacts(values={"/hubs/0/authentication/method": "github"}), by=representative)
    assert request.document == {
        "kind": "new-hub",
        "community": "aurora",
        "cluster": "shared",
        "requested_by": {"name": "Ana", "email": "ana@example.org"},
        "hubs": [
            {
                "name": "aurora",
                "display_name": "Aurora",
                "type": "jupyterhub",
                "domain": "aurora.hubs.example",
                "resources": {"max_memory_gb": 30},
                "authentication": {"method": "github"},
                "homepage": {"org": {"name": "Aurora", "url": "https://aurora.example.org"}},
            }
        ],
    }


def test_draft_starts_from_what_the_programme_gives_by_default(community, representative):
    ServicePolicy.objects.create(programme=community.programme, default_memory_gb=24, default_cloud="gcp")
    asked = HubFacts(values={"/new_cluster/name": "aurora", "/hubs/0/name": "aurora"})
    document = requests.draft(community, facts=asked, by=representative).document
    assert (document["hubs"][0]["resources"], document["new_cluster"]["provider"]) == ({"max_memory_gb": 24}, "gcp")


def test_what_the_answers_say_beats_the_programme(community, representative):
    ServicePolicy.objects.create(programme=community.programme, default_memory_gb=24, default_cloud="gcp")
    asked = HubFacts(values={"/new_cluster/provider": "aws", "/hubs/0/resources/max_memory_gb": 8})
    document = requests.draft(community, facts=asked, by=representative).document
    assert (document["hubs"][0]["resources"], document["new_cluster"]["provider"]) == ({"max_memory_gb": 8}, "aws")


def test_draft_of_the_same_kind_is_continued_and_keeps_what_people_wrote(community, representative):
    first = requests.draft(community, facts=HubFacts(values={"/hubs/0/display_name": "Ours"}), by=representative)
    again = requests.draft(community, facts=HubFacts(values={"/hubs/0/display_name": "Theirs", "/note": "Soon"}), by=representative)
    assert (again.pk, HubRequest.objects.count()) == (first.pk, 1)
    assert (again.document["hubs"][0]["display_name"], again.document["note"]) == ("Ours", "Soon")


def test_draft_about_the_only_hub_names_it(community, representative):
    hub = HubFactory(community=community)
    request = requests.draft(community, facts=HubFacts(kind="change"), by=representative)
    assert (request.hub, request.document["hub"], request.document["cluster"]) == (hub, hub.name, hub.cluster.name)


ABOUT = {"/cluster": "shared", "/hub": "staging"}


@pytest.fixture
def shared(db):
    """Of one cluster: a hub of somebody else and one of nobody."""
    cluster = ClusterFactory(name="shared")
    return HubFactory(cluster=cluster, name="foreign"), HubFactory(cluster=cluster, name="staging", community=None)


@pytest.mark.parametrize("kind", ["event", "change", "decommission"])
def test_a_request_about_somebody_elses_hub_is_refused_whoever_asks(community, representative, engineer, shared, kind):
    own = HubFactory(community=community)
    request = requests.draft(community, facts=HubFacts(kind=kind), by=representative)
    for person in (representative, engineer):
        with pytest.raises(requests.ForeignHub):
            requests.save(request, values=ABOUT | {"/hub": "foreign"}, by=person, version=1)
    request.refresh_from_db()
    assert (request.hub, request.document["hub"]) == (own, own.name)
    request.delete()
    with pytest.raises(requests.ForeignHub):
        requests.draft(community, facts=HubFacts(kind=kind, values=ABOUT | {"/hub": "foreign"}), by=representative)


def test_a_request_about_nobodys_hub_is_for_engineers_to_begin(community, representative, engineer, shared):
    with pytest.raises(requests.ForeignHub):
        requests.draft(community, facts=HubFacts(kind="change", values=ABOUT), by=representative)
    begun = requests.draft(community, facts=HubFacts(kind="change", values=ABOUT), by=engineer)
    saved = requests.save(begun, values={"/note": "Soon"}, by=representative, version=1)
    assert saved.hub == shared[1]


def test_a_request_about_a_hub_that_nobody_knows_is_left_to_the_plan(community, representative):
    asked = HubFacts(kind="change", values={"/cluster": "away", "/hub": "unknown"})
    assert requests.draft(community, facts=asked, by=representative).hub is None


def test_the_hub_of_a_request_follows_the_document(community, representative):
    first, second = HubFactory(community=community), HubFactory(community=community)
    request = requests.draft(community, facts=HubFacts(kind="change", hub=first), by=representative)
    saved = requests.save(request, values={"/cluster": second.cluster.name, "/hub": second.name}, by=representative, version=1)
    assert saved.hub == second


def test_a_hub_that_went_to_somebody_else_is_seen_when_the_request_is_sent(community, representative):
    hub = HubFactory(community=community, name="aurora", cluster=ClusterFactory(name="shared"))
    request = HubRequestFactory(community=community, kind="decommission", document=decommission(), hub=hub)
    Hub.objects.update(community=HubFactory().community)
    with pytest.raises(requests.ForeignHub):
        requests.submit(request, by=representative)


def test_save_keeps_answers_and_takes_away_what_is_none(community, representative):
    request = HubRequestFactory(community=community, document={"kind": "new-hub", "community": "aurora", "note": "Old"})
    saved = requests.save(request, values={"/note": None, "/hubs/0/name": "prod"}, unsure=["/hubs/0/domain"], by=representative, version=1)
    assert saved.document == {"kind": "new-hub", "community": "aurora", "hubs": [{"name": "prod"}]}
    assert (saved.version, saved.unsure) == (2, ["/hubs/0/domain"])


def test_save_over_somebody_elses_answers_is_stale(community, representative):
    request = HubRequestFactory(community=community)
    requests.save(request, values={"/note": "First"}, by=representative, version=1)
    with pytest.raises(requests.Stale):
        requests.save(request, values={"/note": "Second"}, by=representative, version=1)
    request.refresh_from_db()
    assert request.document["note"] == "First"


def test_save_after_the_end_is_refused(community, representative):
    request = HubRequestFactory(community=community, state="cancelled")
    with pytest.raises(WrongState):
        requests.save(request, values={"/note": "Late"}, by=representative, version=1)


def test_save_under_a_plan_has_it_made_again_and_voids_approvals(community, engineer):
    request = planned(community, approved_by=engineer.user, approved_at="2027-01-01T00:00:00Z")
    saved = requests.save(request, values={"/note": "New"}, by=engineer, version=1)
    assert (saved.state, saved.plan_digest, saved.plan, saved.approved_by, saved.revision) == (RequestState.SUBMITTED, "", {}, None, 2)
    assert saved.next_attempt_at is not None


def test_submit_without_the_communitys_answers_names_them(community, representative):
    request = requests.draft(community, facts=HubFacts(), by=representative)
    with pytest.raises(requests.Incomplete) as error:
        requests.submit(request, by=representative)
    assert "/hubs/0/authentication/method" in {answer.pointer for answer in error.value.missing}
    assert {answer.supplier for answer in error.value.missing} == {"community"}


def test_submit_lets_through_what_the_community_does_not_know_yet(community, representative):
    document = new_hub()
    del document["hubs"][0]["domain"]
    request = HubRequestFactory(community=community, document=document, unsure=["/hubs/0/domain"])
    assert requests.submit(request, by=representative).state == RequestState.SUBMITTED


def test_submit_waits_for_the_plan(community, representative):
    request = HubRequestFactory(community=community, document=new_hub())
    sent = requests.submit(request, by=representative)
    assert (sent.state, sent.revision, sent.submitted_by) == (RequestState.SUBMITTED, 1, representative.user)
    assert sent.next_attempt_at is not None
    assert [(event.before, event.after, event.actor_label) for event in sent.stage_events()] == [("draft", "submitted", "Ana")]


def test_approve_of_the_plan_that_was_read_goes_to_the_deployer(community, engineer):
    approved = requests.approve(planned(community), plan_digest=DIGEST, by=engineer)
    assert (approved.state, approved.approved_by) == (RequestState.APPROVED, engineer.user)
    assert approved.next_attempt_at is not None


def test_approve_of_another_plan_is_refused(community, engineer):
    request = planned(community)
    with pytest.raises(requests.PlanChanged):
        requests.approve(request, plan_digest=OTHER_DIGEST, by=engineer)
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (RequestState.PLANNED, None)


def test_approve_of_a_plan_with_a_failed_check_is_refused(community, engineer):
    request = planned(community)
    HubRequest.objects.update(plan={"checks": [{"name": "schema", "status": "fail"}]})
    with pytest.raises(requests.Unsound):
        requests.approve(request, plan_digest=DIGEST, by=engineer)


def test_approve_twice_is_refused(community, engineer):
    request = planned(community)
    requests.approve(request, plan_digest=DIGEST, by=engineer)
    with pytest.raises(WrongState):
        requests.approve(request, plan_digest=DIGEST, by=engineer)


def test_closing_a_hub_takes_two_people(community, engineer):
    request = planned(community, "decommission")
    assert requests.approve(request, plan_digest=DIGEST, by=engineer).state == RequestState.PLANNED
    with pytest.raises(requests.SamePerson):
        requests.approve(request, plan_digest=DIGEST, by=engineer)
    second = acting(staff(StaffGroup.ENGINEER))
    done = requests.approve(request, plan_digest=DIGEST, by=second)
    assert (done.state, done.approved_by, done.second_approved_by) == (RequestState.APPROVED, engineer.user, second.user)


def test_reject_says_why_and_ends(community, engineer):
    rejected = requests.reject(planned(community), reason="No agreement covers it.", by=engineer)
    assert (rejected.state, rejected.reason, rejected.next_attempt_at) == (RequestState.REJECTED, "No agreement covers it.", None)
    with pytest.raises(WrongState):
        requests.reject(rejected, reason="Again", by=engineer)


def test_cancel_before_the_deployer_has_it_ends_it(community, representative):
    cancelled = requests.cancel(planned(community), by=representative, reason="Changed our minds")
    assert (cancelled.state, cancelled.reason) == (RequestState.CANCELLED, "Changed our minds")


def test_cancel_of_a_running_deployment_asks_the_deployer(community, engineer):
    request = planned(community, approved_by=engineer.user, approved_at="2027-01-01T00:00:00Z", deployment_id="d1")
    HubRequest.objects.update(state="deploying")
    asked = requests.cancel(request, by=engineer, reason="Wrong cluster")
    assert (asked.state, asked.orders) == (RequestState.DEPLOYING, [{"do": "cancel", "by": "Eve", "reason": "Wrong cluster"}])
    assert asked.next_attempt_at is not None


def test_retry_of_a_failed_plan_makes_it_anew(community, engineer):
    request = HubRequestFactory(community=community, state="failed", document=new_hub())
    assert requests.retry(request, by=engineer).state == RequestState.SUBMITTED


def test_retry_of_what_has_not_failed_is_refused(community, engineer):
    with pytest.raises(WrongState):
        requests.retry(planned(community), by=engineer)


def test_settle_shows_at_once_and_is_told_when_the_deployer_starts(community, engineer):
    request = planned(community)
    HubRequest.objects.update(
        plan={"checks": [], "preconditions": [{"key": "oauth-app", "title": "OAuth", "status": "open", "who": "engineer"}]}
    )
    settled = requests.settle(request, key="oauth-app", status="met", by=engineer)
    assert [row["status"] for row in settled.preconditions] == ["met"]
    assert settled.next_attempt_at is None


def test_settle_of_what_the_plan_does_not_have_is_refused(community, engineer):
    with pytest.raises(KeyError):
        requests.settle(planned(community), key="moon", status="met", by=engineer)
