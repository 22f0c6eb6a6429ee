"""Agreements: recorded with their dates, and looked at again before they end."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from communities.models import Community, ServicePolicy, User
from communities.roles import StaffGroup
from communities.states import CommunityState
from ground.actors import Actor
from ground.states import WrongState
from onboarding import emails, ending, plans
from onboarding.models import Agreement, OnboardingPlan

PHASE = "r_renew"
SERVED = (CommunityState.ONBOARDING, CommunityState.LIVE)


@transaction.atomic
def record(community: Community, *, starts_on: date, ends_on: date | None = None, signed_note: str, by: Actor) -> Agreement:
    """Write down an agreement that was signed; without an end it lasts as long as the programme's policy says."""
    Community.objects.select_for_update().get(pk=community.pk)
    policy = community.programme.policy
    agreement = Agreement.objects.create(
        community=community,
        number=Agreement.objects.filter(community=community).count() + 1,
        starts_on=starts_on,
        ends_on=ends_on or starts_on + timedelta(days=policy.agreement_days),
        signed_note=signed_note,
        recorded_by=by.user,
    )
    log(community, "onboarding.agreement", user=by.user, data={"number": agreement.number, "by": by.label})
    _look_again(community)
    return agreement


@transaction.atomic
def decide(
    agreement: Agreement, *, outcome: str, note: str = "", ends_on: date | None = None, signed_note: str = "", by: Actor
) -> Agreement | None:
    """Say what comes after an agreement: the next one, which is returned, or the end of our service.

    Raises `WrongState` when that was said already, `ending.Blocked` when the end comes too soon for an export.
    """
    now = timezone.now()
    undecided = Agreement.objects.filter(pk=agreement.pk, outcome="")
    begun = agreement.renewal_started_at or now
    if not undecided.update(outcome=outcome, outcome_note=note, decided_by=by.user, decided_at=now, renewal_started_at=begun):
        raise WrongState(_("What comes after this agreement is decided already."))
    agreement.refresh_from_db()
    log(agreement.community, "onboarding.renewal", user=by.user, data={"outcome": outcome, "by": by.label})
    if outcome == Agreement.Outcome.ENDING:
        ending.begin(agreement.community, ends_on=ends_on or agreement.ends_on, reason=note or _("The agreement is not renewed."), by=by)
        return None
    return record(
        agreement.community, starts_on=agreement.ends_on + timedelta(days=1), ends_on=ends_on, signed_note=signed_note or note, by=by
    )


def begin_due(today: date) -> int:
    """Begin the renewal of every agreement whose time has come; each once. How many began."""
    begun = [_begin(pk) for pk in _due(today)]
    return sum(begun)


def _due(today: date) -> list[int]:
    rows = Agreement.objects.filter(renewal_started_at=None, outcome="", community__state__in=SERVED).select_related("community")
    days = dict(ServicePolicy.objects.values_list("programme", "renewal_days"))
    usual = ServicePolicy().renewal_days
    found = rows.filter(ends_on__lte=today + timedelta(days=max([usual, *days.values()])))
    return [row.pk for row in found if row.ends_on - timedelta(days=days.get(row.community.programme_id, usual)) <= today]


@transaction.atomic
def _begin(pk: int) -> bool:
    if not Agreement.objects.filter(pk=pk, renewal_started_at=None).update(renewal_started_at=timezone.now()):
        return False
    agreement = Agreement.objects.select_related("community").get(pk=pk)
    _restart_phase(agreement.community)
    for user in agreement.community.representatives().filter(is_active=True):
        emails.renewal.queue(to=user.email, language=user.language, agreement_id=pk, ours=False)
    for user in User.objects.filter(groups__name=StaffGroup.COMMUNITY_GUIDE.value, is_active=True):
        emails.renewal.queue(to=user.email, language=user.language, agreement_id=pk, ours=True)
    return True


def _restart_phase(community: Community) -> None:
    """A renewal after a renewal: its phase, done last time, begins again."""
    plan = OnboardingPlan.objects.filter(community=community).first()
    if plan is None:
        return
    phase = plan.phases.filter(key=PHASE, done_at__isnull=False).first()
    if phase is not None:
        plans.restart(phase, by=Actor.system())
    plans.recompute(plan)


def _look_again(community: Community) -> None:
    for plan in OnboardingPlan.objects.filter(community=community):
        plans.recompute(plan)
