"""The desk's standing questions: their SQL is put together once, their answers never are."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from communities.models import User
from communities.roles import StaffGroup
from support import queue
from support.models import Ticket
from support.notices import watching
from support.queue import prepared
from tests.factories import CommunityFactory, UserFactory, acting, staff
from tests.support.factories import TicketFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam():
    return staff(StaffGroup.SUPPORT_AGENT, name="Sam")


def test_counts_of_every_view_are_those_of_its_rows_at_each_moment(sam):
    now = timezone.now()
    TicketFactory(next_due_at=now + timedelta(hours=5), waiting_since=now)
    TicketFactory(snoozed_until=now + timedelta(hours=2), waiting_since=now, assignee=sam)
    for hours in (0, 3, 24 * 30):
        at = queue.Moment(actor=acting(sam), now=now + timedelta(hours=hours), statuses=queue.moment(acting(sam)).statuses)
        rows = {key: Ticket.objects.here().filter(view.rows(at)).count() for key, view in queue.VIEWS.items()}
        assert queue.counts(at) == rows


def test_a_ticket_that_came_meanwhile_is_counted_and_another_person_counts_their_own(sam):
    robin = staff(StaffGroup.SUPPORT_AGENT, name="Robin")
    queue.counts(queue.moment(acting(sam)))
    TicketFactory(assignee=sam)

    assert [queue.counts(queue.moment(acting(each)))["mine"] for each in (sam, robin)] == [1, 0]


def test_the_question_is_put_together_once_and_asked_with_the_time_of_each_look(sam):
    first, put = queue.moment(acting(sam)), []

    def parts(at):
        put.append(at)
        return [("(SELECT COUNT(*) FROM support_ticket WHERE created_at < %s)", [at.now])]

    TicketFactory(created_at=first.now + timedelta(hours=1))
    later = queue.Moment(actor=first.actor, now=first.now + timedelta(hours=2), statuses=first.statuses)

    assert [prepared.ask("of the test", at, parts) for at in (first, later)] == [[0], [1]]
    assert len(put) == 1


@pytest.mark.parametrize("value", ["none", 7, None, "a text of more than nineteen letters", "2026-11-28 20:00:00"])
def test_what_is_no_time_near_the_mark_stays(value):
    assert prepared._from_now(value) == value


def test_questions_do_not_pile_up(sam):
    at = queue.moment(acting(sam))
    for number in range(prepared.MOST + 2):
        prepared.ask(str(number), at, lambda _at: [("1", ())])

    assert len(prepared._known) <= prepared.MOST


def test_a_tickets_question_is_put_together_once_and_answers_for_each_ticket_as_the_orm_does(sam):
    put = []

    def write(reference):
        put.append(reference)
        return Ticket.objects.select_related("status", "community").annotate(again=F("subject")).filter(reference=reference)

    one, two = TicketFactory(subject="One", community=CommunityFactory(name="Kelp")), TicketFactory(subject="Two", community=None)
    asked = [prepared.rows("of the test", acting(sam), write, reference=each.reference)[0] for each in (one, two)]

    assert put == ["\x00reference"]
    assert [(row.again, row.community, row.created_at, row.tags) for row in asked] == [
        (each.subject, each.community, each.created_at, each.tags) for each in (one, two)
    ]
    assert not prepared.rows("of the test", acting(sam), write, reference="reference")


def test_what_somebody_outside_the_desk_sees_is_never_shared_nor_kept(sam):
    ana, ticket = UserFactory(), TicketFactory()

    def write_for(actor):
        return lambda reference: Ticket.objects.visible_to(actor).filter(reference=reference)

    assert prepared.rows("shared?", acting(sam), write_for(acting(sam)), reference=ticket.reference) == [ticket]
    assert prepared.rows("shared?", acting(ana), write_for(acting(ana)), reference=ticket.reference) == []
    assert [key for key in prepared._known_rows if ana.pk == key[1]] == []


def test_who_leaves_the_desk_is_asked_for_anew(sam):
    ticket = TicketFactory()

    def see():
        actor = acting(User.objects.get(pk=sam.pk))
        return prepared.rows("of who left", actor, lambda reference: Ticket.objects.visible_to(actor), reference="")

    assert see() == [ticket]
    sam.groups.clear()
    assert see() == []


def test_rows_of_one_person_are_not_those_of_another(sam):
    robin, ticket = staff(StaffGroup.SUPPORT_AGENT, name="Robin"), TicketFactory()
    watching.watch(ticket, sam, by=acting(sam))
    pages = []
    for who in (sam, robin):
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        pages.append(client.get(ticket.get_absolute_url()).context["ticket"].is_watched)

    assert pages == [True, False]
