"""Timeboxes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0032_terms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Timebox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('extra_minutes', models.PositiveSmallIntegerField(default=0)),
                ('extensions', models.PositiveSmallIntegerField(default=0)),
                ('began_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('solved', 'Solved'), ('handed_on', 'Handed on'), ('escalated', 'Escalated'), ('left', 'Left for another ticket')], max_length=10)),
                ('told_over_at', models.DateTimeField(blank=True, null=True)),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timeboxes', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='timeboxes', to='support.ticket')),
            ],
            options={
                'verbose_name_plural': 'timeboxes',
                'ordering': ['-began_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['ends_at'], name='timebox_running'), models.Index(fields=['ticket', '-began_at'], name='timebox_of_ticket')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('agent',), name='timebox_one_an_agent'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('ticket',), name='timebox_one_a_ticket'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('outcome', '')), models.Q(('ended_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='timebox_ended_has_outcome'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('began_at'))), name='timebox_lasts')],
            },
        ),
    ]
