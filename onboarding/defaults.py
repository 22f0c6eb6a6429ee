"""What the onboarding room cannot run without."""

from onboarding import retaining, rubric_defaults
from onboarding.form_defaults import ensure_forms


def ensure() -> None:
    """Make what is missing; what an operator changed stays."""
    ensure_forms()
    retaining.ensure()
    rubric_defaults.ensure()
