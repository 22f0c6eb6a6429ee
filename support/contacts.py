"""The contact a person or an address stands for: found by address, made when there is none."""

from communities.models import User
from support.models import Contact


def of(user: User) -> Contact:
    """The person's contact. One that came from Freshdesk under the same address is linked to the person."""
    linked = Contact.objects.filter(user=user).first()
    if linked is not None:
        return linked
    contact = of_address(user.email, name=user.name)
    if contact.user_id is None:
        contact.user = user
        contact.save(update_fields=["user"])
    return contact


def of_address(email: str, *, name: str = "") -> Contact:
    """The contact of that address."""
    contact, _is_new = Contact.objects.get_or_create(email=email.strip().lower(), defaults={"name": name})
    return contact
