"""What waits for a person, across the rooms: one sentence and one button each, the oldest first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from communities.access import AGREE_FOR_COMMUNITY, AGREE_FOR_PROVIDER
from communities.models import Community, ResponsibilityMatrix
from communities.states import MatrixState
from ground.actors import Actor

SHOWN = 3


@dataclass(frozen=True)
class Wait:
    """One thing that waits for this person."""

    sentence: str
    button: str
    url: str
    since: datetime


Source = Callable[[Actor, Community | None], Iterator[Wait]]


def waiting_for(actor: Actor, *, community: Community | None = None) -> list[Wait]:
    """Everything that waits for this person, in that community or anywhere; those who wait longest first."""
    if actor.user is None:
        return []
    return sorted((wait for source in SOURCES for wait in source(actor, community)), key=lambda wait: wait.since)


def matrices_to_agree(actor: Actor, community: Community | None) -> Iterator[Wait]:
    """Responsibility matrices that are proposed and lack this person's side."""
    proposed = ResponsibilityMatrix.objects.visible_to(actor).filter(state=MatrixState.PROPOSED).select_related("community")
    if community is not None:
        proposed = proposed.filter(community=community)
    for matrix in proposed.order_by("proposed_at")[:20]:
        ours = AGREE_FOR_PROVIDER.is_held_by(actor) and matrix.provider_agreed_at is None
        theirs = AGREE_FOR_COMMUNITY.is_held_by(actor, matrix.community_id) and matrix.community_agreed_at is None
        if ours or theirs:
            yield Wait(
                sentence=_("Who does what for %(community)s is written down and needs your agreement.")
                % {"community": matrix.community.name},
                button=_("Read and agree"),
                url=f"{matrix.community.get_absolute_url()}responsibilities/",
                since=matrix.proposed_at or matrix.created_at,
            )


SOURCES: tuple[Source, ...] = (matrices_to_agree,)
