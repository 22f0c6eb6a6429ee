"""Editing rules: drafts that are tried before they run, and run in the version that was tried."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from wagtail.log_actions import log

from ground.actors import Actor
from support.models import Rule, RuleRun, RuleVersion
from support.states import RunOutcome


class NotTried(Exception):
    """The rule was changed since it was tried, or never was: what it would do nobody has seen."""


FROZEN = ("trigger", "changed_field", "match", "conditions", "actions")


def save(rule: Rule, *, by: Actor) -> Rule:
    """Keep a draft. What runs goes on running as it was switched on."""
    if rule.pk is None:
        rule.position = (Rule.objects.aggregate(last=Max("position"))["last"] or 0) + 1
    rule.save()
    log(instance=rule, action="support.edit_rule", user=by.user, data={"digest": digest_of(rule)})
    return rule


def tried(rule: Rule, *, by: Actor) -> None:
    """Keep that somebody looked at what the rule, as it stands, would have done."""
    rule.tried_digest, rule.tried_at, rule.tried_by = digest_of(rule), timezone.now(), by.user
    rule.save(update_fields=["tried_digest", "tried_at", "tried_by"])


@transaction.atomic
def switch_on(rule: Rule, *, by: Actor) -> RuleVersion:
    """Freeze the draft into a version and run that. Raises `NotTried`."""
    held = Rule.objects.select_for_update().get(pk=rule.pk)
    if held.tried_digest != digest_of(held):
        raise NotTried
    number = (held.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    frozen = {name: getattr(held, name) for name in FROZEN}
    held.version = RuleVersion.objects.create(
        rule=held, number=number, digest=held.tried_digest, switched_on_at=timezone.now(), switched_on_by=by.user, **frozen
    )
    held.save(update_fields=["version"])
    log(instance=held, action="support.switch_on_rule", user=by.user, data={"version": number})
    return held.version


@transaction.atomic
def switch_off(rule: Rule, *, by: Actor) -> None:
    """Let it run no more; its versions and what they did stay."""
    held = Rule.objects.select_for_update().get(pk=rule.pk)
    held.version = None
    held.save(update_fields=["version"])
    log(instance=held, action="support.switch_off_rule", user=by.user)


@transaction.atomic
def move(rule: Rule, *, before: bool) -> None:
    """One place up or down in the order in which rules run."""
    rules = list(Rule.objects.select_for_update().order_by("position", "pk"))
    at = next(place for place, each in enumerate(rules) if each.pk == rule.pk)
    other = at - 1 if before else at + 1
    if 0 <= other < len(rules):
        rules[at], rules[other] = rules[other], rules[at]
    for place, each in enumerate(rules, start=1):
        each.position = place
    Rule.objects.bulk_update(rules, ["position"])


def can_be_removed(rule: Rule) -> bool:
    """A rule that never met a ticket leaves nothing behind that speaks of it."""
    return not rule.is_on and not rule.runs.exists()


def remove(rule: Rule, *, by: Actor) -> None:
    log(instance=rule, action="support.remove_rule", user=by.user, title=rule.name)
    rule.delete()


def digest_of(rule: Rule) -> str:
    """The same for the same behaviour, whatever its name and place."""
    written = json.dumps({name: getattr(rule, name) for name in FROZEN}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def is_changed(rule: Rule) -> bool:
    """Whether what is edited differs from what runs."""
    return rule.version is not None and rule.version.digest != digest_of(rule)


def counted(rules: Sequence[Rule]) -> dict[int, dict[str, Any]]:
    """What each did in the last 7 and 30 days, and what it held back. One query."""
    now = timezone.now()
    week, month = now - timedelta(days=7), now - timedelta(days=30)
    done = Q(outcome=RunOutcome.DONE)
    rows = RuleRun.objects.filter(rule__in=rules, at__gte=month).order_by().values("rule")
    found = rows.annotate(
        week=Count("pk", filter=done & Q(at__gte=week)), month=Count("pk", filter=done), held=Count("pk", filter=Q(outcome=RunOutcome.HELD))
    )
    return {each["rule"]: dict(each) for each in found}
