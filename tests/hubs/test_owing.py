"""Who owes what, counted in one place."""

import pytest
from django.urls import reverse

from communities.roles import Role, StaffGroup
from hubs import owing
from hubs.owing import CLOUD, COMMUNITY, US
from tests.factories import member, staff
from tests.hubs.documents import new_hub
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db

PRECONDITIONS = [
    {"key": "cloud-account", "title": "Cloud account “aurora”", "status": "open", "who": "provider", "blocks": "merge"},
    {"key": "oauth-app-aurora", "title": "Sign-in registered", "status": "open", "who": "engineer", "blocks": "deploy"},
    {"key": "dns-cname", "title": "A DNS entry (CNAME) for a.example", "status": "open", "who": "community", "blocks": "deploy"},
    {"key": "home-disk", "title": "A disk", "status": "met", "who": "engineer", "blocks": "merge"},
    {"key": "moon", "title": "The moon is full", "status": "open", "who": "engineer"},
]


def lacking():
    document = new_hub()
    del document["hubs"][0]["homepage"]["funded_by"]
    del document["hubs"][0]["homepage"]["org"]["logo_url"]
    del document["hubs"][0]["domain"]
    return document


@pytest.fixture
def request_row(community):
    plan = {"checks": [], "preconditions": PRECONDITIONS}
    return HubRequestFactory(
        community=community, document=lacking(), unsure=["/hubs/0/domain"], state="planned", plan=plan, plan_digest="sha256:1"
    )


def test_answers_and_things_to_do_are_told_by_phase(request_row):
    told = [(str(phase.title), [(str(debt.title), debt.who) for debt in phase.debts]) for phase in owing.by_phase(owing.debts(request_row))]
    assert told == [
        (
            "The hub itself",
            [
                ("Address of the hub", US),
                ("Address of your logo", COMMUNITY),
                ("Who funds the hub", US),
                ("The funder's website", US),
            ],
        ),
        ("Before the change is made", [("An account for the machines is opened", CLOUD)]),
        ("Before it starts", [("The hub is registered where people sign in", US), ("A DNS entry (CNAME) for a.example", COMMUNITY)]),
        ("Before it is handed over", [("The moon is full", US)]),
    ]


def test_they_are_counted_by_side(request_row):
    assert owing.counted(owing.debts(request_row)) == {COMMUNITY: 2, US: 5, CLOUD: 1}


def test_what_keeps_it_from_being_sent_is_what_the_community_could_say(request_row):
    assert [answer.pointer for answer in owing.owed_by_community(request_row)] == ["/hubs/0/homepage/org/logo_url"]


def test_what_somebody_settled_is_owed_no_more(request_row):
    request_row.orders = [{"do": "settle", "key": "dns-cname", "status": "met"}]
    assert "dns-cname" not in {debt.key for debt in owing.debts(request_row)}


def test_a_phase_nobody_knows_stands_last_by_its_own_name(request_row):
    request_row.plan["preconditions"] = [PRECONDITIONS[0] | {"blocks": "full-moon"}]
    assert owing.by_phase(owing.debts(request_row))[-1].title == "full-moon"


def test_both_pages_show_it(client, request_row, community):
    client.force_login(member(community, Role.HUB_CHAMPION), backend="django.contrib.auth.backends.ModelBackend")
    theirs = client.get(request_row.get_absolute_url()).content.decode()
    assert "Waiting for you" in theirs
    assert "The cloud provider" in theirs
    assert "oauth" not in theirs.lower()
    client.force_login(staff(StaffGroup.ENGINEER), backend="django.contrib.auth.backends.ModelBackend")
    ours = client.get(reverse("hubs:review", args=[request_row.reference])).content.decode()
    assert "Who owes what" in ours
    assert "The community: 2" in ours
