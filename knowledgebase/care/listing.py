"""Needs care: the articles of one knowledge base with everything that is the matter with each, the most important first."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, cast

from django.db.models import Case, Count, F, Q, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from communities.models import Community
from ground.actors import Actor
from knowledgebase.care import reasons
from knowledgebase.care.desk import AtTheDesk, desk
from knowledgebase.care.hub_values import changed, hub_values
from knowledgebase.care.reasons import Detail, Kind, Reason
from knowledgebase.care.troubled import due, editions_of, in_trouble, marked
from knowledgebase.models import ArticleLink, Care, Edition, Vote, Why

MOST = 300
MOST_DETAILS = 5  # of one reason
LOOKING_BACK = timedelta(days=90)
NEW = AtTheDesk()


class Marked(Protocol):
    """What `marked` adds to an edition."""

    review_by: date | None


@dataclass(frozen=True)
class Votes:
    """What readers said of an article in the last ninety days."""

    helped: int = 0
    did_not: int = 0


@dataclass(frozen=True)
class Item:
    """One article: what is the matter with it, and how it does."""

    edition: Edition
    reasons: Sequence[Reason]
    votes: Votes = field(default_factory=Votes)
    desk: AtTheDesk = NEW

    @property
    def importance(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def since(self) -> datetime:
        return min(reason.since for reason in self.reasons)

    @property
    def numbers(self) -> list[str]:
        """How it did in the last ninety days, as far as there is anything to say."""
        said = [
            (self.votes.helped, ngettext("helpful to %(number)d reader", "helpful to %(number)d readers", self.votes.helped)),
            (self.votes.did_not, ngettext("not to %(number)d", "not to %(number)d", self.votes.did_not)),
            (self.desk.shown, ngettext("suggested %(number)d time", "suggested %(number)d times", self.desk.shown)),
            (self.desk.opened, ngettext("opened from there %(number)d time", "opened from there %(number)d times", self.desk.opened)),
            (self.desk.cited, ngettext("in %(number)d letter of a ticket", "in %(number)d letters of tickets", self.desk.cited)),
        ]
        return [words % {"number": number} for number, words in said if number]

    @property
    def review_by(self) -> date | None:
        return cast("Marked", self.edition).review_by


def needing_care(community: Community | None, *, actor: Actor) -> list[Item]:
    """The articles of that knowledge base that need care; of too many, those that something speaks against before those whose day has come.

    As many queries for one as for many.
    """
    now = timezone.now()
    editions = editions_of(community)
    told = desk().told(editions, actor=actor, since=now - LOOKING_BACK)
    hubs = _changed_hubs(community)
    known = [key for key, at in told.items() if at.open_tickets or at.asked_anyway]
    pressing = in_trouble() | Q(pk__in=[*known, *hubs])
    listed = marked(editions).filter(pressing | due(timezone.localdate(now) + reasons.SOON)).listed().select_related("article__care")
    rows = list(listed.order_by(Case(When(pressing, then=0), default=1), F("article__review_by").asc(nulls_last=True), "pk")[:MOST])
    found = _Found.of([row.pk for row in rows], told, hubs)
    items = [Item(row, list(_reasons(row, found, now)), found.votes[row.pk], told.get(row.pk, NEW)) for row in rows]
    return sorted((item for item in items if item.reasons), key=lambda item: (-item.importance, item.since, item.edition.pk))


def of_kind(items: Sequence[Item], kind: str) -> list[Item]:
    """Those for that reason."""
    return [item for item in items if any(reason.kind == kind for reason in item.reasons)]


def counted(items: Sequence[Item]) -> Mapping[Kind, int]:
    """How many articles there are for each reason."""
    return {kind: len(of_kind(items, kind)) for kind in Kind}


@dataclass(frozen=True)
class _Found:
    """What is known of the listed articles, by article, each kind in one query."""

    unhelpful: Mapping[int, Sequence[Vote]]
    dead: Mapping[int, Sequence[ArticleLink]]
    votes: Mapping[int, Votes]
    told: Mapping[int, AtTheDesk]
    hubs: Mapping[int, Sequence[str]]

    @classmethod
    def of(cls, keys: Sequence[int], told: Mapping[int, AtTheDesk], hubs: Mapping[int, Sequence[str]]) -> "_Found":
        unhelpful, dead = defaultdict(list), defaultdict(list)
        for vote in Vote.objects.standing().filter(article__in=keys, helped=False).order_by("-at")[:5000]:
            unhelpful[vote.article_id].append(vote)
        for link in ArticleLink.objects.dead().filter(edition__in=keys).select_related("check_of").order_by("pk")[:5000]:
            dead[link.edition_id].append(link)
        recent = Vote.objects.filter(article__in=keys, at__gte=timezone.now() - LOOKING_BACK).order_by().values_list("article")
        said = recent.annotate(yes=Count("pk", filter=Q(helped=True)), no=Count("pk", filter=Q(helped=False)))
        votes = defaultdict(Votes, {key: Votes(yes, no) for key, yes, no in said})
        return cls(unhelpful, dead, votes, told, hubs)


def _changed_hubs(community: Community | None) -> dict[int, list[str]]:
    """By article, what of the hubs it tells of is not as it was when somebody last had it in hand."""
    kept = list(Care.objects.filter(article__edition__knowledge_base__community=community).exclude(hub_values={}))
    if community is None or not kept:
        return {}
    today = hub_values(community)
    return {care.pk: different for care in kept if (different := changed(care.hub_values, today))}


def _reasons(row: Edition, found: _Found, now: datetime) -> Iterator[Reason]:
    looked_at = care.looked_at if (care := getattr(row.article, "care", None)) else None
    told = found.told.get(row.pk, NEW)
    yield from _links(found.dead.get(row.pk, ()))
    yield from _facts(found.hubs.get(row.pk, ()), looked_at or row.published_at)
    yield from _votes(found.unhelpful.get(row.pk, ()))
    yield from _asked([at for at in told.asked_anyway if looked_at is None or at > looked_at])
    yield from _tickets([each for each in told.open_tickets if looked_at is None or each.at > looked_at])
    yield from _review(cast("Marked", row).review_by, now)


def _links(dead: Sequence[ArticleLink]) -> Iterator[Reason]:
    if dead:
        words = ngettext("%(number)d link leads nowhere.", "%(number)d links lead nowhere.", len(dead)) % {"number": len(dead)}
        since = min(moment for link in dead if (moment := link.dead_since))
        details = [Detail(link.target, link.target if link.check_of_id else "") for link in dead[:MOST_DETAILS]]
        yield Reason(Kind.LINKS, words, since, reasons.weight_of_links(len(dead)), details)


def _facts(different: Sequence[str], since: datetime) -> Iterator[Reason]:
    if different:
        details = [Detail(each) for each in different[:MOST_DETAILS]]
        yield Reason(Kind.FACTS, _("The hubs it tells of have changed."), since, reasons.weight_of_facts(), details)


def _votes(unhelpful: Sequence[Vote]) -> Iterator[Reason]:
    if unhelpful:
        number, wrong = len(unhelpful), sum(vote.why == Why.WRONG for vote in unhelpful)
        words = ngettext("%(number)d reader was not helped.", "%(number)d readers were not helped.", number) % {"number": number}
        details = [Detail(_said(vote)) for vote in unhelpful if vote.why or vote.words][:MOST_DETAILS]
        yield Reason(Kind.VOTES, words, unhelpful[-1].at, reasons.weight_of_votes(number, wrong=wrong), details)


def _said(vote: Vote) -> str:
    """The reason they chose and what they wrote."""
    quoted = _("“%(words)s”") % {"words": vote.words} if vote.words else ""
    return ": ".join(filter(None, [str(vote.get_why_display()) if vote.why else "", quoted]))


def _asked(moments: Sequence[datetime]) -> Iterator[Reason]:
    if moments:
        words = ngettext(
            "%(number)d person opened it while writing, and sent the ticket all the same.",
            "%(number)d people opened it while writing, and sent the ticket all the same.",
            len(moments),
        )
        yield Reason(Kind.ASKED, words % {"number": len(moments)}, min(moments), reasons.weight_of_asked(len(moments)))


def _tickets(cited: Sequence[Any]) -> Iterator[Reason]:
    if cited:
        words = ngettext("%(number)d open ticket points at it.", "%(number)d open tickets point at it.", len(cited))
        details = [Detail(f"{each.reference} {each.subject}", each.url) for each in cited[:MOST_DETAILS]]
        since = min(each.at for each in cited)
        yield Reason(Kind.TICKETS, words % {"number": len(cited)}, since, reasons.weight_of_tickets(len(cited)), details)


def _review(review_by: date | None, now: datetime) -> Iterator[Reason]:
    today = timezone.localdate(now)
    if review_by is None or review_by > today + reasons.SOON:
        return
    words = _("It was to be looked at by %(day)s.") if review_by <= today else _("It is to be looked at by %(day)s.")
    since = timezone.make_aware(datetime.combine(review_by, time.min))
    yield Reason(Kind.REVIEW, words % {"day": date_format(review_by, "j M Y")}, since, reasons.weight_of_review(review_by, today=today))
