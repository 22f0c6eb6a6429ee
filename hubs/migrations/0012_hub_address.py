"""A hub may answer elsewhere than at https:// and its domain, as those on this machine do."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0011_logs_of_steps"),
    ]

    operations = [
        migrations.AddField(
            model_name="hub",
            name="address",
            field=models.CharField(
                blank=True, help_text="Where people go, when that is not https:// and the domain.", max_length=300, verbose_name="address"
            ),
        ),
    ]
