"""What the submitted reviews of an application say together, and the short of it that lists show."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from ground.actors import Actor
from onboarding import scoring
from onboarding.models import Application, Review, RubricVersion
from onboarding.models.reviews import opened_to
from onboarding.rubric import Criterion, RubricContent


def submitted(application: Application) -> list[Review]:
    """The submitted reviews with their scores, oldest first."""
    return list(Review.objects.submitted().filter(application=application).in_words())


def summary(application: Application, reviews: Sequence[Review]) -> scoring.Summary:
    """These reviews in numbers and flags: each counts as its own rubric says, the newest among them says what is asked of all."""
    rubrics = _rubrics(reviews) or [RubricVersion.objects.current(application.programme).content]
    return scoring.summarise([review.as_reading() for review in reviews], _criteria(rubrics), rubrics[0].rules)


def criteria_of(reviews: Sequence[Review]) -> list[Criterion]:
    """Every criterion that one of these reviews was scored by, as the newest rubric that has it words it."""
    return list(_criteria(_rubrics(reviews)).values())


def open_to(actor: Actor) -> QuerySet[Application]:
    """The applications whose medians and flags this person may know; a list shows those of no other."""
    return opened_to(actor)


def refresh(application: Application) -> None:
    """Fold the submitted reviews into what lists show of the application. Whoever submits, reopens or retracts one calls this."""
    for name, value in folded(application).items():
        setattr(application, name, value)
    application.save(update_fields=["reviews_submitted", "median", "flags"])


def folded(application: Application) -> dict[str, object]:
    """The number of submitted reviews, the median of their totals, and each kind of flag once; nothing as long as there is none."""
    reviews = submitted(application)
    if not reviews:
        return {"reviews_submitted": 0, "median": None, "flags": []}
    said = summary(application, reviews)
    return {"reviews_submitted": said.count, "median": said.median, "flags": sorted({str(flag.kind) for flag in said.flags})}


def refresh_unfolded() -> None:
    """Applications that were reviewed before there were such figures get theirs."""
    reviewed = Review.objects.submitted().values("application")
    for application in Application.objects.filter(pk__in=reviewed, reviews_submitted=0).select_related("programme"):
        refresh(application)


def differing() -> Iterator[Application]:
    """Applications whose short figures are not what their reviews say; there are none unless something wrote past `refresh`."""
    for application in Application.objects.sent().select_related("programme").iterator(chunk_size=500):
        if any(getattr(application, name) != value for name, value in folded(application).items()):
            yield application


def _rubrics(reviews: Sequence[Review]) -> list[RubricContent]:
    """The rubrics that reviews are pinned to, the newest first."""
    versions = {review.rubric_version for review in reviews}
    return [version.content for version in sorted(versions, key=lambda version: version.pk, reverse=True)]


def _criteria(rubrics: Sequence[RubricContent]) -> dict[str, Criterion]:
    found: dict[str, Criterion] = {}
    for criterion in (criterion for content in rubrics for criterion in content.criteria):
        found.setdefault(criterion.key, criterion)
    return found
