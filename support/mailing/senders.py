"""Who a mail is from, as the desk knows them, and which community they ask for."""

from dataclasses import dataclass

from communities.models import Community, User
from ground.actors import Actor
from support.access import OPEN_TICKET
from support.mailing.shapes import ReadMail
from support.models import Contact
from support.people import contacts
from support.policy import communities_of


@dataclass(frozen=True)
class Sender:
    """Whoever a mail says it is from: as sure as mail is, so a mail never shows or gives away anything."""

    actor: Actor
    contact: Contact
    address: str

    @property
    def signed(self) -> "Actor":
        """The same, with the address in the name, for a thread that does not know them."""
        return Actor.mail(f"{self.contact.name} <{self.address}>".strip()[:200], user=self.actor.user)


def sender_of(mail: ReadMail) -> Sender:
    """The person or contact of the mail's address; a contact is made when there is none."""
    user = User.objects.filter(email__iexact=mail.from_address, is_active=True).first()
    contact = contacts.of(user) if user else contacts.of_address(mail.from_address, name=mail.from_name)
    name = user.get_full_name() if user else contact.name or mail.from_name or mail.from_address
    return Sender(Actor.mail(name[:200], user=user), contact, mail.from_address)


def community_of(sender: Sender) -> Community | None:
    """The one community they may open a ticket for, else the one of their contact's company, else none: then only staff see it."""
    own = [key for key in communities_of(sender.actor) if OPEN_TICKET.is_held_by(sender.actor, key)]
    company = sender.contact.company
    if len(own) == 1:
        return Community.objects.get(pk=own[0])
    if company is None or company.community is None or (own and company.community_id not in own):
        return None
    return company.community
