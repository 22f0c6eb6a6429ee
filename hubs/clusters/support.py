"""What watches over a cluster (the support chart), in short."""

from collections.abc import Iterable, Mapping

from hubs.clusters.facts import Support
from hubs.clusters.secrets import without_secrets
from hubs.clusters.values import at, is_secret, layer, merged, plain, text_at

PARTS = {
    "cluster-autoscaler": ("cluster-autoscaler", "enabled"),
    "calico": ("calico", "enabled"),
    "nvidia-device-plugin": ("nvidiaDevicePlugin", "aws", "enabled"),
    "cost-monitoring": ("jupyterhub-cost-monitoring", "enabled"),
    "aws-ce-grafana-backend": ("aws-ce-grafana-backend", "enabled"),
    "cryptnono": ("cryptnono", "enabled"),
    "storage-class": ("prometheusStorageClass", "gke", "enabled"),
}


def read_support(files: Iterable[str], texts: Mapping[str, str]) -> Support:
    """Grafana and Prometheus with their addresses and sizes, and the parts that are switched on."""
    named = tuple(files)
    open_files = tuple(path for path in named if not is_secret(path))
    values = without_secrets(merged(plain(layer(texts.get(path, ""))) for path in open_files))
    server = at(values, "prometheus", "server")
    return Support(
        files=open_files,
        secret_files=tuple(path for path in named if is_secret(path)),
        grafana=text_at(values, "grafana", "grafana.ini", "server", "root_url"),
        grafana_readers=tuple(text_at(values, "grafana", "grafana.ini", "auth.github", "allowed_organizations").split()),
        prometheus=next(iter(_hosts(server)), ""),
        prometheus_disk=text_at(server, "persistentVolume", "size"),
        prometheus_memory=text_at(server, "resources", "limits", "memory"),
        parts=tuple(part for part, keys in PARTS.items() if at(values, *keys) is True),
    )


def _hosts(server: object) -> Iterable[str]:
    found = at(server, "ingress", "hosts")
    return [str(host) for host in found] if isinstance(found, list) else []
