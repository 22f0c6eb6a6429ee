"""The panels beside a ticket: which are open for whom, and what each shows when it is unfolded."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from communities.models import Community, Membership, ResponsibilityMatrix, User
from communities.roles import Role
from communities.states import MatrixState
from ground.actors import Actor
from ground.search import STOP
from hubs.access import QUEUE
from hubs.models import HubRequest
from knowledgebase.suggestions import Suggestion, suggest
from support import search
from support.access import SET_BUDGET
from support.models import ChecklistItem, DeskPreferences, GitHubIssue, HubSnapshot, Incident, Ticket, TicketWords, TimeEntry, WriteUp
from support.models.tickets import TicketQuerySet
from support.relations import relating
from support.states import BudgetPeriod
from support.tickets import hub_facts
from support.working import checklists, spending

DEFAULTS: Mapping[str, bool] = {
    "triage": True,
    "clocks": False,
    "timebox": False,
    "community": True,
    "hub": True,
    "articles": False,
    "linked": False,
    "checklist": False,
    "people": False,
    "mirror": False,
    "keys": False,
}
"""Every panel by its key, and whether it is open for who never said otherwise."""
COMPARED = 200  # tickets of the same community, the newest
SIMILAR = 5
REQUESTS, INCIDENTS = 5, 10
ASKED = 600  # letters of a ticket's words that are searched with


@dataclass(frozen=True)
class Person:
    """One person of a community, with their roles and what they may say for it."""

    user: User
    roles: list[str]
    may_authorise: bool


@dataclass(frozen=True)
class Answer:
    """An article that may answer, and the line that a composer inserts for it; none for what the other side may not read."""

    article: Suggestion
    insert: str


def open_panels(kept: Mapping[str, bool] | None) -> dict[str, bool]:
    """Whether each panel is open: as it was left, else by default."""
    said = kept or {}
    return {key: bool(said.get(key, default)) for key, default in DEFAULTS.items()}


@transaction.atomic
def remember(user: User, *, panel: str, is_open: bool) -> None:
    """Keep a panel as it was left. What is the default needs no keeping."""
    kept, _is_new = DeskPreferences.objects.select_for_update().get_or_create(user=user)
    panels = {key: value for key, value in kept.panels.items() if key in DEFAULTS and key != panel}
    kept.panels = panels if is_open == DEFAULTS[panel] else {**panels, panel: is_open}
    kept.save(update_fields=["panels"])


def shown(panel: str, ticket: Ticket, *, reader: Actor) -> dict[str, Any]:
    """What this panel shows. Raises KeyError for one that shows nothing of its own."""
    return FILLED[panel](ticket, reader)


def _community(ticket: Ticket, reader: Actor) -> dict[str, Any]:
    community = ticket.community
    if community is None:
        return {}
    budget = spending.budget_of(community)
    matrix = ResponsibilityMatrix.objects.filter(community=community, state__in=STANDING).order_by("state", "-number").first()
    return {
        "people": _people(community),
        "here": _time_there(community, timezone.now()),
        "matrix": matrix,
        "open_count": Ticket.objects.visible_to(reader).here().filter(community=community).active().count(),
        "budget": budget,
        "hours": "" if budget.agreed is None else f"{budget.agreed / 60:g}",
        "may_set_budget": SET_BUDGET.is_held_by(reader),
        "periods": BudgetPeriod.choices,
    }


def _hub(ticket: Ticket, reader: Actor) -> dict[str, Any]:
    return {**_incidents(ticket, reader), "facts": hub_facts.compare(ticket), "snapshot": HubSnapshot.objects.filter(ticket=ticket).first()}


def _incidents(ticket: Ticket, reader: Actor) -> dict[str, Any]:
    """Those of its hub or of the whole cluster: open when it was reported, and open now."""
    of_hub = Q(hubs=ticket.hub_id) | Q(cluster__hubs=ticket.hub_id, hubs=None)
    rows = Incident.objects.visible_to(reader).filter(of_hub, began_at__lte=timezone.now()).distinct()
    known = list(rows.filter(Q(resolved_at=None) | Q(resolved_at__gt=ticket.created_at)).order_by("-began_at", "-pk")[:INCIDENTS])
    return {
        "incidents_then": [each for each in known if each.began_at <= ticket.created_at],
        "incidents_now": [each for each in known if not each.is_resolved],
    }


def _articles(ticket: Ticket, reader: Actor) -> dict[str, Any]:
    words = f"{ticket.subject} {ticket.body_text[:ASKED]}"
    found = suggest(words, actor=reader, community=ticket.community)
    written = WriteUp.objects.visible_to(reader).filter(ticket=ticket).select_related("article")
    return {"answers": [_answer(article) for article in found], "similar": similar(ticket, reader=reader), "written": list(written)}


def similar(ticket: Ticket, *, reader: Actor) -> list[Ticket]:
    """Of the newest tickets of the same community those whose words are alike, the likest first; none of anybody else's."""
    if ticket.community_id is None:
        return []
    rows: TicketQuerySet = Ticket.objects.visible_to(reader).here().filter(community=ticket.community_id).exclude(pk=ticket.pk)
    scores = _likeness(ticket, rows.order_by("-updated_at", "-pk")[:COMPARED])
    likest = sorted(scores, key=lambda key: (-scores[key], -key))[:SIMILAR]
    return sorted(rows.filter(pk__in=likest).for_list(), key=lambda row: likest.index(row.pk))


def _likeness(ticket: Ticket, rows: TicketQuerySet) -> dict[int, float]:
    """By key, how much the words of each say that this one says too: a word of few of them says more. One word in common is none."""
    asked = set(search.text_of(ticket.subject, ticket.body_text[:ASKED]).split()) - STOP
    held = {
        key: asked & set(words.split())
        for key, words in TicketWords.objects.filter(ticket__in=list(rows.values_list("pk", flat=True))).values_list("pk", "open")
    }
    often = Counter(word for words in held.values() for word in words)
    return {key: sum(log(1 + len(held) / often[word]) for word in words) for key, words in held.items() if len(words) > 1}


def _linked(ticket: Ticket, reader: Actor) -> dict[str, Any]:
    about = Q(hub=ticket.hub_id) if ticket.hub_id else Q(community=ticket.community_id)
    requests = HubRequest.objects.visible_to(reader).filter(about).select_related("hub").order_by("-pk") if ticket.community_id else ()
    return {
        "family": relating.family(ticket, reader=reader),
        "issues": list(GitHubIssue.objects.visible_to(reader).linked().filter(ticket=ticket)),
        "requests": list(requests[:REQUESTS]),
        "sees_requests": QUEUE.is_held_by(reader),
    }


def _checklist(ticket: Ticket, reader: Actor) -> dict[str, Any]:
    items = list(ChecklistItem.objects.visible_to(reader).filter(ticket=ticket))
    entries = list(TimeEntry.objects.visible_to(reader).filter(ticket=ticket))
    return {
        "items": items,
        "done_count": sum(item.done_at is not None for item in items),
        "templates": list(checklists.offered(ticket)),
        "entries": entries,
        "spent": spending.in_words(sum(entry.minutes for entry in entries)),
    }


FILLED: Mapping[str, Callable[[Ticket, Actor], dict[str, Any]]] = {
    "community": _community,
    "hub": _hub,
    "articles": _articles,
    "linked": _linked,
    "checklist": _checklist,
}
STANDING = (MatrixState.AGREED, MatrixState.PROPOSED, MatrixState.DRAFT)


def _people(community: Community) -> list[Person]:
    """Everybody with a say first, by name; plain members are left to the community's page."""
    roles: dict[int, list[str]] = {}
    users: dict[int, User] = {}
    rows = Membership.objects.filter(community=community).exclude(role=Role.MEMBER).select_related("user").order_by("user__name", "role")
    for row in rows:
        users[row.user_id] = row.user
        roles.setdefault(row.user_id, []).append(row.role)
    found = [Person(users[key], [str(Role(role).label) for role in said], Role.REPRESENTATIVE in said) for key, said in roles.items()]
    return sorted(found, key=lambda person: not person.may_authorise)


def _time_there(community: Community, now: datetime) -> datetime:
    return now.astimezone(ZoneInfo(community.timezone))


def _answer(article: Suggestion) -> Answer:
    return Answer(article, "" if article.for_staff else f"[{article.title}]({settings.SITE_URL}{article.url})")
