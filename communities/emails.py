"""Mails of the communities' room."""

from django.urls import reverse

from communities.models import Membership
from ground.mail import Context, mail


@mail("communities/invitation.txt")
def invitation(membership_id: int, invited_by: str) -> Context:
    """You were given a role in a community; here is how to sign in."""
    membership = Membership.objects.select_related("community", "user").get(pk=membership_id)
    return {
        "community": membership.community,
        "person": membership.user,
        "role": membership.get_role_display(),
        "invited_by": invited_by,
        "path": reverse("portal:community", args=[membership.community.slug]),
    }
