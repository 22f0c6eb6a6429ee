"""What the onboarding room cannot run without."""

from communities.models import Programme
from onboarding import calibration_defaults, drafting, letter_defaults, opinions, retaining, rubric_defaults, statement_defaults
from onboarding.form_defaults import ensure_forms
from onboarding.models import ReviewPolicy


def ensure() -> None:
    """Make what is missing; what an operator changed stays."""
    statement_defaults.ensure()
    ensure_forms()
    retaining.ensure()
    rubric_defaults.ensure()
    letter_defaults.ensure()
    drafting.ensure()
    calibration_defaults.ensure()
    ReviewPolicy.objects.get_or_create(programme=Programme.default())
    opinions.refresh_unfolded()
