"""Issues on GitHub."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0024_finding'),
    ]

    operations = [
        migrations.CreateModel(
            name='GitHubIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('repository', models.CharField(max_length=140)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('title', models.CharField(blank=True, max_length=256)),
                ('body', models.TextField(blank=True)),
                ('labels', models.JSONField(blank=True, default=list)),
                ('assignees', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(blank=True, choices=[('open', 'Open'), ('closed', 'Closed'), ('gone', 'Not found on GitHub')], max_length=10)),
                ('state_reason', models.CharField(blank=True, max_length=40)),
                ('url', models.URLField(blank=True, max_length=300)),
                ('marker', models.CharField(max_length=40, unique=True)),
                ('attempted_at', models.DateTimeField(blank=True, null=True)),
                ('remote_updated_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('unlinked_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='issues', to='support.ticket')),
            ],
            options={
                'verbose_name': 'issue on GitHub',
                'verbose_name_plural': 'issues on GitHub',
                'ordering': ['created_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='issue_due'), models.Index(fields=['repository', 'number'], name='issue_by_number'), models.Index(fields=['ticket', 'created_at'], name='issue_of_ticket')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('number__isnull', False), ('unlinked_at__isnull', True)), fields=('ticket', 'repository', 'number'), name='issue_once_a_ticket')],
            },
        ),
        migrations.CreateModel(
            name='IssueTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What agents choose it by.', max_length=100, verbose_name='name')),
                ('repository', models.CharField(help_text='owner/name', max_length=140, unique=True, validators=[django.core.validators.RegexValidator('\\A[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}\\Z', 'Write it as owner/name.')], verbose_name='repository')),
                ('labels', models.CharField(blank=True, help_text='Separated by commas. Agents may change them.', max_length=300, verbose_name='labels')),
                ('template', models.TextField(blank=True, help_text='Markdown. {what}, {kind}, {impact}, {community}, {hub}, {cluster}, {image}, {opened}, {ticket} and {freshdesk} are filled in. Empty for the usual one.', verbose_name='template')),
                ('is_public', models.BooleanField(default=True, help_text='Everybody can read its issues.', verbose_name='public')),
                ('naming', models.CharField(choices=[('nobody', 'Not at all'), ('slug', 'By its short name'), ('name', 'By its name')], default='slug', max_length=10, verbose_name='communities are named')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered')),
            ],
            options={
                'verbose_name': 'repository for issues',
                'verbose_name_plural': 'repositories for issues',
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_public', False), models.Q(('naming', 'name'), _negated=True), _connector='OR'), name='public_issue_names_no_community')],
            },
        ),
        migrations.CreateModel(
            name='WatchedRepository',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('repository', models.CharField(max_length=140, unique=True)),
                ('read_until', models.DateTimeField(blank=True, null=True)),
                ('etag', models.CharField(blank=True, max_length=200)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'verbose_name_plural': 'watched repositories',
                'ordering': ['repository'],
            },
        ),
    ]
