"""What a ticket's composers show: the draft, to whom it goes, what came meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery

from communities.models import Membership, User
from ground.actors import Actor
from support.composing import drafts
from support.forms.tickets import NoteForm, ReplyForm
from support.history import Line, is_told, say
from support.models import DeskPreferences, Draft, Message, Ticket, TicketStatus
from support.models.tickets import TicketQuerySet
from support.recording import guard
from support.replies import recipients
from support.states import AfterSend, DraftKind

KEPT = ("body", "revision", "updated_at", "choices")


def with_composer(actor: Actor) -> TicketQuerySet:
    """The tickets this person sees, each with their drafts, what they do after sending, and whether its requester belongs: in the same query."""
    rows = Ticket.objects.visible_to(actor)
    for kind in DraftKind.values:
        mine = FilteredRelation("drafts", condition=Q(drafts__user=actor.user, drafts__kind=kind))
        rows = rows.annotate(**{f"{kind}_of_mine": mine}).annotate(
            **{f"{kind}_draft_{name}": F(f"{kind}_of_mine__{name}") for name in KEPT}
        )
    asker = Q(user=OuterRef("requester__user")) | Q(user__email=OuterRef("requester__email"))
    belongs = Membership.objects.filter(asker, community=OuterRef("community"))
    after = DeskPreferences.objects.filter(user=actor.user).values("after_send")
    return rows.annotate(asker_belongs=Exists(belongs), after_send=Subquery(after))


def composers(ticket: Ticket, actor: Actor, statuses: Mapping[int, TicketStatus], *, letters: Sequence[Message]) -> dict[str, Any]:
    """Both forms as the person left them, and who would get a reply."""
    mine = _drafts(ticket, actor.user)
    seen = {"version": ticket.version, "letter": max((letter.pk for letter in letters), default=0)}
    cc = recipients.beside(recipients.askers(ticket), recipients.in_thread(ticket, letters))
    reply, note = mine.get(DraftKind.REPLY), mine.get(DraftKind.NOTE)
    then = getattr(ticket, "after_send", "") or AfterSend.STAY
    return {
        "reply_form": ReplyForm(statuses=statuses, initial={"cc": ", ".join(cc), "then": then, **seen, **_initial(reply)}),
        "note_form": NoteForm(statuses=statuses, initial={**seen, **_initial(note)}),
        "reply_draft": reply,
        "note_draft": note,
        "recipients": recipients.of(ticket, cc=_copied(reply, cc)),
        "note_is_open": bool(note and not reply),
    }


def meanwhile(stale: guard.Stale, actor: Actor, statuses: Mapping[int, TicketStatus]) -> dict[str, Any]:
    """What came since the form was opened, in words, and who is writing right now."""
    lines = [
        Line(event.at, event.actor_label, say(event, statuses)) for event in stale.events if is_told(event) and event.field != "settled"
    ]
    writing = drafts.others(stale.ticket, than=actor.user) if actor.user else ()
    return {"came": lines, "writing": drafts.words_of(writing)}


def _drafts(ticket: Ticket, user: User | None) -> dict[str, Draft]:
    """From the ticket's own query where it brought them along."""
    if user is None:
        return {}
    if not hasattr(ticket, "reply_draft_body"):
        return drafts.of(ticket, by=user)
    found = {kind: {name: getattr(ticket, f"{kind}_draft_{name}") for name in KEPT} for kind in DraftKind.values}
    return {kind: Draft(kind=kind, **kept) for kind, kept in found.items() if kept["revision"]}


def _initial(draft: Draft | None) -> dict[str, Any]:
    if draft is None:
        return {"revision": 0}
    chosen = {name: value for name, value in draft.choices.items() if name in {"cc", "status", "macro", "then"} and (value or name == "cc")}
    return {"body": draft.body, "revision": draft.revision, **chosen}


def _copied(draft: Draft | None, cc: Sequence[str]) -> list[str]:
    """Who gets a copy as the form says it; what is being typed there may not be an address yet."""
    if draft is None or "cc" not in draft.choices:
        return list(cc)
    return [each for each in recipients.APART.split(str(draft.choices["cc"])) if each]
