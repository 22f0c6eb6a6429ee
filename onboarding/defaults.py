"""What the onboarding room cannot run without."""

from onboarding import calibration_defaults, opinions, rubric_defaults
from onboarding.form_defaults import ensure_forms


def ensure() -> None:
    """Make what is missing; what an operator changed stays."""
    ensure_forms()
    rubric_defaults.ensure()
    calibration_defaults.ensure()
    opinions.refresh_unfolded()
