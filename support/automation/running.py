"""Running rules: in their order, each at most once a ticket and occasion, never on a rule's doing, and no more than its ceiling in an hour."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from ground.actors import Actor
from support import recording
from support.automation.actions import Action, Doing, perform
from support.automation.conditions import FIELDS, Condition, ages, as_q, holds
from support.automation.facts import facts_of
from support.automation.occasions import Occasion
from support.models import Rule, RuleRun, RuleVersion, Ticket
from support.states import Match, RunOutcome, Trigger
from support.timing import calendars

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MOST_ON_ONE_TICKET = 5
"""In a day, of one rule: two rules that undo each other end here."""


def run(ticket: Ticket, occasions: Sequence[Occasion], *, now: datetime) -> bool:
    """Run the event rules that these occasions are for; whether one of them did anything. `ticket` is held."""
    by_people = [each for each in occasions if each.trigger and not each.is_by_rule]
    done = False
    for version in _running(*{each.trigger for each in by_people}) if by_people else ():
        for occasion in by_people:
            if occasion.is_for(version.trigger, version.changed_field) and occasion.at >= version.switched_on_at:
                done |= _run_once(version, recording.locked(ticket.pk) if done else ticket, occasion, now)
    return done


def run_time_rules(*, now: datetime | None = None) -> int:
    """Run every time rule on the tickets that fit it and that it has not met since they began to; how many it did something to."""
    moment = now or timezone.now()
    return sum(_run_on_time(version, pk, moment) for version in _running(Trigger.TIME) for pk in fitting(version, moment))


def fitting(rule: Rule | RuleVersion, now: datetime) -> list[int]:
    """The tickets a time rule would meet now, as many as its ceiling still allows."""
    owner = rule.rule if isinstance(rule, RuleVersion) else rule
    left = max(owner.most_an_hour - _done_within_the_hour(owner.pk, now), 0)
    return list(unmet(rule, now).order_by("pk").values_list("pk", flat=True)[:left])


def unmet(rule: Rule | RuleVersion, now: datetime) -> Any:
    """Tickets that fit, and that this rule has not met since the moment its ages count from."""
    asked = conditions_of(rule)
    owner_pk = rule.rule_id if isinstance(rule, RuleVersion) else rule.pk
    since = Q()
    for each in ages(asked):
        since |= Q(at__gte=OuterRef(FIELDS[each.field].path))
    met = RuleRun.objects.filter(since, rule=owner_pk, ticket=OuterRef("pk"))
    worn = RuleRun.objects.filter(rule=owner_pk, ticket=OuterRef("pk"), at__gt=now - HOUR)
    fitting = as_q(asked, now, any_of=rule.match == Match.ANY, served=calendars.served())
    return Ticket.objects.here().filter(fitting).exclude(Exists(met)).exclude(Exists(worn))


def conditions_of(rule: Rule | RuleVersion) -> list[Condition]:
    return [Condition.read(raw) for raw in rule.conditions]


def actions_of(rule: Rule | RuleVersion) -> list[Action]:
    return [Action.read(raw) for raw in rule.actions]


def _running(*triggers: str) -> list[RuleVersion]:
    """The versions that are switched on, in the rules' order. One query."""
    rows = RuleVersion.objects.filter(running__version=F("pk"), trigger__in=triggers).select_related("rule")
    return list(rows.order_by("rule__position", "rule__pk"))


@transaction.atomic
def _run_on_time(version: RuleVersion, ticket_pk: int, now: datetime) -> bool:
    ticket = recording.locked(ticket_pk)
    return _run_once(version, ticket, Occasion(f"time:{now:%Y-%m-%dT%H}", Trigger.TIME, now, is_by_rule=False), now)


def _run_once(version: RuleVersion, ticket: Ticket, occasion: Occasion, now: datetime) -> bool:
    if not holds(conditions_of(version), facts_of(ticket), now, any_of=version.match == Match.ANY):
        return False
    if RuleRun.objects.filter(rule=version.rule_id, ticket=ticket, occasion=occasion.key).exists():
        return False
    if _is_at_its_ceiling(version.rule, ticket, now):
        _note(version, ticket, occasion, RunOutcome.HELD, [])
        return False
    did = _do(version, ticket, occasion)
    _note(version, ticket, occasion, RunOutcome.DONE if did else RunOutcome.NOTHING, did)
    return bool(did)


def _do(version: RuleVersion, ticket: Ticket, occasion: Occasion) -> list[dict[str, Any]]:
    """Every action in turn, each on the ticket as the one before left it; those that changed something."""
    doing = Doing(by=Actor.rule(version.rule.name), key=f"{version.rule_id}:{occasion.key}")
    did = []
    for action in actions_of(version):
        if perform(ticket, action, doing):
            did.append(action.written())
            ticket = recording.locked(ticket.pk)
    return did


def _note(version: RuleVersion, ticket: Ticket, occasion: Occasion, outcome: RunOutcome, did: list[dict[str, Any]]) -> None:
    RuleRun.objects.create(
        rule_id=version.rule_id,
        version=version,
        ticket=ticket,
        event=occasion.event,
        message=occasion.message,
        occasion=occasion.key,
        outcome=outcome,
        did=did,
        at=timezone.now(),
    )


def _is_at_its_ceiling(rule: Rule, ticket: Ticket, now: datetime) -> bool:
    on_this = RuleRun.objects.filter(rule=rule, ticket=ticket, outcome=RunOutcome.DONE, at__gt=now - DAY)
    return _done_within_the_hour(rule.pk, now) >= rule.most_an_hour or on_this.count() >= MOST_ON_ONE_TICKET


def _done_within_the_hour(rule_pk: int, now: datetime) -> int:
    return RuleRun.objects.filter(rule=rule_pk, outcome=RunOutcome.DONE, at__gt=now - HOUR).count()
