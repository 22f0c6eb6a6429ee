from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0007_assessments"),
    ]

    operations = [
        migrations.AddField(
            model_name='hubrequest',
            name='not_before',
            field=models.DateTimeField(blank=True, help_text='What was approved is not given to the deployer earlier than this.', null=True, verbose_name='not before'),
        ),
    ]
