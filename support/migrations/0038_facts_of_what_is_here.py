"""Tickets that are here already: nothing of theirs is told again, and what lists show of them is known."""

from django.db import migrations
from django.db.models import F, Min, OuterRef, Subquery


def fill(apps, _editor):
    Ticket, Message = apps.get_model("support", "Ticket"), apps.get_model("support", "Message")
    first = Message.objects.filter(ticket=OuterRef("pk"), kind="reply").order_by().values("ticket").annotate(at=Min("created_at")).values("at")
    Ticket.objects.update(followed_version=F("version"), first_replied_at=Subquery(first))
    Ticket.objects.filter(status__group__in=["solved", "closed"]).update(solved_at=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("support", "0037_facts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
