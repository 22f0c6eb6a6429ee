"""Recording beside a request what another hub of a community means, before anybody approves it."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from ground.actors import Actor
from ground.states import WrongState
from hubs.models import Assessment, HubRequest, needs_assessment


@dataclass(frozen=True)
class Findings:
    """Does the agreement cover it, how much work is it, what does it cost a month (minor units of the currency) and who pays."""

    covered: str
    load: str
    monthly_cost: int
    currency: str
    paid_by: str
    load_note: str = ""


@transaction.atomic
def record(request: HubRequest, findings: Findings, *, by: Actor) -> Assessment:
    """Keep the findings, over earlier ones; the log keeps them all. Raises `WrongState` where nothing is to be assessed any more."""
    row = HubRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not row.can_change_answers or not needs_assessment(row):
        raise WrongState(_("There is nothing to assess here now."))
    facts = asdict(findings)
    who = {"recorded_by": by.user, "recorded_at": timezone.now()}
    assessment, _is_new = Assessment.objects.update_or_create(request=row, defaults=facts | who)
    log(row, "hubs.assess", user=by.user, data={"by": by.label, **facts})
    return assessment
