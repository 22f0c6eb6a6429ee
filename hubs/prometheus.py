"""How much a hub is used, out of Prometheus' text or its query API: a client and pure readers. Numbers of people, never who."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import httpx
from prometheus_client.parser import text_string_to_metric_families

from ground import bounded
from ground.addresses import Resolve, addresses_of, stay_outside
from ground.errors import Rejected, Unavailable

SECONDS = 10.0
LARGEST = 4 * 1024 * 1024
ACTIVE, RUNNING, ACCOUNTS = "jupyterhub_active_users", "jupyterhub_running_servers", "jupyterhub_total_users"
PERIODS = {"24h": "daily", "7d": "weekly", "30d": "monthly"}
QUERIES = {
    ACTIVE: f"max by (cluster, namespace, period) ({ACTIVE})",
    RUNNING: f"max by (cluster, namespace) (max_over_time({RUNNING}[1d]))",
    ACCOUNTS: f"max by (cluster, namespace) ({ACCOUNTS})",
}
"""What Prometheus is asked, for all hubs of a cluster at once: each hub runs in the namespace of its name."""


@dataclass(frozen=True)
class Use:
    """How many people were active in the last day, week and month, the most servers at once, and all accounts; None where nobody said."""

    daily: int | None = None
    weekly: int | None = None
    monthly: int | None = None
    running: int | None = None
    accounts: int | None = None

    @property
    def says_something(self) -> bool:
        """Whether it tells of anybody's activity."""
        return any(number is not None for number in (self.daily, self.weekly, self.monthly))


@dataclass(frozen=True)
class Sample:
    """One number with its labels."""

    name: str
    labels: Mapping[str, str]
    value: float


class Reader:
    """Asks hubs for their metrics, and Prometheus for those of many. A token goes to that host alone: redirects are not followed."""

    def __init__(
        self, *, name: str, seconds: float = SECONDS, transport: httpx.BaseTransport | None = None, resolve: Resolve | None = None
    ) -> None:
        self._seconds, self._resolve = seconds, resolve or (None if transport else addresses_of)
        headers = {"User-Agent": name, "Accept-Encoding": "identity"}
        self._http = httpx.Client(timeout=seconds, transport=transport, follow_redirects=False, trust_env=False, headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def of_hub(self, url: str, *, token: str = "", private: bool = False) -> Use:
        """What `/hub/metrics` says. Raises Unavailable (later), and Rejected for what is refused or makes no sense."""
        headers = {"Authorization": f"token {token}"} if token else {}
        return use_of(read_text(self._get(f"{url.rstrip('/')}/hub/metrics", headers=headers, private=private)))

    def of_prometheus(self, url: str, *, token: str = "") -> dict[tuple[str, str], Use]:
        """The use of every hub that this Prometheus knows, by cluster (empty where it has no such label) and namespace.

        Raises Unavailable and Rejected.
        """
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        found: dict[tuple[str, str], list[Sample]] = {}
        for name, query in QUERIES.items():
            body = self._get(f"{url.rstrip('/')}/api/v1/query", headers=headers, private=True, query=query)
            for sample in read_vector(name, body):
                found.setdefault((sample.labels.get("cluster", ""), sample.labels.get("namespace", "")), []).append(sample)
        return {place: use_of(samples) for place, samples in found.items()}

    def _get(self, url: str, *, headers: Mapping[str, str], private: bool, **params: str) -> bytes:
        try:
            request = self._http.build_request("GET", url, headers=dict(headers), params=params or None)
        except (httpx.InvalidURL, TypeError) as error:
            raise Rejected("That is not an address") from error
        if request.url.scheme not in {"http", "https"} or not request.url.host:
            raise Rejected("That is not an address of the web")
        host = request.url.host
        if self._resolve is not None:
            stay_outside(request, private=private, resolve=self._resolve)
        try:
            response = self._http.send(request, stream=True)
        except httpx.RequestError as error:
            raise Unavailable(f"{host} cannot be reached: {type(error).__name__}") from error
        except httpx.InvalidURL as error:  # httpx looks where a redirect leads, also when it is not to follow
            raise Rejected(f"{host} sends on to what is no address") from error
        try:
            return self._body(response, host)
        except httpx.RequestError as error:
            raise Unavailable(f"{host} broke off: {type(error).__name__}") from error
        finally:
            response.close()

    def _body(self, response: httpx.Response, host: str) -> bytes:
        status = response.status_code
        if status >= 500 or status == 429:
            raise Unavailable(f"{host} answered {status}")
        if status != 200:
            raise Rejected(f"{host} answered {status}", status=status)
        return bounded.read(response, most=LARGEST, within=self._seconds)


def read_text(body: bytes) -> list[Sample]:
    """The samples that we know of in Prometheus' text. Raises Rejected for what is not that."""
    kept = [line for line in body.decode("utf-8", "replace").splitlines() if line.startswith((ACTIVE, RUNNING, ACCOUNTS))]
    try:
        families = list(text_string_to_metric_families("\n".join(kept) + "\n"))
    except (ValueError, KeyError, IndexError) as error:
        raise Rejected("The metrics are not Prometheus' text") from error
    return [Sample(sample.name, sample.labels, float(sample.value)) for family in families for sample in family.samples]


def read_vector(name: str, body: bytes) -> list[Sample]:
    """The samples of an instant query. Raises Rejected for what is not an answer to one."""
    try:
        answer = json.loads(body)
        rows = answer["data"]["result"] if answer["status"] == "success" else None
        return [Sample(name, _labels(row["metric"]), float(row["value"][1])) for row in rows or _nothing(answer)]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise Rejected("The answer is not that of Prometheus' query API") from error


def use_of(samples: Iterable[Sample]) -> Use:
    """The numbers of one hub; where several say the same thing, the largest counts."""
    use = Use()
    for sample in samples:
        field, number = _field(sample), _count(sample.value)
        if field and number is not None:
            use = replace(use, **{field: max(getattr(use, field) or 0, number)})
    return use


def _field(sample: Sample) -> str:
    if sample.name == ACTIVE:
        return PERIODS.get(sample.labels.get("period", ""), "")
    return {RUNNING: "running", ACCOUNTS: "accounts"}.get(sample.name, "")


def _count(value: float) -> int | None:
    """A number of people or servers; None for what is no number of anything."""
    return round(value) if math.isfinite(value) and 0 <= value < 1_000_000_000 else None


def _labels(metric: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in metric.items()}


def _nothing(answer: Mapping[str, Any]) -> list[Any]:
    """No row, if it is an answer that found none."""
    if answer["status"] != "success" or answer["data"]["result"] != []:
        raise ValueError(answer["status"])
    return []
