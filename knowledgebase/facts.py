"""The facts of a reader's community that articles may name (`placeholders` says which), as far as this reader may know them."""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from communities.access import SEE_PEOPLE
from communities.models import Community
from ground.actors import Actor
from hubs.models import Hub
from knowledgebase.models import Edition, EditionQuerySet
from knowledgebase.placeholders import Fact

SIGN_IN = {"github": "GitHub", "cilogon": "CILogon", "google": "Google", "auth0": "Auth0", "globus": "Globus", "canvas": "Canvas"}
NO_ACCOUNT = frozenset({"tmp", "null", "dummy", "shared-password", "generic-oauth"})  # a reader learns nothing from the method's name
INTERFACES = {"/lab": "JupyterLab", "/tree": "Jupyter Notebook", "/rstudio": "RStudio"}
STAGING = "staging"  # in the name of a hub where changes are tried first
COMMUNITIES = "/c/"  # where a reader finds their own, in a room further on


class Reader(Protocol):
    """Who reads, and in whose knowledge base: `belongs` is the community if they may know of its hubs."""

    @property
    def actor(self) -> Actor: ...

    @property
    def community(self) -> Community | None: ...

    @property
    def belongs(self) -> Community | None: ...

    @property
    def hubs(self) -> Sequence[Hub]: ...


class Facts:
    """By name, what this reader may be told. However many are asked for: one query for the hubs, one for the representatives."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def __call__(self, name: str) -> Fact:
        """The fact of that name; an unknown one, or one not for this reader, is empty."""
        return self._known(name)

    @functools.cached_property
    def _known(self) -> Callable[[str], Fact]:
        return functools.cache(self._look_up)

    def _look_up(self, name: str) -> Fact:
        if name in OF_HUB:
            return in_words_of(self.hubs, OF_HUB[name])
        return OF_READER[name](self) if name in OF_READER else Fact()

    @functools.cached_property
    def hubs(self) -> Sequence[Hub]:
        """The hubs people work on; those where changes are tried first count only when there are no others."""
        everyday = [hub for hub in self.reader.hubs if STAGING not in hub.name]
        return everyday or self.reader.hubs

    @functools.cached_property
    def representatives(self) -> Sequence[str]:
        """The names of its representatives, for who may see its people."""
        community = self.reader.community
        if community is None or not SEE_PEOPLE.is_held_by(self.reader.actor, community):
            return ()
        return [person.get_full_name() for person in community.representatives()]

    @property
    def elsewhere(self) -> str:
        """Where a link leads whose facts are not known: to the community's hubs, or to the reader's communities."""
        return reverse("hubs:community", args=[self.reader.belongs.slug]) if self.reader.belongs else COMMUNITIES


def in_words_of(hubs: Sequence[Hub], tell: Callable[[Hub], str]) -> Fact:
    """What the hubs have in common, or each with its name."""
    told = [(hub, tell(hub)) for hub in hubs]
    values = list(dict.fromkeys(value for _hub, value in told if value))
    if len(values) == 1:
        return Fact(values[0], values[0])
    if tell is _name:
        return Fact(", ".join(values))
    return Fact(", ".join(_("%(value)s (%(hub)s)") % {"value": value, "hub": hub.display_name} for hub, value in told if value))


def of_hub(hub: Hub) -> dict[str, str]:
    """Every fact of one hub by name, for comparing it with what it was."""
    return {name: tell(hub) for name, tell in OF_HUB.items()}


def used_by(edition: Edition) -> frozenset[str]:
    """The facts that a published article names."""
    return frozenset(edition.used_facts.values_list("name", flat=True))


def using(names: Iterable[str]) -> EditionQuerySet:
    """The published articles that name any of these facts."""
    return Edition.objects.filter(used_facts__name__in=list(names)).distinct()


def _spec(hub: Hub) -> Mapping[str, Any]:
    spec = hub.facts.get("spec")
    return spec if isinstance(spec, dict) else {}


def _listed(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else ""


def _name(hub: Hub) -> str:
    return hub.display_name


def _memory(hub: Hub) -> str:
    sizes = _listed(_spec(hub).get("memory_gb"))
    return _("%(sizes)s GB") % {"sizes": sizes} if sizes else ""


def _storage(hub: Hub) -> str:
    size = _spec(hub).get("home_quota_gib")
    return _("%(size)s GiB") % {"size": size} if size else ""


def _sign_in(hub: Hub) -> str:
    method = str(hub.facts.get("authentication") or "")
    return "" if method in NO_ACCOUNT else SIGN_IN.get(method.lower(), method)


def _interface(hub: Hub) -> str:
    path = str(_spec(hub).get("default_interface") or "")
    return INTERFACES.get(path, path)


def _one(value: str) -> Fact:
    return Fact(value, value)


OF_HUB: dict[str, Callable[[Hub], str]] = {
    "hub.name": _name,
    "hub.url": lambda hub: hub.url,
    "hub.domain": lambda hub: hub.domain,
    "hub.images": lambda hub: _listed(_spec(hub).get("images")),
    "hub.memory": _memory,
    "hub.storage": _storage,
    "hub.sign_in": _sign_in,
    "hub.interface": _interface,
    "hub.admins": lambda hub: _listed(_spec(hub).get("admins")),
}
OF_READER: dict[str, Callable[[Facts], Fact]] = {
    "community.name": lambda facts: _one(facts.reader.community.name if facts.reader.community else ""),
    "community.website": lambda facts: _one(facts.reader.community.website if facts.reader.community else ""),
    "community.representatives": lambda facts: Fact(", ".join(facts.representatives)),
    "support.email": lambda _facts: _one(settings.SUPPORT_EMAIL),
    "operator.name": lambda _facts: _one(settings.OPERATOR_NAME),
}
