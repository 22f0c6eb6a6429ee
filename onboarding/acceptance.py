"""Releasing a decision: the applicant is told, and an accepted community is founded with all it needs."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from communities import founding, matrix
from communities.models import Community
from ground.actors import Actor
from hubs import drifting, requests
from hubs.documents import HubFacts
from knowledgebase import opening
from onboarding import answered_facts, conflicts, hub_facts, letters, plans
from onboarding.models import Application, Decision, RetentionRule
from onboarding.states import ApplicationState, DecisionState, Ending
from support import tasks as support_tasks


@transaction.atomic
def release(decision: Decision, *, by: Actor) -> Community | None:
    """Tell the applicant, and found the community if it was accepted. Runs once; the outside follows the commit.

    Raises `Conflicted`, and `WrongState` unless the decision is approved and waits.
    """
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("application__programme", "application__form_version")
        .get(pk=decision.pk)
    )
    conflicts.refuse_hard(decision.application, by=by)
    _mark_released(decision, by=by)
    letters.queue(decision, by=by)
    log(decision, "onboarding.release", user=by.user, data={"outcome": decision.outcome, "by": by.label})
    if not decision.is_acceptance:
        return None
    application = decision.application
    answers, form = answered_facts.answers_of(application), application.form_version.form
    community = founding.found(answered_facts.community_facts(application, answers), by=by)
    _belongs_to(decision, application, community)
    matrix.propose(matrix.draft(community, by=by), by=by)
    opening.open_knowledge_base(community, by=by)
    plans.open_plan(community, application, by=by)
    requests.draft(community, facts=HubFacts(values=hub_facts.values(form, answers), source=drifting.INTAKE), by=by)
    support_tasks.ensure_company.delay_on_commit(community.pk)  # type: ignore[attr-defined]  # ground.outbox.Task has it
    return community


def _mark_released(decision: Decision, *, by: Actor) -> None:
    """The public label of the application changes with the release, never before."""
    if decision.state == DecisionState.APPROVED:
        decision.released_by, decision.released_at = by.user, timezone.now()
        decision.save(update_fields=["released_by", "released_at"])
    decision.move_to(DecisionState.RELEASED, by=by)
    application = decision.application
    application.move_to(ApplicationState.DECIDED, by=by)
    application.outcome, application.waiting_since = decision.outcome, None  # what was asked holds nothing up any more
    kept_on = decision.is_acceptance  # as long as the engagement lasts
    application.retain_until = None if kept_on else RetentionRule.objects.until(application, Ending(decision.outcome))
    application.save(update_fields=["outcome", "waiting_since", "retain_until"])


def _belongs_to(decision: Decision, application: Application, community: Community) -> None:
    decision.community = application.community = community
    decision.save(update_fields=["community"])
    application.save(update_fields=["community"])
