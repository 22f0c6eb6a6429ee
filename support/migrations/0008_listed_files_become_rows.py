from django.db import migrations


def listed_files_become_rows(apps, schema_editor):
    """What stood as a list on tickets and messages, known by its number in Freshdesk."""
    Attachment = apps.get_model("support", "Attachment")
    for model, as_places in (("Ticket", _ticket), ("Message", _message)):
        for owner in apps.get_model("support", model).objects.exclude(attachments=[]).iterator():
            Attachment.objects.bulk_create(
                (
                    Attachment(
                        **as_places(owner),
                        freshdesk_id=each["id"],
                        name=each.get("name") or "file",
                        content_type=each.get("content_type") or "",
                        size=each.get("size"),
                        created_at=owner.created_at,
                    )
                    for each in owner.attachments
                    if each.get("id")
                ),
                ignore_conflicts=True,
            )


def rows_become_listed_files(apps, schema_editor):
    """Letter by letter: each letter's list is written once."""
    rows = apps.get_model("support", "Attachment").objects.exclude(freshdesk_id=None)
    letters = rows.order_by("ticket_id", "message_id").values_list("ticket_id", "message_id").distinct()
    for ticket, message in letters.iterator():
        listed = [
            {"id": row.freshdesk_id, "name": row.name, "content_type": row.content_type, "size": row.size}
            for row in rows.filter(ticket=ticket, message=message).order_by("pk")
        ]
        model, pk = ("Message", message) if message else ("Ticket", ticket)
        apps.get_model("support", model).objects.filter(pk=pk).update(attachments=listed)


def _ticket(owner):
    return {"ticket_id": owner.pk}


def _message(owner):
    return {"ticket_id": owner.ticket_id, "message_id": owner.pk}


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0007_attachments"),
    ]

    operations = [
        migrations.RunPython(listed_files_become_rows, rows_become_listed_files),
    ]
