"""An operator's calendars and promises in the editor: what is wrong is said, what is right holds at once."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from communities.roles import StaffGroup
from support import defaults
from support.clocks import Holiday, Reduced, Window, WorkingCalendar
from support.models import ObjectiveSet, ProgrammeClocks, SupportTerms
from support.models import WorkingCalendar as CalendarRow
from support.timing import calendars, objectives
from support.timing.calendars.editing import days_ahead
from support.timing.tasks import recompute
from tests.factories import CommunityFactory, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db
ICS = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Midwinter\\, two days\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


@pytest.fixture(autouse=True)
def _defaults():
    CommunityFactory()
    defaults.ensure()


@pytest.fixture
def operator():
    return signed_in(StaffGroup.OPERATOR)


def signed_in(group):
    client, person = Client(), staff(group, name="Olga")
    person.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows(name, *values):
    data = {f"{name}-TOTAL_FORMS": len(values), f"{name}-INITIAL_FORMS": 0, f"{name}-MIN_NUM_FORMS": 0, f"{name}-MAX_NUM_FORMS": 1000}
    return data | {f"{name}-{place}-{key}": value for place, row in enumerate(values) for key, value in row.items()}


def calendar(*, windows=(), holidays=(), reduced=(), **more):
    data = {"name": "Lisbon", "timezone": "Europe/Lisbon", **more}
    return data | rows("windows", *windows) | rows("holidays", *holidays) | rows("reduced", *reduced)


def window(weekday, opens, closes):
    return {"weekday": weekday, "opens": opens, "closes": closes, "ORDER": 1}


def period(**more):
    return {"name": "Summer", "begins_on": "2026-08-01", "ends_on": "2026-08-15", "hours": "usual", "factor": "150"} | more


ADD = reverse("wagtailsnippets_support_workingcalendar:add")


def test_setup_makes_hours_and_promises_once_and_leaves_what_an_operator_changed():
    row = ProgrammeClocks.objects.get()
    assert calendars.of(CommunityFactory()).windows_on(date(2026, 5, 4)) == (Window(540, 1020),)
    CalendarRow.objects.update(timezone="Asia/Kathmandu")
    defaults.ensure()
    assert (CalendarRow.objects.get().timezone, ProgrammeClocks.objects.get(), ObjectiveSet.objects.count()) == ("Asia/Kathmandu", row, 1)


def test_an_operator_writes_a_calendar_and_it_holds_for_whom_it_is_chosen(operator):
    community = CommunityFactory()
    ticket = TicketFactory(community=community, created_at=datetime(2026, 5, 4, 6, tzinfo=UTC))
    data = calendar(
        windows=[window(0, "09:00", "12:00"), window(0, "13:00", "17:00"), window(6, "22:00", "02:00")],
        holidays=[{"on": "2026-12-24", "name": "Half a day", "opens": "09:00", "closes": "12:00"}],
        reduced=[period(message_en="We are slower.", hours="own", opens="10:00", closes="11:00")],
    )
    response = operator.post(ADD, data)
    assert response.status_code == 302, response.context["form"].errors

    row = CalendarRow.objects.get(name="Lisbon")
    assert calendars.compiled(row) == WorkingCalendar(
        zone="Europe/Lisbon",
        week=((Window(540, 720), Window(780, 1020)), (), (), (), (), (), (Window(1320, 120),)),
        holidays=(Holiday(date(2026, 12, 24), "Half a day", (Window(540, 720),)),),
        reduced=(Reduced(date(2026, 8, 1), date(2026, 8, 15), "Summer", windows=(Window(600, 660),), factor=150),),
    )
    assert row.reduced.get().message == {"en": "We are slower."}
    assert calendars.of(community).zone == "UTC"

    add = reverse("wagtailsnippets_support_clockterms:add")
    assert operator.post(add, {"community": community.pk, "calendar": row.pk}).status_code == 302
    recompute()
    ticket.refresh_from_db()
    assert (calendars.of(community).zone, SupportTerms.of(community).calendar) == ("Europe/Lisbon", row)
    assert ticket.next_due_at == datetime(2026, 5, 10, 22, tzinfo=UTC)  # seven hours on Monday, one on Sunday night


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (calendar(windows=[window(0, "09:00", "12:00"), window(0, "11:00", "17:00")]), "Two windows of Monday overlap."),
        (calendar(windows=[window(6, "22:00", "08:00"), window(0, "07:00", "17:00")]), "Two windows of Monday overlap."),
        (calendar(timezone="Mars/Olympus"), "Select a valid choice|time zone"),
        (calendar(holidays=[{"on": "2026-12-24", "name": "Half", "opens": "09:00"}]), "Say from when to when, or leave both empty."),
        (calendar(reduced=[period(ends_on="2026-07-01")]), "The last day comes before the first."),
        (calendar(reduced=[period(hours="own")]), "Say from when to when."),
        (calendar(reduced=[period(answers="on")]), "Write what whoever asks is to read."),
        (calendar(reduced=[period(), period(name="Other", begins_on="2026-08-15", ends_on="2026-08-20")]), "are at the same time."),
        (calendar(holidays_file=SimpleUploadedFile("h.ics", b"PK\x03\x04")), "no calendar of holidays that we can read"),
    ],
)
def test_what_is_wrong_with_a_calendar_is_said_and_nothing_is_kept(operator, data, words):
    response = operator.post(ADD, data)
    page = response.content.decode()
    assert (response.status_code, any(part in page for part in words.split("|"))) == (200, True)
    assert not CalendarRow.objects.filter(name="Lisbon").exists()


def test_holidays_come_out_of_a_file_and_those_that_are_there_stay(operator):
    known = [{"on": "2026-12-25", "name": "Ours"}]
    assert operator.post(ADD, calendar(holidays=known, holidays_file=SimpleUploadedFile("h.ics", ICS))).status_code == 302
    assert list(CalendarRow.objects.get(name="Lisbon").holidays.values_list("on", "name")) == [
        (date(2026, 12, 25), "Ours"),
        (date(2026, 12, 26), "Midwinter, two days"),
    ]


def test_the_editor_shows_the_next_days(operator):
    row = CalendarRow.objects.get()
    page = operator.get(reverse("wagtailsnippets_support_workingcalendar:edit", args=[row.pk])).content.decode()
    assert (page.count('<tr><th scope="row">'), page.count("09:00–17:00")) == (14, 10)


def test_days_ahead_say_why_they_differ():
    office = WorkingCalendar(
        week=((Window(540, 1020),),) * 7,
        holidays=(Holiday(date(2026, 5, 5), "Feast"),),
        reduced=(Reduced(date(2026, 5, 6), date(2026, 5, 6), "Short", windows=(Window(540, 600),)),),
    )
    told = [(day.hours, day.minutes, day.name) for day in days_ahead(office, date(2026, 5, 4))[:4]]
    assert told == [("09:00–17:00", 480, ""), ("", 0, "Feast"), ("09:00–10:00", 60, "Short"), ("09:00–17:00", 480, "")]


def test_an_operator_changes_what_is_promised(operator):
    community, promised = CommunityFactory(), ObjectiveSet.objects.get()
    data = {"name": promised.name, "warn_percent": 50, "warn_minutes": 60} | rows(
        "lines", {"priority": 4, "kind": "incident", "first": 15}, {"priority": 0, "first": 960}
    )
    address = reverse("wagtailsnippets_support_objectiveset:edit", args=[promised.pk])
    promised.lines.all().delete()
    response = operator.post(address, data)
    assert response.status_code == 302, response.context["form"].errors
    assert [objectives.promise(community, 4, kind).minutes for kind in ("incident", "change")] == [{"first": 15}, {"first": 960}]


@pytest.mark.parametrize("group", [StaffGroup.SUPPORT_TRIAGER, StaffGroup.ENGINEER])
@pytest.mark.parametrize("model", ["workingcalendar", "objectiveset", "programmeclocks", "clockterms"])
def test_nobody_but_operators_changes_them(group, model):
    address = reverse(f"wagtailsnippets_support_{model}:add")
    assert (signed_in(group).get(address).status_code, signed_in(StaffGroup.OPERATOR).get(address).status_code) == (302, 200)


def test_nothing_that_clocks_went_by_is_deleted(operator):
    row = CalendarRow.objects.get()
    assert operator.post(reverse("wagtailsnippets_support_workingcalendar:delete", args=[row.pk])).status_code == 302
    assert CalendarRow.objects.filter(pk=row.pk).exists()
