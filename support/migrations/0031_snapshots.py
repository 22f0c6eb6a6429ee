"""A hub as it was when it was reported."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0030_seen'),
    ]

    operations = [
        migrations.CreateModel(
            name='HubSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(default=dict)),
                ('taken_at', models.DateTimeField()),
                ('hub', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='hubs.hub')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hub_snapshot', to='support.ticket')),
            ],
        ),
    ]
