"""What people looked for and did not find: an article that is not written yet."""

from collections.abc import Sequence

from communities.models import Community
from ground.actors import Actor
from knowledgebase import searching
from knowledgebase.models import SearchMiss

MOST = 50


def missed(community: Community | None, *, actor: Actor) -> Sequence[SearchMiss]:
    """The words most often looked for in vain in that knowledge base, as far as this actor may read them."""
    return list(searching.misses(actor, community=community)[:MOST])
