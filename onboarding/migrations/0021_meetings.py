"""Meetings of the reviewers, and what they say of each application."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("communities", "0002_service_policy"),
        ("onboarding", "0020_decisions_taken_up_again"),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='day')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'meeting',
                'verbose_name_plural': 'meetings',
                'ordering': ['-date', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MeetingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('agreed_scores', models.JSONField(blank=True, default=dict, help_text='By criterion, beside the reviews.', verbose_name='agreed levels')),
                ('outcome', models.CharField(blank=True, choices=[('accept', 'Accept'), ('accept_with_conditions', 'Accept with conditions'), ('waitlist', 'Put on the waiting list'), ('refer', 'Refer elsewhere'), ('decline', 'Not this time')], max_length=30, verbose_name='what the meeting would answer')),
                ('minutes', models.TextField(blank=True, verbose_name='minutes')),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'item of a meeting',
                'verbose_name_plural': 'items of meetings',
                'ordering': ['meeting', 'order', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='meeting',
            name='chair',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='chair'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='present',
            field=models.ManyToManyField(blank=True, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is there'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='communities.programme'),
        ),
        migrations.AddField(
            model_name='meetingitem',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_items', to='onboarding.application'),
        ),
        migrations.AddField(
            model_name='meetingitem',
            name='lead',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who presents it'),
        ),
        migrations.AddField(
            model_name='meetingitem',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='onboarding.meeting'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('programme', 'date'), name='one_meeting_a_day'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'application'), name='an_application_once_a_meeting'),
        ),
        migrations.AddConstraint(
            model_name='meetingitem',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('started_at__isnull', False), _connector='OR'), name='meeting_item_ends_after_it_began'),
        ),
    ]
