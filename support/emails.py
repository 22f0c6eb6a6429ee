"""Mails of the desk. When Freshdesk is connected, it alone mails requesters and none of these leaves."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ground.actors import Actor
from ground.mail import NothingToSay, Outcome, mail
from support import threads
from support.models import IncidentTelling, Message, Notice, NoticeMail, Ticket
from support.policy import is_desk_staff
from support.states import Delivery, SyncState
from support.timing import overdue as lateness

SURVEY_SALT = "support.survey"


@mail("support/answered.txt")
def answered(message_id: int) -> dict[str, Any]:
    """The answer itself, and where to follow the ticket."""
    message = Message.objects.public().select_related("ticket__community", "ticket__requester").get(pk=message_id)
    ticket = message.ticket
    return {
        "ticket": ticket,
        "subject": threads.subject_of(ticket),
        "message": message,
        "url": _address_of(ticket),
        "envelope": threads.envelope(message),
    }


@answered.settled
def keep_delivery(outcome: Outcome, *, message_id: int) -> None:
    """Show on the message what became of its mail; a bounce may be quicker than we are."""
    Message.objects.filter(pk=message_id, delivery=Delivery.QUEUED).update(
        delivery=Delivery.SENT if outcome.sent_at else Delivery.FAILED, mailed_at=outcome.sent_at, delivery_note=outcome.reason[:255]
    )


@mail("support/opened.txt")
def opened(ticket_id: int) -> dict[str, Any]:
    """That a mail has become a ticket. It repeats none of the mail's words: who sent it is not certain."""
    ticket = Ticket.objects.select_related("community").get(pk=ticket_id)
    return {
        "ticket": ticket,
        "subject": threads.subject_of(ticket),
        "url": _address_of(ticket),
        "waits": ticket.sync_state == SyncState.AWAITING_APPROVAL,
        "envelope": threads.acknowledging(ticket),
    }


@mail("support/approval_asked.txt")
def approval_asked(ticket_id: int) -> dict[str, Any]:
    """That a ticket waits for somebody who may approve it. Of what was decided meanwhile it says so."""
    ticket = Ticket.objects.select_related("community", "approval", "requester").get(pk=ticket_id)
    return {"ticket": ticket, "approval": ticket.approval, "url": _address_of(ticket)}


@mail("support/declined.txt")
def declined(ticket_id: int) -> dict[str, Any]:
    """That a ticket was declined, and why."""
    ticket = Ticket.objects.select_related("community", "approval").get(pk=ticket_id)
    return {"ticket": ticket, "approval": ticket.approval, "url": _address_of(ticket)}


@mail("support/survey.txt")
def survey(ticket_id: int) -> dict[str, Any]:
    """How did it go? The link says it without signing in; it is minted here and kept nowhere."""
    ticket = Ticket.objects.select_related("community").get(pk=ticket_id)
    token = signing.dumps(ticket.pk, salt=SURVEY_SALT)
    return {"ticket": ticket, "url": settings.SITE_URL + reverse("support:rate_by_link", args=[token])}


@mail("support/noticed.txt")
def noticed(mail_id: int) -> dict[str, Any]:
    """The news of one ticket, as far as their reader may still see it."""
    letter, actor, notices = _notices_of(mail_id)
    ticket = notices[0].ticket
    return {
        "ticket": ticket,
        "subject": threads.subject_of(ticket),
        "notices": [(each, _words_of(each, actor)) for each in notices],
        "url": _page_of(ticket, actor),
        "settings_url": settings.SITE_URL + reverse("support:notice_settings"),
        "envelope": threads.noticing(ticket, letter.pk),
    }


@mail("support/summarised.txt")
def summarised(mail_id: int) -> dict[str, Any]:
    """What came in the same hour as too many others, a line each."""
    return _many(mail_id)


@mail("support/digest.txt")
def digest(mail_id: int) -> dict[str, Any]:
    """A day's notices, a line each."""
    return _many(mail_id)


@mail("support/overdue.txt")
def overdue(mail_id: int) -> dict[str, Any]:
    """What is late or stuck, for who triages. Nothing is: nothing is sent."""
    letter = NoticeMail.objects.select_related("user").get(pk=mail_id)
    if not is_desk_staff(Actor.person(letter.user)):
        raise NothingToSay
    parts = lateness.parts(now=letter.made_at)
    if not parts:
        raise NothingToSay
    shown = [(part, [(each, settings.SITE_URL + each.get_absolute_url()) for each in part.tickets]) for part in parts]
    return {
        "parts": shown,
        "total": sum(part.count for part in parts),
        "settings_url": settings.SITE_URL + reverse("support:notice_settings"),
        "envelope": threads.automatic(),
    }


def _notices_of(mail_id: int) -> tuple[NoticeMail, Actor, list[Notice]]:
    """The mail's notices that its reader may see at this moment. Raises `NothingToSay`."""
    letter = NoticeMail.objects.select_related("user").get(pk=mail_id)
    actor = Actor.person(letter.user)
    rows = Notice.objects.visible_to(actor).filter(mail=letter, user__is_active=True)
    found = list(rows.select_related("ticket__community", "message").order_by("made_at", "pk"))
    if not found:
        raise NothingToSay
    return letter, actor, found


def _many(mail_id: int) -> dict[str, Any]:
    _letter, actor, notices = _notices_of(mail_id)
    return {
        "notices": [(each, _page_of(each.ticket, actor)) for each in notices],
        "total": len(notices),
        "settings_url": settings.SITE_URL + reverse("support:notice_settings"),
        "envelope": threads.automatic(),
    }


def _words_of(notice: Notice, actor: Actor) -> str:
    """The first words of the message it is about, for who may read it."""
    readable = Message.objects.visible_to(actor).filter(pk=notice.message_id or 0, removed_at=None)
    text = readable.values_list("body_text", flat=True).first() if notice.message_id else ""
    return Truncator(" ".join((text or "").split())).chars(600)


def _page_of(ticket: Ticket, actor: Actor) -> str:
    """Where this reader reads the ticket."""
    return settings.SITE_URL + ticket.get_absolute_url() if is_desk_staff(actor) else _address_of(ticket)


def language_of(ticket: Ticket) -> str:
    """The language in which its requester is written to."""
    person = ticket.requester.user if ticket.requester else None
    return person.language if person else ticket.community.language if ticket.community else "en"


def _address_of(ticket: Ticket) -> str:
    community = ticket.community
    return settings.SITE_URL + reverse("support:ticket", args=[community.slug, ticket.reference]) if community else ""


@mail("support/incident_told.txt")
def incident_told(telling_id: int) -> dict[str, Any]:
    """One update of an incident to one person of one community; it names no other."""
    telling = IncidentTelling.objects.select_related("update__incident", "community").get(pk=telling_id)
    update, community = telling.update, telling.community
    assert community is not None  # noqa: S101  nobody is mailed for tickets of no community
    return {
        "community": community,
        "title": update.incident.title_said,
        "state": update.get_state_display(),
        "text": update.text_said + (f"\n\n{_('This update was written in English only.')}" if update.is_in_english_only else ""),
        "url": settings.SITE_URL + reverse("portal:community", args=[community.slug]),
        "silence": settings.SITE_URL + reverse("support:incident_mails"),
    }
