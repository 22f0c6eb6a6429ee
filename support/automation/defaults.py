"""Rules that came with the site, switched off: read, try and switch on what fits."""

from collections.abc import Mapping
from typing import Any

from communities.roles import StaffGroup
from support.models import Rule
from support.states import Match, Status, StatusGroup, Trigger

TAG = "reminded"
REMIND = {
    "en": "Do you still need help with this? If we hear nothing, we will take it as solved. Just answer if not.",
    "es": "¿Todavía necesita ayuda con esto? Si no recibimos noticias, lo daremos por resuelto. Si no es así, responda a este mensaje.",
    "pt": "Ainda precisa de ajuda com isto? Se não tivermos notícias, vamos considerá-lo resolvido. Se não for o caso, basta responder.",
    "fr": "Avez-vous encore besoin d’aide ? Sans nouvelles de votre part, nous considérerons la demande comme résolue. Sinon, répondez simplement.",
}
WAITING = {"field": "turn", "operator": "is", "values": [StatusGroup.WAITING]}
QUIET = {"field": "quiet", "operator": "for_at_least", "values": ["5wd"]}
RULES: tuple[Mapping[str, Any], ...] = (
    {
        "key": "remind",
        "name": "Remind who does not answer",
        "trigger": Trigger.TIME,
        "conditions": [WAITING, QUIET, {"field": "tags", "operator": "has_not", "values": [TAG]}],
        "actions": [{"do": "reply", "value": "", "texts": REMIND}, {"do": "add_tag", "value": TAG}],
    },
    {
        "key": "solve_reminded",
        "name": "Take as solved what stays without an answer",
        "trigger": Trigger.TIME,
        "conditions": [WAITING, QUIET, {"field": "tags", "operator": "has", "values": [TAG]}],
        "actions": [{"do": "status", "value": str(Status.SOLVED)}],
    },
    {
        "key": "answered_after_all",
        "name": "Forget the reminder when somebody answers",
        "trigger": Trigger.CAME,
        "conditions": [{"field": "tags", "operator": "has", "values": [TAG]}],
        "actions": [{"do": "remove_tag", "value": TAG}],
    },
    {
        "key": "nobody_has_it",
        "name": "Tell triagers of what nobody has taken",
        "trigger": Trigger.TIME,
        "conditions": [
            {"field": "assigned", "operator": "no", "values": []},
            {"field": "turn", "operator": "is", "values": [StatusGroup.OPEN]},
            {"field": "opened", "operator": "for_at_least", "values": ["8h"]},
        ],
        "actions": [{"do": "tell", "value": StaffGroup.SUPPORT_TRIAGER.value}],
    },
    {
        "key": "hub_is_down",
        "name": "Raise what stops a whole hub",
        "trigger": Trigger.CHANGED,
        "changed_field": "impact",
        "conditions": [{"field": "impact", "operator": "is", "values": ["hub", "many"]}],
        "actions": [{"do": "priority", "value": "4"}, {"do": "tell", "value": StaffGroup.ENGINEER.value}],
    },
    {
        "key": "rated_badly",
        "name": "Let a triager look at every rating",
        "trigger": Trigger.RATED,
        "conditions": [],
        "actions": [{"do": "tell", "value": StaffGroup.SUPPORT_TRIAGER.value}],
    },
)


def ensure() -> None:
    """Those that were never here. What somebody changed or switched on stays as it is."""
    known = set(Rule.objects.exclude(key="").values_list("key", flat=True))
    for place, rule in enumerate(RULES, start=1):
        if rule["key"] not in known:
            Rule.objects.create(position=place, match=Match.ALL, **rule)
