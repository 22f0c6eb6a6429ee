"""Answers given elsewhere that changed after a request was sent: noticed and shown, never applied by themselves.

Facts are told by JSON pointer, `*` for every hub of a request. `HubRequest.known` keeps, by source, what was told when it was last
looked at; a fact that differs from it and from the document is drift, until somebody takes it or leaves it (`hubs.requests`).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from communities.models import Community, Membership
from communities.roles import Role
from hubs.documents import at
from hubs.models import HubRequest
from hubs.questions import question
from hubs.schema.shape import narrowed, request_schema
from hubs.states import RequestState

RECORD = "record"
INTAKE = "intake"
Facts = Mapping[str, Any]


def look_again(communities: Collection[int] | None = None) -> int:
    """Compare what the communities' records say with their open requests; how many of these changed. Always the same number of queries."""
    rows = HubRequest.objects.open()
    if communities is not None:
        rows = rows.filter(community__in=communities)
    return _compare(rows, source=RECORD)


def hear(told: Mapping[int, Facts], *, source: str) -> int:
    """What a source above this room says now, by community; how many requests that changes."""
    return _compare(HubRequest.objects.open().filter(community__in=told), source=source, told=told)


def begin(request: HubRequest) -> None:
    """From now on changes count: what the record says today is where they are counted from. The caller saves."""
    facts = _facts_of([request.community_id]).get(request.community_id, {})
    request.known, request.drift = request.known | {RECORD: facts}, []


def without(request: HubRequest, *, pointer: str, source: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The drift and the known facts once that answer was taken or left. Raises KeyError when there is no such drift."""
    meant = next((row for row in request.drift if (row["pointer"], row["source"]) == (pointer, source)), None)
    if meant is None:
        raise KeyError(pointer)
    facts = request.known.get(source, {})
    told = {place: meant["after"] for place in facts if pointer in _places(place, request.document)} or {pointer: meant["after"]}
    return [row for row in request.drift if row != meant], request.known | {source: {**facts, **told}}


@transaction.atomic
def _compare(rows: "QuerySet[HubRequest]", *, source: str, told: Mapping[int, Facts] | None = None) -> int:
    requests = list(rows.select_for_update(of=("self",)).order_by("pk"))
    facts = _facts_of({request.community_id for request in requests}) if told is None else told
    changed = [request for request in requests if _looked_at(request, facts.get(request.community_id, {}), source)]
    HubRequest.objects.bulk_update(changed, ["known", "drift"])
    return len(changed)


def _looked_at(request: HubRequest, facts: Facts, source: str) -> bool:
    """Bring one request's drift up to date; whether anything is to be saved."""
    before = request.known.get(source)
    if before is None or request.state == RequestState.DRAFT:
        request.known = request.known | {source: dict(facts)}
        return before != facts
    found = [*_others(request, source), *_drifted(request, before, facts, source)]
    is_new = found != request.drift
    request.drift = found
    return is_new


def _others(request: HubRequest, source: str) -> Iterator[dict[str, Any]]:
    return (row for row in request.drift if row["source"] != source)


def _drifted(request: HubRequest, before: Facts, facts: Facts, source: str) -> Iterator[dict[str, Any]]:
    seen = {(row["pointer"], row["source"]): row for row in request.drift}
    for place, after in facts.items():
        if after in (None, "", []) or after == before.get(place):
            continue
        for pointer in _places(place, request.document):
            answered = at(request.document, pointer)
            if answered != after:
                row = {"pointer": pointer, "source": source, "before": answered, "after": after}
                old = seen.get((pointer, source), {})
                same = {key: old.get(key) for key in row} == row
                yield row | {"at": old["at"] if same else timezone.now().isoformat()}


def _places(place: str, document: Mapping[str, Any]) -> list[str]:
    """Where a document of this kind holds that fact: once for every hub, nowhere when its kind has no such answer."""
    if place.split("/")[1] not in narrowed(request_schema(), document).get("properties", {}):
        return []
    if "/*/" not in place:
        return [place]
    listed = at(document, place.partition("/*/")[0])
    return [re.sub(r"\*", str(number), place, count=1) for number in range(len(listed) if isinstance(listed, list) else 0)]


def _facts_of(communities: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the record of each community says today, in two queries."""
    rows = Community.objects.filter(pk__in=list(communities))
    contacts: dict[int, list[dict[str, str]]] = {}
    held = Membership.objects.filter(community__in=rows, role=Role.TECHNICAL_CONTACT).select_related("user").order_by("user__name", "pk")
    for membership in held:
        person = {"name": membership.user.get_full_name(), "email": membership.user.email}
        contacts.setdefault(membership.community_id, []).append(person)
    return {row.pk: _record(row) | {"/technical_contacts": contacts.get(row.pk, [])} for row in rows}


def _record(community: Community) -> dict[str, Any]:
    return {
        "/hubs/*/homepage/org/name": community.name,
        "/hubs/*/homepage/org/url": community.website if community.website.startswith("https://") else None,
        "/event/timezone": community.timezone,
    }


def told(row: Mapping[str, Any]) -> dict[str, str]:
    """The question whose answer changed, what the request says and what is said now, as people read it."""
    return {"title": str(question(row["pointer"]).label), "was": in_words(row["before"]), "is": in_words(row["after"])}


def in_words(value: Any) -> str:
    """An answer, or a group or list of them, on one line."""
    if isinstance(value, Mapping):
        return ", ".join(filter(None, map(in_words, value.values())))
    if isinstance(value, list):
        return "; ".join(filter(None, map(in_words, value)))
    return "" if value is None else str(value)
