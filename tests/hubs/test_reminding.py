"""Whoever holds a request that waits hears of it, a few times and then once more."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.utils import timezone

from communities.roles import Role
from ground import sweep
from ground.models import OutgoingMail
from hubs import deployment, reminding
from hubs.deployers.interface import Deployment, State
from hubs.models import HubRequest
from tests.factories import UserFactory, member
from tests.hubs.factories import HubRequestFactory

pytestmark = pytest.mark.django_db
OURS = {"key": "home-disk", "title": "A disk", "status": "open", "who": "engineer"}
THEIRS = {"key": "dns-cname", "title": "A DNS entry", "status": "open", "who": "community", "help_url": "https://help.example/dns"}


def waiting(community, *preconditions, days=0, **facts):
    approved = {"approved_by": UserFactory(), "approved_at": timezone.now(), "plan_digest": "sha256:1"}
    since = timezone.now() - timedelta(days=days)
    told = {"preconditions": list(preconditions)}
    return HubRequestFactory(
        community=community, state="waiting", deployment_id="d-1", deployment=told, waiting_since=since, **approved, **facts
    )


def told():
    return sorted((row.kind, row.to[0]) for row in OutgoingMail.objects.all())


@pytest.fixture
def people(community, representative, engineer):
    """Ana represents, Eve is an engineer, and a member who is neither hears nothing."""
    member(community, Role.MEMBER, email="mo@example.org")
    return representative.user.email, engineer.user.email


@pytest.mark.parametrize(("days", "expected"), [(0, 0), (1.9, 0), (2, 1), (4.9, 1), (5, 2), (10, 3), (13.9, 3), (14, 4), (99, 4)])
def test_stage_is_how_many_of_the_days_have_come(days, expected):
    now = timezone.now()
    assert reminding.stage_at(now - timedelta(days=days), now) == expected


def test_what_the_community_owes_is_told_to_its_representatives(community, people):
    waiting(community, THEIRS, days=2)
    assert reminding.remind(timezone.now()) == 1
    assert told() == [("hubs/waits_for_community.txt", people[0])]


def test_what_we_owe_is_told_to_engineers(community, people):
    waiting(community, OURS, {**THEIRS, "status": "met"}, days=2)
    reminding.remind(timezone.now())
    assert told() == [("hubs/waits_for_engineers.txt", people[1])]


def test_what_both_owe_is_told_to_both_and_what_nobody_names_to_engineers(community, people):
    request = waiting(community, OURS, THEIRS, days=2)
    reminding.remind(timezone.now())
    assert told() == [("hubs/waits_for_community.txt", people[0]), ("hubs/waits_for_engineers.txt", people[1])]
    OutgoingMail.objects.all().delete()
    HubRequest.objects.filter(pk=request.pk).update(deployment={"preconditions": []}, reminders=0)
    reminding.remind(timezone.now())
    assert told() == [("hubs/waits_for_engineers.txt", people[1])]


def test_told_at_each_day_once_then_as_stuck_and_never_again(community, people):
    request = waiting(community, THEIRS)
    kinds = []
    for day in range(20):
        now = timezone.now() + timedelta(days=day, hours=1)
        for _round in range(2):
            OutgoingMail.objects.all().delete()
            reminding.remind(now)
            kinds += [(day, kind.split("/")[1], to) for kind, to in told()]
    waits, stuck = "waits_for_community.txt", "is_stuck.txt"
    assert kinds == [(2, waits, people[0]), (5, waits, people[0]), (10, waits, people[0]), (14, stuck, people[1])]
    request.refresh_from_db()
    assert (request.state, request.reminders) == ("waiting", 4)


def test_a_scheduler_that_slept_tells_once(community, people):
    waiting(community, THEIRS, days=11)
    assert (reminding.remind(timezone.now()), reminding.remind(timezone.now())) == (1, 0)


def test_what_went_on_meanwhile_is_not_told(community, people):
    request = waiting(community, THEIRS, OURS, days=3)
    reminding.remind(timezone.now())
    HubRequest.objects.filter(pk=request.pk).update(state="deploying")
    sweep.perform_due()
    assert (outbox.outbox, OutgoingMail.objects.count()) == ([], 0)


def test_mails_say_what_to_do_and_where(community, people):
    request = waiting(community, THEIRS, OURS, days=14)
    HubRequest.objects.filter(pk=request.pk).update(reminders=0)
    with time_machine.travel(timezone.now() - timedelta(days=4), tick=False):
        reminding.remind(timezone.now())
        sweep.perform_due()
    reminding.remind(timezone.now())
    sweep.perform_due()
    theirs, ours, stuck = sorted(outbox.outbox, key=lambda message: (message.subject.startswith("Stuck"), message.to != [people[0]]))
    assert theirs.subject == "Your hub waits for you: Aurora"
    assert "10 days" in theirs.body
    assert "A DNS entry\n  https://help.example/dns" in theirs.body
    assert "A disk" not in theirs.body
    assert ours.subject == "New hub for Aurora has waited for 10 days"
    assert f"/hubs/requests/{request.reference}/" in ours.body
    assert (stuck.subject, stuck.to) == ("Stuck: New hub for Aurora", [people[1]])
    assert "A DNS entry (the community)" in stuck.body


def test_waiting_is_counted_anew_each_time_it_begins(community, people):
    request = waiting(community, THEIRS, days=9, reminders=2)
    now = timezone.now()
    facts = {"id": "d-1", "request_id": request.reference, "kind": "new-hub", "stage": "x" * 200, "created_at": now, "updated_at": now}
    going = deployment.record(request, Deployment(state=State.IN_PROGRESS, version=2, cancellable=True, **facts))
    assert (going.state, going.waiting_since, going.reminders, len(going.stage)) == ("deploying", None, 0, 80)
    again = deployment.record(request, Deployment(state=State.WAITING, version=3, cancellable=True, **facts))
    assert (again.waiting_since - now < timedelta(minutes=1), again.reminders) == (True, 0)


@pytest.mark.parametrize(("days", "minutes"), [(1, 1), (15, 59)])
def test_what_is_stuck_is_looked_at_now_and_then(community, people, days, minutes):
    request = waiting(community, THEIRS, days=days)
    now = timezone.now()
    seen = Deployment("d-1", request.reference, "new-hub", State.WAITING, "x", 2, now, now, cancellable=True)
    row = deployment.record(request, seen, pause=timedelta(seconds=61))
    assert row.next_attempt_at > now + timedelta(minutes=minutes)
