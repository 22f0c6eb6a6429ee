import communities.quiet
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_a_day_to_look_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='servicepolicy',
            name='quiet_periods',
            field=models.TextField(blank=True, help_text='One on each line: 2026-12-21 2027-01-03 Winter break', validators=[communities.quiet.validate], verbose_name='times when few of us are there'),
        ),
    ]
