"""Who else may read a ticket: keeping it confidential, and naming people."""

from collections.abc import Iterable

from django.db import transaction

from communities.models import User
from ground.actors import Actor
from support import recording
from support.models import Ticket, TicketReader


@transaction.atomic
def confide(ticket: Ticket, *, confidential: bool, readers: Iterable[User] | None, by: Actor) -> Ticket:
    """Whether only named people read it, and who they are. Everybody not named any more loses it now; `readers=None` leaves them."""
    held = recording.locked(ticket.pk)
    recording.change(held, by=by, confidential=confidential)
    if readers is None:
        return held
    wanted = {reader.pk: reader for reader in readers}
    named = set(TicketReader.objects.filter(ticket=held).values_list("user", flat=True))
    if named == set(wanted):
        return held
    TicketReader.objects.filter(ticket=held, user__in=named - set(wanted)).delete()
    TicketReader.objects.bulk_create(TicketReader(ticket=held, user=wanted[key], added_by=by.user) for key in set(wanted) - named)
    recording.happened(held, "named", after="", note=", ".join(sorted(map(str, wanted.values()))), by=by)
    return held
