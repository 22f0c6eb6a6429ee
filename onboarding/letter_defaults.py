"""The letters we begin with; one that has a version is the operator's."""

from communities.models import Programme
from ground.actors import Actor
from onboarding import letter_words, wordings
from onboarding.models import LetterOccasion, LetterTemplate


def ensure() -> None:
    """Publish each letter's template that has no version yet."""
    programme = Programme.default()
    for outcome in LetterOccasion:
        words = letter_words.defaults()[outcome]
        template, _is_new = LetterTemplate.objects.get_or_create(programme=programme, outcome=outcome, defaults={"texts": words})
        if not template.versions.exists():
            wordings.publish(template, template.as_published(), by=Actor.system())
