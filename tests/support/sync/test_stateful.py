"""Whatever happens on either side and on the line between, both end up the same, nothing doubled, nothing lost (mirror_machine)."""

import os

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.support.sync.mirror_machine import Mirror

EXAMPLES = int(os.environ.get("MIRROR_EXAMPLES", "12"))
STEPS = int(os.environ.get("MIRROR_STEPS", "25"))
SHRINKS = os.environ.get("MIRROR_SHRINKS", "") == "1"  # minutes for one failure: only where somebody waits for it


@pytest.mark.django_db
def test_any_order_of_actions_faults_and_crashes_ends_with_both_sides_alike():
    chosen = hypothesis.settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        phases=[phase for phase in hypothesis.Phase if phase.name != "shrink" or SHRINKS],
        suppress_health_check=list(hypothesis.HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Mirror, settings=chosen)
