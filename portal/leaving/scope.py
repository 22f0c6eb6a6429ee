"""What of a community goes into its archive: everything we hold, or what one of its people may read on the site."""

from dataclasses import dataclass

from django.db.models import QuerySet

from communities.models import Community, MatrixComment, ResponsibilityMatrix
from communities.models.matrices import MatrixQuerySet
from ground.actors import Actor
from support.models import Attachment, Message, Ticket
from support.models.conversation import MessageQuerySet
from support.models.tickets import TicketQuerySet


@dataclass(frozen=True)
class Scope:
    """Without a `reader` it is everything, the notes of staff too. With one it is what that person finds on the community's pages."""

    community: Community
    reader: Actor | None = None

    @property
    def is_whole(self) -> bool:
        return self.reader is None

    def tickets(self) -> TicketQuerySet:
        found = Ticket.objects.filter(community=self.community)
        return found if self.reader is None else found.visible_to(self.reader).kept()

    def messages(self) -> MessageQuerySet:
        """The letters of these tickets; for a reader without notes and without what can still be taken back."""
        found = Message.objects.filter(ticket__in=self.tickets())
        return found if self.reader is None else found.public().filter(removed_at=None)

    def files(self) -> "QuerySet[Attachment]":
        found = Attachment.objects.filter(ticket__in=self.tickets())
        return found if self.reader is None else found.standing().visible_to(self.reader)

    def matrices(self) -> MatrixQuerySet:
        found = ResponsibilityMatrix.objects.filter(community=self.community)
        return found if self.reader is None else found.visible_to(self.reader)

    def matrix_comments(self) -> "QuerySet[MatrixComment]":
        found = MatrixComment.objects.filter(row__matrix__community=self.community)
        return found if self.reader is None else found.visible_to(self.reader)
