"""Files: those that can be read, those that are listed, and those that are there. Secret ones are known by name alone."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from hubs.clusters import is_secret
from hubs.deployers.gitops.checking.findings import Finding, Level
from hubs.deployers.gitops.checking.looking import Layer, Look
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.finding import path_of
from hubs.notation import NotYAML, parsed

PROVIDERS = ("aws", "gcp", "azure", "kubeconfig")
CHARTS = {"basehub", "daskhub"}
LISTS = "helm_chart_values_files"


def readable_files(look: Look) -> Iterator[Finding]:
    """What is not YAML, and clusters that do not read as such, would silently be left out of all other checks."""
    for cluster in sorted(look.clusters):
        texts = look.configuration.folder(cluster)
        for name, text in sorted(texts.items()):
            yield from _unreadable(path_of(cluster, name), text)
        listing = path_of(cluster, "cluster.yaml")
        if "cluster.yaml" in texts and cluster not in look.configuration.clusters and not list(_unreadable(listing, texts["cluster.yaml"])):
            yield Finding(listing, 1, _("This does not describe a cluster."))


def providers_and_charts(look: Look) -> Iterator[Finding]:
    """What a deployer needs to know about a cluster and each of its hubs, whatever a schema says."""
    for listing in look.listings:
        provider = listing.values.get("provider")
        if provider in PROVIDERS and not isinstance(listing.values.get(provider), dict):
            yield listing.finding(
                _("The part “%(provider)s” with the cluster's account is missing.") % {"provider": provider}, ("provider",)
            )
        elif provider is not None and provider not in PROVIDERS:
            yield listing.finding(_("There is no such provider; there are: %(names)s.") % {"names": ", ".join(PROVIDERS)}, ("provider",))
    charts = CHARTS | {path.split("/")[-2] for path in look.configuration.paths if path.endswith("/Chart.yaml")}
    for hub in look.hubs:
        if hub.facts.chart not in charts:
            yield hub.entry_finding(_("There is no such chart; there are: %(names)s.") % {"names": ", ".join(sorted(charts))}, "helm_chart")
        elif hub.facts.chart == "daskhub":
            words = _("“%(hub)s” is of daskhub; new hubs take basehub, which brings Dask along.") % {"hub": hub.facts.name}
            yield hub.entry_finding(words, "helm_chart", level=Level.UNWANTED)


def listed_files(look: Look) -> Iterator[Finding]:
    """Values files are there, listed once, and read by somebody."""
    for hub in look.hubs:
        files = [*hub.facts.values_files, *hub.facts.secret_files]
        for name in hub.facts.values_files:
            if path_of(hub.facts.cluster, name) not in look.configuration.paths:
                yield hub.entry_finding(_("The file %(name)s is not there.") % {"name": name}, LISTS, _index(hub.listing, hub.index, name))
        for name, count in Counter(files).items():
            if count > 1:
                last = _index(hub.listing, hub.index, name, is_last=True)
                yield hub.entry_finding(_("The file %(name)s is listed twice.") % {"name": name}, LISTS, last)
    for listing in look.listings:
        yield from _unread(look.configuration, listing)


def absent_secrets(configuration: Configuration, clusters: frozenset[str]) -> set[str]:
    """The secret files that hubs list and that nobody has put there."""
    hubs = [hub for name in clusters & set(configuration.clusters) for hub in configuration.clusters[name].hubs]
    return {path_of(hub.cluster, name) for hub in hubs for name in hub.secret_files} - configuration.paths


def _unreadable(path: str, text: str) -> Iterator[Finding]:
    try:
        parsed(text)
    except NotYAML as error:
        yield Finding(path, error.line, _("This is not YAML: %(error)s.") % {"error": error.detail})


def _unread(configuration: Configuration, listing: Layer) -> Iterator[Finding]:
    """Values files of a cluster that nobody reads."""
    folder = listing.path.rpartition("/")[0]
    read = set(_words(listing.values))
    for path in sorted(configuration.paths):
        name = path.removeprefix(f"{folder}/")
        if path.startswith(f"{folder}/") and name.endswith(".values.yaml") and not is_secret(name) and name not in read:
            yield Finding(path, 0, _("No hub reads this file."), level=Level.DOUBTFUL)


def _words(value: object) -> Iterator[str]:
    """Every word of a document."""
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _words(part)
        case list():
            for part in value:
                yield from _words(part)


def _index(listing: Layer, hub: int, name: str, *, is_last: bool = False) -> int:
    files = listing.values["hubs"][hub][LISTS]
    return len(files) - 1 - files[::-1].index(name) if is_last else files.index(name)
