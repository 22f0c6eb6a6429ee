"""Who wants no mail about incidents."""

from communities.models import User
from support.models import IncidentSilence


def is_silent(user: User) -> bool:
    return IncidentSilence.objects.filter(user=user).exists()


def choose(user: User, *, wants: bool) -> None:
    """Mail about incidents, or none. The pages tell of them either way."""
    if wants:
        IncidentSilence.objects.filter(user=user).delete()
    else:
        IncidentSilence.objects.get_or_create(user=user)
