"""Hubs and requests over the API."""

import pytest

from communities import tokens
from communities.roles import Role, StaffGroup
from hubs import deployment
from hubs.models import Cluster, Hub, HubRequest
from tests.factories import CommunityFactory, member, staff
from tests.hubs.documents import decommission, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db
REQUESTS = "/api/v1/hub-requests/"


@pytest.fixture
def call(client):
    """Call the API with that person's token."""

    def calling(user, method, path, **data):
        headers = {"Authorization": f"Token {tokens.mint(user, name='test')}"}
        body = {} if method == "get" else {"data": data, "content_type": "application/json"}
        return getattr(client, method)(path, headers=headers, **body)

    return calling


def test_hubs_and_clusters_are_listed_to_who_may_see_them(call, community, representative):
    hub = HubFactory(community=community)
    HubFactory()
    found = call(representative.user, "get", "/api/v1/hubs/").json()["results"]
    assert [(row["name"], row["cluster"], row["community"], row["url"], row["state"]) for row in found] == [
        (hub.name, hub.cluster.name, "aurora", hub.url, "recorded")
    ]
    clusters = call(representative.user, "get", "/api/v1/clusters/").json()["results"]
    assert [(row["name"], row["community"], row["state"]) for row in clusters] == [(hub.cluster.name, "aurora", "recorded")]


def test_a_hub_is_read_by_its_key_by_who_may_see_it(call, community, representative):
    mine, foreign = HubFactory(community=community), HubFactory()
    assert call(representative.user, "get", f"/api/v1/hubs/{mine.pk}/").json()["name"] == mine.name
    assert call(representative.user, "get", f"/api/v1/hubs/{foreign.pk}/").status_code == 404


@pytest.mark.parametrize("room", ["hubs", "clusters", "hub-requests"])
def test_lists_are_narrowed_to_a_community(call, engineer, room):
    mine, other = HubFactory(community__slug="mine"), HubFactory(community__slug="other")
    for hub in (mine, other):
        HubRequestFactory(community=hub.community)
    assert len(call(engineer.user, "get", f"/api/v1/{room}/").json()["results"]) == 2
    [found] = call(engineer.user, "get", f"/api/v1/{room}/?community=mine").json()["results"]
    assert found["community"] == "mine"


def test_each_hub_of_the_list_is_read_by_its_key(call, engineer):
    HubFactory()
    [listed] = call(engineer.user, "get", "/api/v1/hubs/").json()["results"]
    assert call(engineer.user, "get", f"/api/v1/hubs/{listed['id']}/").json() == listed
    assert set(listed) == {"id", "name", "display_name", "cluster", "community", "url", "state", "conditions", "gone_at"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=troubled", ["both"]),
        ("state=live", ["fine"]),
        ("state=recorded", ["empty", "waiting"]),
        ("cluster=fine", ["fine"]),
        ("community=theirs", ["fine"]),
    ],
)
def test_clusters_are_narrowed_as_they_are_told(call, engineer, asked, found):
    ClusterFactory(name="empty")
    for cluster, state in (
        ("both", "troubled"),
        ("both", "live"),
        ("fine", "live"),
        ("waiting", "recorded"),
        ("waiting", "live"),
        ("fine", "ended"),
    ):
        HubFactory(cluster=Cluster.objects.filter(name=cluster).first() or ClusterFactory(name=cluster), state=state)
    Hub.objects.filter(cluster__name="fine").update(community=CommunityFactory(slug="theirs"))
    rows = call(engineer.user, "get", f"/api/v1/clusters/?{asked}").json()["results"]
    assert sorted(row["name"] for row in rows) == found


def test_a_member_learns_nothing_of_others_on_a_shared_cluster(call, community, representative):
    mine = HubFactory(community=community, state="live")
    HubFactory(cluster=mine.cluster, community__slug="other", state="troubled")
    asked = [
        len(call(representative.user, "get", f"/api/v1/clusters/?{words}").json()["results"])
        for words in ("community=other", "state=troubled", "state=live")
    ]
    assert asked == [0, 0, 1]


def test_hubs_are_narrowed_to_a_cluster(call, engineer):
    hub, _other = HubFactory(), HubFactory()
    found = call(engineer.user, "get", f"/api/v1/hubs/?cluster={hub.cluster.name}").json()["results"]
    assert [row["name"] for row in found] == [hub.name]


@pytest.mark.parametrize("asked", ["comunity=x", "community__slug=x", "state=nonsense"])
@pytest.mark.parametrize("room", ["hubs", "clusters", "hub-requests"])
def test_a_filter_that_is_not_known_is_refused(call, engineer, room, asked):
    assert call(engineer.user, "get", f"/api/v1/{room}/?{asked}").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_requests_cost_the_same_with_more_of_them(call, engineer, rows, django_assert_num_queries):
    for _row in range(rows):
        request = HubRequestFactory()
        request.move_to("cancelled", by=engineer)
    call(engineer.user, "get", REQUESTS)
    with django_assert_num_queries(6):
        assert len(call(engineer.user, "get", REQUESTS).json()["results"]) == rows


def test_the_whole_way_over_the_api(repository, call, community, representative, engineer):
    made = call(representative.user, "post", REQUESTS, community="aurora", kind="new-hub", request=new_hub())
    assert made.status_code == 201
    one = f"{REQUESTS}{made.json()['id']}/"
    assert call(representative.user, "post", f"{one}submit/").json()["state"] == "submitted"
    request = HubRequest.objects.get()
    deployment.carry_on(request.pk)
    told = call(engineer.user, "get", one).json()
    assert (told["state"], told["missing"], [event["after"] for event in told["events"]]) == ("planned", [], ["submitted", "planned"])
    assert call(engineer.user, "post", f"{one}approve/", plan_digest=told["plan"]["digest"]).json()["state"] == "approved"
    deployment.carry_on(request.pk)
    for precondition in told["preconditions"]:
        assert call(engineer.user, "post", f"{one}settle/", key=precondition["key"], status="met").status_code == 200
    deployment.refresh(request)
    told = call(representative.user, "get", one).json()
    assert (told["state"], told["stage"], told["deployment"]["state"]) == ("succeeded", "recorded", "succeeded")


def test_a_draft_with_wrong_answers_is_refused_by_pointer(call, community, representative):
    response = call(representative.user, "post", REQUESTS, community="aurora", kind="new-hub", request=new_hub(domain="https://x"))
    assert (response.status_code, response.headers["Content-Type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in response.json()["errors"]] == ["/request/hubs/0/domain"]
    assert HubRequest.objects.count() == 0


def test_a_request_about_somebody_elses_hub_is_refused_at_the_hub(call, community, representative):
    HubFactory(name="foreign", cluster=ClusterFactory(name="shared"))
    own = HubFactory(community=community)
    foreign = {"cluster": "shared", "hub": "foreign"}
    made = call(representative.user, "post", REQUESTS, community="aurora", kind="change", request=foreign)
    begun = call(representative.user, "post", REQUESTS, community="aurora", kind="change", request={}).json()
    kept = call(representative.user, "patch", f"{REQUESTS}{begun['id']}/", version=begun["version"], request=foreign)
    for response in (made, kept):
        assert (response.status_code, [error["pointer"] for error in response.json()["errors"]]) == (422, ["/request/hub"])
    assert HubRequest.objects.get().hub == own


def test_a_hub_of_somebody_else_is_refused_when_the_request_is_sent(call, community, representative):
    HubFactory(name="aurora", cluster=ClusterFactory(name="shared"))
    request = HubRequestFactory(community=community, kind="decommission", document=decommission())
    response = call(representative.user, "post", f"{REQUESTS}{request.reference}/submit/")
    assert (response.status_code, [error["pointer"] for error in response.json()["errors"]]) == (422, ["/hub"])


@pytest.mark.parametrize("request_", [{"hubs": "none"}, {"hubs": [7]}, {"hubs": [{"name": None}]}, {"/": {"~": []}}])
def test_nonsense_is_answered_with_a_problem_and_never_breaks(call, community, representative, request_):
    response = call(representative.user, "post", REQUESTS, community="aurora", kind="new-hub", request=request_)
    assert response.status_code in {201, 422}


@pytest.mark.parametrize("depth", [60, 200_000])
def test_a_document_that_is_too_deep_is_a_problem(client, representative, depth):
    headers = {"Authorization": f"Token {tokens.mint(representative.user, name='test')}"}
    response = client.post(REQUESTS, "[" * depth + "]" * depth, content_type="application/json", headers=headers)
    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")


def test_submit_without_answers_names_them(call, community, representative):
    request = HubRequestFactory(community=community)
    response = call(representative.user, "post", f"{REQUESTS}{request.reference}/submit/")
    assert (response.status_code, response.json()["type"]) == (422, "urn:hubdesk:problem:incomplete")
    assert "/hubs/0/name" in {error["pointer"] for error in response.json()["errors"]}


def test_a_stale_save_gets_what_is_there_now(call, community, representative):
    request = HubRequestFactory(community=community)
    one = f"{REQUESTS}{request.reference}/"
    assert call(representative.user, "patch", one, version=1, request={"note": "First"}).json()["version"] == 2
    stale = call(representative.user, "patch", one, version=1, request={"note": "Second"})
    assert (stale.status_code, stale.json()["version"], stale.json()["request"]["note"]) == (409, 2, "First")


def test_approving_another_plan_is_a_conflict(call, engineer):
    request = HubRequestFactory(state="planned", plan={"checks": []}, plan_digest="sha256:1")
    response = call(engineer.user, "post", f"{REQUESTS}{request.reference}/approve/", plan_digest="sha256:2")
    assert (response.status_code, response.json()["type"], response.json()["plan_digest"]) == (
        409,
        "urn:hubdesk:problem:plan-changed",
        "sha256:1",
    )


def test_settling_what_is_not_there_names_what_is(call, engineer):
    request = HubRequestFactory(
        state="planned", plan={"checks": [], "preconditions": [{"key": "disk", "status": "open"}]}, plan_digest="sha256:1"
    )
    response = call(engineer.user, "post", f"{REQUESTS}{request.reference}/settle/", key="moon", status="met")
    assert (response.status_code, response.json()["errors"][0]["allowed"]) == (422, ["disk"])


def test_an_action_in_the_wrong_state_is_a_conflict(call, engineer):
    request = HubRequestFactory(state="cancelled")
    for action, data in (("approve", {"plan_digest": "x"}), ("reject", {"reason": "No"}), ("cancel", {}), ("retry", {})):
        assert call(engineer.user, "post", f"{REQUESTS}{request.reference}/{action}/", **data).status_code == 409


def test_a_member_sees_and_does_not_act_and_a_stranger_does_not_see(call, community):
    request = HubRequestFactory(community=community)
    one = f"{REQUESTS}{request.reference}/"
    somebody, stranger = member(community, Role.MEMBER), staff(StaffGroup.REVIEWER)
    assert [call(somebody, "get", one).status_code, call(somebody, "post", f"{one}submit/").status_code] == [200, 403]
    assert [call(stranger, "get", one).status_code, call(stranger, "post", f"{one}submit/").status_code] == [404, 404]
