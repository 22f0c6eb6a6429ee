"""An approval may be withdrawn: the ticket was solved before anybody decided."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("support", "0039_words_of_tickets")]

    operations = [
        migrations.AlterField(
            model_name="approval",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[("approved", "Approved"), ("declined", "Declined"), ("withdrawn", "Withdrawn")],
                max_length=10,
            ),
        ),
    ]
