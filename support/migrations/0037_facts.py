"""What tickets, messages and ratings hold besides."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0036_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='message',
            name='is_automatic',
            field=models.BooleanField(default=False, help_text='Nobody wrote it: it answers nothing and stops no clock.'),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='attempted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='is_current',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='is_ours',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='last_error',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='next_attempt_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='due_clock',
            field=models.CharField(blank=True, choices=[('first', 'First response'), ('next', 'Next response'), ('resolution', 'Resolution')], help_text='The clock that `next_due_at` is of.', max_length=10),
        ),
        migrations.AddField(
            model_name='ticket',
            name='escalation',
            field=models.CharField(blank=True, choices=[('waiting', 'On its way to GitHub'), ('open', 'Open on GitHub'), ('closed', 'Closed on GitHub'), ('failed', 'Not taken by GitHub')], max_length=10),
        ),
        migrations.AddField(
            model_name='ticket',
            name='first_replied_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='followed_version',
            field=models.PositiveIntegerField(default=0, help_text='Up to which version its rules have run and its watchers were told.'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='support.ticket'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='satisfaction',
            field=models.SmallIntegerField(blank=True, help_text='What its requester said last of how they were helped.', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='snoozed_until',
            field=models.DateTimeField(blank=True, help_text="Until when it stays out of the desk's way.", null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='solved_at',
            field=models.DateTimeField(blank=True, help_text='Since when nobody holds a next step; empty while somebody does.', null=True),
        ),
        migrations.AlterField(
            model_name='satisfactionrating',
            name='freshdesk_id',
            field=models.BigIntegerField(blank=True, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='syncentry',
            name='what',
            field=models.CharField(choices=[('ticket', 'Ticket'), ('message', 'Message'), ('file', 'File'), ('company', 'Company'), ('contact', 'Contact'), ('account', 'Account'), ('rating', 'Rating')], max_length=10),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='confidential',
            field=models.BooleanField(default=False, help_text='Only its requester, who they name and the desk see it, not the rest of the team.'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='next_due_at',
            field=models.DateTimeField(blank=True, help_text='When the first of its running clocks is due.', null=True),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['kind', '-created_at', '-id'], name='message_of_kind'),
        ),
        migrations.AddIndex(
            model_name='satisfactionrating',
            index=models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='rating_due'),
        ),
        migrations.AddIndex(
            model_name='ticketevent',
            index=models.Index(fields=['field', '-at', '-id'], name='ticket_event_of_field'),
        ),
        migrations.AddConstraint(
            model_name='satisfactionrating',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True), ('is_ours', True)), fields=('ticket',), name='one_current_rating_of_ours'),
        ),
        migrations.AddConstraint(
            model_name='satisfactionrating',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_ours', True), ('ticket__isnull', False)), models.Q(('freshdesk_id__isnull', False), ('is_ours', False)), _connector='OR'), name='rating_is_somebodys'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='incident',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to='support.incident'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='readers',
            field=models.ManyToManyField(related_name='+', through='support.TicketReader', through_fields=('ticket', 'user'), to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['-created_at', '-id'], name='ticket_opened'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['-priority', '-updated_at', '-id'], name='ticket_urgent'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('merged_into__isnull', False), ('waiting_since__isnull', False)), fields=['id'], name='ticket_merged_waiting'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until'], name='ticket_snoozed'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('escalation', ''), _negated=True), fields=['-updated_at', '-id'], name='ticket_escalated'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('followed_version__lt', models.F('version'))), fields=['id'], name='ticket_to_follow'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('solved_at__isnull', False)), fields=['solved_at'], name='ticket_lately_solved'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['created_at', 'community'], name='ticket_reported_opened'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('solved_at__isnull', False)), fields=['solved_at', 'community'], name='ticket_reported_solved'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('solved_at__isnull', True)), fields=['community'], name='ticket_reported_left'),
        ),
    ]
