"""Which tickets point at an article: letters that link to it, and for the desk the tickets it was written from."""

from django.db.models import Q

from ground.actors import Actor
from support.models import Citation, Message, Ticket, WriteUp
from support.models.tickets import TicketQuerySet
from support.policy import is_desk_staff


def citing(article: int, *, reader: Actor) -> TicketQuerySet:
    """The tickets this reader may see which cite that article in a letter they may read."""
    citations = Citation.objects.filter(article=article, message__removed_at=None)
    if not is_desk_staff(reader):
        citations = citations.filter(message__in=Message.objects.visible_to(reader))
    written = WriteUp.objects.visible_to(reader).filter(article=article)
    return Ticket.objects.visible_to(reader).kept().filter(Q(pk__in=citations.values("ticket")) | Q(pk__in=written.values("ticket")))
