"""A plan and a deployment as their community reads them: nobody else's hub is named."""

import pytest

from hubs import following, neighbours, stages
from hubs.neighbours import Readers
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db

STEPS = [
    {"name": "merge", "title": "An engineer merges it", "status": "succeeded"},
    {"name": "shared-staging-aws", "title": "Try it on staging", "status": "succeeded"},
    {"name": "shared-aurora-aws", "title": "Deploy aurora", "status": "running"},
    {"name": "shared-coral-aws", "title": "Deploy coral", "status": "pending"},
    {"name": "shared-aurora-coral-aws", "title": "Deploy aurora-coral", "status": "pending"},
]
DEPLOYMENT = {
    "id": "d",
    "state": "failed",
    "stage": "deploying",
    "description": "The job shared-coral-aws failed.",
    "steps": STEPS,
    "error": {"type": "urn:x", "title": "The job shared-coral-aws failed.", "status": 409, "errors": [{"job": "shared-coral-aws"}]},
}
FOLDER = "config/clusters/shared"
PLAN = {
    "digest": "d",
    "redeploys": [
        {"cluster": "shared", "hub": "aurora", "why": "x", "staging": False},
        {"cluster": "shared", "hub": "coral", "why": "x", "staging": False},
        {"cluster": "shared", "hub": "lagoon", "why": "x", "staging": False},
    ],
    "files": [
        {"path": f"{FOLDER}/cluster.yaml", "diff": " - name: coral"},
        {"path": f"{FOLDER}/aurora.values.yaml", "diff": "+a: 1", "summary": "More memory."},
    ],
    "warnings": [
        {"pointer": "", "code": "shared-file", "detail": "common.values.yaml also belongs to these hubs: coral, lagoon."},
        {"pointer": "/x", "code": "notice", "detail": "Three weeks are usual."},
    ],
    "checks": [
        {
            "name": "Schema",
            "status": "warn",
            "details": [
                f"{FOLDER}/aurora.values.yaml:3: a: wrong",
                f"{FOLDER}/coral.values.yaml:3: a: wrong",
                f"{FOLDER}/unknown.values.yaml:3: a: wrong",
                "Two are alike.",
            ],
        }
    ],
}


@pytest.fixture
def planned(community):
    """A request of a community whose cluster another one shares."""
    shared = ClusterFactory(name="shared")
    hub = HubFactory(community=community, cluster=shared, name="aurora", display_name="Aurora", domain="aurora.hubs.example")
    for name in ("coral", "aurora-coral"):
        HubFactory(cluster=shared, name=name, display_name=name.title(), domain=f"{name}.hubs.example")
    HubFactory(cluster=shared, name="staging", community=None, display_name="Staging")
    return HubRequestFactory(community=community, kind="change", hub=hub, plan=PLAN, deployment=DEPLOYMENT)


def test_a_community_reads_the_steps_of_its_own_hubs_and_of_staging(planned):
    titles = ["An engineer merges it", "Try it on staging", "Deploy aurora"]
    assert [step.title for step in following.steps(planned)[3:]] == titles
    assert [step.title for step in following.work_steps(planned)[3:]] == [*titles, "Deploy coral", "Deploy aurora-coral"]


def test_a_staging_hub_of_another_community_is_a_neighbour_too(planned):
    HubFactory(cluster__name="elsewhere", name="x")
    HubFactory(cluster=planned.hub.cluster, name="coral-staging", display_name="C", domain="c.example")
    assert Readers.of(planned, neighbours.known()).names_others("Try it on coral-staging")


def test_a_plan_as_its_community_reads_it(planned):
    told = Readers.of(planned, neighbours.known()).plan(PLAN)
    assert told == {
        "digest": "d",
        "redeploys": [
            PLAN["redeploys"][0],
            {"cluster": "shared", "hub": "", "why": "Other hubs on the same machines.", "staging": False},
        ],
        "files": [{"path": f"{FOLDER}/cluster.yaml", "diff": ""}, PLAN["files"][1]],
        "warnings": [PLAN["warnings"][0] | {"detail": "Other hubs on the same machines change with it."}, PLAN["warnings"][1]],
        "checks": [PLAN["checks"][0] | {"details": [f"{FOLDER}/aurora.values.yaml:3: a: wrong", "Two are alike."]}],
    }


def test_a_deployment_as_its_community_reads_it(planned):
    words = str(stages.STATES["failed"])
    told = Readers.of(planned, neighbours.known()).deployment(DEPLOYMENT)
    assert told == DEPLOYMENT | {
        "description": words,
        "steps": STEPS[:3],
        "error": {"type": "urn:x", "title": words, "status": 409},
    }


def test_nothing_planned_and_nothing_begun_stay_so(community):
    readers = Readers.of(HubRequestFactory(community=community), neighbours.known())
    assert (readers.plan({}), readers.deployment({}), readers.names_others("anything")) == ({}, {}, False)


def test_members_read_over_the_api_what_staff_read_whole(client, planned, representative, engineer):
    address = f"/api/v1/hub-requests/{planned.reference}/"
    for person, is_told in ((representative, False), (engineer, True)):
        client.force_login(person.user)
        found = client.get(address).json()
        assert ("coral" in str(found["plan"]), "coral" in str(found["deployment"])) == (is_told, is_told)


def test_a_list_of_requests_reads_the_hubs_once(client, planned, representative, django_assert_max_num_queries):
    HubRequestFactory(community=planned.community, kind="event", plan=PLAN, deployment=DEPLOYMENT)
    client.force_login(representative.user)
    with django_assert_max_num_queries(30) as queries:
        client.get("/api/v1/hub-requests/")
    assert sum('ORDER BY "hubs_hub"."id"' in query["sql"] for query in queries.captured_queries) == 1


@pytest.mark.parametrize(
    ("stage", "state", "words"),
    [
        ("waiting-for-merge", "waiting", "The change is ready. An engineer looks at it once more and lets it through."),
        ("of-its-own", "deploying", "The change is being carried out."),
        ("of-its-own", "waiting", "It waits for somebody to do something by hand."),
    ],
)
def test_a_community_is_told_by_stage_and_an_engineer_in_the_deployers_words(planned, stage, state, words):
    planned.stage, planned.state, planned.deployment = stage, state, {"description": "The pull request is approved on GitHub."}
    assert (following.sentence(planned), following.work_sentence(planned)) == (words, "The pull request is approved on GitHub.")


def test_what_the_deployer_said_is_no_note_for_the_community(planned):
    planned.history.create(before="approved", after="deploying", actor_role="system", at=planned.created_at, note="GitHub checks it.")
    planned.history.create(before="planned", after="rejected", actor_role="engineer", at=planned.created_at, note="Too much.")
    assert {event.note for event in following.events(planned)} == {"", "Too much."}
    assert {event.note for event in following.work_events(planned)} == {"GitHub checks it.", "Too much."}
