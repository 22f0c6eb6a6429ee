"""What the desk holds on one person is given to them, and goes with their account."""

from datetime import date

import pytest
from django.db.models import CASCADE
from django.utils import timezone

from communities.models import User
from ground.actors import Actor
from onboarding import erasing, exporting
from support.models import Absence, Draft, Mention, Notice, Seen, TicketReader, TimeEntry, Watch
from support.people import personal
from support.working import spending
from tests.factories import UserFactory, acting
from tests.support.factories import ContactFactory, MessageFactory, TicketFactory

pytestmark = pytest.mark.django_db
EMAIL = "ana@example.org"


@pytest.fixture
def ana():
    return UserFactory(email=EMAIL, name="Ana Ruiz")


@pytest.fixture
def ticket(ana):
    """A ticket of somebody else that Ana has to do with in every way."""
    held = TicketFactory()
    now = timezone.now()
    TicketReader.objects.create(ticket=held, user=ana)
    Watch.objects.create(ticket=held, user=ana, why="self", since=now)
    Notice.objects.create(ticket=held, user=ana, kind="replied", key="k", channel="list", made_at=now)
    Draft.objects.create(ticket=held, user=ana, kind="note", body="Half a thought", ticket_version=1)
    Seen.objects.create(ticket=held, user=ana, version=1, at=now)
    Mention.objects.create(message=MessageFactory(ticket=held), user=ana)
    Absence.objects.create(user=ana, first_day=date(2026, 1, 1), last_day=date(2026, 1, 2), note="Sea")
    spending.add(held, minutes=20, by=acting(ana))
    return held


def test_a_person_is_given_what_they_did_at_the_desk(ana, ticket):
    said = exporting.held(EMAIL)["support"]

    kinds = ("named_in", "watches", "notices", "mentions", "drafts", "time_spent")
    assert {kind: [row["ticket_reference"] for row in said[kind]] for kind in kinds} == {kind: [ticket.reference] for kind in kinds}
    assert (said["drafts"][0]["body"], said["absences"][0]["note"], said["tickets"]) == ("Half a thought", "Sea", [])


def test_who_asked_without_an_account_is_given_their_own_words_alone():
    ticket = TicketFactory(requester=ContactFactory(email=EMAIL), subject="No server", opened_by=None)
    MessageFactory(ticket=ticket, body_text="Words of the desk")
    TicketFactory(subject="Somebody else")
    said = exporting.held(EMAIL.upper())["support"]

    assert exporting.is_held(EMAIL)
    assert ([row["subject"] for row in said["tickets"]], said["messages"]) == (["No server"], [])


def test_what_was_theirs_alone_goes_with_their_account_and_their_name_off_the_rest(ana, ticket):
    erasing.forget_address(EMAIL, by=Actor.system())

    assert not [field for field in personal._owned() if field.model._base_manager.filter(**{field.name: ana}).exists()]
    assert TimeEntry.objects.values_list("minutes", "label").get() == (20, "")
    assert User.objects.get(pk=ana.pk).name == ""


def test_every_table_of_the_desk_that_a_person_owns_is_among_those_forgotten():
    owned = {field.model for field in personal._owned()}
    assert {TicketReader, Watch, Notice, Draft, Seen, Mention, Absence} <= owned
    assert all(field.remote_field.on_delete is CASCADE for field in personal._owned())
