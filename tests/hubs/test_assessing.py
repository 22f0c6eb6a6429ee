"""What another hub of a community means, recorded before it can be approved."""

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient
from wagtail.models import ModelLogEntry

from communities.roles import Role, StaffGroup
from ground.states import WrongState
from hubs import access, assessing, prefill, requests
from hubs.assessing import Findings
from hubs.documents import HubFacts
from hubs.forms import StartForm
from hubs.models import Assessment, HubRequest, lacks_assessment, needs_assessment
from hubs.states import Kind, RequestState
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.documents import change, event, new_hub
from tests.hubs.factories import HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db

FINDINGS = Findings(covered="ask", load="medium", load_note="A second sign-in", monthly_cost=12_050, currency="EUR", paid_by="community")
TYPED = {"covered": "ask", "load": "medium", "load_note": "A second sign-in", "cost": "120.50", "currency": "EUR", "paid_by": "community"}
DIGEST = "sha256:1"


@pytest.fixture
def guide():
    return staff(StaffGroup.COMMUNITY_GUIDE, name="Gil")


def planned(community, document=None, kind="new-hub"):
    return HubRequestFactory(
        community=community, kind=kind, document=document or new_hub(), state="planned", plan={"checks": []}, plan_digest=DIGEST, revision=1
    )


def browser(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("kind", "document", "needs"),
    [
        ("new-hub", new_hub(), True),
        ("event", event(), False),
        ("event", {"kind": "event", "new_hub": {"name": "workshop"}}, True),
        ("change", change(), False),
    ],
)
def test_what_asks_for_another_hub_needs_an_assessment(community, kind, document, needs):
    request = planned(community, document, kind)
    assert needs_assessment(request) is False
    ended = HubFactory(community=community, state="ended")
    assert needs_assessment(request) is False
    HubFactory(cluster=ended.cluster, community=community)
    assert (needs_assessment(request), lacks_assessment(request)) == (needs, needs)


def test_the_first_hub_is_approved_without_one(community, engineer):
    HubFactory(community=CommunityFactory())
    assert requests.approve(planned(community), plan_digest=DIGEST, by=engineer).state == RequestState.APPROVED


def test_another_hub_is_approved_once_it_is_assessed(community, engineer, guide):
    HubFactory(community=community)
    request = planned(community)
    with pytest.raises(requests.Unassessed):
        requests.approve(request, plan_digest=DIGEST, by=engineer)
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (RequestState.PLANNED, None)
    assessing.record(request, FINDINGS, by=acting(guide))
    assert requests.approve(request, plan_digest=DIGEST, by=engineer).state == RequestState.APPROVED


def test_record_writes_over_the_earlier_one_and_the_log_keeps_both(community, engineer, guide):
    HubFactory(community=community)
    request = planned(community)
    assessing.record(request, FINDINGS, by=engineer)
    second = assessing.record(request, Findings("yes", "small", 1500, "JPY", "funder"), by=acting(guide))
    assert Assessment.objects.get() == second
    assert (second.recorded_by, second.amount, second.load_note) == (guide, Decimal(1500), "")
    logged = ModelLogEntry.objects.filter(action="hubs.assess").order_by("pk")
    assert [(entry.data["by"], entry.data["monthly_cost"]) for entry in logged] == [("Eve", 12_050), ("Gil", 1500)]


@pytest.mark.parametrize("state", ["approved", "succeeded"])
def test_record_after_the_approval_is_refused(community, engineer, state):
    HubFactory(community=community)
    request = planned(community)
    HubRequest.objects.update(state=state, approved_by=engineer.user, approved_at="2027-01-01T00:00:00Z")
    with pytest.raises(WrongState):
        assessing.record(request, FINDINGS, by=engineer)


def test_record_where_nothing_is_to_be_assessed_is_refused(community, engineer):
    with pytest.raises(WrongState):
        assessing.record(planned(community), FINDINGS, by=engineer)


def test_a_guide_records_it_on_the_review_page(community, guide):
    HubFactory(community=community, display_name="Aurora One")
    request = planned(community)
    review, assess = (reverse(f"hubs:{name}", args=[request.reference]) for name in ("review", "assess"))
    page = browser(guide).get(review).content.decode()
    assert "Nobody has recorded it yet." in page
    assert "Aurora One" in page
    assert "Approve this plan" not in page
    assert browser(guide).post(assess, TYPED).status_code == 302
    kept = Assessment.objects.get()
    assert (kept.covered, kept.load, kept.load_note, kept.monthly_cost, kept.currency, kept.paid_by) == (
        "ask",
        "medium",
        "A second sign-in",
        12_050,
        "EUR",
        "community",
    )
    assert "120.50 EUR" in browser(guide).get(review).content.decode()


@pytest.mark.parametrize(
    ("name", "value"), [("covered", "perhaps"), ("cost", "-1"), ("cost", "dear"), ("currency", "euro"), ("paid_by", "")]
)
def test_a_finding_that_cannot_be_read_keeps_the_words(community, guide, name, value):
    HubFactory(community=community)
    request = planned(community)
    response = browser(guide).post(reverse("hubs:assess", args=[request.reference]), TYPED | {name: value})
    assert response.status_code == 422
    assert "A second sign-in" in response.content.decode()
    assert not Assessment.objects.exists()


def test_approving_on_the_page_says_what_comes_first(community, engineer):
    HubFactory(community=community)
    request = planned(community)
    response = browser(engineer.user).post(reverse("hubs:approve", args=[request.reference]), {"plan_digest": DIGEST})
    assert response.status_code == 409
    assert "First record what another one means, then approve." in response.content.decode()


def test_the_api_tells_it_to_staff_alone_and_approves_only_after_it(community, engineer):
    HubFactory(community=community)
    request = planned(community)
    engineers, members = APIClient(), APIClient()
    engineers.force_authenticate(engineer.user)
    members.force_authenticate(member(community, Role.REPRESENTATIVE))
    approve = f"/api/v1/hub-requests/{request.reference}/approve/"
    refused = engineers.post(approve, {"plan_digest": DIGEST}, format="json")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:hubdesk:problem:unassessed")
    assessing.record(request, FINDINGS, by=engineer)
    told = engineers.get(f"/api/v1/hub-requests/{request.reference}/").json()["assessment"]
    assert (told["monthly_cost"], told["currency"], told["recorded_by"]) == (12_050, "EUR", "Eve")
    assert members.get(f"/api/v1/hub-requests/{request.reference}/").json()["assessment"] is None
    assert engineers.post(approve, {"plan_digest": DIGEST, "not_before": "2027-03-01T08:00:00Z"}, format="json").status_code == 200
    request.refresh_from_db()
    assert request.not_before.isoformat() == "2027-03-01T08:00:00+00:00"


def test_the_engineers_list_is_downloaded_with_it(community, engineer):
    HubFactory(community=community)
    assessing.record(planned(community), FINDINGS, by=engineer)
    HubRequestFactory()
    response = browser(engineer.user).get(reverse("hubs:queue"), {"download": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert sorted((row["Cost a month"], row["Currency"], row["Who pays"]) for row in rows) == [
        ("", "", ""),
        ("120.50", "EUR", "The community does"),
    ]


def test_who_sees_an_assessment_is_the_same_by_row_and_by_query(community, engineer):
    HubFactory(community=community)
    kept = assessing.record(planned(community), FINDINGS, by=engineer)
    everybody = [member(community, role) for role in Role] + [staff(group) for group in StaffGroup]
    for actor in map(acting, everybody):
        assert access.can_see_assessment(actor, kept) == Assessment.objects.visible_to(actor).filter(pk=kept.pk).exists()


def test_a_hub_that_is_gone_is_neither_offered_nor_counted():
    community = CommunityFactory()
    gone, here = HubFactory(community=community, gone_at=timezone.now()), HubFactory(community=community)
    facts = HubFacts(kind=Kind.CHANGE)
    assert (prefill.hub_meant(community, facts), list(StartForm(community=community, kind="change").fields["hub"].queryset)) == (
        here,
        [here],
    )
    here.delete()
    request = HubRequestFactory(community=community, kind=Kind.NEW_HUB)
    assert (prefill.hub_meant(community, facts), needs_assessment(request)) == (None, False)
    assert StartForm(community=community, kind="change").lacks_a_hub
    gone.gone_at = None
    gone.save()
    assert needs_assessment(request)
