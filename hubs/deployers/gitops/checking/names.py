"""Names and addresses: unique where they have to be, short enough, and where people look for them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from hubs.clusters import HubFacts
from hubs.deployers.gitops.checking.findings import Finding, Level
from hubs.deployers.gitops.checking.looking import Look, Written, hubs_written
from hubs.deployers.gitops.configuration import Configuration
from hubs.schema.rules import GOOGLE_ACCOUNT_LENGTH

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?")
HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
TAKEN_BY_KUBERNETES = {"default", "kube-system", "kube-public", "kube-node-lease", "support", "cert-manager"}


def names_and_addresses(look: Look) -> Iterator[Finding]:
    """Names are the hub's in its cluster, titles and addresses the hub's in the whole world."""
    yield from _names_of_clusters(look)
    for hub in look.hubs:
        yield from _name(look, hub)
        yield from _title(hub)
        yield from _address(look, hub)
    yield from _doubles(look, "name", _("This cluster has two hubs of this name: %(hubs)s."), lambda hub: (hub.cluster, hub.name))
    yield from _doubles(look, "display_name", _("Several hubs are called so: %(hubs)s."), lambda hub: hub.display_name.casefold())
    yield from _doubles(look, "domain", _("Several hubs have this address: %(hubs)s."), lambda hub: hub.domain.casefold())


def _names_of_clusters(look: Look) -> Iterator[Finding]:
    for listing in look.listings:
        folder = listing.path.split("/")[-2]
        name, hubs = listing.values.get("name"), look.configuration.clusters[folder].hubs if folder in look.configuration.clusters else ()
        if name is not None and name != folder:
            yield listing.finding(_("The cluster is called otherwise than its folder, %(folder)s.") % {"folder": folder}, ("name",))
        if hubs and not any(hub.is_staging for hub in hubs):
            words = _("The cluster has no hub with “staging” in its name, on which changes could be tried first.")
            yield listing.finding(words, ("hubs",), Level.DOUBTFUL)


def _name(look: Look, hub: Written) -> Iterator[Finding]:
    name, cluster = hub.facts.name, look.configuration.clusters[hub.facts.cluster]
    if not LABEL.fullmatch(name):
        yield hub.entry_finding(_("A hub's name has small letters, digits and hyphens, at most 40."), "name")
    elif name in TAKEN_BY_KUBERNETES:
        yield hub.entry_finding(_("Kubernetes uses this name itself."), "name")
    elif cluster.provider == "gcp" and len(f"{cluster.name}-{name}") > GOOGLE_ACCOUNT_LENGTH:
        words = _("On Google Cloud the names of cluster and hub together may have %(most)d characters; these have %(number)d.")
        yield hub.entry_finding(words % {"most": GOOGLE_ACCOUNT_LENGTH, "number": len(f"{cluster.name}-{name}")}, "name")


def _title(hub: Written) -> Iterator[Finding]:
    if not hub.facts.display_name:
        yield hub.entry_finding(_("“%(key)s” is missing.") % {"key": "display_name"}, "display_name")


def _address(look: Look, hub: Written) -> Iterator[Finding]:
    domain = hub.facts.domain
    others = {_ending(other.domain) for other in _all_hubs(look.standing) if (other.cluster, other.name) != hub.name}
    if not HOST.fullmatch(domain):
        yield hub.entry_finding(_("This is no host name: small letters, no https://, no port, no path."), "domain")
    elif others and _ending(domain) not in others:
        words = _("No other hub's address ends in %(ending)s; whose it is has to lead it here.") % {"ending": _ending(domain)}
        yield hub.entry_finding(words, "domain", level=Level.DOUBTFUL)


def _doubles(look: Look, key: str, words: str, told: Callable[[HubFacts], object]) -> Iterator[Finding]:
    """What belongs to one hub only; where it is in several clusters, it is told of the later one of those looked at."""
    owners: dict[object, list[HubFacts]] = defaultdict(list)
    for facts in _all_hubs(look.configuration):
        if getattr(facts, key):
            owners[told(facts)].append(facts)
    for hubs in owners.values():
        if len(hubs) > 1:
            names = ", ".join(sorted(f"{facts.cluster}/{facts.name}" for facts in hubs))
            yield from _last_of(look, hubs, words % {"hubs": names}, key)


def _last_of(look: Look, hubs: list[HubFacts], words: str, key: str) -> Iterator[Finding]:
    written = [hub for hub in look.hubs if hub.facts in hubs]
    if not written:
        written = [hub for cluster in sorted({facts.cluster for facts in hubs}) for hub in hubs_written(look.configuration, cluster)]
        written = [hub for hub in written if hub.facts in hubs]
    yield written[-1].entry_finding(words, key)


def _all_hubs(configuration: Configuration) -> list[HubFacts]:
    return [hub for cluster in configuration.clusters.values() for hub in cluster.hubs]


def _ending(domain: str) -> str:
    return ".".join(domain.rsplit(".", 2)[-2:])
