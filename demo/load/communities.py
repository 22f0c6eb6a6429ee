"""Communities with a representative and a member each, in bulk."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from communities.models import Community, Membership, Programme, User
from communities.roles import Role
from communities.states import CommunityState

LANGUAGES = ("en", "es", "pt", "fr")
ZONES = ("UTC", "America/Bogota", "America/Sao_Paulo", "Africa/Accra", "Asia/Manila")


@transaction.atomic
def make_communities(count: int) -> list[Community]:
    """That many more communities, each with two people."""
    first = Community.objects.filter(slug__startswith="load-").count() + 1
    programme = Programme.default()
    communities = Community.objects.bulk_create([_community(number, programme) for number in range(first, first + count)])
    people = User.objects.bulk_create([user for community in communities for user in _people(community)])
    roles = [Role.REPRESENTATIVE, Role.MEMBER] * count
    homes = [community for community in communities for _ in range(2)]
    rows = [Membership(community=home, user=user, role=role) for home, user, role in zip(homes, people, roles, strict=True)]
    Membership.objects.bulk_create(rows)
    return communities


def _community(number: int, programme: Programme) -> Community:
    return Community(
        slug=f"load-{number:05}",
        name=f"Synthetic community {number}",
        programme=programme,
        state=CommunityState.LIVE,
        language=LANGUAGES[number % len(LANGUAGES)],
        timezone=ZONES[number % len(ZONES)],
    )


def _people(community: Community) -> list[User]:
    return [
        User(
            email=f"{role}@{community.slug}.example",
            name=f"{role.title()} of {community.name}",
            password=make_password(None),
            language=community.language,
        )
        for role in ("representative", "member")
    ]
