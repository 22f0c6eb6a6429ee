"""How much every hub is used, read once a day: from its metrics, from Prometheus, or from its own list of users."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from ground.errors import OutsideError
from hubs import jupyterhub
from hubs.models import Hub, HubUse
from hubs.policy import may_be_private
from hubs.prometheus import Reader, Use

logger = logging.getLogger(__name__)

AT_ONCE = 10
Source = HubUse.Source
DAY, WEEK, MONTH = timedelta(hours=24), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """One hub, as the threads that ask it know it."""

    pk: int
    cluster: str
    name: str
    url: str
    private: bool


Found = tuple[Use, HubUse.Source]


def count() -> int:
    """Read the hubs that were not read today; how many could be. The others are asked again in an hour, and tomorrow."""
    now = timezone.now()
    rows = Hub.objects.running().exclude(domain="").exclude(use__day=now.date()).select_related("cluster")
    asked = [Asked(hub.pk, hub.cluster.name, hub.name, hub.url, may_be_private(hub.cluster.name)) for hub in rows]
    with Reader(name=_name(), transport=settings.HUB_API_TRANSPORT) as reader, ThreadPoolExecutor(AT_ONCE) as pool:
        known = _from_prometheus(sorted({each.cluster for each in asked}))
        found = list(pool.map(lambda each: _read(each, reader, known, now), asked))
    uses = [(each, *told) for each, told in zip(asked, found, strict=True) if told]
    HubUse.objects.bulk_create([_row(each.pk, use, source, now) for each, use, source in uses], ignore_conflicts=True)
    return len(uses)


def _read(hub: Asked, reader: Reader, known: Mapping[str, Mapping[str, Use]], now: datetime) -> Found | None:
    """The first source that says something of it: what an operator set up before what a hub may show to everybody."""
    for source in _sources(hub, reader, known, now):
        try:
            use, kind = source()
        except OutsideError as error:
            logger.info("The use of %s cannot be read: %s", hub.url, error)
            continue
        if use.says_something:
            return use, kind
    return None


def _sources(hub: Asked, reader: Reader, known: Mapping[str, Mapping[str, Use]], now: datetime) -> Iterator[Callable[[], Found]]:
    metrics, users = _token(settings.HUB_METRICS_TOKENS, hub.url), _token(settings.HUB_TOKENS, hub.url)
    if metrics:
        yield lambda: (reader.of_hub(hub.url, token=metrics, private=hub.private), Source.METRICS)
    if hub.name in known.get(hub.cluster, {}):
        yield lambda: (known[hub.cluster][hub.name], Source.PROMETHEUS)
    if users:
        yield lambda: (_from_users(hub, users, now), Source.API)
    if not metrics:
        yield lambda: (reader.of_hub(hub.url, private=hub.private), Source.METRICS)


def _from_prometheus(clusters: Sequence[str]) -> dict[str, dict[str, Use]]:
    """What the Prometheus of each cluster says of its hubs, by name; each is asked once, whatever the number of clusters."""
    urls = {cluster: url for cluster in clusters if (url := settings.PROMETHEUS_URLS.get(cluster) or settings.PROMETHEUS_URL)}
    with Reader(name=_name(), transport=settings.PROMETHEUS_TRANSPORT) as reader:
        answers = {url: _ask_prometheus(reader, url) for url in sorted(set(urls.values()))}
    serves_one = {url: list(urls.values()).count(url) == 1 for url in answers}
    return {cluster: _of_cluster(answers[url], cluster, unlabelled=serves_one[url]) for cluster, url in urls.items()}


def _of_cluster(answer: Mapping[tuple[str, str], Use], cluster: str, *, unlabelled: bool) -> dict[str, Use]:
    """Numbers without a cluster's label are that cluster's only where nobody else's can be among them."""
    return {name: use for (label, name), use in answer.items() if label == cluster or (unlabelled and not label)}


def _ask_prometheus(reader: Reader, url: str) -> dict[tuple[str, str], Use]:
    try:
        return reader.of_prometheus(url, token=settings.PROMETHEUS_TOKENS.get(url, ""))
    except OutsideError as error:
        logger.warning("Prometheus at %s cannot be read: %s", url, error)
        return {}


def _from_users(hub: Asked, token: str, now: datetime) -> Use:
    """Counted from the list of users, whose names end here."""
    with jupyterhub.JupyterHub(hub.url, token, private=hub.private, transport=settings.HUB_API_TRANSPORT) as client:
        seen = [user.last_activity for user in client.users()]
    active = [at for at in seen if at is not None]
    day, week, month = (sum(at >= now - period for at in active) for period in (DAY, WEEK, MONTH))
    return Use(daily=day, weekly=week, monthly=month, accounts=len(seen))


def _token(tokens: Mapping[str, str], url: str) -> str:
    return next((token for address, token in tokens.items() if address.rstrip("/") == url.rstrip("/")), "")


def _row(pk: int, use: Use, source: HubUse.Source, now: datetime) -> HubUse:
    return HubUse(
        hub_id=pk,
        day=now.date(),
        daily=use.daily,
        weekly=use.weekly,
        monthly=use.monthly,
        running_peak=use.running,
        accounts=use.accounts,
        source=source,
        read_at=now,
    )


def _name() -> str:
    return f"Hubdesk ({settings.SITE_URL})"
