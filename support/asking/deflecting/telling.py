"""What became of articles at the desk: asked by who looks after them (`knowledgebase.care.desk`), who knows nothing of tickets."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from ground.actors import Actor
from knowledgebase.care.desk import AtTheDesk, Cited
from knowledgebase.models import Edition, EditionQuerySet
from support.models import Citation, Suggested, Ticket
from support.policy import is_desk_staff
from support.states import MessageKind

Keys = QuerySet[Edition, Any]
MOST = 500
MOST_FORMS = 5000


def told(editions: EditionQuerySet, *, actor: Actor, since: datetime) -> Mapping[int, AtTheDesk]:
    """By article, of those editions, since then; tickets are those that the actor may see. Four queries."""
    keys = editions.order_by().values("pk")
    asked, tickets, letters = _asked_anyway(keys, since), _open_tickets(keys, actor), _letters(keys, actor, since)
    steps = Suggested.objects.of_articles().filter(article__in=keys, at__gte=since).order_by().values_list("article")
    counted = steps.annotate(
        shown=Count("pk", filter=Q(step=Suggested.Step.SHOWN)), opened=Count("pk", filter=Q(step=Suggested.Step.OPENED))
    )
    suggested = {key: (shown, opened) for key, shown, opened in counted}
    return {
        key: AtTheDesk(*suggested.get(key, (0, 0)), letters.get(key, 0), asked.get(key, ()), tickets.get(key, ()))
        for key in {*suggested, *asked, *tickets, *letters}
    }


def _asked_anyway(keys: Keys, since: datetime) -> dict[int, list[datetime]]:
    """When those sent their ticket who had opened the article while they wrote."""
    sent = Suggested.objects.of_forms().filter(form=OuterRef("form"), step=Suggested.Step.SENT).order_by().values("form")
    opened = Suggested.objects.of_articles().filter(article__in=keys, step=Suggested.Step.OPENED, at__gte=since)
    rows = opened.annotate(sent_at=Subquery(sent.annotate(first=Min("at")).values("first"))).exclude(sent_at=None)
    found: dict[int, list[datetime]] = defaultdict(list)
    for article, at in rows.order_by("-at").values_list("article", "sent_at")[:MOST_FORMS]:
        found[article].append(at)
    return found


def _open_tickets(keys: Keys, actor: Actor) -> dict[int, list[Cited]]:
    """The tickets with a letter that points at it, as long as they are open, the newest letter first."""
    active = Ticket.objects.visible_to(actor).here().active()
    rows = Citation.objects.filter(article__in=keys, ticket__in=active.order_by().values("pk"), message__kind=MessageKind.REPLY)
    facts = ("article", "ticket__reference", "ticket__subject", "ticket__community__slug")
    found: dict[int, list[Cited]] = defaultdict(list)
    for article, reference, subject, slug, at in rows.order_by().values_list(*facts).annotate(last=Min("message__created_at"))[:MOST]:
        found[article].append(Cited(reference, subject, _address(reference, slug, actor), at))
    return {key: sorted(each, key=lambda cited: cited.at, reverse=True) for key, each in found.items()}


def _letters(keys: Keys, actor: Actor, since: datetime) -> dict[int, int]:
    """How many letters point at it."""
    seen = Ticket.objects.visible_to(actor).order_by().values("pk")
    rows = Citation.objects.filter(article__in=keys, ticket__in=seen, message__kind=MessageKind.REPLY, message__created_at__gte=since)
    return dict(rows.order_by().values_list("article").annotate(number=Count("message", distinct=True)))


def _address(reference: str, slug: str | None, actor: Actor) -> str:
    if is_desk_staff(actor) or not slug:
        return reverse("support:desk_ticket", args=[reference])
    return reverse("support:ticket", args=[slug, reference])
