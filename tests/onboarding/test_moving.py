"""Validation, going live, agreements and their renewal: each decider, a test an exit."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from communities import matrix
from communities.models import ServicePolicy, User
from communities.roles import Role, StaffGroup
from communities.states import CommunityState
from ground.models import OutgoingMail
from ground.states import WrongState
from hubs.models import HubRequest
from hubs.states import Kind
from onboarding import asking, ending, launching, plans, renewing, validating
from onboarding.models import Agreement, Ending
from onboarding.readiness import Standing
from onboarding.states import ItemState, Supplier
from tests.factories import acting, member, staff
from tests.hubs.factories import HubFactory
from tests.onboarding.ready import agreed, confirmed, guide, in_validation, item, on_the_way, settle_phase, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def validated():
    return in_validation()


@pytest.fixture
def today():
    return timezone.localdate()


# validation


def test_needs_more_goes_back_with_new_items_and_counts_the_loop(validated):
    by = acting(guide())
    plans.settle(item(validated, "representatives_logged_in"), by=by)
    validating.needs_more(validated, ours=["A larger disk"], theirs=["Name the course"], by=by)
    needs, phase = validated.phases.get(key="p0_needs"), validated.phases.get(key="p4_validate")
    assert [(row.words, row.supplied_by) for row in needs.items.filter(key__startswith="more-")] == [
        ("A larger disk", Supplier.PROVIDER),
        ("Name the course", Supplier.COMMUNITY),
    ]
    assert (needs.loops, needs.done_at, phase.loops) == (1, None, 1)
    assert item(validated, "representatives_logged_in").state == ItemState.TODO
    assert (standing(validated, "p0_needs").standing, standing(validated, "p4_validate").standing) == (Standing.READY, Standing.NEXT)
    settle_phase(validated, "p0_needs")
    assert standing(validated, "p4_validate").standing == Standing.READY


def test_needs_more_a_second_time_goes_on_counting(validated):
    for loop in range(2):
        validating.needs_more(validated, ours=[f"Thing {loop}"], by=acting(guide()))
        settle_phase(validated, "p0_needs")
    assert list(validated.phases.get(key="p0_needs").items.filter(key__startswith="more-").values_list("key", flat=True)) == [
        "more-1",
        "more-2",
    ]
    assert validated.phases.get(key="p4_validate").loops == 2


def test_needs_more_with_a_change_opens_one_for_the_hub_there_is(validated):
    HubFactory(community=validated.community)
    validating.needs_more(validated, ours=["A larger disk"], change=True, by=acting(guide()))
    assert HubRequest.objects.filter(community=validated.community, kind=Kind.CHANGE, state="draft").count() == 1


def test_needs_more_with_a_change_before_there_is_a_hub_opens_none(validated):
    validating.needs_more(validated, ours=["A larger disk"], change=True, by=acting(guide()))
    assert not HubRequest.objects.filter(kind=Kind.CHANGE).exists()


def test_needs_more_of_nothing_is_refused(validated):
    with pytest.raises(validating.NothingToDo):
        validating.needs_more(validated, by=acting(guide()))


def test_needs_more_before_there_is_anything_to_validate_is_refused():
    with pytest.raises(WrongState):
        validating.needs_more(on_the_way(), ours=["Something"], by=acting(guide()))


def test_all_good_is_said_by_each_side_for_itself(validated):
    validating.all_good(validated, by=acting(validated.community.representatives().first()))
    validating.all_good(validated, by=acting(guide()))
    assert (item(validated, "representatives_confirm").state, item(validated, "we_confirm").state) == (ItemState.DONE, ItemState.DONE)
    with pytest.raises(WrongState):
        validating.all_good(validated, by=acting(guide()))


@pytest.mark.parametrize("key", ["representatives_confirm", "we_confirm"])
def test_a_confirmation_is_neither_ticked_nor_put_back(validated, key):
    with pytest.raises(plans.NotTicked):
        plans.settle(item(validated, key), by=acting(guide()))
    for side in (validated.community.representatives().first(), guide()):
        validating.all_good(validated, by=acting(side))
    with pytest.raises(plans.NotTicked):
        plans.unsettle(item(validated, key), by=acting(guide()))
    assert item(validated, key).state == ItemState.DONE


def test_a_confirmation_is_no_button_of_the_list_and_no_address_ticks_it(validated, browser):
    row = item(validated, "representatives_confirm")
    for user in (member(validated.community, Role.HUB_CHAMPION), guide()):
        client, address = browser(user), reverse("onboarding:settle_item", args=[validated.community.slug, row.pk])
        page = client.get(reverse("onboarding:plan", args=[validated.community.slug])).content.decode()
        other = reverse("onboarding:settle_item", args=[validated.community.slug, item(validated, "matches_plan").pk])
        assert (address in page, other in page) == (False, True)
        assert b"Each side says this for itself" in client.post(address, follow=True).content
    row.refresh_from_db()
    assert row.state == ItemState.TODO


def test_a_confirmation_is_not_asked_by_a_link_nor_answered_for_the_community(validated, browser):
    row, other = item(validated, "representatives_confirm"), item(validated, "matches_plan")
    contact = member(validated.community, Role.TECHNICAL_CONTACT)
    assert ([each.key for each in asking.items_owed(validated)].count(row.key), other in asking.items_owed(validated)) == (0, True)
    with pytest.raises(asking.NotTheirs):
        asking.ask(validated, items=[row], to=contact, by=acting(guide()))
    sent = asking.ask(validated, items=[other], to=contact, by=acting(guide()))
    sent.items.add(row)
    assert asking.items_asked(sent) == [other]
    asking.answer(sent, asking.Reply(items=[row.pk, other.pk]), request=None)
    row.refresh_from_db(), other.refresh_from_db()
    assert (row.state, other.state) == (ItemState.TODO, ItemState.DONE)


def test_all_good_before_validation_is_refused():
    with pytest.raises(WrongState):
        validating.all_good(on_the_way(), by=acting(guide()))


# going live


def launched(plan):
    settle_phase(plan, "p4_validate", "p5_launch")
    return plan


def test_go_live_moves_the_community_and_dates_the_first_check_in(validated, today):
    community = launching.go_live(launched(validated), check_in_on=today + timedelta(days=30), by=acting(guide()))
    validated.refresh_from_db()
    assert (community.state, validated.check_in_on, validated.live_at is not None) == (
        CommunityState.LIVE,
        today + timedelta(days=30),
        True,
    )
    assert standing(validated, "p5_launch").standing == Standing.DONE


def test_go_live_is_refused_with_what_is_missing_and_nothing_changes(validated, today):
    with pytest.raises(launching.NotReady) as refused:
        launching.go_live(validated, check_in_on=today + timedelta(days=30), by=acting(guide()))
    validated.refresh_from_db()
    assert [words.split(" is not done")[0] for words in refused.value.missing] == ["“Validation”", "“Launch and training”"]
    assert (validated.live_at, validated.community.state) == (None, CommunityState.ONBOARDING)


def test_go_live_is_refused_while_the_responsibilities_are_open_again(validated, today):
    validated.community.matrices.update(state="replaced")
    with pytest.raises(launching.NotReady) as refused:
        launching.go_live(launched(validated), check_in_on=today + timedelta(days=30), by=acting(guide()))
    assert "The responsibilities are not agreed by both sides." in refused.value.missing


def test_go_live_needs_a_check_in_still_to_come(validated, today):
    with pytest.raises(launching.NotReady):
        launching.go_live(launched(validated), check_in_on=today, by=acting(guide()))


def test_go_live_twice_is_refused(validated, today):
    for refuses in (False, True):
        if refuses:
            with pytest.raises(WrongState):
                launching.go_live(validated, check_in_on=today + timedelta(days=30), by=acting(guide()))
        else:
            launching.go_live(launched(validated), check_in_on=today + timedelta(days=30), by=acting(guide()))


# agreements


def with_agreement(days_left, today):
    plan = agreed(on_the_way())
    Agreement.objects.update(starts_on=today - timedelta(days=300), ends_on=today + timedelta(days=days_left))
    return plan, Agreement.objects.get()


def test_record_without_an_end_lasts_as_the_policy_says(today):
    plan = on_the_way()
    ServicePolicy.objects.update_or_create(programme=plan.community.programme, defaults={"agreement_days": 100})
    row = renewing.record(plan.community, starts_on=today, signed_note="Signed", by=acting(guide()))
    assert (row.number, row.ends_on) == (1, today + timedelta(days=100))
    assert {each.key: each.settled for each in standing(plan, "p0_agree").phase.items}["agreement_recorded"]


def test_renewal_begins_sixty_days_before_the_end_and_once(today):
    plan, row = with_agreement(60, today)
    for _time in range(2):
        renewing.begin_due(today)
    row.refresh_from_db()
    mails = OutgoingMail.objects.filter(kind="onboarding/renewal.txt")
    guides = {user.email for user in staff_guides()}
    assert row.renewal_started_at is not None
    assert {mail.to[0] for mail in mails} == guides | {plan.community.representatives().get().email}
    assert mails.count() == len(guides) + 1
    assert standing(plan, "r_renew").standing == Standing.READY
    assert plan.phases.get(key="r_renew").ready_at is not None


def staff_guides():
    return User.objects.filter(groups__name=StaffGroup.COMMUNITY_GUIDE.value)


def test_renewal_does_not_begin_before_its_day(today):
    plan, _row = with_agreement(61, today)
    assert renewing.begin_due(today) == 0
    assert standing(plan, "r_renew").standing == Standing.NEXT


def test_renewing_writes_the_next_agreement_and_settles_the_item(today):
    plan, row = with_agreement(30, today)
    renewing.begin_due(today)
    following = renewing.decide(row, outcome=Agreement.Outcome.RENEWED, note="Signed again", by=acting(guide()))
    assert (following.number, following.starts_on) == (2, row.ends_on + timedelta(days=1))
    settled = {each.key: each.settled for each in standing(plan, "r_renew").phase.items}
    assert (settled["renewal_recorded"], settled["usage_reviewed"]) == (True, False)


def test_a_newer_agreed_matrix_settles_its_review_and_so_does_a_person(today):
    plan, _row = with_agreement(30, today)
    renewing.begin_due(today)
    assert not {each.key: each.settled for each in standing(plan, "r_renew").phase.items}["matrix_reviewed"]
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        by, representative = acting(guide()), acting(plan.community.representatives().first())
        again = matrix.propose(matrix.draft(plan.community, by=by), by=by)
        again.rows.filter(party="unset").update(party="shared")
        matrix.agree(again, by=by)
        matrix.agree(again, by=representative)
    assert {each.key: each.settled for each in standing(plan, "r_renew").phase.items}["matrix_reviewed"]
    plans.settle(item(plan, "matrix_reviewed"), by=representative)


def test_the_next_renewal_begins_its_phase_again(today):
    plan, row = with_agreement(30, today)
    renewing.begin_due(today)
    settle_phase(plan, "r_renew")
    renewing.decide(row, outcome=Agreement.Outcome.CHANGED, note="Two hubs now", ends_on=today + timedelta(days=400), by=acting(guide()))
    assert standing(plan, "r_renew").standing == Standing.DONE
    assert renewing.begin_due(today + timedelta(days=350)) == 1
    phase = plan.phases.get(key="r_renew")
    assert (standing(plan, "r_renew").standing, phase.loops, phase.done_at) == (Standing.READY, 1, None)


def test_not_renewing_begins_the_end(today):
    plan, row = with_agreement(60, today)
    assert renewing.decide(row, outcome=Agreement.Outcome.ENDING, note="The grant is over", by=acting(guide())) is None
    assert Ending.objects.get(community=plan.community).ends_on == row.ends_on


def test_not_renewing_without_a_week_for_exports_is_refused_and_nothing_is_decided(today):
    _plan, row = with_agreement(5, today)
    with pytest.raises(ending.Blocked):
        renewing.decide(row, outcome=Agreement.Outcome.ENDING, note="Over", by=acting(guide()))
    row.refresh_from_db()
    assert row.outcome == ""


def test_deciding_twice_is_refused(today):
    _plan, row = with_agreement(30, today)
    renewing.decide(row, outcome=Agreement.Outcome.RENEWED, note="Signed", by=acting(guide()))
    with pytest.raises(WrongState):
        renewing.decide(row, outcome=Agreement.Outcome.RENEWED, note="Signed", by=acting(guide()))


# the pages


@pytest.fixture
def browser(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def test_a_representative_sends_a_hub_back_from_the_page(validated, browser):
    client = browser(member(validated.community, Role.REPRESENTATIVE))
    page = client.get(reverse("onboarding:plan", args=[validated.community.slug])).content.decode()
    assert "It is all good" in page
    address = reverse("onboarding:needs_more", args=[validated.community.slug])
    assert client.post(address, {"ours": "", "theirs": ""}).status_code == 422
    assert client.post(address, {"ours": "A larger disk\n\nMore memory", "theirs": ""}).status_code == 302
    assert validated.phases.get(key="p0_needs").items.filter(key__startswith="more-").count() == 2


def test_the_page_of_going_live_says_what_is_missing_and_keeps_the_date(validated, browser, today):
    day = (today + timedelta(days=30)).isoformat()
    page = browser(guide()).post(reverse("onboarding:go_live", args=[validated.community.slug]), {"check_in_on": day})
    assert (page.status_code, f'value="{day}"' in page.content.decode()) == (422, True)
    assert "“Validation” is not done" in page.content.decode()


def test_an_agreement_that_ends_before_it_starts_stays_on_the_page(browser, today):
    plan = on_the_way()
    address = reverse("onboarding:record_agreement", args=[plan.community.slug])
    page = browser(guide()).post(address, {"starts_on": today, "ends_on": today - timedelta(days=1), "signed_note": "Signed"})
    assert (page.status_code, Agreement.objects.count()) == (422, 0)
    assert browser(guide()).post(address, {"starts_on": today, "ends_on": "", "signed_note": "Signed"}).status_code == 302
    assert Agreement.objects.get().community == plan.community


def test_the_page_shows_the_agreement_and_what_was_written_down(validated, browser):
    page = browser(confirmed(validated.community)).get(reverse("onboarding:plan", args=[validated.community.slug])).content.decode()
    assert "Signed by both" in page
    assert "Waited for the community" in page


@pytest.mark.parametrize("group", [StaffGroup.SUPPORT_AGENT, StaffGroup.ENGINEER])
def test_who_does_not_guide_finds_no_way_to_take_it_live(validated, browser, group):
    page = browser(staff(group)).get(reverse("onboarding:plan", args=[validated.community.slug])).content.decode()
    assert reverse("onboarding:record_agreement", args=[validated.community.slug]) not in page
    assert reverse("onboarding:begin_end", args=[validated.community.slug]) not in page
