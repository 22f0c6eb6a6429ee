import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0003_how_communities_are_known"),
    ]

    operations = [
        migrations.CreateModel(
            name='HubValues',
            fields=[
                ('hub', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='values', serialize=False, to='hubs.hub')),
                ('document', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('commit', models.CharField(blank=True, max_length=80)),
                ('read_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'values of a hub',
                'verbose_name_plural': 'values of hubs',
            },
        ),
    ]
