"""A ticket that waits: let through, declined, renamed; reminded of; never at the desk or in Freshdesk before."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from communities.roles import Role, StaffGroup
from ground.models import OutgoingMail
from ground.states import WrongState
from ground.sweep import perform_due
from portal.waiting import waiting_for
from support import queue, replies, search, tickets
from support.asking import approving
from support.asking.approving.reminding import remind
from support.composing import undoing
from support.models import Approval, HeldReply, Message, Notice, NoticePreferences, Ticket, TicketStatus
from support.notices.saying import sentence
from support.replies import recipients
from support.states import ApprovalOutcome, HeldFor, Status, SyncState
from tests.factories import CommunityFactory, acting, member, staff
from tests.support.asking.factories import on_terms, waiting_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(slug="coastal", name="Coastal")


@pytest.fixture
def ana(community):
    return member(community, Role.REPRESENTATIVE, name="Ana", email="ana@example.org")


@pytest.fixture
def bo(community):
    return member(community, Role.MEMBER, name="Bo", email="bo@example.org")


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_members_ticket_waits_and_the_representative_is_told(community, ana, bo):
    on_terms(community, who_opens="representatives")
    page = signed_in(bo).post("/c/coastal/tickets/new/", {"subject": "A package", "body": "xarray"}, follow=True).content.decode()

    ticket = Ticket.objects.get()
    assert (ticket.sync_state, ticket.waiting_since, ticket.next_due_at) == (SyncState.AWAITING_APPROVAL, None, None)
    assert (ticket.approval.reason, [row.to for row in OutgoingMail.objects.filter(kind="support/approval_asked.txt")]) == (
        HeldFor.TERMS,
        [["ana@example.org"]],
    )
    assert "A representative of your community holds the next step" in page
    assert [(wait.sentence, wait.url) for wait in waiting_for(acting(ana))] == [
        ("“A package” waits for your approval.", f"/c/coastal/tickets/{ticket.reference}/")
    ]
    assert waiting_for(acting(bo)) == []


def test_the_mail_shows_the_words_and_the_way(community, ana, bo, mailoutbox):
    waiting_ticket(community, by=acting(bo), subject="A package", body="xarray, please")
    perform_due()
    assert [mail.to for mail in mailoutbox] == [["ana@example.org"]]
    assert "xarray, please" in mailoutbox[0].body


def test_the_desk_has_it_in_no_view_and_can_look(community, ana):
    ticket = waiting_ticket(community)
    sam = staff(StaffGroup.SUPPORT_AGENT)
    at = queue.moment(acting(sam))
    assert set(queue.counts(at).values()) == {0}
    assert list(queue.rows(queue.Chosen(view="all"), at)) == []
    client = signed_in(sam)
    assert client.get(f"/desk/tickets/{ticket.reference}/").status_code == 200
    assert ticket.reference in client.get("/desk/approvals/").content.decode()


def test_approved_it_is_with_the_desk_and_its_clocks_start(community, ana):
    ticket = waiting_ticket(community)
    now = timezone.now() + timedelta(days=3)
    with time_machine.travel(now, tick=False):
        approving.approve(ticket, by=acting(ana))
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.waiting_since, ticket.version) == (SyncState.LOCAL, now, 2)
    assert ticket.next_due_at > now
    assert ticket.events.filter(field="approved", actor=ana).exists()
    assert queue.counts(queue.moment(acting(staff(StaffGroup.SUPPORT_AGENT))))["waiting"] == 1


def test_declined_it_is_closed_and_who_asked_is_told_why(community, ana, bo, mailoutbox):
    ticket = waiting_ticket(community, by=acting(bo))
    signed_in(ana).post(f"/c/coastal/tickets/{ticket.reference}/decline/", {"reason": "The course machine has it already."})
    perform_due()
    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.sync_state, ticket.approval.outcome) == (Status.CLOSED, SyncState.AWAITING_APPROVAL, "declined")
    told = [mail for mail in mailoutbox if mail.to == ["bo@example.org"]]
    assert ["The course machine has it already." in mail.body for mail in told] == [True]
    page = signed_in(bo).get(f"/c/coastal/tickets/{ticket.reference}/").content.decode()
    assert ("The course machine has it already." in page, "Send message" in page) == (True, False)
    assert ticket.reference in signed_in(bo).get("/c/coastal/tickets/?show=solved").content.decode()


def test_without_a_reason_nothing_is_declined(community, ana):
    ticket = waiting_ticket(community)
    assert signed_in(ana).post(f"/c/coastal/tickets/{ticket.reference}/decline/", {"reason": ""}).status_code == 422
    assert Approval.objects.get().outcome == ""


def test_decided_once(community, ana):
    ticket = waiting_ticket(community)
    approving.approve(ticket, by=acting(ana))
    for decide in (lambda: approving.approve(ticket, by=acting(ana)), lambda: approving.decline(ticket, reason="x", by=acting(ana))):
        with pytest.raises(WrongState):
            decide()
    assert signed_in(ana).post(f"/c/coastal/tickets/{ticket.reference}/approve/").status_code == 409


def test_a_member_cannot_approve_their_own(community, ana, bo):
    ticket = waiting_ticket(community, by=acting(bo))
    assert signed_in(bo).post(f"/c/coastal/tickets/{ticket.reference}/approve/").status_code == 404


def test_a_better_subject_is_found_by_its_words(community, ana):
    ticket = waiting_ticket(community)
    signed_in(ana).post(f"/c/coastal/tickets/{ticket.reference}/subject/", {"subject": "Memory for the ocean course"})
    assert "Memory for the ocean course" in signed_in(ana).get("/c/coastal/tickets/?show=waiting&q=ocean").content.decode()


def test_a_confidential_ticket_is_the_desks_to_decide(community, ana, bo):
    ticket = waiting_ticket(community, by=acting(bo), confidential=True)
    assert not OutgoingMail.objects.filter(kind="support/approval_asked.txt").exists()
    assert signed_in(ana).get(f"/c/coastal/tickets/{ticket.reference}/").status_code == 404
    assert waiting_for(acting(ana)) == []
    triager = staff(StaffGroup.SUPPORT_TRIAGER)
    assert [wait.url for wait in waiting_for(acting(triager))] == ["/desk/approvals/"]
    assert signed_in(triager).post(f"/c/coastal/tickets/{ticket.reference}/approve/").status_code == 302


def test_solved_by_who_asked_it_waits_for_nobody(community, ana, bo):
    ticket = waiting_ticket(community, by=acting(bo))
    page = signed_in(bo).post(f"/c/coastal/tickets/{ticket.reference}/solve/", follow=True).content.decode()
    ticket.refresh_from_db()
    assert (ticket.is_over, ticket.approval.outcome, ticket.approval.decided_by) == (True, ApprovalOutcome.WITHDRAWN, bo)
    assert ("Nobody is asked to approve it any more" in page, "Not needed any more" in page, "has decided not to" in page) == (
        True,
        True,
        False,
    )
    assert waiting_for(acting(ana)) == []
    with time_machine.travel(ticket.created_at + timedelta(days=8), tick=False):
        assert remind() == 0
    with pytest.raises(WrongState):
        approving.approve(ticket, by=acting(ana))


def test_opened_again_it_waits_again_and_a_declined_one_stays_declined(community, ana, bo):
    solved, declined = waiting_ticket(community, by=acting(bo)), waiting_ticket(community, by=acting(bo))
    approving.decline(declined, reason="No", by=acting(ana))
    for ticket in (tickets.solve(solved, by=acting(bo)), declined):
        tickets.reopen(ticket, by=acting(staff(StaffGroup.SUPPORT_AGENT)))
    assert list(Approval.objects.order_by("pk").values_list("outcome", flat=True)) == ["", ApprovalOutcome.DECLINED]


def test_let_through_while_it_is_pending_nobody_waits_for_us(community, ana):
    ticket = waiting_ticket(community)
    tickets.change_status(ticket, status=TicketStatus.objects.get(code=Status.PENDING), by=acting(staff(StaffGroup.SUPPORT_AGENT)))
    approving.approve(ticket, by=acting(ana))
    ticket.refresh_from_db()
    assert (ticket.sync_state, ticket.waiting_since) == (SyncState.LOCAL, None)


def test_what_is_written_while_it_waits_starts_no_clock(community, ana, bo):
    ticket = waiting_ticket(community, by=acting(bo))
    replies.add_incoming(ticket, body="Since Monday", by=acting(bo))
    ticket.refresh_from_db()
    assert (ticket.waiting_since, ticket.last_message_excerpt) == (None, "Since Monday")


def test_an_answer_opens_nothing_that_was_declined(community, ana, bo):
    ticket = waiting_ticket(community, by=acting(bo))
    approving.decline(ticket, reason="No", by=acting(ana))
    replies.add_incoming(ticket, body="But", by=acting(bo))
    ticket.refresh_from_db()
    assert (ticket.status_id, ticket.waiting_since) == (Status.CLOSED, None)


def test_nobody_writes_on_in_what_was_declined(community, ana, bo):
    ticket = waiting_ticket(community, by=acting(bo))
    approving.decline(ticket, reason="No", by=acting(ana))
    address = f"/c/coastal/tickets/{ticket.reference}/answer/"
    assert signed_in(bo).post(address, {"body": "But"}).status_code == 409
    assert not ticket.messages.exists()


def test_who_may_decide_is_reminded_twice_then_the_desk_is_told(community, ana, mailoutbox):
    staff(StaffGroup.SUPPORT_TRIAGER, email="tia@hubs.example")
    ticket = waiting_ticket(community)
    OutgoingMail.objects.all().delete()
    told = []
    for days in range(1, 10):
        with time_machine.travel(ticket.created_at + timedelta(days=days, minutes=1), tick=False):
            remind()
            mails = [(row.kind.split("/")[1], row.to[0]) for row in OutgoingMail.objects.all()]
            told.append([*mails, *Notice.objects.filter(channel="mail").values_list("kind", "user__email")])
            OutgoingMail.objects.all().delete()
            Notice.objects.all().delete()
    ask, tell = [("approval_asked.txt", "ana@example.org")], [("approval", "tia@hubs.example")]
    assert told == [[], ask, [], [], ask, [], tell, [], []]
    assert ticket.events.filter(field="undecided").count() == 1


@pytest.mark.parametrize(("channel", "kinds"), [("page", ["page"]), ("digest", ["digest"]), ("never", [])])
def test_the_desk_is_told_that_nobody_decides_as_each_triager_chose(community, ana, channel, kinds):
    tia = staff(StaffGroup.SUPPORT_TRIAGER)
    NoticePreferences.objects.create(user=tia, channels={"approval": channel})
    ticket = waiting_ticket(community)
    with time_machine.travel(ticket.created_at + timedelta(days=8), tick=False):
        remind()
    told = Notice.objects.filter(user=tia, ticket=ticket, kind="approval")
    assert list(told.values_list("channel", flat=True)) == kinds
    assert ["waited for a week" in sentence(each) for each in told] == [True] * len(kinds)


def test_what_can_still_be_taken_back_stays_here_when_the_ticket_is_approved(community, ana, settings):
    settings.DESK_UNDO_SECONDS, settings.FRESHDESK_URL, settings.FRESHDESK_API_KEY = 10, "https://acme.freshdesk.com", "key"
    sam = acting(staff(StaffGroup.SUPPORT_AGENT))
    ticket = waiting_ticket(community)
    note, held = replies.note(ticket, body="Odd", by=sam), undoing.hold(ticket, body="Please restart", by=sam)
    approving.approve(ticket, by=acting(ana))
    waits = dict(Message.objects.values_list("pk", "sync_state"))
    assert waits == {note.pk: SyncState.QUEUED, held.pk: SyncState.LOCAL}

    HeldReply.objects.update(next_attempt_at=timezone.now())
    undoing.let_go(held.held.pk)
    assert Message.objects.get(pk=held.pk).sync_state == SyncState.QUEUED


def test_an_answer_to_a_ticket_that_waits_is_mailed_to_nobody_as_its_page_says(community, bo):
    ticket = waiting_ticket(community, by=acting(bo))
    OutgoingMail.objects.all().delete()
    message = replies.reply(ticket, body="Which course?", by=acting(staff(StaffGroup.SUPPORT_AGENT)))
    assert (OutgoingMail.objects.count(), message.delivery, recipients.of(Ticket.objects.get()).is_mailed) == (0, "", False)
    assert "Which course?" in signed_in(bo).get(f"/c/coastal/tickets/{ticket.reference}/").content.decode()


def test_of_what_looks_like_an_advert_the_desk_alone_is_told(community, ana):
    tia = staff(StaffGroup.SUPPORT_TRIAGER, email="tia@hubs.example")
    ticket = waiting_ticket(community, held=HeldFor.GUARD)
    told = []
    for days in (2, 5, 7):
        with time_machine.travel(ticket.created_at + timedelta(days=days, minutes=1), tick=False):
            told.append(remind())
    noticed = list(Notice.objects.filter(ticket=ticket).values_list("user", "kind"))
    assert (told, noticed, OutgoingMail.objects.count()) == ([0, 0, 1], [(tia.pk, "approval")], 0)


def test_nobody_is_reminded_of_what_was_decided(community, ana):
    ticket = waiting_ticket(community)
    approving.approve(ticket, by=acting(ana))
    OutgoingMail.objects.all().delete()
    with time_machine.travel(ticket.created_at + timedelta(days=6), tick=False):
        assert remind() == 0
    assert not OutgoingMail.objects.exists()


def test_the_api_says_that_it_waits(community, bo):
    on_terms(community, who_opens="representatives")
    api = APIClient()
    api.force_login(bo, backend="django.contrib.auth.backends.ModelBackend")
    response = api.post("/api/v1/tickets/", {"community": "coastal", "subject": "A package", "body": "xarray"}, format="json")
    listed = api.get("/api/v1/tickets/").json()["results"]
    assert (response.status_code, [row["sync_state"] for row in (response.json(), *listed)]) == (201, ["awaiting_approval"] * 2)


def test_a_renamed_ticket_is_found_by_all_that_was_written_in_it(community, ana):
    ticket = waiting_ticket(community)
    replies.add_incoming(ticket, body="It says mamba", by=acting(ticket.opened_by))

    approving.rename(ticket, subject="A bigger node", by=acting(ana))

    for words in ("bigger", "mamba"):
        assert list(search.match(Ticket.objects.all(), words, by=acting(ticket.opened_by))) == [ticket]
