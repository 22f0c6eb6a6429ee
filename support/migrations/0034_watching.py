"""Who watches, and what they are told."""

import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0033_timeboxes'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ticket', 'News of one ticket'), ('summary', 'What came together'), ('digest', "The day's notices"), ('overdue', 'What is overdue')], max_length=10)),
                ('made_at', models.DateTimeField()),
                ('ticket', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_mails', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-made_at'], name='notice_mail_of_user')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assigned', 'A ticket is given to me'), ('message', 'Somebody writes in a ticket I watch'), ('note', 'An internal note in a ticket I watch'), ('mention', 'Somebody mentions me'), ('unassigned', 'A new ticket that nobody has'), ('clock_warned', 'A promised time comes near'), ('clock_missed', 'A promised time has passed'), ('timebox', 'The half hour is over'), ('escalation', 'An issue on GitHub is closed'), ('incident', 'An incident begins'), ('rated', 'A ticket is rated badly'), ('approval', 'A ticket waits for approval'), ('told', 'A rule tells me'), ('community', "Something happens in my community's tickets")], max_length=20)),
                ('key', models.CharField(max_length=60)),
                ('actor_label', models.CharField(blank=True, max_length=200)),
                ('detail', models.CharField(blank=True, max_length=255)),
                ('channel', models.CharField(choices=[('page', 'On the page'), ('mail', 'By mail'), ('digest', 'In the daily mail'), ('never', 'Not at all')], max_length=10)),
                ('made_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mail_at', models.DateTimeField(blank=True, null=True)),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.ticketevent')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.message')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='support.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notices', to='support.noticemail')),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-made_at', '-id'], name='notice_of_user'), models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notice_unread'), models.Index(condition=models.Q(('channel', 'mail'), ('mail', None), ('read_at', None)), fields=['mail_at'], name='notice_to_mail'), models.Index(condition=models.Q(('channel', 'digest'), ('mail', None), ('read_at', None)), fields=['user'], name='notice_to_digest')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='notice_once'), models.CheckConstraint(condition=models.Q(models.Q(('channel', 'mail'), _negated=True), ('mail_at__isnull', False), _connector='OR'), name='notice_mailed_has_time'), models.CheckConstraint(condition=models.Q(('channel', 'never'), _negated=True), name='notice_of_no_channel_is_none')],
            },
        ),
        migrations.CreateModel(
            name='NoticePreferences',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channels', models.JSONField(blank=True, default=dict)),
                ('quiet_from', models.TimeField(default=datetime.time(19, 0))),
                ('quiet_until', models.TimeField(default=datetime.time(8, 0))),
                ('quiet_weekends', models.BooleanField(default=True)),
                ('urgent_passes', models.BooleanField(default=False)),
                ('most_an_hour', models.PositiveSmallIntegerField(default=10)),
                ('digest_hour', models.PositiveSmallIntegerField(default=8)),
                ('wants_overdue', models.BooleanField(default=True)),
                ('follows', models.CharField(choices=[('own', 'Only those I ask for'), ('community', 'Every ticket of my communities')], default='own', max_length=10)),
                ('digest_on', models.DateField(blank=True, null=True)),
                ('overdue_on', models.DateField(blank=True, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preferences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('most_an_hour__gte', 1)), name='notice_ceiling_lets_one_through'), models.CheckConstraint(condition=models.Q(('digest_hour__lte', 23)), name='notice_digest_hour_of_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('assignee', 'takes care of it'), ('mentioned', 'was mentioned'), ('replied', 'wrote in it'), ('by_hand', 'chose to'), ('rule', 'a rule said so')], max_length=10)),
                ('since', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='support.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ticket', 'user'), name='watch_once')],
            },
        ),
    ]
