"""What a draft starts from: the facts handed over, then what the community, its hubs and the clusters already say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialAccount

from communities.models import Community, ServicePolicy, User
from communities.roles import Role
from ground.actors import Actor
from hubs.documents import Document, HubFacts, at, changed, filled
from hubs.models import Cluster, Hub, HubRequest
from hubs.states import CARRIED_OUT, Kind

NAME_LENGTH = 40
MOST_HUBS = 6
MOST_ADMINS = 2
PROVIDERS = {"aws": "aws", "gcp": "gcp", "azure": "azure", "jetstream2": "kubeconfig"}  # Jetstream2 is reached as any Kubernetes is
ANYBODYS = frozenset({"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "gmx.net"})
"""Domains of addresses that anybody can have: letting them in would let in everybody."""


def prefilled(community: Community, facts: HubFacts, *, by: Actor) -> Document:
    """A document of that kind with everything we need not ask."""
    given = changed({"kind": facts.kind, "community": community.slug}, facts.values)
    known = {"/requested_by/name": _asker(community, by).get("name"), "/requested_by/email": _asker(community, by).get("email")}
    known |= _known(community, facts, given)
    return filled(given, changed({}, {pointer: value for pointer, value in known.items() if value not in (None, "", [])}))


def _known(community: Community, facts: HubFacts, given: Document) -> dict[str, Any]:
    if facts.kind == Kind.NEW_HUB:
        contacts = [] if "technical_contacts" in given else _contacts(community)
        return {"/technical_contacts": contacts} | _for_new_hub(community, given, "/hubs/0")
    if facts.kind == Kind.EVENT and _wants_own_hub(community, facts, given):
        return _for_event(community) | {"/event/decommission_after": True} | _for_new_hub(community, given, "/new_hub")
    return _for_hub(community, facts) | (_for_event(community) if facts.kind == Kind.EVENT else {})


def _wants_own_hub(community: Community, facts: HubFacts, given: Document) -> bool:
    """An event for which a hub is made: asked for so, or because the community has none."""
    is_open = facts.hub is None and "hub" not in given
    return facts.is_for_new_hub or (is_open and not Hub.objects.filter(community=community).present().exists())


def _asker(community: Community, by: Actor) -> dict[str, str]:
    """Who asks: the person at the form if they belong here, else the representative."""
    user = by.user if by.user is not None and community.pk in by.user.roles_by_community else community.representatives().first()
    return {"name": user.get_full_name(), "email": user.email} if user else {}


def _contacts(community: Community) -> list[dict[str, str]]:
    people = community.people(Role.TECHNICAL_CONTACT)
    return [{"name": person.get_full_name(), "email": person.email} for person in people]


def _for_event(community: Community) -> dict[str, Any]:
    return {"/event/timezone": community.timezone}


def _for_new_hub(community: Community, given: Document, place: str) -> dict[str, Any]:
    """What a hub at that place of the document starts from."""
    if "new_cluster" in given:
        cluster = None
    else:
        cluster = Cluster.objects.filter(name=given["cluster"]).first() if "cluster" in given else _usual_cluster(community)
    spec = at(given, place) or {}
    name = spec.get("name") or _free_name(community.slug, cluster)
    policy = ServicePolicy.of(community.programme_id)
    before = {f"{place}/{part}": value for part, value in _as_before(community).items()}
    return before | {
        "/cluster": cluster.name if cluster else None,
        "/new_cluster/provider": PROVIDERS[policy.default_cloud] if "new_cluster" in given else None,
        f"{place}/resources/max_memory_gb": policy.default_memory_gb,
        f"{place}/name": name,
        f"{place}/display_name": community.name,
        f"{place}/type": "jupyterhub",
        f"{place}/domain": f"{name}.{cluster.domain_suffix}" if cluster and cluster.domain_suffix else None,
        f"{place}/homepage/org/name": community.name,
        f"{place}/homepage/org/url": community.website if community.website.startswith("https://") else None,
    }


def _as_before(community: Community) -> dict[str, Any]:
    """How people sign in and what the front page shows, as the community's last request for a hub had it."""
    made = HubRequest.objects.filter(community=community, kind=Kind.NEW_HUB, state__in=CARRIED_OUT).order_by("-pk").first()
    spec = (made.document.get("hubs") or [{}])[0] if made else {}
    return {"authentication": spec.get("authentication"), "homepage/org/logo_url": at(spec, "/homepage/org/logo_url")}


def another_hub(community: Community, document: Document) -> dict[str, Any]:
    """One more hub of a request: as the first one, under a name of its own; where changes are tried first, unless there is such a one."""
    specs: Sequence[Mapping[str, Any]] = document.get("hubs") or [{}]
    first, names = specs[0], {spec.get("name") for spec in specs}
    stem = first.get("name") or community.slug
    cluster = Cluster.objects.filter(name=document.get("cluster", "")).first()
    purpose = "" if any("staging" in str(name) for name in names) else "staging"
    name = _free_name("-".join(filter(None, [stem, purpose])), cluster, taken=names)
    title = f"{first.get('display_name') or community.name} – {purpose or name.rpartition('-')[2]}"
    domain = str(first.get("domain") or "")
    suffix = domain.removeprefix(f"{stem}.") if domain.startswith(f"{stem}.") else cluster.domain_suffix if cluster else ""
    return changed(first, {"/name": name, "/display_name": title[:120], "/domain": f"{name}.{suffix}" if suffix else None})


def hub_meant(community: Community, facts: HubFacts) -> Hub | None:
    """The hub a request is about: the one named, else the community's only one."""
    if facts.kind == Kind.NEW_HUB or facts.hub is not None or facts.is_for_new_hub:
        return facts.hub
    hubs = list(Hub.objects.filter(community=community).present().select_related("cluster")[:2])
    return hubs[0] if len(hubs) == 1 else None


def hub_named(document: Mapping[str, Any]) -> Hub | None:
    """The hub that a document names, where the registry knows it."""
    return Hub.objects.filter(cluster__name=str(document.get("cluster", "")), name=str(document.get("hub", ""))).first()


def _for_hub(community: Community, facts: HubFacts) -> dict[str, Any]:
    hub = hub_meant(community, facts)
    return {"/cluster": hub.cluster.name, "/hub": hub.name} if hub else {}


def _usual_cluster(community: Community) -> Cluster | None:
    """Where the community's hubs are, else the only shared cluster."""
    own = Cluster.objects.filter(hubs__in=Hub.objects.filter(community=community).present()).first()
    shared = list(Cluster.objects.filter(shared=True)[:2])
    return own or (shared[0] if len(shared) == 1 else None)


def _free_name(stem: str, cluster: Cluster | None, taken: "set[Any] | frozenset[Any]" = frozenset()) -> str:
    """That name, with a number if this cluster (or this request) has such a hub already."""
    all_taken = {*taken, *(cluster.hubs.values_list("name", flat=True) if cluster else ())}
    base = re.sub(r"[^a-z0-9-]+", "-", stem)[: NAME_LENGTH - 3].strip("-") or "hub"
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(all_taken) + 2))
    return next(name for name in numbered if name not in all_taken)


@dataclass(frozen=True)
class Proposals:
    """What a question that comes up while filling in begins with, from the people of the community and from other answers."""

    emails: Sequence[str] = ()
    github_names: Sequence[str] = ()

    def value(self, pointer: str, document: Mapping[str, Any]) -> Any:
        """A sound answer for that place, or None."""
        place, _slash, last = pointer.rpartition("/")
        method = at(document, f"{place}/method")
        match last:
            case "admins":
                return list(self.github_names if method == "github" else self.emails)[:MOST_ADMINS] or None
            case "allowed_hosted_domains":
                return self._domains() or None
            case "logo_url":
                return _picture(at(document, f"{place.removesuffix('/homepage/org')}/authentication"))
        return None

    def _domains(self) -> list[str]:
        domains = (email.rpartition("@")[2].lower() for email in self.emails[:1])
        return [domain for domain in domains if domain not in ANYBODYS]


def _picture(signing_in: Any) -> str | None:
    """GitHub shows the picture of an organisation at this address."""
    organisations = at(signing_in, "/allowed_organizations")
    return (
        f"https://github.com/{str(organisations[0]).partition(':')[0]}.png" if isinstance(organisations, list) and organisations else None
    )


def proposals(community: Community) -> Proposals:
    """From who would look after the hub: its champions and technical contacts, else the representatives."""
    people = list(community.people(Role.HUB_CHAMPION, Role.TECHNICAL_CONTACT)) or list(community.representatives())
    return Proposals([person.email for person in people], _github_names(people))


def _github_names(people: Sequence[User]) -> list[str]:
    """What they are called on GitHub, where they have signed in with it."""
    rows = SocialAccount.objects.filter(user__in=people, provider="github").order_by("user__name", "pk")
    names = (at(data, "/login") for data in rows.values_list("extra_data", flat=True))
    return [name for name in names if isinstance(name, str) and name]
