"""Writing an article from a ticket: what may be taken, where it may stand, and the draft that begins it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ground.actors import Actor
from knowledgebase import drafting as articles
from knowledgebase.access import EDIT, EDIT_SHARED
from knowledgebase.models import Article, KnowledgeBase
from support import recording
from support.models import Message, Ticket, WriteUp
from support.relations.relating import NotPossible
from support.states import MessageKind, SyncState
from support.writing_up.drafting import Proposal, Wanted, propose

__all__ = ["Proposal", "Wanted", "letters_of", "propose", "refusal", "shelves", "write_up"]


def refusal(ticket: Ticket) -> str:
    """Why nothing may be written from this ticket; empty where something may."""
    if ticket.confidential:
        return _("This ticket is confidential: only those who are named read it. Nothing of it goes into an article.")
    if ticket.sync_state == SyncState.AWAITING_APPROVAL:
        return _("A representative has not let this ticket through yet. Write it up once they have.")
    return ""


def shelves(ticket: Ticket, actor: Actor) -> list[KnowledgeBase]:
    """Where this person may put an article from it: its community's knowledge base first, then the shared one."""
    found: list[KnowledgeBase] = []
    if ticket.community_id and EDIT.is_held_by(actor, ticket.community_id):
        found += KnowledgeBase.objects.filter(community=ticket.community_id).select_related("community")
    if EDIT_SHARED.is_held_by(actor):
        found += KnowledgeBase.objects.filter(community=None)
    return found


def letters_of(ticket: Ticket, actor: Actor) -> Sequence[Message]:
    """What may be taken besides the ticket's own words: letters both sides have read, never a note."""
    rows = Message.objects.visible_to(actor).public().filter(ticket=ticket, removed_at=None, is_automatic=False)
    return list(rows.filter(kind__in=[MessageKind.REPLY, MessageKind.INCOMING]).in_order())


@transaction.atomic
def write_up(ticket: Ticket, proposal: Proposal, *, into: KnowledgeBase, title: str, kept: frozenset[int], by: Actor) -> Article:
    """Begin the article; the ticket says so. `kept` are the marked places that somebody leaves as they are. Raises `NotPossible`."""
    held = recording.locked(ticket.pk)
    if why := refusal(held):
        raise NotPossible(why)
    if into not in shelves(held, by):
        raise NotPossible(_("You may not write articles there."))
    article = articles.draft(into, title=title, body=proposal.body(kept), by=by)
    WriteUp.objects.create(ticket=held, article=article, by=by.user, at=timezone.now())
    recording.happened(held, "written_up", after=article.title, note=str(article.pk), by=by)
    return article
