"""What the circumstances of an event say of it: a test a rule and an edge, then from the rows."""

from datetime import UTC, date, datetime

import pytest

from communities.models import ServicePolicy
from communities.quiet import Quiet
from hubs import calendar, deployment, occasions, requests, schema
from hubs.models import Hub, HubRequest
from hubs.schema import Circumstances, OtherEvent
from tests.factories import CommunityFactory, UserFactory
from tests.hubs import documents
from tests.hubs.documents import EVENT, event, new_hub
from tests.hubs.factories import ClusterFactory, HubFactory, HubRequestFactory

TODAY = date(2027, 1, 4)
BREAK = Quiet(date(2027, 3, 12), date(2027, 3, 20), "Winter break")


def said(around, **facts):
    return [(found.pointer, found.code) for found in schema.cautions(event(**facts), around)]


def other(start, end, attendees=20):
    return OtherEvent(datetime.fromisoformat(start), datetime.fromisoformat(end), attendees)


@pytest.mark.parametrize(
    ("around", "facts", "expected"),
    [
        (Circumstances(), {}, []),
        (Circumstances(quiet=[BREAK]), {}, [("/event/starts_at", "quiet-period")]),
        (Circumstances(quiet=[Quiet(date(2027, 3, 13), date(2027, 3, 20))]), {}, []),
        (Circumstances(largest=60), {}, []),
        (Circumstances(largest=59), {}, [("/event/attendees", "larger-than-before")]),
        (Circumstances(agreed=60), {}, []),
        (Circumstances(agreed=50), {}, [("/event/attendees", "larger-than-agreed")]),
        (Circumstances(machine_gb=12), {}, []),
        (Circumstances(machine_gb=11.9), {}, [("/event/attendees", "many-machines")]),
        (
            Circumstances(machine_gb=120),
            {"memory_gb_per_attendee": 121},
            [("/event/attendees", "many-machines"), ("/event/memory_gb_per_attendee", "no-such-machine")],
        ),
        (Circumstances(machine_gb=120, choice_gb=4), {"memory_gb_per_attendee": 8}, [("/event/memory_gb_per_attendee", "no-such-choice")]),
        (Circumstances(others=[other("2027-03-12T23:00:00+00:00", "2027-03-13T10:00:00+00:00")]), {}, [("/event/starts_at", "clash")]),
        (Circumstances(others=[other("2027-03-13T00:00:00+00:00", "2027-03-13T10:00:00+00:00")]), {}, []),
        (Circumstances(others=[other("2027-03-01T00:00:00+00:00", "2027-03-08T12:30:00+00:00")]), {}, [("/event/starts_at", "clash")]),
        (Circumstances(others=[other("2027-03-01T00:00:00+00:00", "2027-03-08T12:00:00+00:00")]), {}, []),
    ],
)
def test_what_circumstances_say(around, facts, expected):
    assert said(around, **facts) == expected


def test_sentences_name_the_numbers():
    around = Circumstances(
        quiet=[BREAK], largest=1200, agreed=1, machine_gb=5, others=[other("2027-03-08T10:00:00+00:00", "2027-03-09T10:00:00+00:00")]
    )
    assert [found.detail for found in schema.cautions(event(attendees=1500), around)] == [
        "From 12 March 2027 to 20 March 2027 (Winter break) few of us are there; help may take longer.",
        "The largest event on these machines so far had 1,200 people.",
        "We agreed on up to 1 people; more of them may cost more. We will talk to you about it.",
        "Together that is 3,000 GB of memory, about 600 machines at once. The cloud provider has to allow so many first, which takes days.",
        "Another event is on the same machines then, for up to 20 people.",
    ]


def test_half_an_event_says_nothing_and_breaks_nothing():
    around = Circumstances(
        quiet=[BREAK],
        largest=1,
        agreed=1,
        machine_gb=1,
        choice_gb=1,
        others=[other("2027-03-08T10:00:00+00:00", "2027-03-09T10:00:00+00:00")],
    )
    assert schema.cautions({}, around) == []
    assert schema.cautions({"event": {"starts_at": EVENT["starts_at"]}}, around) == []


@pytest.fixture
def cluster(db):
    return ClusterFactory(name="shared", facts={"machines": ["r5.xlarge", "not-known"], "instance_types": ["r5.xlarge", "r5.4xlarge"]})


@pytest.fixture
def request_row(cluster):
    hub = HubFactory(cluster=cluster, name="staging", facts={"spec": {"memory_gb": [1]}})
    community = CommunityFactory(agreed_people=50)
    ServicePolicy.objects.create(programme=community.programme, event_notice_days=90, quiet_periods="2027-03-08 2027-03-09")
    return HubRequestFactory(community=community, kind="event", hub=hub, document=event())


def happened(state="succeeded", **facts):
    sent = {"submitted_at": datetime(2027, 1, 1, tzinfo=UTC), "reason": "x", "plan_digest": "sha256:1"}
    row = HubRequestFactory.build(
        community=CommunityFactory(), kind="event", document=event(**facts), state=state, **sent, **_approved(state)
    )
    row.follow_document()
    row.save()
    return row


def _approved(state):
    return {"approved_by": UserFactory(), "approved_at": datetime(2027, 1, 1, tzinfo=UTC)} if state == "succeeded" else {}


def test_the_rows_say_what_is_known_around_an_event(request_row):
    happened(attendees=30, starts_at="2026-03-08T09:00:00-05:00", ends_at="2026-03-09T09:00:00-05:00")
    happened("planned", attendees=900)
    happened("cancelled", attendees=900)
    happened("draft", attendees=900)
    found = occasions.cautions(request_row, today=TODAY)
    assert [problem.code for problem in found] == [
        "notice",
        "quiet-period",
        "larger-than-before",
        "larger-than-agreed",
        "no-such-choice",
        "clash",
    ]
    assert found[-1].detail == "Another event is on the same machines then, for up to 900 people."


def test_what_is_not_sound_is_left_to_the_form(request_row):
    broken = event(starts_at="soon", attendees="many", memory_gb_per_attendee=-1)
    assert occasions.cautions(request_row, broken, today=TODAY) == []


def test_other_kinds_hear_the_rules_of_the_schema_alone(cluster):
    row = HubRequestFactory(document=new_hub(name="public-hub"))
    assert [found.code for found in occasions.cautions(row, today=TODAY)] == ["no-quotas"]


def test_staff_see_whose_event_clashes(request_row):
    mine, elsewhere = happened("planned"), happened("planned")
    HubRequest.objects.filter(pk=elsewhere.pk).update(document=event() | {"cluster": "elsewhere"})
    assert occasions.clashing(request_row) == [mine]
    assert occasions.clashing(HubRequestFactory(document=new_hub())) == []


@pytest.mark.parametrize(
    ("times", "state", "is_beside"),
    [
        (("2027-03-12T23:59:00+00:00", "2027-03-13T09:00:00+00:00"), "planned", True),  # machines of ours are still there
        (("2027-03-13T00:00:00+00:00", "2027-03-13T09:00:00+00:00"), "planned", False),
        (("2027-03-08T09:00:00+00:00", "2027-03-09T09:00:00+00:00"), "returned", False),
    ],
)
def test_review_plan_and_calendar_agree_on_what_is_beside(request_row, engineer, times, state, is_beside):
    mine = happened("planned")
    other = happened(state, starts_at=times[0], ends_at=times[1], title="The other")
    assert (other in occasions.clashing(mine)) is is_beside
    assert ("clash" in [found.code for found in occasions.cautions(mine, today=TODAY)]) is is_beside
    entry = calendar.one(engineer, mine.reference)
    assert (entry.beside == ["The other"]) is is_beside


@pytest.mark.parametrize(
    ("machines", "each", "said"),
    [
        (["r5.xlarge"], 30, ["no-such-machine"]),
        (["r5.4xlarge"], 30, ["no-such-choice"]),
        ([], 30, ["no-such-choice"]),
        (["r5.4xlarge"], 16, []),
    ],
)
def test_the_largest_machine_is_one_in_use_and_what_people_get_without_a_choice_counts(request_row, machines, each, said):
    request_row.hub.cluster.facts = {"machines": machines, "instance_types": ["r5.16xlarge"]}
    request_row.hub.cluster.save()
    request_row.hub.facts = {"spec": {"memory_gb": [1], "server": {"memory_gb": 16}}}
    document = event(memory_gb_per_attendee=each, attendees=2)
    codes = [found.code for found in occasions.cautions(request_row, document, today=TODAY)]
    assert [code for code in codes if code.startswith("no-such")] == said


@pytest.mark.parametrize("rows", [1, 3])
def test_circumstances_cost_the_same_with_more_events(request_row, rows, django_assert_num_queries):
    for _row in range(rows):
        happened("planned")
    row = HubRequest.objects.select_related("hub", "community").get(pk=request_row.pk)
    with django_assert_num_queries(3):
        occasions.cautions(row, today=TODAY)


def test_the_plan_carries_what_the_desk_knows_once(repository, community, representative):
    ServicePolicy.objects.create(programme=community.programme, quiet_periods="2027-03-10 2027-03-11")
    Hub.objects.update(community=community)  # whose the staging hub is, for them to ask about
    row = HubRequestFactory(community=community, kind="event", document=event())
    requests.submit(row, by=representative)
    deployment.carry_on(row.pk)
    row.refresh_from_db()
    codes = [warning["code"] for warning in row.plan["warnings"]]
    assert codes.count("quiet-period") == 1
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"op": "set_image", "image": "quay.io/a/b:1"}, ["no-change"]),
        ({"op": "set_image", "image": "quay.io/a/b:2"}, []),
        ({"op": "feature", "feature": "dask_gateway", "enabled": True}, ["no-change"]),
        ({"op": "feature", "feature": "dask_gateway", "enabled": False}, []),
        ({"op": "set_resources", "resources": {"max_memory_gb": 8, "choices": 3}}, []),
        ({"op": "admins", "add": ["ana"]}, []),
        ({"op": "set_image"}, []),
    ],
)
def test_a_change_to_what_is_so_already_is_noticed(cluster, change, codes):
    spec = {"images": ["quay.io/a/b:1"], "features": ["dask_gateway"], "memory_gb": [4, 8], "admins": ["ana"]}
    hub = HubFactory(cluster=cluster, name="staging", facts={"spec": spec})
    row = HubRequestFactory(kind="change", hub=hub, document=documents.change(change))
    assert [(found.pointer, found.code) for found in occasions.cautions(row)] == [("/changes/0/op", code) for code in codes]
