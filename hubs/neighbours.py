"""A plan and a deployment as their community reads them: what they say of other communities' hubs is left out or told without names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext as _

from ground.models import StageEvent
from hubs import stages
from hubs.models import Hub, HubRequest
from hubs.states import RequestState

Document = Mapping[str, Any]
FILE = re.compile(r"[\w./-]+\.ya?ml")
TOLD_BY_DEPLOYER = frozenset(
    {RequestState.DEPLOYING, RequestState.WAITING, RequestState.SUCCEEDED, RequestState.FAILED, RequestState.CANCELLED}
)


class Known(NamedTuple):
    """A hub of the registry, by what it could be named with."""

    cluster: str
    name: str
    display_name: str
    domain: str
    community: int | None

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in (self.name, self.display_name, self.domain) if word)


def known() -> list[Known]:
    """All hubs there are, in one query for however many requests."""
    return list(map(Known._make, Hub.objects.order_by("pk").values_list("cluster__name", "name", "display_name", "domain", "community")))


@dataclass(frozen=True)
class Readers:
    """Those who read a request as its community does: which hubs are theirs, and how those of others around them are called."""

    theirs: frozenset[tuple[str, str]]
    own: frozenset[str]
    others: frozenset[str]

    @classmethod
    def of(cls, request: HubRequest, hubs: Iterable[Known]) -> Self:
        """Hubs on other machines than theirs and the plan's may be called as they like. Where changes are tried is for everybody to read."""
        redeploys, asked_for = request.plan.get("redeploys") or [], _asked_for(request)
        told = [Known(each["cluster"], each["hub"], "", "", None) for each in redeploys if not each.get("staging")]
        mine = [hub for hub in hubs if hub.community == request.community_id]
        foreign = frozenset((hub.cluster, hub.name) for hub in hubs if hub.community not in {None, request.community_id})
        taken = foreign | {(hub.cluster, hub.name) for hub in hubs if hub.community is None}
        theirs = frozenset((hub.cluster, hub.name) for hub in mine) | (asked_for - taken)
        clusters = {cluster for cluster, _name in theirs} | {each["cluster"] for each in redeploys}
        near = [hub for hub in (*hubs, *told) if hub.cluster in clusters and (hub.cluster, hub.name) not in theirs]
        hidden = [hub for hub in near if (hub.cluster, hub.name) in foreign or "staging" not in hub.name]
        own = frozenset(name.casefold() for _cluster, name in theirs).union(*(hub.words for hub in mine))
        return cls(theirs, own, frozenset[str]().union(*(hub.words for hub in hidden)) - own)

    def plan(self, plan: Document) -> dict[str, Any]:
        """A plan without what it says of others. A difference in a cluster's own file shows its neighbours around it."""
        told = dict(plan)
        if "redeploys" in plan:
            told["redeploys"] = self._redeploys(plan["redeploys"])
        if "files" in plan:
            told["files"] = [self._file(each) for each in plan["files"]]
        if "warnings" in plan:
            told["warnings"] = [self._warning(each) for each in plan["warnings"]]
        if "checks" in plan:
            files = frozenset(each.get("path", "") for each in plan.get("files", ()) if not _is_shared(each))
            told["checks"] = [self._check(each, files) for each in plan["checks"]]
        return told

    def deployment(self, deployment: Document) -> dict[str, Any]:
        """A deployment in our words, without the steps of others; why it failed in detail is for engineers."""
        if not deployment:
            return {}
        words = str(stages.words(stage=str(deployment.get("stage", "")), state=str(deployment.get("state", ""))))
        told = {**deployment, "description": words, "steps": self.steps(deployment)}
        if error := deployment.get("error"):
            told["error"] = {name: error[name] for name in ("type", "status", "retryable") if name in error} | {"title": words}
        return told

    def steps(self, deployment: Document) -> list[Document]:
        """The deployer's steps, without those of other hubs."""
        return [step for step in deployment.get("steps", ()) if not self._is_step_of_others(step)]

    def names_others(self, text: str) -> bool:
        """Is a hub of another community named?"""
        return bool(self._named(text) & self.others)

    def _is_step_of_others(self, step: Document) -> bool:
        """By its title, which names one hub; by its name where the title names none."""
        named = self._named(str(step.get("title", ""))) or self._named(str(step.get("name", "")))
        return bool(named & self.others) and not named & self.own

    def _redeploys(self, redeploys: Iterable[Document]) -> list[Document]:
        own = [each for each in redeploys if (each.get("cluster"), each.get("hub")) in self.theirs]
        clusters = dict.fromkeys(each["cluster"] for each in redeploys if each not in own)
        why = _("Other hubs on the same machines.")
        return [*own, *({"cluster": cluster, "hub": "", "why": why, "staging": False} for cluster in clusters)]

    def _file(self, file: Document) -> Document:
        diff, summary = str(file.get("diff", "")), str(file.get("summary", ""))
        told = {**file, "diff": "" if _is_shared(file) or self.names_others(diff) else diff}
        return {**told, "summary": ""} if self.names_others(summary) else told

    def _warning(self, warning: Document) -> Document:
        if warning.get("code") != "shared-file" and not self.names_others(str(warning.get("detail", ""))):
            return warning
        return {**warning, "detail": _("Other hubs on the same machines change with it.")}

    def _check(self, check: Document, files: frozenset[str]) -> Document:
        return {**check, "details": [line for line in check.get("details", ()) if self._is_own_line(str(line), files)]}

    def _is_own_line(self, line: str, files: frozenset[str]) -> bool:
        """It names nobody else, and no file but those that change or that belong to a hub of theirs."""
        if self.names_others(line):
            return False
        return set(FILE.findall(line)) <= files or bool(self._named(line) & self.own)

    def _named(self, text: str) -> frozenset[str]:
        return frozenset(found.casefold() for found in self._words.findall(text)) if self._words else frozenset()

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        """Any of the names, the longest first: a name within a longer one is not that hub's."""
        words = sorted(self.own | self.others, key=lambda word: (-len(word), word))
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, words))})(?![^\W_])", re.IGNORECASE) if words else None


def note_of(event: StageEvent) -> str:
    """The note of a change of state as its community reads it: what a deployer said of it is for engineers."""
    is_told = event.actor_role == "system" and event.after in TOLD_BY_DEPLOYER
    return "" if is_told else event.note


def _asked_for(request: HubRequest) -> frozenset[tuple[str, str]]:
    """The hubs a request names itself."""
    cluster = str(request.document.get("cluster") or (request.document.get("new_cluster") or {}).get("name") or "")
    new = [request.document.get("new_hub") or {}, *(request.document.get("hubs") or ())]
    names = [request.document.get("hub"), *(each.get("name") for each in new)]
    return frozenset((cluster, str(name)) for name in names if name)


def _is_shared(file: Document) -> bool:
    return str(file.get("path", "")).endswith("/cluster.yaml")
