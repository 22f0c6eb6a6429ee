import pytest
from django.urls import reverse
from django.utils import timezone

from communities.models import User
from communities.roles import Role, StaffGroup
from ground.states import WrongState
from hubs import requests
from hubs.documents import HubFacts
from onboarding import plans, progress
from onboarding.models import Item
from onboarding.readiness import Standing
from onboarding.states import ItemState
from tests.factories import CommunityFactory, acting, member, staff
from tests.onboarding.ready import agreed, hub_made
from tests.onboarding.review_factories import rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(website="https://a.example.org", country="PE", description="Glaciers")


@pytest.fixture
def guide():
    return staff(StaffGroup.COMMUNITY_GUIDE)


@pytest.fixture
def plan(community, guide):
    rubric()
    return plans.open_plan(community, by=acting(guide))


def standing(plan, key):
    return next(found for found in progress.standings_of(plan) if found.phase.key == key)


def item(plan, key):
    return Item.objects.get(phase__plan=plan, key=key)


def test_open_plan_takes_every_phase_and_item_of_the_template(plan):
    assert list(plan.phases.values_list("key", flat=True))[:2] == ["p0_agree", "p0_needs"]
    assert plan.phases.count() == 14
    assert plan.phases.get(key="p0_agree").ready_at is not None
    assert plan.phases.get(key="p0_needs").ready_at is None
    assert item(plan, "matrix_signed").is_computed


def test_settle_keeps_who_and_when_and_finishes_the_phase(plan, guide):
    hub_made(agreed(plan))
    phase = plan.phases.get(key="p0_needs")
    for row in phase.items.all():
        plans.settle(row, by=acting(guide), note="seen")
    row = phase.items.first()
    assert (row.state, row.settled_by, row.note) == (ItemState.DONE, guide, "seen")
    assert standing(plan, "p0_needs").standing == Standing.DONE


def test_settle_of_what_is_looked_up_is_refused(plan, guide):
    with pytest.raises(plans.NotTicked):
        plans.settle(item(plan, "matrix_signed"), by=acting(guide))


def test_settle_before_the_phase_has_begun_is_refused(plan, guide):
    with pytest.raises(plans.NotTicked):
        plans.settle(item(plan, "notes_reviewed"), by=acting(guide))
    assert item(plan, "notes_reviewed").state == ItemState.TODO


def test_unsettle_once_the_phase_waits_for_another_again_is_refused(plan, guide):
    agreed(plan)
    plans.settle(item(plan, "notes_reviewed"), by=acting(guide))
    plans.unsettle(item(plan, "contacts_in_freshdesk"), by=acting(guide))
    with pytest.raises(plans.NotTicked):
        plans.unsettle(item(plan, "notes_reviewed"), by=acting(guide))
    assert item(plan, "notes_reviewed").state == ItemState.DONE


def test_settle_twice_is_refused(plan, guide):
    plans.settle(item(plan, "contacts_in_freshdesk"), by=acting(guide))
    with pytest.raises(WrongState):
        plans.settle(item(plan, "contacts_in_freshdesk"), by=acting(guide))


def test_unsettle_puts_it_back(plan, guide):
    row = plans.settle(item(plan, "contacts_in_freshdesk"), by=acting(guide))
    plans.unsettle(row, by=acting(guide))
    row.refresh_from_db()
    assert (row.state, row.settled_by, row.settled_at) == (ItemState.TODO, None, None)


def test_facts_of_the_community_settle_computed_items(plan, community):
    settled = {each.key: each.settled for each in standing(plan, "p0_agree").phase.items}
    assert settled["record_complete"]
    person = member(community, Role.REPRESENTATIVE)
    assert not {each.key: each.settled for each in standing(plan, "p0_agree").phase.items}["representatives_known"]
    User.objects.filter(pk=person.pk).update(last_login=timezone.now())
    assert {each.key: each.settled for each in standing(plan, "p0_agree").phase.items}["representatives_known"]


def test_phase_waits_for_answers_the_hub_request_lacks(plan, community, guide):
    for row in Item.objects.filter(phase__plan=plan, phase__key="p0_agree", check_name=""):
        plans.settle(row, by=acting(guide))
    requests.draft(community, facts=HubFacts(values={"/hubs/0/name": "glaciers"}), by=acting(guide))
    account = standing(plan, "p1_account")
    assert account.standing == Standing.NEXT
    labels = {answer.supplier for found in progress.standings_of(plan) for answer in found.missing}
    assert labels <= {"community", "provider"}
    assert standing(plan, "p3_1_initial").missing


def test_hub_on_a_shared_cluster_needs_no_account_and_no_cluster(plan, community, guide):
    requests.draft(community, facts=HubFacts(values={"/cluster": "shared"}), by=acting(guide))
    assert standing(plan, "p1_account").standing == Standing.NOT_NEEDED
    assert standing(plan, "p2_cluster").standing == Standing.NOT_NEEDED


# the page


@pytest.fixture
def browser(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def test_page_shows_a_representative_what_is_next_and_who_holds_it(plan, community, guide, browser):
    representative = member(community, Role.REPRESENTATIVE)
    request = requests.draft(community, facts=HubFacts(), by=acting(guide))
    page = browser(representative).get(reverse("onboarding:plan", args=[community.slug])).content.decode()
    assert "Held by our partnerships team." in page
    assert "Responsibility matrix signed by both sides" in page
    assert request.get_absolute_url() in page


def test_page_without_a_plan_says_so(community, browser):
    page = browser(member(community)).get(reverse("onboarding:plan", args=[community.slug]))
    assert b"No plan yet" in page.content


def test_representative_settles_the_communitys_items_alone(plan, community, browser):
    agreed(plan)
    client = browser(member(community, Role.REPRESENTATIVE))
    ours, theirs = item(plan, "notes_reviewed"), item(plan, "environment_confirmed")
    assert client.post(reverse("onboarding:settle_item", args=[community.slug, ours.pk])).status_code == 404
    assert client.post(reverse("onboarding:settle_item", args=[community.slug, theirs.pk])).status_code == 302
    assert (Item.objects.get(pk=ours.pk).state, Item.objects.get(pk=theirs.pk).state) == (ItemState.TODO, ItemState.DONE)


def test_item_of_a_phase_that_has_not_begun_is_refused_in_words(plan, community, browser):
    row = item(plan, "environment_confirmed")
    page = browser(member(community, Role.HUB_CHAMPION)).post(reverse("onboarding:settle_item", args=[community.slug, row.pk]), follow=True)
    row.refresh_from_db()
    assert (row.state, b"This phase has not begun yet." in page.content) == (ItemState.TODO, True)


def test_item_of_another_community_is_not_found(plan, guide, browser):
    other = CommunityFactory()
    client = browser(member(other, Role.REPRESENTATIVE))
    assert client.post(reverse("onboarding:settle_item", args=[other.slug, item(plan, "environment_confirmed").pk])).status_code == 404
