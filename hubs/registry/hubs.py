"""The rows of hubs, as just seen: facts with what changed in them, conditions, addresses, and the community where that is certain."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone

from communities.models import Community
from hubs import conditions
from hubs.belonging import Candidate, Directory, traces_of
from hubs.clusters.differences import differing
from hubs.deployers import interface
from hubs.deployers.documents import as_document
from hubs.models import Cluster, Hub, HubFactChange, HubValues, HubWatch, Match, Source
from hubs.states import HubState
from hubs.told import mapped, word

FACTS = ("chart", "authentication", "spec", "observed_commit")
FIELDS = ("display_name", "domain", "address", "facts", "conditions", "state", "source", "gone_at", "community_id", "match")
PRESENCE = "presence"  # the fact that a hub stands in the configuration
NOT_NOTED = frozenset({"display_name", "domain"})  # noted as what the hub is called and where it answers, not twice
AT_ONCE = 200
SETTLING = timedelta(hours=1)

Key = tuple[str, str]


@dataclass
class TakenIn:
    """The rows by cluster and name, and what became of them."""

    rows: dict[Key, Hub] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The hubs of which nobody knows whose they are."""
        return tuple(f"{cluster}/{name}" for (cluster, name), hub in self.rows.items() if hub.community_id is None and not hub.is_ours)


@dataclass(frozen=True)
class Seen:
    """A hub as somebody told it, beside its row as it was."""

    hub: interface.Hub
    row: Hub
    before: Mapping[str, Any]
    domain: str

    @property
    def key(self) -> Key:
        return self.hub.cluster, self.hub.name


def is_fit(hub: interface.Hub) -> bool:
    """Can a hub of these names be kept at all?"""
    try:
        validate_slug(hub.name)
        validate_slug(hub.cluster)
    except ValidationError:
        return False
    return len(hub.name) <= 63 and len(hub.cluster) <= 40


def take_in(
    told: Sequence[interface.Hub], clusters: Mapping[str, Cluster], *, source: Source | str = "", community: Community | None = None
) -> TakenIn:
    """Keep these hubs as just seen. A community once known is not forgotten; `community` is that of the request that made them."""
    now = timezone.now()
    rows = {(row.cluster.name, row.name): row for row in _existing(clusters)}
    wanted = {
        (hub.cluster, hub.name): hub for hub in told if not _stays_ended(rows.get((hub.cluster, hub.name)), hub, source=source, now=now)
    }
    domains, refused = _domains(wanted, rows)
    directory = Directory(_candidates())
    seen = [_seen(hub, rows.get(key) or Hub(cluster=clusters[hub.cluster], name=hub.name), domains[key]) for key, hub in wanted.items()]
    for each in seen:
        _apply(each, source=source, now=now)
        _match(each, directory, community)
    return _write(seen, now=now, refused=refused)


def _stays_ended(row: Hub | None, hub: interface.Hub, *, source: str, now: datetime) -> bool:
    """Does this telling leave an ended hub ended? A request makes it anew; otherwise only the deployer, with another commit, and not at once.

    A reading may be older than the end; a folder, or a deployer without commits, may list what was taken away.
    """
    if row is None or row.state != HubState.ENDED or not source:
        return False
    is_news = source == Source.DEPLOYER and hub.observed_commit not in {"", row.facts.get("observed_commit", "")}
    return not is_news or now - row.updated_at < SETTLING


def _existing(clusters: Mapping[str, Cluster]) -> Iterable[Hub]:
    return (
        Hub.objects.select_for_update(of=("self",))
        .filter(cluster__in=list(clusters.values()))
        .select_related("cluster", "watch")
        .order_by("pk")
    )


def _candidates() -> list[Candidate]:
    return [Candidate(*values) for values in Community.objects.values_list("pk", "slug", "name", "website")]


def _domains(wanted: Mapping[Key, interface.Hub], rows: Mapping[Key, Hub]) -> tuple[dict[Key, str], tuple[str, ...]]:
    """The address of each; blank where another hub answers there already, which is told."""
    own = [row.pk for key, row in rows.items() if key in wanted]
    taken = set(Hub.objects.present().exclude(domain="").exclude(pk__in=own).values_list("domain", flat=True))
    found, refused = {}, []
    for key, hub in wanted.items():
        domain = _domain(hub)
        if domain in taken:
            refused.append(f"{hub.cluster}/{hub.name}: another hub answers at {domain} already")
        found[key] = "" if domain in taken else domain
        taken |= {domain} - {""}
    return found, tuple(refused)


def _domain(hub: interface.Hub) -> str:
    """Its name in the world: where it answers elsewhere, as the configuration says."""
    return (_host(hub.url) if _is_usual(hub.url) else word(mapped(hub.spec), "domain"))[:253]


def _address(hub: interface.Hub) -> str:
    """Where it answers, if the domain does not say that; nothing but an address of the web."""
    if _is_usual(hub.url) or not _host(hub.url) or urlsplit(hub.url).scheme not in {"http", "https"}:
        return ""
    return hub.url[:300]


def _is_usual(url: str) -> bool:
    """Does the domain alone say where people go?"""
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.scheme in {"", "https"} and parts.netloc == (parts.hostname or "")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _seen(hub: interface.Hub, row: Hub, domain: str) -> Seen:
    return Seen(hub, row, {name: getattr(row, name) for name in FIELDS}, domain)


def _apply(seen: Seen, *, source: str, now: datetime) -> None:
    row, hub = seen.row, seen.hub
    row.display_name, row.domain = (hub.display_name or hub.name)[:200], seen.domain
    row.address = _address(hub) if hub.url else row.address
    row.facts = row.facts | {name: value for name, value in as_document(replace(hub, values={})).items() if name in FACTS}
    told = [_dated(condition) for condition in hub.conditions if not (source and _is_better_known(row, condition))]
    row.conditions = _seen_by_us(row, conditions.merged(row.conditions, told, now=now), now=now)
    row.state = conditions.summary(row.conditions)
    row.source = row.source if row.source == Source.DEPLOYER else source or row.source
    row.gone_at = None


def _is_better_known(row: Hub, condition: interface.Condition) -> bool:
    """A configuration looks at nothing that runs: what somebody has seen stays known."""
    return condition.status == conditions.UNKNOWN and conditions.status(row.conditions, condition.type) != conditions.UNKNOWN


def _seen_by_us(row: Hub, known: list[conditions.Condition], *, now: datetime) -> list[conditions.Condition]:
    """Whether it answers is ours to say, where we looked lately: others' word would change list and page in turns."""
    watch: HubWatch | None = getattr(row, "watch", None)
    if watch is None or not watch.knows_best(now):
        return known
    ours = [each for each in row.conditions if each["type"] == "Ready"]
    rest = [each for each in known if each["type"] != "Ready"]
    return conditions.looked([*rest, *ours], ready=watch.ready, reason=watch.reason, now=now)


def _dated(condition: interface.Condition) -> dict[str, Any]:
    return dict(as_document(condition))


def _match(seen: Seen, directory: Directory, community: Community | None) -> None:
    """Whose it is, where nobody has said yet: of the request's community, or of the one its configuration names beyond doubt."""
    row = seen.row
    if row.community_id is not None or row.is_ours:
        return
    if community is not None:
        row.community, row.match = community, Match.REQUEST
        return
    traces = traces_of(row.spec, cluster=seen.hub.cluster, name=row.name, told=seen.hub.community, is_cluster_shared=row.cluster.shared)
    found = directory.certain(traces)
    if found is not None:
        row.community_id, row.match = found.key, Match.RULE


def _write(seen: Sequence[Seen], *, now: datetime, refused: tuple[str, ...]) -> TakenIn:
    new = [each for each in seen if not each.row.pk]
    changed = [each for each in seen if each.row.pk and any(each.before[name] != getattr(each.row, name) for name in FIELDS)]
    moving = [each.row.pk for each in changed if each.before["domain"] != each.row.domain]
    if moving:
        Hub.objects.filter(pk__in=moving).update(domain="")  # two hubs may change places
    for each in changed:
        each.row.updated_at = now
    Hub.objects.bulk_create([each.row for each in new], batch_size=AT_ONCE)
    Hub.objects.bulk_update(
        [each.row for each in changed], [name.removesuffix("_id") for name in FIELDS] + ["updated_at"], batch_size=AT_ONCE
    )
    notes = [note for each in changed for note in _notes(each, now=now)]
    HubFactChange.objects.bulk_create(notes, batch_size=AT_ONCE)
    _write_values(seen, now=now)
    return TakenIn({each.key: each.row for each in seen}, refused, len(new), len({note.hub_id for note in notes}))


def _notes(seen: Seen, *, now: datetime) -> Iterable[HubFactChange]:
    """What changed, fact by fact. A fact nobody had read before is no change."""
    before, after = _facts(seen.before), _facts({name: getattr(seen.row, name) for name in FIELDS})
    if seen.before["gone_at"] is not None:
        yield _note(seen, PRESENCE, ["gone"], ["here"], now)
    elif seen.before["state"] == HubState.ENDED:
        yield _note(seen, PRESENCE, ["ended"], ["here"], now)
    for name in sorted(set(before) & set(after)):
        if before[name] != after[name]:
            yield _note(seen, name, *differing(before[name], after[name]), now)


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    facts = values["facts"]
    spec = {name: value for name, value in mapped(facts.get("spec")).items() if name not in NOT_NOTED}
    if not spec:
        return {}
    top = {name: facts.get(name, "") for name in ("chart", "authentication")}
    return spec | top | {"display_name": values["display_name"], "domain": values["domain"]}


def _note(seen: Seen, fact: str, before: list[str], after: list[str], now: datetime) -> HubFactChange:
    return HubFactChange(hub=seen.row, at=now, fact=fact[:40], before=before, after=after, commit=seen.hub.observed_commit[:80])


def _write_values(seen: Sequence[Seen], *, now: datetime) -> None:
    """The merged values of those that came with some, where they are not what is kept already."""
    told = {each.row.pk: each for each in seen if each.hub.values}
    kept = dict(HubValues.objects.filter(hub__in=list(told)).values_list("hub", "digest")) if told else {}
    rows = [_values(each, now=now) for each in told.values()]
    HubValues.objects.bulk_create(
        [row for row in rows if kept.get(row.hub_id) != row.digest],
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["hub"],
        update_fields=["document", "digest", "commit", "read_at"],
    )


def _values(seen: Seen, *, now: datetime) -> HubValues:
    text = json.dumps(seen.hub.values, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return HubValues(hub=seen.row, document=dict(seen.hub.values), digest=digest, commit=seen.hub.observed_commit[:80], read_at=now)
