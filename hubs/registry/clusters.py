"""The rows of clusters, as just seen."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from hubs.deployers import interface
from hubs.deployers.documents import as_document
from hubs.models import Cluster, Source

FIELDS = ("provider", "region", "domain_suffix", "shared", "facts", "source", "gone_at")


def take_in(seen: Sequence[interface.Cluster], *, source: Source) -> dict[str, Cluster]:
    """The clusters as just seen, by name. What is not known any more stays as it was."""
    rows = {row.name: row for row in Cluster.objects.filter(name__in=[cluster.name for cluster in seen])}
    changed = []
    for cluster in seen:
        row = rows.setdefault(cluster.name, Cluster(name=cluster.name))
        before = _state(row)
        _apply(row, cluster, source)
        if row.pk and _state(row) != before:
            row.updated_at = timezone.now()
            changed.append(row)
    Cluster.objects.bulk_create([row for row in rows.values() if not row.pk])
    Cluster.objects.bulk_update(changed, [*FIELDS, "updated_at"], batch_size=200)
    return rows


def named(names: Iterable[str], new: Sequence[interface.Cluster]) -> dict[str, Cluster]:
    """The clusters of these names; one nobody told us of is made from what little is known."""
    wanted = {name: interface.Cluster(name, Cluster.Provider.KUBECONFIG) for name in names} | {each.name: each for each in new}
    rows = {row.name: row for row in Cluster.objects.filter(name__in=list(wanted))}
    missing = [Cluster(name=name, provider=each.provider, region=each.region) for name, each in wanted.items() if name not in rows]
    return rows | {row.name: row for row in Cluster.objects.bulk_create(missing)}


def _apply(row: Cluster, seen: interface.Cluster, source: Source) -> None:
    row.provider = seen.provider or row.provider or Cluster.Provider.KUBECONFIG
    row.region, row.domain_suffix = seen.region or row.region, seen.domain_suffix or row.domain_suffix
    row.shared, row.gone_at = seen.shared, None
    row.source = row.source if row.source == Source.DEPLOYER else source
    row.facts = row.facts | {"instance_types": list(seen.instance_types), "gpus": list(seen.gpus), **as_document(seen.facts)}


def _state(row: Cluster) -> list[object]:
    return [getattr(row, field) for field in FIELDS]
