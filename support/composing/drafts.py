"""Words that are being written: kept every few seconds, one draft a person, ticket and kind, and never overwritten unseen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from communities.models import User
from support.models import Draft, Ticket

LATELY = timedelta(minutes=2)


@dataclass
class Overtaken(Exception):
    """Another window of the same person kept something else since. `draft` is what it kept."""

    draft: Draft


@transaction.atomic
def keep(
    ticket: Ticket,
    *,
    kind: str,
    body: str,
    by: User,
    revision: int | None = None,
    choices: Mapping[str, Any] | None = None,
    version: int = 0,
) -> Draft | None:
    """Keep these words; none takes the draft away. `revision`: the one that was read last, None for whichever. Raises `Overtaken`."""
    draft = Draft.objects.select_for_update().filter(ticket=ticket, user=by, kind=kind).first()
    if draft is not None and revision is not None and draft.revision != revision and draft.body != body:
        raise Overtaken(draft)
    if not body.strip():
        discard(ticket, kind=kind, by=by)
        return None
    if draft is None:
        draft, _is_new = Draft.objects.get_or_create(
            ticket=ticket, user=by, kind=kind, defaults={"revision": 0, "ticket_version": version or ticket.version}
        )
    draft.body, draft.choices, draft.revision = body, dict(choices or {}), draft.revision + 1
    draft.ticket_version = version or draft.ticket_version
    draft.save()
    return draft


def sent(ticket: Ticket, *, kind: str, by: User, body: str, revision: int | None) -> None:
    """The words have gone. What another window kept meanwhile, and is not these words, stays."""
    drafts = Draft.objects.filter(ticket=ticket, user=by, kind=kind)
    (drafts if revision is None else drafts.filter(revision=revision) | drafts.filter(body=body)).delete()


def discard(ticket: Ticket, *, kind: str, by: User) -> None:
    """Throw it away; whoever asked still holds the words and may keep them again."""
    Draft.objects.filter(ticket=ticket, user=by, kind=kind).delete()


@transaction.atomic
def give_back(ticket: Ticket, *, kind: str, by: User, body: str, choices: Mapping[str, Any]) -> Draft | None:
    """Words that were on their way out are a draft again, before whatever was begun meanwhile."""
    begun = Draft.objects.filter(ticket=ticket, user=by, kind=kind).first()
    words = f"{body}\n\n{begun.body}" if begun and begun.body != body else body
    return keep(ticket, kind=kind, body=words, by=by, choices=choices)


def of(ticket: Ticket, *, by: User) -> dict[str, Draft]:
    """This person's drafts on the ticket, by kind."""
    return {draft.kind: draft for draft in Draft.objects.filter(ticket=ticket, user=by)}


def others(ticket: Ticket, *, than: User) -> QuerySet[Draft]:
    """Who else is writing on it just now."""
    return Draft.objects.filter(ticket=ticket, updated_at__gte=timezone.now() - LATELY).exclude(user=than).select_related("user")


def words_of(drafts: Iterable[Draft]) -> list[str]:
    """The names of who writes."""
    return sorted({str(draft.user) for draft in drafts})
