"""How each hub is as far as somebody looked, how its days were, and when it did not answer."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0012_hub_address"),
    ]

    operations = [
        migrations.CreateModel(
            name='HubWatch',
            fields=[
                ('hub', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='watch', serialize=False, to='hubs.hub')),
                ('seen', models.CharField(blank=True, choices=[('', 'not looked at yet'), ('up', 'answers'), ('down', 'does not answer'), ('hidden', 'cannot be seen from here')], default='', max_length=6)),
                ('seen_since', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, help_text='Why it did not answer: a word of hubs.probing.Why.', max_length=20)),
                ('looked_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, help_text='When it last answered; empty if it never did.', null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='How many looks in a row it did not answer.')),
                ('failing_since', models.DateTimeField(blank=True, help_text='The first of those looks.', null=True)),
                ('took_ms', models.PositiveIntegerField(blank=True, null=True)),
                ('version', models.CharField(blank=True, max_length=40)),
                ('version_at', models.DateTimeField(blank=True, null=True)),
                ('asked_at', models.DateTimeField(blank=True, help_text='When somebody asked to look again; empty once we have.', null=True)),
                ('due_at', models.DateTimeField(help_text='When it is looked at next.')),
                ('held_by', models.CharField(blank=True, db_index=True, max_length=32)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'look at a hub',
                'verbose_name_plural': 'looks at hubs',
                'indexes': [models.Index(fields=['due_at'], name='hub_watch_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('failures', 0), ('failing_since__isnull', False), _connector='OR'), name='hub_watch_failing_since'), models.CheckConstraint(condition=models.Q(('seen', ''), ('seen_since__isnull', False), _connector='OR'), name='hub_watch_seen_since')],
            },
        ),
        migrations.CreateModel(
            name='HubDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('checks', models.PositiveIntegerField(default=0)),
                ('ok', models.PositiveIntegerField(default=0)),
                ('watched_seconds', models.PositiveIntegerField(default=0)),
                ('down_seconds', models.PositiveIntegerField(default=0)),
                ('took_ms', models.PositiveBigIntegerField(default=0, help_text='Of all looks that were answered, together.')),
                ('slowest_ms', models.PositiveIntegerField(default=0)),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='hubs.hub')),
            ],
            options={
                'verbose_name': 'day of a hub',
                'verbose_name_plural': 'days of hubs',
                'indexes': [models.Index(fields=['day'], name='hub_day_day')],
                'constraints': [models.UniqueConstraint(fields=('hub', 'day'), name='hub_day_once'), models.CheckConstraint(condition=models.Q(('ok__lte', models.F('checks'))), name='hub_day_ok'), models.CheckConstraint(condition=models.Q(('down_seconds__lte', models.F('watched_seconds'))), name='hub_day_down_was_watched')],
            },
        ),
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began', models.DateTimeField()),
                ('ended', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('hub', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outages', to='hubs.hub')),
            ],
            options={
                'verbose_name': 'outage',
                'verbose_name_plural': 'outages',
                'ordering': ['-began', '-pk'],
                'indexes': [models.Index(fields=['hub', '-began'], name='outage_of_hub')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True)), fields=('hub',), name='outage_one_open_a_hub'), models.CheckConstraint(condition=models.Q(('ended__isnull', True), ('ended__gte', models.F('began')), _connector='OR'), name='outage_ends_after_it_began')],
            },
        ),
    ]
