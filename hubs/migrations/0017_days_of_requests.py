"""Fill in the days and the open steps of the requests that are there."""

from django.db import migrations

from hubs import events


def fill(apps, _schema_editor):
    HubRequest = apps.get_model("hubs", "HubRequest")
    for row in HubRequest.objects.filter(submitted_at__isnull=False).select_related("community").iterator():
        row.begins_at, row.ends_at = events.span(row.document, zone=row.community.timezone) or (None, None)
        row.has_open_steps = any(item.get("status") == "open" for item in row.deployment.get("preconditions") or [])
        row.save(update_fields=["begins_at", "ends_at", "has_open_steps"])


class Migration(migrations.Migration):
    dependencies = [("hubs", "0016_calendar")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
