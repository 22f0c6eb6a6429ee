"""Each run of a clock."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0019_calendars'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock', models.CharField(choices=[('first', 'First response'), ('next', 'Next response'), ('resolution', 'Resolution')], max_length=10)),
                ('began_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('target_minutes', models.PositiveIntegerField()),
                ('used_minutes', models.PositiveIntegerField(default=0)),
                ('outcome', models.CharField(blank=True, choices=[('met', 'Met'), ('missed', 'Missed'), ('void', 'Not needed')], max_length=10)),
                ('warn_at', models.DateTimeField(blank=True, null=True)),
                ('warned_at', models.DateTimeField(blank=True, null=True)),
                ('missed_at', models.DateTimeField(blank=True, null=True)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clock_runs', to='support.ticket')),
            ],
            options={
                'ordering': ['began_at', 'pk'],
                'indexes': [models.Index(fields=['ticket', 'began_at'], name='clock_run_of_ticket'), models.Index(fields=['clock', 'ended_at'], name='clock_run_ended'), models.Index(condition=models.Q(('ended_at__isnull', True), ('warned_at__isnull', True)), fields=['warn_at'], name='clock_run_to_warn'), models.Index(condition=models.Q(('ended_at__isnull', True), ('missed_at__isnull', True)), fields=['due_at'], name='clock_run_to_miss'), models.Index(condition=models.Q(('due_at__isnull', False), ('ended_at__isnull', True)), fields=['due_at'], name='clock_run_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('ticket', 'clock'), name='clock_runs_once'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='clock_run_ended_has_outcome')],
            },
        ),
    ]
