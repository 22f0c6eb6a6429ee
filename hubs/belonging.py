"""Whose hub is it? What its configuration says, held against the communities we know. Certain, or proposed with the reasons."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

EVERYDAY = frozenset(
    {"staging", "prod", "production", "demo", "test", "dev", "hub", "binder", "public", "workshop", "event", "main", "shared", "small"}
)
SHARED_HOSTS = frozenset({"github.com", "gitlab.com", "sites.google.com", "google.com", "medium.com", "wordpress.com", "linkedin.com"})
MOST = 3
ALIKE = 0.5  # the share of words two names have in common
SMALL_WORDS = frozenset({"of", "the", "for", "and", "de", "la", "da", "do", "in", "a"})


class Sign(StrEnum):
    """What two things have in common, the strongest first."""

    TOLD = "told"
    ORGANISATION = "organisation"
    HOMEPAGE = "homepage"
    GITHUB = "github"
    NAME = "name"
    CLUSTER = "cluster"
    NEIGHBOUR = "neighbour"
    DOMAIN = "domain"
    SITE = "site"
    WORDS = "words"


STRONG: Mapping[Sign, str] = {
    Sign.ORGANISATION: "name",
    Sign.NAME: "name",
    Sign.CLUSTER: "name",
    Sign.HOMEPAGE: "website",
}
"""What of a community a strong sign is held against; teams of partners are let in too, so those are none. Names and websites are an
applicant's own words, and its short name follows its name: one of them alone proves nothing."""
ENOUGH = 2  # independent ones that have to agree

WEIGHT = {sign: 2 ** (len(Sign) - number) for number, sign in enumerate(Sign)}


@dataclass(frozen=True)
class Candidate:
    """A community as far as a hub's configuration could name it."""

    key: int
    slug: str
    name: str
    website: str = ""


@dataclass(frozen=True)
class Traces:
    """What a hub's configuration says about whose it is."""

    cluster: str
    name: str
    domain: str = ""
    display_name: str = ""
    organisation: str = ""
    homepage: str = ""
    github: tuple[str, ...] = ()
    told: str = ""
    neighbours: tuple[str, ...] = ()
    is_cluster_shared: bool = False


@dataclass(frozen=True)
class Proposal:
    """A community a hub may belong to, and why."""

    candidate: Candidate
    signs: tuple[Sign, ...]

    @property
    def weight(self) -> int:
        return sum(WEIGHT[sign] for sign in self.signs)

    @property
    def is_certain(self) -> bool:
        return _is_beyond_doubt(self.signs)


class Directory:
    """The communities, by everything a configuration could name them with."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.candidates = list(candidates)
        self._by: dict[Sign, dict[str, list[Candidate]]] = {sign: {} for sign in Sign}
        self._words = {candidate: _words(candidate.name) for candidate in self.candidates}
        self._with_word: dict[str, list[Candidate]] = {}
        for candidate in self.candidates:
            for word in {*self._words[candidate], candidate.slug.replace("-", "")}:
                self._with_word.setdefault(word, []).append(candidate)
            for sign, word in _words_of(candidate):
                self._by[sign].setdefault(word, []).append(candidate)

    def certain(self, traces: Traces) -> Candidate | None:
        """The community that the deployer tells, or that two strong signs name independently; None where several are named, or none so."""
        told = self._named(Sign.TOLD, [traces.told])
        if told:
            return told[0]
        found = self._strong(traces)
        candidate = next(iter(found), None)
        return candidate if candidate and len(found) == 1 and _is_beyond_doubt(found[candidate]) else None

    def proposals(self, traces: Traces) -> list[Proposal]:
        """At most three communities, the likeliest first."""
        signs: dict[Candidate, list[Sign]] = {}
        for sign, words in _signs(traces):
            for candidate in self._named(sign, words):
                signs.setdefault(candidate, []).append(sign)
        for candidate in self._alike(traces):
            signs.setdefault(candidate, []).append(Sign.WORDS)
        found = [Proposal(candidate, tuple(dict.fromkeys(each))) for candidate, each in signs.items()]
        return sorted(found, key=lambda proposal: (-proposal.weight, proposal.candidate.slug))[:MOST]

    def _strong(self, traces: Traces) -> dict[Candidate, set[Sign]]:
        """Whom the strong signs name."""
        found: dict[Candidate, set[Sign]] = {}
        for sign, words in _signs(traces):
            for candidate in self._named(sign, words) if sign in STRONG else ():
                found.setdefault(candidate, set()).add(sign)
        return found

    def _alike(self, traces: Traces) -> Iterable[Candidate]:
        """Those called nearly the same, or by a word or the initials of the other."""
        for other in {_plain(name) for name in (traces.organisation, traces.display_name, traces.cluster)} - {""}:
            words = _words(other)
            for word in {*words, "".join(word[0] for word in other.split() if word not in SMALL_WORDS)}:
                for candidate in self._with_word.get(word, []):
                    own = self._words[candidate]
                    is_slug = len(word) > 2 and word == candidate.slug.replace("-", "")
                    if is_slug or len(own & words) >= ALIKE * len(own | words):
                        yield candidate

    def _named(self, sign: Sign, words: Iterable[str]) -> list[Candidate]:
        return [candidate for word in words if word for candidate in self._by[sign].get(word, [])]


def _is_beyond_doubt(signs: Collection[Sign]) -> bool:
    """Did the deployer say so, or do two independent signs?"""
    return Sign.TOLD in signs or len({STRONG[sign] for sign in signs if sign in STRONG}) >= ENOUGH


def traces_of(facts: Mapping[str, Any], *, cluster: str, name: str, told: str = "", is_cluster_shared: bool = False) -> Traces:
    """What the facts of a hub, as a deployer tells them, say about whose it is."""
    spec = facts if isinstance(facts, Mapping) else {}
    homepage, sign_in = _map(spec.get("homepage")), _map(spec.get("sign_in"))
    org = _map(homepage.get("org"))
    teams = sign_in.get("organisations")
    return Traces(
        cluster=cluster,
        name=name,
        domain=str(spec.get("domain") or ""),
        display_name=str(spec.get("display_name") or ""),
        organisation=str(org.get("name") or ""),
        homepage=str(org.get("url") or homepage.get("redirect_to") or ""),
        github=tuple(dict.fromkeys(str(team).split(":")[0] for team in (teams if isinstance(teams, list) else []))),
        told=told,
        is_cluster_shared=is_cluster_shared,
    )


def is_same_site(one: str, other: str) -> bool:
    """Do two addresses stand on one host?"""
    return bool(host(one)) and host(one) == host(other)


def host(url: str) -> str:
    """The host of an address, without www."""
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _words_of(candidate: Candidate) -> Iterable[tuple[Sign, str]]:
    yield Sign.TOLD, candidate.slug
    yield Sign.ORGANISATION, _plain(candidate.name)
    yield Sign.HOMEPAGE, _page(candidate.website)
    yield Sign.GITHUB, candidate.slug
    yield Sign.GITHUB, _github(candidate.website)
    yield Sign.NAME, candidate.slug
    yield Sign.CLUSTER, candidate.slug
    yield Sign.NEIGHBOUR, candidate.slug
    yield Sign.DOMAIN, candidate.slug
    if host(candidate.website) not in SHARED_HOSTS:
        yield Sign.SITE, _registered(host(candidate.website))


def _signs(traces: Traces) -> Sequence[tuple[Sign, list[str]]]:
    labels = [label for label in traces.domain.split(".") if label not in EVERYDAY]
    return [
        (Sign.TOLD, [traces.told]),
        (Sign.ORGANISATION, [_plain(traces.organisation)]),
        (Sign.HOMEPAGE, [_page(traces.homepage)]),
        (Sign.GITHUB, [team.casefold() for team in traces.github]),
        (Sign.NAME, [] if traces.name in EVERYDAY else [traces.name]),
        (Sign.CLUSTER, [] if traces.is_cluster_shared else [traces.cluster]),
        (Sign.NEIGHBOUR, [] if traces.is_cluster_shared else list(traces.neighbours)),
        (Sign.DOMAIN, [*labels, *([traces.cluster] if traces.is_cluster_shared else [])]),
        (Sign.SITE, [_registered(host(url)) for url in (traces.homepage, traces.domain) if host(url) not in SHARED_HOSTS]),
    ]


def _words(name: str) -> frozenset[str]:
    """The words of a name that say something."""
    return frozenset(_plain(name).split()) - SMALL_WORDS


def _plain(name: str) -> str:
    """A name in small letters and single spaces, without what only sets a hub apart."""
    words = re.sub(r"[^\w]+", " ", name.casefold()).split()
    return " ".join(word for word in words if word not in EVERYDAY)


def _page(url: str) -> str:
    """A page of somebody's own: host and path, without www; blank where the host is everybody's and nothing follows."""
    found = host(url)
    path = urlsplit(url).path.strip("/").casefold() if found else ""
    return "" if found in SHARED_HOSTS and not path else "/".join(filter(None, [found, path]))


def _github(url: str) -> str:
    """The GitHub organisation an address belongs to."""
    found = host(url)
    if found.endswith(".github.io"):
        return found.removesuffix(".github.io").casefold()
    return urlsplit(url).path.strip("/").split("/")[0].casefold() if found == "github.com" else ""


def _registered(name: str) -> str:
    """The last two parts of a host, three where the last but one is as short as a country's own."""
    parts = name.split(".")
    many = 3 if len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) == 2 else 2
    return ".".join(parts[-many:]) if len(parts) > 1 and not name.endswith(".github.io") else name


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
