"""How many people use a hub."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0014_public_status"),
    ]

    operations = [
        migrations.CreateModel(
            name='HubUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('daily', models.PositiveIntegerField(blank=True, null=True)),
                ('weekly', models.PositiveIntegerField(blank=True, null=True)),
                ('monthly', models.PositiveIntegerField(blank=True, null=True)),
                ('running_peak', models.PositiveIntegerField(blank=True, help_text='Servers at once: the most of the day, or when it was read.', null=True)),
                ('accounts', models.PositiveIntegerField(blank=True, null=True)),
                ('source', models.CharField(choices=[('metrics', "the hub's own metrics"), ('prometheus', 'Prometheus'), ('api', "the hub's list of users")], max_length=10)),
                ('read_at', models.DateTimeField()),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='use', to='hubs.hub')),
            ],
            options={
                'verbose_name': 'use of a hub',
                'verbose_name_plural': 'use of hubs',
                'indexes': [models.Index(fields=['day'], name='hub_use_day')],
                'constraints': [models.UniqueConstraint(fields=('hub', 'day'), name='hub_use_once_a_day'), models.CheckConstraint(condition=models.Q(('daily__isnull', False), ('weekly__isnull', False), ('monthly__isnull', False), _connector='OR'), name='hub_use_says_something')],
            },
        ),
    ]
