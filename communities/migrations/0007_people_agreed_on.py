from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0006_times_of_quiet'),
    ]

    operations = [
        migrations.AddField(
            model_name='community',
            name='agreed_people',
            field=models.PositiveIntegerField(blank=True, help_text='An event for more of them is flagged; empty where nothing was said.', null=True, verbose_name='people the agreement speaks of'),
        ),
    ]
