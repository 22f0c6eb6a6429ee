"""Whether everybody may see that a hub answers."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0013_watching"),
    ]

    operations = [
        migrations.AddField(
            model_name='hub',
            name='is_public_status',
            field=models.BooleanField(default=False, help_text='Its community wants everybody to see whether it answers.', verbose_name='on the status page'),
        ),
    ]
