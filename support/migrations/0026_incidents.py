"""Incidents, what is told of them, and the parts of the service."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0025_github'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatusComponent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Everybody reads it: name no community.', max_length=100, unique=True, verbose_name='name')),
                ('name_es', models.CharField(blank=True, max_length=100, verbose_name='name in Spanish')),
                ('name_pt', models.CharField(blank=True, max_length=100, verbose_name='name in Portuguese')),
                ('name_fr', models.CharField(blank=True, max_length=100, verbose_name='name in French')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('is_public', models.BooleanField(default=True, verbose_name='on the status page')),
                ('cluster', models.ForeignKey(blank=True, help_text='An incident of this cluster is shown here.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='hubs.cluster', verbose_name='cluster')),
            ],
            options={
                'verbose_name': 'part of the service',
                'verbose_name_plural': 'parts of the service',
                'ordering': ['position', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('state', models.CharField(choices=[('investigating', 'Investigating'), ('identified', 'Cause found'), ('monitoring', 'Mended, being watched'), ('resolved', 'Resolved')], default='investigating', max_length=20)),
                ('severity', models.CharField(choices=[('minor', 'Minor: something is slower or odd'), ('major', 'Major: something does not work'), ('critical', 'Critical: nothing works')], default='major', max_length=10)),
                ('title', models.JSONField(default=dict)),
                ('summary', models.TextField(blank=True)),
                ('is_public', models.BooleanField(default=True)),
                ('began_at', models.DateTimeField()),
                ('declared_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('cluster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='hubs.cluster')),
                ('declared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('declared_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='support.ticket')),
                ('hubs', models.ManyToManyField(blank=True, related_name='incidents', to='hubs.hub')),
                ('components', models.ManyToManyField(blank=True, related_name='incidents', to='support.statuscomponent')),
            ],
            options={
                'ordering': ['-began_at', '-pk'],
                'indexes': [models.Index(fields=['-began_at', '-id'], name='incident_newest'), models.Index(condition=models.Q(('state', 'resolved'), _negated=True), fields=['-began_at', '-id'], name='incident_open'), models.Index(condition=models.Q(('is_public', True)), fields=['-began_at', '-id'], name='incident_public')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'resolved'), _negated=True), ('resolved_at__isnull', False), _connector='OR'), name='incident_resolved_has_time')],
            },
        ),
        migrations.CreateModel(
            name='IncidentDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'Lead'), ('communications', 'Communications'), ('operations', 'Operations'), ('notes', 'Notes')], max_length=20)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='support.incident')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'incident duties',
                'constraints': [models.UniqueConstraint(fields=('incident', 'role'), name='incident_role_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('declared', 'Declared'), ('state', 'State'), ('update', 'Update'), ('role', 'Role'), ('scope', 'What is affected'), ('ticket', 'Ticket'), ('note', 'Note'), ('follow_up', 'Follow-up')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('actor_label', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='support.incident')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['incident', 'at', 'id'], name='incident_event_in_order')],
            },
        ),
        migrations.CreateModel(
            name='IncidentFollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300)),
                ('issue_url', models.URLField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='support.incident')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='IncidentSilence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(auto_now_add=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='IncidentUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('investigating', 'Investigating'), ('identified', 'Cause found'), ('monitoring', 'Mended, being watched'), ('resolved', 'Resolved')], max_length=20)),
                ('text', models.JSONField(default=dict)),
                ('solves', models.BooleanField(default=False)),
                ('by_label', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='updates', to='support.incident')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['incident', '-at'], name='incident_update_newest')],
            },
        ),
        migrations.CreateModel(
            name='IncidentTelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tellings', to='support.incidentupdate')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='telling_due'), models.Index(fields=['community', 'update'], name='telling_of_community')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('community__isnull', False)), fields=('update', 'community'), name='telling_once_a_community'), models.UniqueConstraint(condition=models.Q(('community__isnull', True)), fields=('update',), name='telling_once_without')],
            },
        ),
    ]
