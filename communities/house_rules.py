"""The rules of events, endings and answers: a key and a text each, with the programme's own numbers in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from ruamel.yaml import YAML

from communities.models import ServicePolicy
from ground.texts import pick

CONTENT = Path(__file__).parent / "content" / "rules.yaml"
NUMBERS = ("event_notice_days", "ending_notice_days", "reply_days")


class Severity(TextChoices):
    """What follows when a rule is not kept."""

    WARN = "warn", _("we may say no")
    BLOCK = "block", _("always holds")
    TASK = "task", _("somebody does it")


@dataclass(frozen=True)
class HouseRule:
    """One rule in the reader's language."""

    key: str
    severity: Severity
    text: str


@dataclass(frozen=True)
class RuleGroup:
    """Rules of one occasion."""

    key: str
    title: str
    rules: Sequence[HouseRule]


def groups(policy: ServicePolicy) -> list[RuleGroup]:
    """Every rule, by occasion."""
    numbers = {name: getattr(policy, name) for name in NUMBERS}
    return [RuleGroup(group["key"], pick(group["title"]), [_rule(row, numbers) for row in group["rules"]]) for group in _content()]


def _rule(row: dict[str, Any], numbers: dict[str, int]) -> HouseRule:
    return HouseRule(row["key"], Severity(row["severity"]), pick(row["text"]).format(**numbers))


@cache
def _content() -> list[dict[str, Any]]:
    return list(YAML(typ="safe").load(CONTENT)["groups"])
