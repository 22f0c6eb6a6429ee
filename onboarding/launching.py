"""Going live: once everything up to the launch is done and both sides agreed who does what."""

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community, ResponsibilityMatrix
from communities.states import CommunityState
from ground.actors import Actor
from ground.states import WrongState
from onboarding import plans
from onboarding.models import OnboardingPlan
from onboarding.readiness import PhaseStanding, Standing

LAST_PHASE = "p5_launch"


class NotReady(Exception):
    """Something is missing; `missing` says what, in words."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


@transaction.atomic
def go_live(plan: OnboardingPlan, *, check_in_on: date, by: Actor) -> Community:
    """The community is live, its first check-in has a date and first value is watched for.

    Raises `NotReady`, and `WrongState` when it is live already or ending.
    """
    plan = plans.locked(plan)
    if check_in_on <= timezone.localdate():
        raise NotReady([_("The first check-in needs a day that is still to come.")])
    plan.check_in_on, plan.live_at = check_in_on, timezone.now()
    plan.save(update_fields=["check_in_on", "live_at"])
    if missing := list(lacking(plan.community, plans.recompute(plan))):
        raise NotReady(missing)
    if plan.community.state != CommunityState.ONBOARDING:
        raise WrongState(_("This community is not on its way any more."))
    plan.community.move_to(CommunityState.LIVE, by=by, note=_("everything up to the launch is done"))
    log(plan.community, "onboarding.go_live", user=by.user, data={"by": by.label, "check_in": check_in_on.isoformat()})
    return plan.community


def lacking(community: Community, found: list[PhaseStanding]) -> Iterator[str]:
    """What keeps the community from going live, one sentence each."""
    for each in _up_to_launch(found):
        if each.standing not in {Standing.DONE, Standing.NOT_NEEDED}:
            yield _("“%(phase)s” is not done: %(open)s") % {"phase": each.phase, "open": _open(each)}
    if not ResponsibilityMatrix.objects.agreed().filter(community=community).exists():
        yield _("The responsibilities are not agreed by both sides.")


def _up_to_launch(found: list[PhaseStanding]) -> list[PhaseStanding]:
    keys = [each.phase.key for each in found]
    return found[: keys.index(LAST_PHASE) + 1] if LAST_PHASE in keys else found


def _open(found: PhaseStanding) -> str:
    names = [*map(str, found.waits_for), *(answer.label for answer in found.missing), *map(str, found.open_items)]
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
