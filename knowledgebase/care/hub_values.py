"""What a community's hubs are like today, as marks to compare: an article that tells of them may be wrong when they change."""

import hashlib
import json
from collections.abc import Mapping

from communities.models import Community
from hubs.models import Hub
from knowledgebase.facts import used_by
from knowledgebase.models import Edition

MARK = 16  # letters
ADDRESS = "address"
OF_A_HUB = "hub."  # how the names of its facts begin


def uses_hubs(edition: Edition) -> bool:
    """Whether its text tells of the hubs of its community: by a block, or by facts in the text."""
    return any(part.get("live") == "hub_facts" for part in edition.parts) or any(name.startswith(OF_A_HUB) for name in used_by(edition))


def hub_values(community: Community) -> dict[str, str]:
    """By `hub · fact`, a mark of its value. One query."""
    found: dict[str, str] = {}
    for hub in Hub.objects.running().filter(community=community):
        facts = {ADDRESS: hub.url, **hub.facts}
        found |= {f"{hub.display_name} · {name}": _mark(value) for name, value in facts.items()}
    return found


def changed(before: Mapping[str, str], today: Mapping[str, str]) -> list[str]:
    """What is different, new or gone. Pure."""
    return sorted(name for name in {*before, *today} if before.get(name) != today.get(name))


def _mark(value: object) -> str:
    said = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:MARK]
