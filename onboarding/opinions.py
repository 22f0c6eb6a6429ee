"""What the submitted reviews of an application say together."""

from collections.abc import Sequence

from onboarding import scoring
from onboarding.models import Application, Review, RubricVersion


def submitted(application: Application) -> list[Review]:
    """The submitted reviews with their scores, oldest first."""
    return list(Review.objects.submitted().filter(application=application).in_words())


def summary(application: Application, reviews: Sequence[Review]) -> scoring.Summary:
    """These reviews in numbers and flags, by the newest rubric among them."""
    version = max((review.rubric_version for review in reviews), key=lambda version: version.pk, default=None)
    content = (version or RubricVersion.objects.current(application.programme)).content
    return scoring.summarise([review.as_reading() for review in reviews], content.weights, content.rules)
