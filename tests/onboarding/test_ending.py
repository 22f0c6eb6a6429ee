"""The end of a service: each rule tried, each decider a test an exit, each letter once."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from communities.roles import Role, StaffGroup
from communities.states import CommunityState
from ground import mail as mails
from ground.models import OutgoingMail
from ground.states import WrongState
from hubs.states import HubState
from onboarding import daily, ending
from onboarding.models import Ending, EndingLetter
from onboarding.readiness import Standing
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs.documents import decommission
from tests.hubs.factories import HubFactory, HubRequestFactory
from tests.onboarding.ready import guide, on_the_way, settle_phase, standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def plan():
    plan = on_the_way()
    member(plan.community, Role.REPRESENTATIVE, email="ana@example.org", language="es", name="Ana")
    return plan


def begun(plan, days=40, **fields):
    return ending.begin(
        plan.community, ends_on=timezone.localdate() + timedelta(days=days), reason="The grant is over.", by=acting(guide()), **fields
    )


def rule(row, key):
    return next(each for each in ending.rules(row, timezone.localdate()) if each.key == key)


def safe(row):
    by = acting(guide())
    ending.say_unused(row, by=by)
    return ending.settle_data(row, data=Ending.Data.DELETE_OK, note="Ana, by mail", by=by)


# begin


def test_begin_moves_the_community_and_starts_the_last_phase(plan, today):
    row = begun(plan)
    plan.community.refresh_from_db()
    assert (plan.community.state, row.export_until) == (CommunityState.ENDING, today + timedelta(days=33))
    assert standing(plan, "x_offboard").standing == Standing.READY
    assert plan.phases.get(key="x_offboard").ready_at is not None


@pytest.mark.parametrize(("days", "export"), [(7, None), (40, 34), (40, 0)])
def test_begin_without_a_week_between_export_and_end_is_refused(plan, today, days, export):
    fields = {} if export is None else {"export_until": today + timedelta(days=export)}
    with pytest.raises(ending.Blocked):
        begun(plan, days, **fields)
    plan.community.refresh_from_db()
    assert plan.community.state == CommunityState.ONBOARDING


def test_begin_twice_is_refused(plan):
    begun(plan)
    with pytest.raises(WrongState):
        begun(plan)


@pytest.mark.parametrize(("days", "holds"), [(29, False), (30, True)])
def test_short_notice_warns_and_does_not_forbid(plan, days, holds):
    found = rule(begun(plan, days), "end_notice")
    assert (found.severity, found.holds) == ("warn", holds)


def test_an_accepted_request_to_close_the_last_hub_begins_the_end_once(plan, today):
    hub = HubFactory(community=plan.community)
    request = closing(plan, hub, today + timedelta(days=50))
    assert ending.begin_accepted(today) == 1
    assert ending.begin_accepted(today) == 0
    row = Ending.objects.get()
    assert (row.request, row.ends_on, row.begun_by) == (request, today + timedelta(days=50), None)


def test_closing_one_hub_of_two_does_not_end_the_community(plan, today):
    HubFactory(community=plan.community)
    closing(plan, HubFactory(community=plan.community), today + timedelta(days=50))
    assert ending.begin_accepted(today) == 0


def test_a_request_that_nobody_accepted_ends_nothing(plan, today):
    HubRequestFactory(community=plan.community, kind="decommission", document=decommission(), state="submitted")
    assert ending.begin_accepted(today) == 0


def closing(plan, hub, last_day):
    first, second = staff(StaffGroup.ENGINEER), staff(StaffGroup.ENGINEER)
    now = timezone.now()
    return HubRequestFactory(
        community=plan.community,
        kind="decommission",
        hub=hub,
        document=decommission(last_day=last_day.isoformat()),
        state="approved",
        plan_digest="sha256:" + "1" * 64,
        approved_by=first,
        approved_at=now,
        second_approved_by=second,
        second_approved_at=now,
    )


# letters


def nightly() -> int:
    return daily.begin_renewals() + daily.begin_endings() + daily.write_ending_letters()


def test_letters_go_out_on_their_days_once_each_in_the_readers_language(plan):
    row = begun(plan)
    start = timezone.now()
    for day in (25, 26, 26, 30, 38, 38, 39):
        with time_machine.travel(start + timedelta(days=day)):
            nightly()
    letters = list(EndingLetter.objects.order_by("pk").values_list("kind", flat=True))
    assert letters == [EndingLetter.Kind.BEFORE, EndingLetter.Kind.REMINDER]
    sent = OutgoingMail.objects.filter(kind="onboarding/ending.txt")
    assert [(mail.to, mail.language) for mail in sent] == [(["ana@example.org"], "es")] * 2
    assert f"{plan.community}" in mails.KINDS["onboarding/ending.txt"].render(sent[0]).subject
    assert row.letters.count() == 2


def test_the_letter_of_the_day_is_not_early(plan):
    begun(plan)
    with time_machine.travel(timezone.now() + timedelta(days=25)):
        assert nightly() == 0


def test_every_letter_has_words(plan):
    row = begun(plan)
    representative = plan.community.representatives().get()
    bodies = set()
    for kind in EndingLetter.Kind.values:
        letter = EndingLetter.objects.create(ending=row, kind=kind, to=representative)
        mail = OutgoingMail(kind="onboarding/ending.txt", params={"letter_id": letter.pk}, to=["ana@example.org"], language="en")
        message = mails.KINDS[mail.kind].render(mail)
        bodies.add(message.body)
        assert "Hello Ana," in message.body
    assert len(bodies) == 3


# the data


def test_nothing_is_deleted_before_it_is_unused_and_the_data_settled(plan, today):
    row = begun(plan)
    with time_machine.travel(timezone.now() + timedelta(days=41)):
        with pytest.raises(ending.Blocked):
            ending.say_deleted(row, by=acting(guide()))
        ending.say_unused(row, by=acting(guide()))
        with pytest.raises(ending.Blocked):
            ending.say_deleted(row, by=acting(guide()))
        ending.settle_data(row, data=Ending.Data.MOVED, note="s3://theirs", by=acting(guide()))
        deleted = ending.say_deleted(row, by=acting(guide()))
    assert (deleted.deleted_at is not None, deleted.metrics_until) == (True, today + timedelta(days=41 + 365))
    assert EndingLetter.objects.filter(kind=EndingLetter.Kind.DELETED).count() == 1


def test_nothing_is_deleted_while_people_may_export(plan):
    row = safe(begun(plan))
    with pytest.raises(ending.Blocked):
        ending.say_deleted(row, by=acting(guide()))


def test_the_database_refuses_a_deletion_that_is_not_settled(plan):
    row = begun(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.filter(pk=row.pk).update(deleted_at=timezone.now())


def test_the_database_refuses_a_finish_without_a_deletion_and_a_second_open_end(plan, today):
    row = begun(plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.filter(pk=row.pk).update(finished_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.create(community=plan.community, ends_on=today, export_until=today - timedelta(days=7), reason="Again")


# withdraw and finish


@pytest.mark.parametrize("before", [CommunityState.ONBOARDING, CommunityState.LIVE])
def test_withdraw_takes_the_community_back_to_where_it_was(plan, before):
    if before == CommunityState.LIVE:
        plan.community.move_to(before, by=acting(guide()))
    row = ending.withdraw(begun(plan), by=acting(guide()))
    plan.community.refresh_from_db()
    assert (plan.community.state, row.is_open) == (before, False)
    assert standing(plan, "x_offboard").standing == Standing.NEXT


def test_withdraw_after_the_deletion_is_refused(plan):
    row = safe(begun(plan))
    with time_machine.travel(timezone.now() + timedelta(days=41)):
        ending.say_deleted(row, by=acting(guide()))
        with pytest.raises(WrongState):
            ending.withdraw(row, by=acting(guide()))


def test_finish_is_refused_with_every_rule_and_item_that_is_open(plan):
    row = begun(plan)
    with pytest.raises(ending.Blocked) as refused:
        ending.finish(row, by=acting(guide()))
    assert "The hub and its data are not deleted yet." in refused.value.rules
    assert "Bill and active users recorded" in refused.value.rules


def test_finish_ends_the_community_and_its_record_stays_readable(plan, client):
    row, start = safe(begun(plan)), timezone.now()
    for day in (27, 39):
        with time_machine.travel(start + timedelta(days=day)):
            nightly()
    with time_machine.travel(start + timedelta(days=41)):
        ending.say_deleted(row, by=acting(guide()))
        settle_phase(plan, "x_offboard")
        ending.finish(row, by=acting(guide()))
        with pytest.raises(WrongState):
            ending.finish(row, by=acting(guide()))
    plan.community.refresh_from_db()
    assert plan.community.state == CommunityState.ENDED
    client.force_login(plan.community.representatives().get(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("onboarding:plan", args=[plan.community.slug]))
    assert (page.status_code, b'id="ending"' in page.content) == (200, True)


def ended(plan, row):
    """Deleted five days before the last day, and then finished by the rules."""
    with time_machine.travel(timezone.now() + timedelta(days=35)):
        ending.say_deleted(row, by=acting(guide()))
        settle_phase(plan, "x_offboard")
        ending.finish(row, by=acting(guide()))
        last = standing(plan, "x_offboard").standing
    plan.community.refresh_from_db()
    return plan.community.state, last, list(row.letters.order_by("pk").values_list("kind", flat=True))


def test_finish_after_a_deletion_before_the_reminders_day_waits_for_no_reminder(plan):
    row = safe(begun(plan))
    with time_machine.travel(timezone.now() + timedelta(days=26)):
        nightly()
    assert ended(plan, row) == (CommunityState.ENDED, Standing.DONE, [EndingLetter.Kind.BEFORE, EndingLetter.Kind.DELETED])


def test_finish_without_anybody_to_write_to_waits_for_no_letter(plan):
    plan.community.representatives().update(is_active=False)
    assert ended(plan, safe(begun(plan))) == (CommunityState.ENDED, Standing.DONE, [])


def test_finish_waits_for_the_letter_about_the_deletion_while_somebody_can_read_it(plan):
    representatives = plan.community.representatives()
    representatives.update(is_active=False)
    row = safe(begun(plan))
    with time_machine.travel(timezone.now() + timedelta(days=35)):
        ending.say_deleted(row, by=acting(guide()))
        settle_phase(plan, "x_offboard")
        representatives.update(is_active=True)
        with pytest.raises(ending.Blocked):
            ending.finish(row, by=acting(guide()))
        nightly()
        assert ending.finish(row, by=acting(guide())).finished_at is not None


# the pages


def test_the_page_says_why_it_cannot_be_deleted(plan, client):
    begun(plan)
    client.force_login(guide(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(reverse("onboarding:say_deleted", args=[plan.community.slug]), follow=True).content.decode()
    assert "Nothing is deleted before the hub is no longer used" in page


def test_a_representative_settles_the_data_on_the_page(plan, client):
    row = begun(plan)
    client.force_login(plan.community.representatives().get(), backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("onboarding:say_unused", args=[plan.community.slug]))
    client.post(reverse("onboarding:settle_data", args=[plan.community.slug]), {"became": "moved", "note": "On our own server"})
    row.refresh_from_db()
    assert (row.unused_at is not None, row.data, row.data_note) == (True, "moved", "On our own server")


def test_an_end_too_soon_stays_on_the_page_with_its_words(plan, client, today):
    client.force_login(guide(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.post(
        reverse("onboarding:begin_end", args=[plan.community.slug]), {"ends_on": today + timedelta(days=3), "reason": "Over"}
    )
    assert (page.status_code, b"Over</textarea>" in page.content, Ending.objects.count()) == (422, True, 0)


def test_endings_and_letters_are_seen_by_who_sees_the_community(plan):
    row = begun(plan)
    for user, sees in [(plan.community.representatives().get(), True), (guide(), True), (member(CommunityFactory()), False)]:
        assert (row in Ending.objects.visible_to(acting(user))) is sees


def test_a_hub_that_has_ended_is_no_other_hub(plan, today):
    HubFactory(community=plan.community, state=HubState.ENDED)
    closing(plan, HubFactory(community=plan.community), today + timedelta(days=50))
    assert ending.begin_accepted(today) == 1
