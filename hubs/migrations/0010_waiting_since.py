from django.db import migrations, models
from django.db.models import F


def count_from_the_last_news(apps, schema_editor):
    """What waits already is counted from when it was last heard of."""
    apps.get_model("hubs", "HubRequest").objects.filter(state="waiting").update(waiting_since=F("updated_at"))


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0009_what_was_said_elsewhere"),
    ]

    operations = [
        migrations.AddField(
            model_name='hubrequest',
            name='reminders',
            field=models.PositiveSmallIntegerField(default=0, help_text='How many times people were reminded of it since.'),
        ),
        migrations.AddField(
            model_name='hubrequest',
            name='waiting_since',
            field=models.DateTimeField(blank=True, help_text='Since when it waits for a person.', null=True),
        ),
        migrations.RunPython(count_from_the_last_news, migrations.RunPython.noop),
    ]
