"""The calendar: what a month holds and for whom, its pages, its feed, and what is told once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.db.models.signals import pre_save
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from communities.roles import Role, StaffGroup
from communities.states import CommunityState
from ground import sweep
from ground.actors import Actor
from ground.models import OutgoingMail
from hubs import calendar, closing, nightly, preparing, requests, subscribing
from hubs.calendar import Chosen
from hubs.models import CalendarSubscription, EventTask, HubRequest, Said
from hubs.states import Kind, RequestState
from tests.factories import CommunityFactory, acting, member, staff
from tests.hubs import documents
from tests.hubs.calendar_rows import ending, event, subscription
from tests.hubs.factories import HubFactory, HubRequestFactory

pytestmark = pytest.mark.django_db
MARCH = date(2027, 3, 1)


@pytest.fixture
def aurora():
    return CommunityFactory(slug="aurora", name="Aurora", timezone="America/Bogota")


@pytest.fixture
def eve():
    return staff(StaffGroup.ENGINEER, name="Eve", email="eve@hubs.example")


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def titles(month):
    return [entry.occasion.title for entry in month.entries]


def test_days_follow_the_document_when_it_is_saved_and_sent(aurora):
    ana = acting(member(aurora, Role.REPRESENTATIVE))
    hub = HubFactory(community=aurora, name="aurora", cluster__name="shared")
    document = {**documents.new_hub(), "kind": "event", "cluster": "shared", "hub": "aurora", "event": documents.EVENT}
    document.pop("hubs")
    row = HubRequestFactory(community=aurora, kind=Kind.EVENT, hub=hub, document=document)
    assert row.begins_at is None
    row = requests.submit(row, by=ana)
    assert row.begins_at == datetime(2027, 3, 8, 14, tzinfo=UTC)
    row = requests.save(row, values={"/event/starts_at": "2027-03-09T09:00:00-05:00"}, by=ana, version=row.version)
    assert HubRequest.objects.get().begins_at == datetime(2027, 3, 9, 14, tzinfo=UTC)


def test_month_holds_what_was_sent_and_is_still_meant(aurora, eve):
    event(aurora)
    event(aurora, title="Called off", state=RequestState.CANCELLED)
    event(aurora, title="Later", starts_at="2027-05-08T09:00:00Z", ends_at="2027-05-08T17:00:00Z")
    HubRequestFactory(community=aurora, kind=Kind.EVENT, document={"kind": "event", "event": documents.EVENT})
    ending(aurora, last_day="2027-03-31")
    assert titles(calendar.month(acting(eve), MARCH)) == ["Ocean data workshop", "aurora"]
    assert titles(calendar.month(acting(eve), MARCH, Chosen(kind="event"))) == ["Ocean data workshop"]
    assert titles(calendar.month(acting(eve), MARCH, Chosen(cluster="other"))) == []
    assert titles(calendar.month(acting(eve), MARCH, Chosen(community="aurora"))) == ["Ocean data workshop", "aurora"]


def test_each_sees_what_their_communities_have(aurora, eve):
    other = CommunityFactory()
    event(aurora)
    event(other, title="Not theirs")
    ana = acting(member(aurora, Role.MEMBER))
    assert titles(calendar.month(ana, MARCH)) == ["Ocean data workshop"]
    assert [entry.occasion.title for entry in calendar.upcoming(aurora, actor=ana, now=timezone.now())] == ["Ocean data workshop"]
    assert calendar.upcoming(other, actor=ana, now=timezone.now()) == []
    assert len(titles(calendar.month(acting(eve), MARCH))) == 2


@pytest.mark.parametrize("first", [date(2014, 12, 1), date(2100, 1, 1)])
def test_calendar_ends_somewhere(eve, first):
    with pytest.raises(ValueError, match="no month"):
        calendar.month(acting(eve), first)


def test_month_takes_as_many_queries_with_one_event_as_with_many(aurora, eve):
    client, counts = signed_in(eve), []
    event(aurora)
    for _round in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("hubs:calendar_month", args=[2027, 3])).status_code == 200
        counts.append(len(captured))
        for number in range(6):
            event(CommunityFactory(), title=f"Event {number}")
    assert counts[0] == counts[1]
    assert counts[1] <= 6


def test_page_marks_events_that_get_in_each_others_way(aurora, eve):
    event(aurora)
    event(CommunityFactory(name="Lagos"), title="Data school", attendees=40)
    page = signed_in(eve).get(reverse("hubs:calendar_month", args=[2027, 3])).content.decode()
    assert "On the same cluster at the same time: Data school" in page
    assert "Mon 8 Mar, shared: 100 people and 200 GB of memory at once" in page
    assert "There: Mon 8 Mar, 09:00 – Fri 12 Mar, 17:00 (America/Bogota)" in page


def test_month_is_a_file_too(aurora, eve):
    event(aurora, title="=cmd")
    answer = signed_in(eve).get(reverse("hubs:calendar_month", args=[2027, 3]), {"download": "csv"})
    assert "'=cmd" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize(
    "address", ["/hubs/calendar/2027/13/", "/hubs/calendar/1/1/", "/hubs/calendar/2027/0/x/", "/hubs/calendar/nothing/"]
)
def test_month_that_is_none_is_not_found(eve, address):
    assert signed_in(eve).get(address).status_code == 404


def test_community_sees_what_is_ready(aurora):
    row = event(aurora, starts_at="2030-03-08T09:00:00Z", ends_at="2030-03-08T17:00:00Z")
    preparing.settle(row, key="quota", status="met", by=Actor.system())
    page = signed_in(member(aurora, Role.MEMBER)).get(reverse("hubs:community_calendar", args=["aurora"])).content.decode()
    assert "2 things still to do before" in page
    assert "What is ready" in page


def test_task_is_settled_changed_and_opened_again(aurora, eve):
    row, client = event(aurora), signed_in(eve)
    address = reverse("hubs:event_task", args=[row.reference])
    client.post(address, {"key": "quota", "status": "met"})
    client.post(address, {"key": "quota", "status": "not-needed"})
    assert list(EventTask.objects.values_list("key", "status", "by__name")) == [("quota", "not-needed", "Eve")]
    assert "not needed" in client.get(reverse("hubs:occasion", args=[row.reference])).content.decode()
    client.post(address, {"key": "quota", "status": "open"})
    assert not EventTask.objects.exists()


@pytest.mark.parametrize("data", [{}, {"key": "nothing", "status": "met"}, {"key": "quota", "status": "perhaps"}])
def test_task_that_is_none_changes_nothing(aurora, eve, data):
    row = event(aurora)
    assert signed_in(eve).post(reverse("hubs:event_task", args=[row.reference]), data).status_code == 404
    assert not EventTask.objects.exists()


def test_late_tasks_stand_in_the_engineers_queue_and_are_mailed_once_a_day(aurora, eve):
    row = event(aurora)
    now = row.begins_at - timedelta(days=5)
    assert [each.task.key for each in preparing.late(now)] == ["quota", "image"]
    with time_machine.travel(now, tick=False):
        page = signed_in(eve).get(reverse("hubs:queue")).content.decode()
        assert "Late for an event" in page
        assert [nightly.tell_what_is_late(), nightly.tell_what_is_late()] == [1, 0]
    assert [mail.to for mail in OutgoingMail.objects.all()] == [["eve@hubs.example"]]
    for key in ("quota", "image"):
        preparing.settle(row, key=key, status="met", by=acting(eve))
    assert preparing.late(now) == []


@pytest.mark.parametrize(("status", "late"), [("open", ["quota", "image"]), ("met", ["image"]), ("not-needed", ["image"])])
def test_what_is_settled_of_the_plan_is_not_asked_again(aurora, eve, status, late):
    row = event(aurora)
    HubRequest.objects.update(plan={"preconditions": [{"key": "quota", "title": "Limits", "status": status}]})
    assert [each.task.key for each in preparing.late(row.begins_at - timedelta(days=5))] == late
    tasks = {task.key: task.status for task in calendar.one(acting(eve), row.reference).tasks}
    assert (tasks["quota"], tasks["image"]) == (status, "open")


def people_of(community):
    member(community, Role.REPRESENTATIVE, name="Ana", email="ana@aurora.example", language="es")
    member(community, Role.HUB_CHAMPION, name="Lee", email="lee@aurora.example")
    member(community, Role.MEMBER, name="Max", email="max@aurora.example")


def letters():
    rows = OutgoingMail.objects.filter(kind="hubs/hub_ends.txt").order_by("pk")
    return [(row.to[0], row.params["letter"]) for row in rows]


def test_letters_about_an_end_are_written_once_each_whenever_the_task_runs(aurora):
    people_of(aurora)
    row = ending(aurora, state=RequestState.APPROVED)
    HubRequest.objects.filter(pk=row.pk).update(second_approved_at=datetime(2027, 2, 1, 12, tzinfo=UTC))
    for on in [
        date(2027, 4, 30),
        date(2027, 5, 1),
        date(2027, 5, 1),
        date(2027, 5, 20),
        date(2027, 6, 29),
        date(2027, 6, 30),
        date(2027, 6, 30),
    ]:
        closing.write_due(on)
    assert letters() == [  # down from 16 June to 28 June: the letter of fourteen days is overtaken by that of two
        ("ana@aurora.example", "60-days"),
        ("lee@aurora.example", "60-days"),
        ("ana@aurora.example", "2-days"),
        ("lee@aurora.example", "2-days"),
        ("ana@aurora.example", "last-day"),
        ("lee@aurora.example", "last-day"),
    ]
    assert Said.objects.filter(key__contains="14-days").count() == 1


def test_hub_that_is_gone_is_told_once_and_not_after_weeks(aurora):
    people_of(aurora)
    ending(aurora, state=RequestState.SUCCEEDED)
    old = ending(aurora, state=RequestState.SUCCEEDED, hub="old")
    HubRequest.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=20))
    assert [closing.write_due(timezone.localdate()) for _round in range(2)] == [1, 0]
    assert [letter for _to, letter in letters()] == ["gone", "gone"]


@pytest.mark.parametrize("state", [RequestState.SUBMITTED, RequestState.CANCELLED])
def test_nobody_is_written_to_before_an_end_is_approved_or_after_it_was_called_off(aurora, state):
    people_of(aurora)
    ending(aurora, state=state)
    assert closing.write_due(date(2027, 6, 30)) == 0


def test_community_that_leaves_as_a_whole_has_letters_of_its_own(aurora):
    people_of(aurora)
    ending(aurora, state=RequestState.APPROVED)
    type(aurora).objects.filter(pk=aurora.pk).update(state=CommunityState.ENDING)
    assert closing.write_due(date(2027, 6, 30)) == 0


def test_letter_of_an_end_called_off_meanwhile_does_not_leave(aurora, mailoutbox):
    people_of(aurora)
    row = ending(aurora, state=RequestState.APPROVED)
    closing.write_due(date(2027, 6, 29))
    assert OutgoingMail.objects.count() == 2
    HubRequest.objects.filter(pk=row.pk).update(state=RequestState.CANCELLED)
    sweep.perform_due()
    assert mailoutbox == []


def test_letter_says_until_when_and_what_becomes_of_the_data(aurora, mailoutbox):
    member(aurora, Role.HUB_CHAMPION, name="Lee", email="lee@aurora.example")
    ending(aurora, state=RequestState.APPROVED)
    closing.write_due(date(2027, 6, 29))
    sweep.perform_due()
    [mail] = mailoutbox
    assert mail.subject == "Aurora: the hub aurora closes after 30 Jun 2027"
    assert "the last day of the hub aurora is Wed 30 Jun 2027." in mail.body
    assert "What is still on it then is deleted." in mail.body


def test_hub_of_an_event_gets_its_end_drafted_once_and_sent_by_nobody(aurora):
    people_of(aurora)
    hub = HubFactory(community=aurora, name="aurora", cluster__name="shared")
    row = event(aurora, state=RequestState.SUCCEEDED, decommission_after=True)
    HubRequest.objects.filter(pk=row.pk).update(hub=hub)
    assert nightly.draft_ends_after(row.begins_at - timedelta(hours=1)) == 0
    assert [nightly.draft_ends_after(row.begins_at) for _round in range(2)] == [1, 0]
    drafted = HubRequest.objects.get(kind=Kind.DECOMMISSION)
    assert (drafted.state, drafted.hub, drafted.document["decommission"]) == (
        RequestState.DRAFT,
        hub,
        {"reason": "event-over", "last_day": "2027-03-26"},
    )
    assert OutgoingMail.objects.filter(kind="hubs/end_drafted.txt").count() == 2


def test_day_that_the_event_names_is_its_hubs_last(aurora):
    hub = HubFactory(community=aurora, name="aurora", cluster__name="shared")
    row = event(aurora, state=RequestState.SUCCEEDED, decommission_after=True, decommission_on="2027-04-02")
    HubRequest.objects.filter(pk=row.pk).update(hub=hub)
    nightly.draft_ends_after(row.begins_at)
    assert HubRequest.objects.get(kind=Kind.DECOMMISSION).document["decommission"]["last_day"] == "2027-04-02"


def past_event(community, **hub):
    """An event whose hub is to go after it."""
    about = HubFactory(community=community, name="aurora", cluster__name="shared", **hub)
    row = event(community, state=RequestState.SUCCEEDED, decommission_after=True)
    HubRequest.objects.filter(pk=row.pk).update(hub=about)
    return row


def test_end_is_not_drafted_for_events_of_long_ago(aurora):
    row = past_event(aurora)
    assert nightly.draft_ends_after(row.ends_at + timedelta(days=31)) == 0
    assert nightly.draft_ends_after(row.ends_at + timedelta(days=29)) == 1


@pytest.mark.parametrize("hub", [{"state": "ended"}, {"gone_at": datetime(2027, 3, 1, tzinfo=UTC)}])
def test_end_is_not_drafted_for_a_hub_that_is_gone(aurora, hub):
    row = past_event(aurora, **hub)
    assert nightly.draft_ends_after(row.begins_at) == 0


@pytest.mark.parametrize(("state", "drafts"), [("submitted", 0), ("approved", 0), ("succeeded", 0), ("cancelled", 1)])
def test_end_is_not_drafted_where_it_was_asked_for(aurora, state, drafts):
    row = past_event(aurora)
    closing_ = ending(aurora, state=RequestState(state))
    HubRequest.objects.filter(pk=closing_.pk).update(hub=HubRequest.objects.get(pk=row.pk).hub)
    assert nightly.draft_ends_after(row.begins_at) == drafts


def test_draft_begun_in_the_same_moment_does_not_end_the_round(aurora):
    first, other = past_event(aurora), CommunityFactory()
    second = event(other, state=RequestState.SUCCEEDED, decommission_after=True)
    HubRequest.objects.filter(pk=second.pk).update(hub=HubFactory(community=other))

    def taken(sender, instance, **_more):
        if instance.community_id == aurora.pk:
            raise IntegrityError

    pre_save.connect(taken, sender=HubRequest)
    try:
        assert nightly.draft_ends_after(first.begins_at) == 1
    finally:
        pre_save.disconnect(taken, sender=HubRequest)
    assert not Said.objects.filter(key=f"draft-end:{first.reference}").exists()


def test_letters_look_at_no_end_that_is_long_told(aurora):
    people_of(aurora)

    def queries():
        with CaptureQueriesContext(connection) as told:
            closing.write_due(timezone.localdate())
        return len(told)

    before = queries()
    for number in range(3):
        row = ending(aurora, state=RequestState.SUCCEEDED, hub=f"old-{number}")
        HubRequest.objects.filter(pk=row.pk).update(finished_at=timezone.now() - timedelta(days=20))
    ending(aurora, state=RequestState.SUCCEEDED)
    assert queries() > before
    assert queries() == before


def test_draft_that_somebody_began_is_left_alone(aurora):
    hub = HubFactory(community=aurora, name="aurora", cluster__name="shared")
    row = event(aurora, state=RequestState.SUCCEEDED, decommission_after=True)
    HubRequest.objects.filter(pk=row.pk).update(hub=hub)
    begun = HubRequestFactory(community=aurora, kind=Kind.DECOMMISSION)
    assert nightly.draft_ends_after(row.begins_at) == 0
    begun.delete()
    assert nightly.draft_ends_after(row.begins_at) == 1


def read(client, path, **headers):
    return client.get(path, headers=headers)


def components(content):
    return list(Calendar.from_ical(content).walk("VEVENT"))


def test_feed_holds_what_its_person_may_see_today(aurora, eve):
    other = CommunityFactory()
    row, _theirs = event(aurora), event(other, title="Not theirs")
    lee = member(aurora, Role.MEMBER, email="lee@aurora.example")
    path = subscribing.make(lee)
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        answer = read(Client(), path)
        [found] = components(answer.content)
        assert (str(found["SUMMARY"]), found.decoded("DTSTART"), found.decoded("DTEND")) == (
            "Ocean data workshop · Aurora",
            row.begins_at,
            row.ends_at,
        )
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert "private" in answer["Cache-Control"]
        lee.memberships.all().delete()
        assert components(read(Client(), path).content) == []
        assert len(components(read(Client(), subscribing.make(eve)).content)) == 2


def test_feed_follows_changes_by_name_and_says_what_was_called_off(aurora, eve):
    row, path = event(aurora), subscribing.make(eve)
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        [before] = components(read(Client(), path).content)
        HubRequest.objects.filter(pk=row.pk).update(version=row.version + 1, state=RequestState.CANCELLED)
        [after] = components(read(Client(), path).content)
    assert str(before["UID"]) == str(after["UID"])
    assert str(before["UID"]).startswith(f"{row.reference}@")
    assert (str(before["STATUS"]), str(after["STATUS"])) == ("CONFIRMED", "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_hostile_title_stays_a_title(aurora, eve):
    title = "Fun\r\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:mine; a, b" + "é" * 90
    event(aurora, title=title)
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        content = read(Client(), subscribing.make(eve)).content
    [found] = components(content)
    assert str(found["SUMMARY"]).startswith("Fun END:VEVENT BEGIN:VEVENT SUMMARY:mine; a, b")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_last_day_is_a_whole_day(aurora, eve):
    ending(aurora, last_day="2027-03-20")
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        [found] = components(read(Client(), subscribing.make(eve)).content)
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (date(2027, 3, 20), date(2027, 3, 21))


def test_feed_that_did_not_change_is_not_sent_again(aurora, eve):
    event(aurora)
    path = subscribing.make(eve)
    with time_machine.travel(datetime(2027, 3, 1, tzinfo=UTC), tick=False):
        tag = read(Client(), path)["ETag"]
        again = read(Client(), path, if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("made", ["revoked", "unknown", "inactive", "left"])
def test_address_that_opens_nothing_is_not_found(aurora, made):
    lee = member(aurora, Role.MEMBER)
    path = subscribing.make(lee, community=aurora)
    if made == "revoked":
        subscribing.revoke(CalendarSubscription.objects.get(), by=acting(lee))
    if made == "inactive":
        type(lee).objects.filter(pk=lee.pk).update(is_active=False)
    if made == "left":
        lee.memberships.all().delete()
    if made == "unknown":
        path = reverse("hubs:calendar_feed", args=["guessed"])
    assert read(Client(), path).status_code == 404


def test_guessing_is_slowed_down(db):
    path = reverse("hubs:calendar_feed", args=["guessed"])
    assert [read(Client(), path).status_code for _try in range(31)] == [404] * 30 + [429]


def test_address_is_shown_once_and_kept_as_its_hash(aurora):
    lee = member(aurora, Role.MEMBER)
    client = signed_in(lee)
    page = client.post(reverse("hubs:subscriptions"), {"community": "aurora"})
    [row] = CalendarSubscription.objects.all()
    secret = page.content.decode().partition("/hubs/calendar/feed/")[2].partition(".ics")[0]
    assert subscribing.find(secret) == row
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get(reverse("hubs:subscriptions")).content.decode()
    assert secret not in repr(CalendarSubscription.objects.values().get())


def test_nobody_makes_more_addresses_than_they_need_or_one_of_a_community_not_theirs(aurora):
    lee = member(aurora, Role.MEMBER)
    client = signed_in(lee)
    assert client.post(reverse("hubs:subscriptions"), {"community": CommunityFactory().slug}).status_code == 422
    for _number in range(10):
        subscribing.make(lee)
    assert client.post(reverse("hubs:subscriptions"), {}).status_code == 422
    assert CalendarSubscription.objects.count() == 10


def test_only_its_own_person_takes_an_address_back(aurora):
    lee, other = member(aurora, Role.MEMBER), member(aurora, Role.MEMBER)
    row = subscription(lee)
    address = reverse("hubs:revoke_subscription", args=[row.pk])
    assert signed_in(other).post(address).status_code == 404
    with pytest.raises(PermissionError):
        subscribing.revoke(row, by=acting(other))
    assert signed_in(lee).post(address).status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_reading_is_noted_now_and_then(aurora):
    path = subscribing.make(member(aurora, Role.MEMBER))
    secret = path.rpartition("/")[2].removesuffix(".ics")
    subscribing.find(secret)
    first = CalendarSubscription.objects.get().last_used_at
    subscribing.find(secret)
    assert CalendarSubscription.objects.get().last_used_at == first


def test_what_was_carried_out_and_is_not_handed_over_stands_in_the_queue(aurora, eve):
    row = event(aurora, state=RequestState.SUCCEEDED)
    HubRequest.objects.filter(pk=row.pk).update(has_open_steps=True)
    assert "Carried out, not handed over yet" in signed_in(eve).get(reverse("hubs:queue")).content.decode()


def test_community_reads_what_happens_when(aurora):
    row = ending(aurora, state=RequestState.APPROVED)
    page = signed_in(member(aurora, Role.MEMBER)).get(row.get_absolute_url()).content.decode()
    assert "What happens when" in page
    assert "Wed 30 Jun 2027: the last day to sign in and to save work" in page
    assert (
        "See in the calendar what is ready" in signed_in(member(aurora, Role.MEMBER)).get(event(aurora).get_absolute_url()).content.decode()
    )
