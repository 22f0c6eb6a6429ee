from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0008_requests_that_wait"),
    ]

    operations = [
        migrations.AddField(
            model_name='hubrequest',
            name='known',
            field=models.JSONField(blank=True, default=dict, help_text='What was said elsewhere when this was last looked at: by source, then by JSON pointer.'),
        ),
    ]
