"""What the pages of a meeting show: its list as somebody may see it, and one application with its bars, flags and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.functional import Promise

from communities.models import User
from ground.actors import Actor
from ground.texts import pick
from onboarding import opinions, scoring
from onboarding.forms.meetings import ItemForm, as_marks
from onboarding.models import Conflict, Meeting, MeetingItem, Review, RubricVersion
from onboarding.rubric import RubricContent
from onboarding.scoring import FlagKind


@dataclass(frozen=True)
class Line:
    """One item of the list. Of what a conflict keeps from this reader there is the place alone."""

    item: MeetingItem
    is_hidden: bool
    shows_scores: bool
    band: str
    flags: Sequence[str | Promise]
    absent: Sequence[User]


@dataclass(frozen=True)
class Bar:
    """One reviewer's level of one criterion, with the sentence it stands for."""

    reviewer: str
    level: int | None
    is_not_applicable: bool
    sentence: str
    comment: str


@dataclass(frozen=True)
class CriterionBars:
    """One criterion: a bar a reviewer, the level texts on demand, and the field for what is agreed."""

    title: str
    weight: int
    bars: Sequence[Bar]
    levels: Sequence[tuple[int, str]]
    agreed: BoundField
    is_flagged: bool


@dataclass(frozen=True)
class Screen:
    """One application as the meeting sees it."""

    item: MeetingItem
    criteria: Sequence[CriterionBars]
    reviews: Sequence[Review]
    summary: scoring.Summary
    flags: Sequence[str]
    band: str
    hidden: int
    agreed_total: Decimal | None
    absent: Sequence[User]
    previous: MeetingItem | None
    next: MeetingItem | None


def lines(meeting: Meeting, actor: Actor) -> list[Line]:
    """The list in its order, whoever reads it."""
    items = list(meeting.items.select_related("application", "lead").defer("application__answers").order_by("order", "pk"))
    seen = set(meeting.items.visible_to(actor).values_list("pk", flat=True))
    opened = set(opinions.open_to(actor).filter(pk__in=[item.application_id for item in items]).values_list("pk", flat=True))
    content, absent = _content(meeting), _absent(meeting)
    return [_line(item, item.pk in seen, item.application_id in opened, content, absent) for item in items]


def screen(item: MeetingItem, actor: Actor, form: ItemForm) -> Screen:
    """One item with everything the meeting talks about."""
    application = item.application
    reviews = list(Review.objects.visible_to(actor).submitted().filter(application=application).in_words())
    summary = opinions.summary(application, reviews)
    content = form.content
    before, after = _neighbours(item, actor)
    return Screen(
        item=item,
        criteria=_criteria(form, reviews, summary),
        reviews=reviews,
        summary=summary,
        flags=list(dict.fromkeys(str(flag.kind.label) for flag in summary.flags)),
        band=content.band(summary.median),
        hidden=application.reviews.submitted().count() - len(reviews),
        agreed_total=scoring.total(as_marks(item.agreed_scores), content.weights),
        absent=_absent(item.meeting).get(application.pk, []),
        previous=before,
        next=after,
    )


def after(item: MeetingItem, actor: Actor) -> MeetingItem | None:
    """The item that follows this one, for this person."""
    return _neighbours(item, actor)[1]


def _content(meeting: Meeting) -> RubricContent:
    return RubricVersion.objects.current(meeting.programme_id).content


def _line(item: MeetingItem, is_seen: bool, opens: bool, content: RubricContent, absent: Mapping[int, list[User]]) -> Line:
    application, shows = item.application, is_seen and opens
    return Line(
        item=item,
        is_hidden=not is_seen,
        shows_scores=shows,
        band=content.band(application.median) if shows else "",
        flags=[FlagKind(flag).label for flag in application.flags if flag in FlagKind.values] if shows else [],
        absent=absent.get(application.pk, []),
    )


def _absent(meeting: Meeting) -> dict[int, list[User]]:
    """Who of those present leaves the room, by application."""
    rows = Conflict.objects.hard().filter(application__meeting_items__meeting=meeting, person__in=meeting.present.all())
    absent: dict[int, list[User]] = {}
    for conflict in rows.select_related("person"):
        absent.setdefault(conflict.application_id, []).append(conflict.person)
    return absent


def _criteria(form: ItemForm, reviews: Sequence[Review], summary: scoring.Summary) -> list[CriterionBars]:
    flagged = {flag.criterion for flag in summary.flags}
    return [
        CriterionBars(
            title=str(criterion),
            weight=criterion.weight,
            bars=[_bar(review, criterion.key) for review in reviews],
            levels=criterion.choices,
            agreed=agreed,
            is_flagged=criterion.key in flagged,
        )
        for criterion, agreed in form.levels()
    ]


def _bar(review: Review, key: str) -> Bar:
    """By the rubric the review is pinned to: a newer one may word its levels otherwise."""
    mark = review.marks.get(key)
    if mark is None:
        return Bar(str(review.reviewer), None, is_not_applicable=False, sentence="", comment="")
    levels = next((each.levels for each in review.rubric_version.content.criteria if each.key == key), None)
    sentence = pick(levels[mark.level]) if levels and mark.level is not None else ""
    return Bar(str(review.reviewer), mark.level, mark.not_applicable, sentence, mark.comment)


def _neighbours(item: MeetingItem, actor: Actor) -> tuple[MeetingItem | None, MeetingItem | None]:
    """The items before and after this one that this person may open."""
    items: QuerySet[MeetingItem] = item.meeting.items.visible_to(actor).select_related("application").defer("application__answers")
    listed = list(items.order_by("order", "pk"))
    here = next(place for place, each in enumerate(listed) if each.pk == item.pk)
    return (listed[here - 1] if here else None), (listed[here + 1] if here + 1 < len(listed) else None)
