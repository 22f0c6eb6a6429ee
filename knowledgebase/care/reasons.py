"""Why an article needs care, and how much each reason weighs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOON = timedelta(days=14)


class Kind(models.TextChoices):
    """What may be the matter."""

    LINKS = "links", _("Links lead nowhere")
    FACTS = "facts", _("Hubs changed")
    VOTES = "votes", _("Not helpful")
    ASKED = "asked", _("Opened, and asked all the same")
    TICKETS = "tickets", _("Open tickets")
    REVIEW = "review", _("Time to look at it")


@dataclass(frozen=True)
class Detail:
    """One thing behind a reason: words, and where they lead if they do."""

    words: str | Promise
    url: str = ""


@dataclass(frozen=True)
class Reason:
    """One thing that is the matter: what, since when, how much it weighs, and what is behind it."""

    kind: Kind
    words: str
    since: datetime
    weight: int
    details: Sequence[Detail] = ()


def weight_of_links(number: int) -> int:
    """A link that leads nowhere is wrong for every reader."""
    return 4 + min(number, 4)


def weight_of_facts() -> int:
    """What the text says around them may be wrong now."""
    return 5


def weight_of_votes(number: int, *, wrong: int) -> int:
    """Readers who were not helped; that something is wrong weighs more than that it was hard."""
    return min(2 * number, 8) + min(2 * wrong, 4)


def weight_of_asked(number: int) -> int:
    """Whoever opened it and asked all the same did not find the answer in it."""
    return min(2 * number, 8)


def weight_of_tickets(number: int) -> int:
    """People have the article before them just now."""
    return min(number, 4)


def weight_of_review(review_by: date, *, today: date) -> int:
    """The longer the day has passed, the more; little before it has come."""
    late = (today - review_by).days
    return 1 if late < 0 else 3 + min(late // 60, 5)
