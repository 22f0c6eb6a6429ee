"""Every community on its way: where it is, who holds it and since when. Read from what was computed last, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.states import CommunityState
from ground.actors import Actor
from ground.paging import Page, keyset
from ground.states import Look
from ground.texts import pick
from onboarding.models import OnboardingPlan, Phase
from onboarding.plan_page import OWNERS, days_waited
from onboarding.states import Supplier

SIZE = 50
HOLDERS: tuple[tuple[str, str | Promise], ...] = (
    ("", _("All")),
    (Supplier.COMMUNITY, _("Waiting for the community")),
    (Supplier.PROVIDER, _("Waiting for us")),
)


@dataclass(frozen=True)
class Row:
    """One community on its way. `next_step` names the first open phase, `also` the others."""

    name: str
    slug: str
    state: str
    look: Look
    next_step: str
    also: Sequence[str]
    holder: str | Promise
    since: datetime | None
    days_community: int
    days_us: int
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True)
class Listing:
    """A page of rows; `next` is the cursor of the following one."""

    rows: Sequence[Row]
    next: str


def page(actor: Actor, *, holder: str = "", cursor: str = "", size: int = SIZE) -> Listing:
    """The plans of that holder (`community`, `provider`, or everybody's) that wait for somebody, the longest wait first."""
    open_phases = Prefetch("phases", Phase.objects.filter(held_since__isnull=False).order_by("position"), to_attr="open_phases")
    rows = OnboardingPlan.objects.visible_to(actor).filter(held_since__isnull=False).exclude(community__state=CommunityState.ENDED)
    if holder in Supplier.values:
        rows = rows.held_by_side(holder)
    found: Page[OnboardingPlan] = keyset(
        rows.select_related("community").prefetch_related(open_phases), order=["held_since", "pk"], cursor=cursor, size=size
    )
    now = timezone.now()
    return Listing([_row(plan, now) for plan in found.rows], found.next)


def _row(plan: OnboardingPlan, now: datetime) -> Row:
    phases: list[Phase] = plan.open_phases  # type: ignore[attr-defined]  # prefetched under that name
    due = min((phase.due_at for phase in phases if phase.due_at), default=None)
    titles, waited = [pick(phase.title) for phase in phases], days_waited(plan, now)
    return Row(
        name=plan.community.name,
        slug=plan.community.slug,
        state=plan.community.get_state_display(),
        look=plan.community.look,
        next_step=titles[0] if titles else "",
        also=titles[1:],
        holder=OWNERS.get(plan.held_by, plan.held_by),
        since=plan.held_since,
        days_community=waited[Supplier.COMMUNITY],
        days_us=waited[Supplier.PROVIDER],
        due_at=due,
        is_overdue=due is not None and due < now,
    )
