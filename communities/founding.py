"""Founding a community: from accepted facts to a row, its first people, and its groups."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log

from communities import groups
from communities.models import Community, Membership, Programme, User
from communities.people import record
from communities.roles import Role
from ground.actors import Actor
from ground.references import new_reference

LONGEST_SLUG = 40


@dataclass(frozen=True)
class PersonFacts:
    """A person named in an application."""

    email: str
    name: str = ""
    roles: Sequence[Role] = ()
    language: str = ""
    timezone: str = ""


@dataclass(frozen=True)
class CommunityFacts:
    """What an accepted application says of its community. `people` must hold a representative."""

    name: str
    short_name: str = ""
    programme: Programme | None = None
    language: str = "en"
    timezone: str = "UTC"
    country: str = ""
    website: str = ""
    description: str = ""
    agreed_people: int | None = None
    people: Sequence[PersonFacts] = field(default_factory=tuple)


@transaction.atomic
def found(facts: CommunityFacts, *, by: Actor) -> Community:
    """Make the community, its people and their groups. Raises `ValueError` without a representative."""
    if not any(Role.REPRESENTATIVE in person.roles for person in facts.people):
        raise ValueError("A community needs a representative.")
    community = Community.objects.create(
        slug=free_slug(facts.short_name or facts.name),
        name=facts.name,
        programme=facts.programme or Programme.default(),
        language=facts.language,
        timezone=facts.timezone or "UTC",
        country=facts.country,
        website=facts.website,
        description=facts.description,
        agreed_people=facts.agreed_people,
    )
    for role in Role:
        groups.group_for(community, role)
    for person in facts.people:
        admit(community, person, by=by)
    log(community, "communities.found", user=by.user, data={"by": by.label})
    return community


def free_slug(name: str) -> str:
    """A slug that no community has: the name's, else numbered."""
    stem = slugify(name)[:LONGEST_SLUG].strip("-") or new_reference("c", groups=1).lower()
    taken = set(Community.objects.filter(slug__startswith=stem[: LONGEST_SLUG - 4]).values_list("slug", flat=True))
    candidates = [stem, *(f"{stem[: LONGEST_SLUG - 4]}-{number}" for number in range(2, 1000))]
    return next(candidate for candidate in candidates if candidate not in taken)


def admit(community: Community, person: PersonFacts, *, by: Actor) -> bool:
    """Whether a role is new. An account when there is none, and the roles; the letter tells them, no invitation does."""
    user, _created = User.objects.get_or_create(
        email=person.email.strip().lower(),
        defaults={
            "name": person.name,
            "language": person.language or community.language,
            "timezone": person.timezone or community.timezone,
        },
    )
    new = [role for role in person.roles if Membership.objects.get_or_create(community=community, user=user, role=role)[1]]
    for role in new:
        groups.enter(user, community, role)
        record(community, "communities.invite", by=by, person=user, role=role)
    return bool(new)
