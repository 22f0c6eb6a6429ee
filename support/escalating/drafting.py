"""The issue that a ticket would become: filled in from what we know, private details taken out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from communities.models import Membership
from support.escalating.stripping import Stripped, Taken, strip
from support.mirror import ledger
from support.models import IssueTarget, Message, Ticket
from support.states import MessageKind, NamingRule

LONGEST = 4000  # characters of the ticket's words


@dataclass(frozen=True)
class Draft:
    """Title, body and labels of an issue, and what was taken out of what the ticket says."""

    title: str
    body: str
    labels: tuple[str, ...]
    taken: tuple[Taken, ...] = ()


def draft(ticket: Ticket, target: IssueTarget) -> Draft:
    """In English: engineers of every community read it."""
    with override("en"):
        words = {
            name: cleaned(ticket, target, text) for name, text in {"title": ticket.subject, "what": ticket.body_text[:LONGEST]}.items()
        }
        facts = _facts(ticket, target, words["what"].text)
        body = _filled(target.template, facts) if target.template else render_to_string("support/escalating/issue.md", facts).strip() + "\n"
    return Draft(
        title=words["title"].text[:256], body=body, labels=tuple(target.label_list), taken=_together(each.taken for each in words.values())
    )


def cleaned(ticket: Ticket, target: IssueTarget, text: str) -> Stripped:
    """That text as the repository may hold it."""
    community = ticket.community
    if target.naming == NamingRule.NAME or (community is None and target.naming == NamingRule.SLUG):
        return strip(text, names=names_in(ticket))
    instead = called(ticket, target)
    return strip(text, names=names_in(ticket), community=_names_of_community(ticket, is_nobody=not instead), called=instead)


def names_in(ticket: Ticket) -> list[str]:
    """Everybody whom the ticket may name: who asks, who wrote in it, and the people of its community."""
    named = {ticket.requester.name if ticket.requester else "", ticket.opened_by.name if ticket.opened_by else ""}
    named.update(Message.objects.filter(ticket=ticket, kind=MessageKind.INCOMING).values_list("author_label", flat=True))
    if ticket.community_id:
        named.update(Membership.objects.filter(community=ticket.community_id).values_list("user__name", flat=True))
    return sorted(filter(None, named))


def called(ticket: Ticket, target: IssueTarget) -> str:
    """What the community is called in that repository; empty where it is not to be named."""
    if ticket.community is None or target.naming == NamingRule.NOBODY:
        return ""
    return ticket.community.name if target.naming == NamingRule.NAME else ticket.community.slug


def _names_of_community(ticket: Ticket, *, is_nobody: bool) -> tuple[str, ...]:
    """What gives the community away; where it is not to be named at all, its hub does too, which is mostly called after it."""
    community, hub = ticket.community, ticket.hub
    names = [community.name, *([community.slug] if is_nobody else [])] if community else []
    if hub is not None:
        names += [hub.display_name, *([hub.domain, hub.name] if is_nobody else [])]
    return tuple(filter(None, names))


def _facts(ticket: Ticket, target: IssueTarget, what: str) -> dict[str, Any]:
    hub = ticket.hub if called(ticket, target) or not target.is_public else None
    in_freshdesk = ledger.page_in_freshdesk(ticket) or ""
    return {
        "what": what,
        "kind": ticket.get_kind_display(),
        "impact": ticket.get_impact_display(),
        "community": called(ticket, target),
        "hub": hub.name if hub else "",
        "cluster": hub.cluster.name if hub else "",
        "image": _image(hub.facts) if hub else "",
        "opened": ticket.created_at.strftime("%Y-%m-%d %H:%M UTC"),
        "ticket": settings.SITE_URL + reverse("support:desk_ticket", args=[ticket.reference]),
        "reference": ticket.reference,
        "freshdesk": in_freshdesk,
    }


def _image(facts: dict[str, Any]) -> str:
    """The first image that the configuration names."""
    images = facts.get("images") or facts.get("image") or ""
    first = images[0] if isinstance(images, list) and images else images
    return str(first.get("name") or first.get("image") or "") if isinstance(first, dict) else str(first or "")


def _filled(template: str, facts: dict[str, Any]) -> str:
    """The operator's words; a name in braces that we do not know stays as it is."""
    for name, value in facts.items():
        template = template.replace("{" + name + "}", str(value) or "—")
    return template


def _together(taken: Iterable[tuple[Taken, ...]]) -> tuple[Taken, ...]:
    counts: dict[str, int] = {}
    for each in (one for some in taken for one in some):
        counts[each.kind] = counts.get(each.kind, 0) + each.count
    return tuple(Taken(kind, count) for kind, count in sorted(counts.items()))
