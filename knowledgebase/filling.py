"""The blocks of an article that depend on who reads, filled while serving: hub facts, doors to requests and tickets."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from communities.access import can_see_community
from communities.models import Community
from ground.actors import Actor
from hubs.access import DRAFT
from hubs.models import Hub
from knowledgebase.blocks import RequestKind
from knowledgebase.markdown import LOCAL
from knowledgebase.rendering import Part

COMMUNITIES = "/c/"  # where a reader finds their own, in a room further on


@dataclass(frozen=True)
class Frame:
    """Whose knowledge base somebody reads in; without a community, the shared one."""

    actor: Actor
    community: Community | None = None

    @property
    def home(self) -> str:
        if self.community is None:
            return reverse("knowledgebase:home")
        return reverse("knowledgebase:community_home", args=[self.community.slug])

    @property
    def title(self) -> str:
        """What this knowledge base is called."""
        if self.community is None:
            return gettext("Knowledge base")
        return gettext("Knowledge base of %(community)s") % {"community": self.community}

    @property
    def belongs(self) -> Community | None:
        """The community, if this reader may see its hubs and ask in its name."""
        return self.community if self.community and can_see_community(self.actor, self.community) else None

    @functools.cached_property
    def communities(self) -> Sequence[Community]:
        """Whose knowledge base a member could read this in instead."""
        if self.community or self.actor.user is None:
            return []
        return list(Community.objects.filter(pk__in=self.actor.user.roles_by_community)[:5])

    @property
    def asking(self) -> Sequence[Community]:
        """In whose name this reader may ask."""
        return [self.belongs] if self.belongs else self.communities

    @functools.cached_property
    def hubs(self) -> Sequence[Hub]:
        """The hubs of the community this reader may see."""
        if self.belongs is None:
            return []
        return list(Hub.objects.visible_to(self.actor).running().filter(community=self.belongs))


@dataclass(frozen=True)
class Door:
    """Where one community asks."""

    community: Community
    url: str


def fill(parts: Sequence[Part], frame: Frame) -> Iterator[SafeString]:
    """Each part as HTML: links lead on inside the frame, live blocks know its community."""
    for part in parts:
        if "html" in part:
            yield mark_safe(part["html"].replace(f'href="{LOCAL}', f'href="{frame.home}'))  # noqa: S308  cleaned while publishing
        else:
            yield SafeString(render_to_string(f"knowledgebase/blocks/{part['live']}.html", FILLERS[part["live"]](part, frame)))


def _hub_facts(part: Part, frame: Frame) -> dict[str, Any]:
    return {"title": part["title"], "hubs": frame.hubs, "belongs": frame.belongs}


def _open_in_hub(part: Part, frame: Frame) -> dict[str, Any]:
    links = [{"hub": hub, "url": pull_link(hub.url, part)} for hub in frame.hubs if hub.url]
    return {"words": part["words"], "links": links, "repository": part["repository"]}


def pull_link(hub_url: str, part: Part) -> str:
    """nbgitpuller's address: fetch the repository into the reader's folder, then open the path in it."""
    folder = part["repository"].rstrip("/").removesuffix(".git").rsplit("/", maxsplit=1)[-1]
    opened = f"lab/tree/{folder}/{part['path']}".rstrip("/")
    query = urlencode({"repo": part["repository"], "branch": part["branch"] or "main", "urlpath": opened}, quote_via=quote)
    return f"{hub_url.rstrip('/')}/hub/user-redirect/git-pull?{query}"


def _request(part: Part, frame: Frame) -> dict[str, Any]:
    asking = [community for community in frame.asking if DRAFT.is_held_by(frame.actor, community)]
    doors = [Door(community, reverse("hubs:start_request", args=[community.slug, part["kind"]])) for community in asking]
    return {"kind": RequestKind(part["kind"]), "words": part["words"], "doors": doors, "belongs": frame.belongs, "communities": COMMUNITIES}


def _ask_support(part: Part, frame: Frame) -> dict[str, Any]:
    query = f"?{urlencode({'subject': part['subject']})}" if part["subject"] else ""
    doors = [Door(community, f"/c/{community.slug}/tickets/new/{query}") for community in frame.asking]
    return {"words": part["words"], "doors": doors, "communities": COMMUNITIES}


FILLERS: dict[str, Callable[[Part, Frame], dict[str, Any]]] = {
    "hub_facts": _hub_facts,
    "open_in_hub": _open_in_hub,
    "request": _request,
    "ask_support": _ask_support,
}
