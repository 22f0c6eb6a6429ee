"""Files against the schemas found in the repository: cluster.yaml, each values file as a fragment, each hub as a whole."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from hubs.clusters import at, layer
from hubs.deployers.gitops.checking.findings import Finding
from hubs.deployers.gitops.checking.looking import Layer, Look, Written
from hubs.deployers.gitops.checking.shapes import Fault, Shape, faults_in_file, faults_in_hub, for_every_item, fragment

CLUSTER = ("cluster.schema.yaml",)
CHART = ("basehub/values.schema.yaml", "basehub.values.schema.yaml")
JUPYTERHUB = ("jupyterhub.values.schema.yaml", "jupyterhub/values.schema.yaml")
DASKHUB_TOO = {"global", "dask-gateway"}
BELOW = {CHART: (), JUPYTERHUB: ("jupyterhub",)}


def cluster_files(look: Look) -> Iterator[Finding]:
    """cluster.yaml against its schema, every hub of it."""
    for listing in look.listings:
        yield from _in_file(look, CLUSTER, for_every_item, listing)


def chart_values(look: Look) -> Iterator[Finding]:
    """Each values file by itself, as a fragment of what its chart takes."""
    for file in _files(look):
        yield from _in_file(look, CHART, fragment, file)
        yield from _beside_basehub(look, file)


def jupyterhub_values(look: Look) -> Iterator[Finding]:
    """The part of each values file that JupyterHub's own chart takes."""
    for file in _files(look):
        yield from _in_file(look, JUPYTERHUB, fragment, file, ("jupyterhub",))


def whole_hubs(look: Look) -> Iterator[Finding]:
    """Each hub as Helm merges it, against the whole of both schemas: what is required has to be there."""
    for names, below in BELOW.items():
        if schema := look.configuration.found(*names):
            for hub in look.whole_hubs:
                for fault in faults_in_hub(look.configuration.files[schema], hub.layers, below):
                    if not (fault.missing and _is_given(look, hub, fault, names)):
                        yield _of_hub(hub, fault, below)


def _beside_basehub(look: Look, file: Layer) -> Iterator[Finding]:
    """In files of daskhub nobody reads what stands beside `basehub` and belongs below it."""
    known = look.configuration.schema(*CHART).get("properties", {}) if file.below else {}
    for key in layer(file.text):
        if key in known and key not in DASKHUB_TOO:
            yield Layer(file.path, file.text).finding(_("Nobody reads this here; it belongs below “basehub”."), (key,))


def _is_given(look: Look, hub: Written, fault: Fault, names: tuple[str, ...]) -> bool:
    """May a chart give what the files do not say?

    JupyterHub's own chart runs with nothing said. Of the chart around it, what a hub that runs does without, another may do without;
    where the repository does not hold that chart's own values, something is absent only when hubs that run have it and none goes without.
    """
    if names == JUPYTERHUB or fault.is_named_by_hub:
        return not fault.is_named_by_hub
    is_known = hub.has_defaults
    for peer in look.peers:
        place = at(peer.values, *map(str, fault.steps)) if peer.name != hub.name else None
        if isinstance(place, Mapping):
            is_known = True
            if not fault.is_met_by(place):
                return True
    return not is_known


def _of_hub(hub: Written, fault: Fault, below: tuple[str, ...]) -> Finding:
    return hub.finding(fault.detail, *below, *fault.steps, *([fault.missing] if fault.missing else []))


def _in_file(look: Look, names: tuple[str, ...], shape: Shape, file: Layer, below: tuple[str, ...] = ()) -> Iterator[Finding]:
    if schema := look.configuration.found(*names):
        for fault in faults_in_file(look.configuration.files[schema], shape, file, below):
            yield file.finding(fault.detail, (*below, *fault.steps, *([fault.missing] if fault.missing else [])))


def _files(look: Look) -> list[Layer]:
    """The values files of the hubs looked at, each once."""
    return list(dict.fromkeys(layer for hub in look.hubs for layer in hub.layers if layer.path.startswith("config/")))
