"""The blocks of an article that depend on who reads, filled while serving: hub facts, doors to requests and tickets."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from communities.access import can_see_community
from communities.models import Community
from ground.actors import Actor
from hubs.access import DRAFT
from hubs.models import Hub
from hubs.states import HubState
from knowledgebase import placeholders
from knowledgebase.blocks import App, HubFact, RequestKind
from knowledgebase.facts import COMMUNITIES, Facts
from knowledgebase.markdown import LOCAL
from knowledgebase.rendering import Part

Heading = dict[str, Any]  # level, id, title; typed, where it names facts
OPENS: Mapping[App, str] = {App.LAB: "lab/tree/{path}", App.CLASSIC: "tree/{path}", App.RSTUDIO: "rstudio/"}
HEADING = re.compile(r'(?P<opening><h([2-6]) id="(?P<id>[^"]+)">)(?P<words>.*?)(?P<closing></h\2>)', re.DOTALL)
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Frame:
    """Whose knowledge base somebody reads in; without a community, the shared one."""

    actor: Actor
    community: Community | None = None

    @functools.cached_property
    def home(self) -> str:
        """Its first page."""
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

    @functools.cached_property
    def facts(self) -> Facts:
        """What articles may name of the community, for this reader."""
        return Facts(self)


@dataclass(frozen=True)
class Door:
    """Where one community asks."""

    community: Community
    url: str


def fill(parts: Sequence[Part], frame: Frame, *, language: str = "") -> Iterator[SafeString]:
    """Each part as HTML: links lead on inside the frame, headings to themselves, live blocks and facts know its community.

    What stands in for a fact that is not known is in the article's `language`, by default the reader's.
    """
    words = escape(gettext("Link to “%(heading)s”"))
    for part in parts:
        html = _with_facts(part["html"] if "html" in part else _live(part, frame), frame, language)
        html = html.replace(f'href="{LOCAL}', f'href="{frame.home}')
        if "html" in part:
            html = HEADING.sub(lambda heading: _with_link(heading, words), html)
        yield mark_safe(html)  # noqa: S308  cleaned while publishing, facts escaped


def _with_facts(html: str, frame: Frame, language: str) -> str:
    if not placeholders.is_marked(html):
        return html
    with translation.override(language or translation.get_language()):
        return placeholders.filled(html, frame.facts, elsewhere=frame.facts.elsewhere)


def fill_contents(contents: Sequence[Heading], frame: Frame) -> list[Heading]:
    """The headings of an article, with the facts some of them name."""
    return [
        {**heading, "title": placeholders.in_words(heading["typed"], frame.facts)} if "typed" in heading else heading
        for heading in contents
    ]


def _live(part: Part, frame: Frame) -> str:
    html = render_to_string(f"knowledgebase/blocks/{part['live']}.html", FILLERS[part["live"]](part, frame))
    return placeholders.of_live(html)


def _with_link(heading: re.Match[str], words: str) -> str:
    """A heading with its own address, to follow or to copy: an empty link with a title; the style sheet draws its sign."""
    title = words % {"heading": TAG.sub("", heading["words"]).replace('"', "&quot;").strip()}
    return f'{heading["opening"]}{heading["words"]} <a href="#{heading["id"]}" title="{title}"></a>{heading["closing"]}'


def _hub_facts(part: Part, frame: Frame) -> dict[str, Any]:
    shows = part.get("shows", HubFact.values)
    hubs = [{"hub": hub, "told": [fact for fact in told(hub) if fact.key in shows]} for hub in frame.hubs]
    return {"title": part["title"], "hubs": hubs, "belongs": frame.belongs}


@dataclass(frozen=True)
class Told:
    """One thing known of a hub, in the reader's words."""

    key: str
    name: str | Promise
    values: Sequence[str]


def told(hub: Hub) -> list[Told]:
    """What its configuration says about images, memory and storage."""
    spec = hub.facts.get("spec") or {}
    quota = spec.get("home_quota_gib")
    memory = [gettext("%(size)s GB") % {"size": number_format(size)} for size in spec.get("memory_gb") or ()]
    storage = [gettext("%(size)s GiB in each home folder") % {"size": number_format(quota)}] if quota else []
    known = {HubFact.IMAGES: list(spec.get("images") or ()), HubFact.MEMORY: memory, HubFact.STORAGE: storage}
    return [Told(fact.value, fact.label, values) for fact, values in known.items() if values]


def _open_in_hub(part: Part, frame: Frame) -> dict[str, Any]:
    links = [{"hub": hub, "url": pull_link(hub.url, part)} for hub in frame.hubs if hub.url]
    return {"words": part["words"], "links": links, "repository": part["repository"]}


@dataclass(frozen=True)
class CheckedLink:
    """The link of one hub, and what may keep it from working."""

    hub: Hub
    url: str
    doubt: str


def checked_links(part: Part, frame: Frame) -> list[CheckedLink]:
    """For each hub of this frame, where such a block would lead. Nothing is asked of the hubs: their configuration says it."""
    return [CheckedLink(hub, pull_link(hub.url, part) if hub.url else "", _doubt(hub, part)) for hub in frame.hubs]


def _doubt(hub: Hub, part: Part) -> str:
    images = (hub.facts.get("spec") or {}).get("images") or ()
    if not hub.url:
        return gettext("This hub has no address yet.")
    if hub.state != HubState.LIVE:
        return gettext("This hub is not live yet.")
    if (
        part.get("app") == App.RSTUDIO
        and images
        and not any(name in image.lower() for image in images for name in ("rstudio", "rocker", "/r-"))
    ):
        return gettext("None of this hub's images says that it has RStudio.")
    return ""


def pull_link(hub_url: str, part: Part) -> str:
    """nbgitpuller's address: fetch the repository into the reader's folder, then open the path in it."""
    folder = part["repository"].rstrip("/").removesuffix(".git").rsplit("/", maxsplit=1)[-1]
    opened = OPENS[App(part.get("app") or App.LAB)].format(path=f"{folder}/{part['path']}".rstrip("/"))
    query = urlencode({"repo": part["repository"], "branch": part["branch"] or "main", "urlpath": opened}, quote_via=quote)
    return f"{hub_url.rstrip('/')}/hub/user-redirect/git-pull?{query}"


def _request(part: Part, frame: Frame) -> dict[str, Any]:
    asking = [community for community in frame.asking if DRAFT.is_held_by(frame.actor, community)]
    doors = [Door(community, reverse("hubs:start_request", args=[community.slug, part["kind"]])) for community in asking]
    return {"kind": RequestKind(part["kind"]), "words": part["words"], "doors": doors, "belongs": frame.belongs, "communities": COMMUNITIES}


def _ask_support(part: Part, frame: Frame) -> dict[str, Any]:
    subject = placeholders.in_words(part["subject"], frame.facts)
    query = f"?{urlencode({'subject': subject})}" if subject else ""
    doors = [Door(community, f"/c/{community.slug}/tickets/new/{query}") for community in frame.asking]
    return {"words": part["words"], "doors": doors, "communities": COMMUNITIES}


FILLERS: dict[str, Callable[[Part, Frame], dict[str, Any]]] = {
    "hub_facts": _hub_facts,
    "open_in_hub": _open_in_hub,
    "request": _request,
    "ask_support": _ask_support,
}
