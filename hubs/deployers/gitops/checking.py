"""Checking a changed configuration offline, against the schemas found in the repository itself.

Every hub is checked, not only the first of a cluster; sign-in rules see the merged values, not only the last file. What was
wrong before a change is mentioned and not held against it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft7Validator

from hubs.clusters import HubFacts, at, is_readable, layer, parsed
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.gitops.rendering.finding import path_of, values_of
from hubs.deployers.interface import Check

CLUSTER_SCHEMAS = ("cluster.schema.yaml",)
CHART_SCHEMAS = ("basehub/values.schema.yaml", "basehub.values.schema.yaml")
HUB_SCHEMAS = ("jupyterhub.values.schema.yaml",)
WHOLE_ONLY = {"required", "if", "then", "else", "oneOf", "anyOf", "allOf", "not", "minItems", "dependencies"}
PLACES_OF_SCHEMAS = ("properties", "patternProperties", "definitions", "$defs")

Finder = Callable[[Configuration, set[str]], Iterator[str]]


def checks(before: Configuration, after: Configuration, clusters: set[str]) -> tuple[Check, ...]:
    """What is wrong after a change to these clusters, and was not wrong before it."""
    found = [_compared(name, title, finder, before, after, clusters) for name, title, finder in _finders(after)]
    return (*found, _secret_files(before, after, clusters))


def _compared(name: str, skipped: str, finder: Finder | None, *where: Any) -> Check:
    if finder is None:
        return Check(name, "skip", (skipped,))
    before, after, clusters = where
    known = set(finder(before, clusters))
    now = list(dict.fromkeys(finder(after, clusters)))
    fresh = [line for line in now if line not in known]
    if fresh:
        return Check(name, "fail", tuple(fresh))
    return Check(name, "warn", tuple(_("Already so before: %(line)s") % {"line": line} for line in now)) if now else Check(name, "pass")


def _finders(configuration: Configuration) -> list[tuple[str, str, Finder | None]]:
    def where_found(names: tuple[str, ...], finder: Finder) -> Finder | None:
        return finder if configuration.schema(*names) is not None else None

    return [
        (_("Files can be read"), "", readable_files),
        (_("Cluster files"), _("The repository holds no schema of cluster.yaml."), where_found(CLUSTER_SCHEMAS, cluster_files)),
        (_("Names and addresses"), "", names_and_addresses),
        (_("Values of the chart"), _("The repository holds no schema of the chart's values."), where_found(CHART_SCHEMAS, chart_values)),
        (_("Values of JupyterHub"), _("The repository holds no schema of JupyterHub's values."), where_found(HUB_SCHEMAS, hub_values)),
        (_("Signing in"), "", signing_in),
    ]


def readable_files(configuration: Configuration, clusters: set[str]) -> Iterator[str]:
    """What is not YAML, and clusters that do not read as such, would silently be left out of all other checks."""
    for cluster in sorted(clusters):
        texts = configuration.folder(cluster)
        yield from (
            _("%(path)s is not YAML.") % {"path": f"{cluster}/{name}"} for name, text in sorted(texts.items()) if not is_readable(text)
        )
        if "cluster.yaml" in texts and cluster not in configuration.clusters:
            yield _("%(path)s does not describe a cluster.") % {"path": f"{cluster}/cluster.yaml"}


def cluster_files(configuration: Configuration, clusters: set[str]) -> Iterator[str]:
    """cluster.yaml against its schema, every hub of it."""
    schema = for_every_item(configuration.schema(*CLUSTER_SCHEMAS))
    for cluster in sorted(clusters):
        text = configuration.files.get(path_of(cluster, "cluster.yaml"))
        if text is not None and is_readable(text):
            yield from _errors(f"{cluster}/cluster.yaml", schema, parsed(text))


def names_and_addresses(configuration: Configuration, clusters: set[str]) -> Iterator[str]:
    """Names are the hub's in its cluster, addresses the hub's in the whole world, and files are where they are said to be."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, cluster in configuration.clusters.items():
        names = [hub.name for hub in cluster.hubs]
        yield from (
            _("The hub “%(hub)s” is in %(cluster)s twice.") % {"hub": hub, "cluster": name}
            for hub in sorted({hub for hub in names if names.count(hub) > 1})
        )
        for hub in cluster.hubs:
            homes[hub.domain].append(f"{name}/{hub.name}")
            if name in clusters:
                yield from _absent_files(configuration, hub)
    for domain, hubs in sorted(homes.items()):
        if len(hubs) > 1:
            yield _("%(domain)s is the address of %(hubs)s.") % {"domain": domain, "hubs": ", ".join(sorted(hubs))}


def chart_values(configuration: Configuration, clusters: set[str]) -> Iterator[str]:
    """Each values file by itself, as a fragment of what its chart takes."""
    schema = fragment(configuration.schema(*CHART_SCHEMAS))
    for name, values in _values(configuration, clusters):
        yield from _errors(name, schema, values)


def hub_values(configuration: Configuration, clusters: set[str]) -> Iterator[str]:
    """The part of each values file that JupyterHub's own chart takes."""
    schema = fragment(configuration.schema(*HUB_SCHEMAS))
    for name, values in _values(configuration, clusters):
        yield from _errors(f"{name}: jupyterhub", schema, at(values, "jupyterhub"))


def signing_in(configuration: Configuration, clusters: set[str]) -> Iterator[str]:
    """Rules about who is let in, on each hub's merged values."""
    for name in sorted(clusters & set(configuration.clusters)):
        for hub in configuration.clusters[name].hubs:
            config = at(values_of(configuration, hub), "jupyterhub", "hub", "config") or {}
            yield from (f"{name}/{hub.name}: {line}" for line in _broken_rules(hub, config))


def _broken_rules(hub: HubFacts, config: Mapping[str, Any]) -> Iterator[str]:
    allowed_users = any(isinstance(part, Mapping) and part.get("allowed_users") for part in config.values())
    if hub.authenticator == "github" and at(config, "GitHubOAuthenticator", "allowed_organizations") and allowed_users:
        yield _("lets in members of organisations and a list of users; only one of both can be meant")
    if hub.authenticator == "dummy":
        yield _("lets in anybody with any name")
    if hub.authenticator == "cilogon" and "CILogonOAuthenticator" in config and not at(config, "CILogonOAuthenticator", "allowed_idps"):
        yield _("names no institution that may sign in")
    if not hub.authenticator and not hub.secret_files:
        yield _("does not say how people sign in")


def _absent_files(configuration: Configuration, hub: HubFacts) -> Iterator[str]:
    for name in hub.values_files:
        if path_of(hub.cluster, name) not in configuration.paths:
            yield _("%(cluster)s/%(hub)s: the file %(name)s is not there.") % {"cluster": hub.cluster, "hub": hub.name, "name": name}


def _secret_files(before: Configuration, after: Configuration, clusters: set[str]) -> Check:
    """Secret files are an engineer's; that new ones are missing stops nothing but the deployment."""
    fresh = sorted(_absent_secrets(after, clusters) - _absent_secrets(before, clusters))
    details = tuple(_("%(path)s is not there yet; an engineer adds it, encrypted.") % {"path": path} for path in fresh)
    return Check(_("Secret files"), "warn" if details else "pass", details)


def _absent_secrets(configuration: Configuration, clusters: set[str]) -> set[str]:
    hubs = [hub for name in clusters & set(configuration.clusters) for hub in configuration.clusters[name].hubs]
    return {path_of(hub.cluster, name) for hub in hubs for name in hub.secret_files} - configuration.paths


def _values(configuration: Configuration, clusters: set[str]) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for cluster in sorted(clusters & set(configuration.clusters)):
        for hub in configuration.clusters[cluster].hubs:
            for name in hub.values_files:
                path = path_of(cluster, name)
                if path in configuration.files and path not in seen:
                    seen.add(path)
                    values = layer(configuration.files[path])
                    yield f"{cluster}/{name}", at(values, "basehub") if hub.chart == "daskhub" else values


def _errors(name: str, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    if value is None:
        return
    for error in Draft7Validator(schema).iter_errors(value):
        place = ".".join(str(step) for step in error.absolute_path)
        yield f"{name}: {place}: {error.message[:300]}" if place else f"{name}: {error.message[:300]}"


def for_every_item(schema: Any) -> Any:
    """`items: [x]` checks the first item only; it is meant for each."""
    if isinstance(schema, Mapping):
        found = {key: for_every_item(part) for key, part in schema.items()}
        items = found.get("items")
        return {**found, "items": items[0]} if isinstance(items, list) and len(items) == 1 else found
    return [for_every_item(part) for part in schema] if isinstance(schema, list) else schema


def fragment(schema: Any) -> Any:
    """The schema for a file that says only part: nothing is required, and null takes something away."""
    if not isinstance(schema, Mapping):
        return schema
    found = {key: part for key, part in schema.items() if key not in WHOLE_ONLY}
    if "type" in found:
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        found["type"] = [*kinds, "null"]
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    for place in PLACES_OF_SCHEMAS:
        if isinstance(found.get(place), Mapping):
            found[place] = {key: fragment(part) for key, part in found[place].items()}
    for place in ("items", "additionalProperties"):
        if isinstance(found.get(place), Mapping):
            found[place] = fragment(found[place])
    return found
