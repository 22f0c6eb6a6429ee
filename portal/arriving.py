"""Communities already served enter without intake: founded from a table, matched to their company in Freshdesk and their hubs."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django_countries import countries

from communities import founding, matrix
from communities.founding import LONGEST_SLUG, CommunityFacts, PersonFacts
from communities.models import Community
from communities.models.people import validate_time_zone
from communities.roles import Role
from communities.states import CommunityState
from ground.actors import Actor
from hubs import drifting
from hubs.models import Hub
from knowledgebase import kept_pages, opening
from support.mirror import matching
from support.models import CompanyLink

FACTS = ("name", "language", "timezone", "country", "website", "description")


class Refused(Exception):
    """The table, or one of its rows, cannot be taken; the words say why."""


class Row(forms.Form):
    """One row of the table: its columns, and what each may hold."""

    name = forms.CharField(max_length=120)
    slug = forms.SlugField(max_length=LONGEST_SLUG, required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    timezone = forms.CharField(max_length=60, required=False, validators=[validate_time_zone])
    country = forms.ChoiceField(choices=lambda: list(countries), required=False)
    website = forms.URLField(required=False, assume_scheme="https")
    description = forms.CharField(required=False)
    representative_email = forms.EmailField(required=False)
    representative_name = forms.CharField(max_length=120, required=False)
    freshdesk_company_id = forms.IntegerField(min_value=1, required=False)
    cluster = forms.SlugField(required=False)
    hubs = forms.CharField(required=False, help_text="Names of hubs, divided by semicolons; empty takes every hub of an own cluster.")


@dataclass
class Arrival:
    """What came of a table: how many communities, what was not found, and which rows were refused."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unmatched: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def arrive(path: Path, *, by: Actor) -> Arrival:
    """Every row of that file, each on its own: a row that is refused is told, and the others enter. Raises `Refused` for no table."""
    arrival = Arrival()
    for number, told in read(path):
        try:
            outcome, unmatched = enter(told, by=by)
        except (Refused, ValueError) as error:
            arrival.problems.append(f"line {number}: {error}")
            continue
        setattr(arrival, outcome, getattr(arrival, outcome) + 1)
        arrival.unmatched += unmatched
    return arrival


def read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The table's rows with their line numbers. Raises `Refused` when it is none of ours, `OSError` when it cannot be read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            columns = {name.strip() for name in table.fieldnames or ()}
            if "name" not in columns or not columns <= set(Row.base_fields):
                raise Refused(
                    f"{path} needs a column “name”, and may have {', '.join(list(Row.base_fields)[1:])}; it has {sorted(columns)}."
                )
            for row in table:
                yield table.line_num, {(name or "").strip(): value for name, value in row.items() if isinstance(value, str)}
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path} is not a CSV file in UTF-8: {error}") from error


@transaction.atomic
def enter(told: dict[str, str], *, by: Actor) -> tuple[str, list[str]]:
    """Found or bring up to date one community; whether it was created, updated or unchanged, and what is matched to nothing."""
    row = Row(told)
    if not row.is_valid():
        raise Refused("; ".join(f"{name}: {error}" for name, errors in row.errors.items() for error in errors))
    facts = row.cleaned_data
    slug = slugify(facts["slug"] or facts["name"])[:LONGEST_SLUG].strip("-")
    community = Community.objects.select_for_update().filter(slug=slug).first()
    outcome = "unchanged" if community else "created"
    community = community or _found(slug, facts, by=by)
    changed = [_bring_up_to_date(community, facts, by=by), _take_company(community, facts, by=by), _take_hubs(community, facts)]
    return ("updated" if outcome == "unchanged" and any(changed) else outcome), list(_unmatched(community, facts))


def _found(slug: str, facts: dict[str, Any], *, by: Actor) -> Community:
    known = {name: facts[name] for name in FACTS if facts[name]}
    community = founding.found(CommunityFacts(short_name=slug, people=_people(facts), **known), by=by)
    community.move_to(CommunityState.LIVE, by=by, note="Served before this desk")
    matrix.draft(community, by=by)
    opening.open_knowledge_base(community, by=by)
    return community


def _people(facts: dict[str, Any]) -> list[PersonFacts]:
    email = facts["representative_email"]
    return [PersonFacts(email=email, name=facts["representative_name"], roles=[Role.REPRESENTATIVE])] if email else []


def _bring_up_to_date(community: Community, facts: dict[str, Any], *, by: Actor) -> bool:
    """An empty cell says nothing; another one is how it is now."""
    changed = [name for name in FACTS if facts[name] and facts[name] != getattr(community, name)]
    for name in changed:
        setattr(community, name, facts[name])
    if changed:
        community.save(update_fields=changed)
        drifting.look_again([community.pk])
        kept_pages.drop_after_commit()  # its articles say what it is called and where it is found
    new = [founding.admit(community, person, by=by) for person in _people(facts)]
    return bool(changed) or any(new)


def _take_company(community: Community, facts: dict[str, Any], *, by: Actor) -> bool:
    """The company of that number, else the one of the same name that belongs to nobody yet."""
    number, own = facts["freshdesk_company_id"], CompanyLink.objects.filter(community=community).first()
    if own and own.freshdesk_company_id:
        if number and own.freshdesk_company_id != number:
            raise Refused(f"freshdesk_company_id: {community.slug} is company {own.freshdesk_company_id} already")
        return False
    wanted = {"freshdesk_company_id": number} if number else {"name__iexact": community.name, "community": None}
    found = CompanyLink.objects.filter(**wanted).first()
    if found is None and not number:
        return False
    link = found or CompanyLink.objects.create(freshdesk_company_id=number, name=community.name)
    if link.community_id is not None:
        raise Refused(f"freshdesk_company_id: company {number} is another community")
    matching.match(link, community, by=by)
    return True


def _take_hubs(community: Community, facts: dict[str, Any]) -> bool:
    """The named hubs of the cluster, or without names all of one that is nobody else's."""
    wanted = Hub.objects.filter(cluster__name=facts["cluster"], community=None)
    names = _names(facts)
    wanted = wanted.filter(name__in=names) if names else wanted.filter(cluster__shared=False)
    return bool(wanted.update(community=community))


def _unmatched(community: Community, facts: dict[str, Any]) -> Iterator[str]:
    if not CompanyLink.objects.filter(community=community, freshdesk_company_id__isnull=False).exists():
        yield f"{community.slug}: no company in Freshdesk"
    theirs = set(Hub.objects.filter(cluster__name=facts["cluster"], community=community).values_list("name", flat=True))
    if facts["cluster"] and not theirs and not _names(facts):
        yield f"{community.slug}: no hub on {facts['cluster']}"
    yield from (f"{community.slug}: no hub {facts['cluster']}/{name}" for name in _names(facts) if name not in theirs)


def _names(facts: dict[str, Any]) -> list[str]:
    return [name.strip() for name in facts["hubs"].split(";") if name.strip()]
