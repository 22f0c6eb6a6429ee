"""Applications that exist get the facts that lists show: copied from their answers and from what happened to them."""

from django.db import migrations


def copy_facts(apps, _editor):
    application = apps.get_model("onboarding", "Application")
    event = apps.get_model("ground", "StageEvent")
    content_types = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="onboarding", model="application")
    last = dict(event.objects.filter(content_type__in=content_types).order_by("at").values_list("object_id", "at"))
    for row in application.objects.only("answers", "created_at", "sent_at").iterator():
        country = row.answers.get("community.country")
        application.objects.filter(pk=row.pk).update(
            name=str(row.answers.get("community.long_name") or "")[:200],
            country=country if isinstance(country, str) else "",
            state_since=last.get(row.pk) or row.sent_at or row.created_at,
        )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0008_facts_of_lists"), ("ground", "__first__"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [migrations.RunPython(copy_facts, migrations.RunPython.noop)]
