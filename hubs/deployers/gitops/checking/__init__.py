"""Checking a changed configuration offline, against the schemas found in the repository itself and by rules of our own.

Every hub is checked, not only the first of a cluster; each values file as a fragment, each hub as Helm merges it. What was wrong
before a change is mentioned and not held against it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hubs.deployers.gitops.checking import files, schemas
from hubs.deployers.gitops.checking.findings import Finding, Level
from hubs.deployers.gitops.checking.looking import Look
from hubs.deployers.gitops.checking.names import names_and_addresses
from hubs.deployers.gitops.checking.profiles import environments_and_sizes
from hubs.deployers.gitops.checking.running import running
from hubs.deployers.gitops.checking.signing_in import signing_in
from hubs.deployers.gitops.configuration import Configuration
from hubs.deployers.interface import Check

Finder = Callable[[Look], Iterator[Finding]]


@dataclass(frozen=True)
class Kind:
    """A sort of check. One that needs a schema is `skipped`, in these words, where the repository holds none of these names."""

    title: str
    find: Finder
    schemas: tuple[str, ...] = ()
    skipped: str = ""

    def is_possible(self, configuration: Configuration) -> bool:
        """Does the repository hold what this needs?"""
        return not self.schemas or bool(configuration.found(*self.schemas))


def checks(before: Configuration, after: Configuration, clusters: Collection[str]) -> tuple[Check, ...]:
    """What is wrong after a change to these clusters, and was not wrong before it."""
    chosen = frozenset(clusters)
    standing = before if any(cluster.hubs for cluster in before.clusters.values()) else after
    old, new = Look(before, chosen, standing), Look(after, chosen, standing)
    told: set[tuple[str, str]] = set()
    return (*(_compared(kind, old, new, told) for kind in _kinds()), _secret_files(before, after, chosen))


def findings(configuration: Configuration, clusters: Collection[str]) -> tuple[Finding, ...]:
    """Everything that is not right with these clusters as they stand, each value once."""
    look = Look(configuration, frozenset(clusters), configuration)
    found = [finding for kind in _kinds() if kind.is_possible(configuration) for finding in kind.find(look)]
    return tuple(_once_a_place(found))


def _compared(kind: Kind, old: Look, new: Look, told: set[tuple[str, str]]) -> Check:
    if not kind.is_possible(new.configuration):
        return Check(kind.title, "skip", (kind.skipped,))
    known = {finding.identity for finding in kind.find(old)} if kind.is_possible(old.configuration) else set()
    now = _once(kind.find(new))
    failing = [finding for finding in now if _is_held_against(finding, known) and finding.place not in told]
    told.update(finding.place for finding in failing)
    if failing:
        return Check(kind.title, "fail", tuple(str(finding) for finding in _once_a_place(failing)))
    doubts = [str(finding) for finding in now if finding.level == Level.DOUBTFUL and finding.identity not in known]
    lasting = [finding for finding in now if finding.level != Level.DOUBTFUL and finding.identity in known]
    details = (*doubts, *(_("Already so before: %(line)s") % {"line": finding} for finding in lasting))
    return Check(kind.title, "warn" if details else "pass", details)


def _is_held_against(finding: Finding, known: set[tuple[str, str, str]]) -> bool:
    return finding.level != Level.DOUBTFUL and finding.identity not in known


def _once(found: Iterable[Finding]) -> list[Finding]:
    """Each finding once; files that hubs share would tell theirs for each of them."""
    return list({finding.identity: finding for finding in found}.values())


def _once_a_place(found: Sequence[Finding]) -> list[Finding]:
    """The first of several about the same value."""
    return list({finding.place: finding for finding in reversed(found)}.values())[::-1]


def _secret_files(before: Configuration, after: Configuration, clusters: frozenset[str]) -> Check:
    """Secret files are an engineer's; that new ones are missing stops nothing but the deployment."""
    fresh = sorted(files.absent_secrets(after, clusters) - files.absent_secrets(before, clusters))
    details = tuple(_("%(path)s is not there yet; an engineer adds it, encrypted.") % {"path": path} for path in fresh)
    return Check(_("Secret files"), "warn" if details else "pass", details)


def _kinds() -> tuple[Kind, ...]:
    no_cluster = _("The repository holds no schema of cluster.yaml.")
    no_chart = _("The repository holds no schema of the chart's values.")
    no_hub = _("The repository holds no schema of JupyterHub's values.")
    return (
        Kind(_("Files can be read"), files.readable_files),
        Kind(_("Cluster files"), schemas.cluster_files, schemas.CLUSTER, no_cluster),
        Kind(_("Clusters and charts"), files.providers_and_charts),
        Kind(_("Names and addresses"), names_and_addresses),
        Kind(_("Values files"), files.listed_files),
        Kind(_("Values of the chart"), schemas.chart_values, schemas.CHART, no_chart),
        Kind(_("Values of JupyterHub"), schemas.jupyterhub_values, schemas.JUPYTERHUB, no_hub),
        Kind(_("Hubs as a whole"), schemas.whole_hubs, schemas.CHART, no_chart),
        Kind(_("Signing in"), signing_in),
        Kind(_("Environments and sizes"), environments_and_sizes),
        Kind(_("Storage, front page and times"), running),
    )


__all__ = ["Finding", "Level", "checks", "findings"]
