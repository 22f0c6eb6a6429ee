"""Answers given elsewhere that change after a request was sent."""

import pytest
from django.urls import reverse

from communities import people
from communities.models import Community
from communities.roles import Role, StaffGroup
from ground.states import WrongState
from hubs import drifting, requests, tasks
from hubs.documents import HubFacts
from hubs.models import HubRequest
from hubs.states import RequestState
from tests.factories import CommunityFactory, member, staff
from tests.hubs.documents import event, new_hub
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db

NAME = "/hubs/0/homepage/org/name"
WEBSITE = "/hubs/0/homepage/org/url"


def sent(community, by, document=None, **fields):
    return requests.submit(HubRequestFactory(community=community, document=document or new_hub(), **fields), by=by)


def planned(community, by):
    request = sent(community, by)
    HubRequest.objects.filter(pk=request.pk).update(state="planned", plan={"checks": []}, plan_digest="sha256:1")
    request.refresh_from_db()
    return request


def drift_of(request):
    request.refresh_from_db()
    return [(row["pointer"], row["source"], row["before"], row["after"]) for row in request.drift]


def test_what_already_differed_when_it_was_sent_is_no_drift(community, representative):
    request = sent(community, representative)
    assert drifting.look_again() == 0
    assert drift_of(request) == []


def test_a_new_name_and_website_of_the_community_are_noticed_once(community, representative):
    request = sent(community, representative)
    Community.objects.update(name="Aurora Network", website="https://network.example.org")
    assert (drifting.look_again(), drifting.look_again()) == (1, 0)
    assert drift_of(request) == [
        (NAME, "record", "Aurora Institute", "Aurora Network"),
        (WEBSITE, "record", "https://aurora.example", "https://network.example.org"),
    ]


def test_every_hub_of_a_request_drifts(community, representative):
    document = new_hub()
    document["hubs"].append(document["hubs"][0] | {"name": "staging", "display_name": "Staging", "domain": "staging.example.org"})
    request = sent(community, representative, document)
    Community.objects.update(name="Aurora Network")
    drifting.look_again([community.pk])
    assert [pointer for pointer, *_rest in drift_of(request)] == [NAME, "/hubs/1/homepage/org/name"]


def test_other_technical_contacts_are_noticed(community, representative, engineer):
    request = sent(community, representative)
    people.invite(community, email="lee@aurora.example", name="Lee", role=Role.TECHNICAL_CONTACT, by=engineer)
    tasks.look_for_drift()
    assert drift_of(request) == [("/technical_contacts", "record", None, [{"name": "Lee", "email": "lee@aurora.example"}])]


def test_a_change_taken_back_is_no_drift_any_more(community, representative):
    request = sent(community, representative)
    Community.objects.update(name="Aurora Network")
    drifting.look_again()
    Community.objects.update(name="Aurora")
    drifting.look_again()
    assert drift_of(request) == []


def test_what_the_request_says_already_is_no_drift(community, representative):
    request = sent(community, representative)
    Community.objects.update(name="Aurora Institute")
    drifting.look_again()
    assert drift_of(request) == []


def test_an_event_hears_of_its_time_zone_alone(community, representative):
    request = sent(community, representative, event() | {"cluster": "shared"}, kind="event")
    Community.objects.update(name="Aurora Network", timezone="America/Lima")
    drifting.look_again()
    assert drift_of(request) == [("/event/timezone", "record", "America/Bogota", "America/Lima")]


@pytest.mark.parametrize("state", ["draft", "rejected", "succeeded"])
def test_before_sending_and_after_the_end_nothing_drifts(community, representative, state):
    request = sent(community, representative)
    done = {"approved_by": representative.user, "approved_at": request.submitted_at, "plan_digest": "sha256:1", "reason": "No"}
    HubRequest.objects.update(state=state, **done)
    Community.objects.update(name="Aurora Network")
    drifting.look_again()
    assert drift_of(request) == []


def test_what_the_application_said_first_is_where_its_changes_are_counted_from(community, representative):
    said = {"/hubs/0/environment/dask_gateway": False, NAME: "Aurora Institute"}
    request = requests.draft(community, facts=HubFacts(values=said, source=drifting.INTAKE), by=representative)
    HubRequest.objects.update(state="submitted", document=new_hub())
    drifting.hear({community.pk: said | {"/hubs/0/environment/dask_gateway": True}}, source=drifting.INTAKE)
    assert drift_of(request) == [("/hubs/0/environment/dask_gateway", "intake", None, True)]
    drifting.look_again()
    assert drift_of(request) == [("/hubs/0/environment/dask_gateway", "intake", None, True)]


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_costs_the_same_for_more_requests(representative, rows, django_assert_num_queries):
    for number in range(rows):
        community = CommunityFactory()
        sent(community, representative)
        Community.objects.filter(pk=community.pk).update(name=f"New name {number}")
    with django_assert_num_queries(6):  # a savepoint and its end, requests, records, contacts, one update
        assert drifting.look_again() == rows


def test_take_answer_puts_it_in_and_has_the_plan_made_again(community, representative, engineer):
    request = planned(community, representative)
    Community.objects.update(name="Aurora Network")
    drifting.look_again()
    taken = requests.take_answer(request, pointer=NAME, source="record", by=engineer)
    assert (taken.state, taken.plan_digest, taken.drift) == (RequestState.SUBMITTED, "", [])
    assert taken.document["hubs"][0]["homepage"]["org"]["name"] == "Aurora Network"
    drifting.look_again()
    assert drift_of(request) == []


def test_an_answer_too_long_to_take_is_refused_in_words(client, community, representative, engineer):
    request = planned(community, representative)
    Community.objects.update(name="Aurora Network")
    drifting.look_again()
    request.refresh_from_db()
    request.drift = [row | {"after": "x" * 61_000} for row in request.drift]
    request.save()
    client.force_login(engineer.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/hubs/requests/{request.reference}/take-answer/", {"pointer": NAME, "source": "record"})
    assert (answer.status_code, "This is more than a request can hold." in answer.content.decode()) == (422, True)


def test_leave_answer_changes_nothing_and_asks_no_more(community, representative, engineer):
    request = planned(community, representative)
    Community.objects.update(name="Aurora Network")
    drifting.look_again()
    left = requests.leave_answer(request, pointer=NAME, source="record", by=engineer)
    assert (left.state, left.plan_digest, left.drift, left.document) == (RequestState.PLANNED, "sha256:1", [], new_hub())
    drifting.look_again()
    assert drift_of(request) == []
    Community.objects.update(name="Aurora Once More")
    drifting.look_again()
    assert [row[3] for row in drift_of(request)] == ["Aurora Once More"]


def test_an_answer_that_did_not_change_is_neither_taken_nor_left(community, representative, engineer):
    request = planned(community, representative)
    for decide in (requests.take_answer, requests.leave_answer):
        with pytest.raises(KeyError):
            decide(request, pointer=NAME, source="record", by=engineer)


def test_while_it_is_carried_out_an_answer_can_only_be_left(community, representative, engineer):
    request = planned(community, representative)
    HubRequest.objects.update(state="deploying", approved_by=engineer.user, approved_at=request.submitted_at)
    Community.objects.update(name="Aurora Network")
    drifting.look_again()
    with pytest.raises(WrongState):
        requests.take_answer(request, pointer=NAME, source="record", by=engineer)
    assert len(drift_of(request)) == 1
    assert requests.leave_answer(request, pointer=NAME, source="record", by=engineer).drift == []


def test_the_engineers_page_shows_both_and_takes_one(client, community, representative):
    client.force_login(staff(StaffGroup.ENGINEER), backend="django.contrib.auth.backends.ModelBackend")
    request = planned(community, representative)
    Community.objects.update(name="<b>Aurora</b> Network")
    drifting.look_again()
    assert "answers changed" in client.get(reverse("hubs:queue")).content.decode()
    page = client.get(reverse("hubs:review", args=[request.reference])).content.decode()
    assert "Aurora Institute" in page
    assert "&lt;b&gt;Aurora&lt;/b&gt; Network" in page
    take = reverse("hubs:take_answer", args=[request.reference])
    assert client.post(take, {"pointer": NAME, "source": "record"}).status_code == 302
    assert client.post(take, {"pointer": NAME, "source": "record"}).status_code == 409
    assert client.post(take, {"pointer": NAME}).status_code == 422
    leave = reverse("hubs:leave_answer", args=[request.reference])
    assert client.post(leave, {"pointer": NAME, "source": "record"}).status_code == 409


def test_members_change_nothing_here(client, community, representative):
    request = planned(community, representative)
    client.force_login(member(community, Role.REPRESENTATIVE), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("hubs:take_answer", args=[request.reference]), {"pointer": NAME, "source": "record"}).status_code == 404
