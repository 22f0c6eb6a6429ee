"""Working calendars, periods of reduced capacity and objectives."""

import communities.models.people
import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0018_bulk'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('timezone', models.CharField(default='UTC', max_length=60, validators=[communities.models.people.validate_time_zone], verbose_name='time zone')),
                ('is_always', models.BooleanField(default=False, verbose_name='day and night, every day')),
            ],
            options={
                'verbose_name': 'working calendar',
                'verbose_name_plural': 'working calendars',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='CalendarHoliday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='day')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('opens', models.TimeField(blank=True, help_text='Both empty: closed all day.', null=True, verbose_name='open from')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='to')),
                ('calendar', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='holidays', to='support.workingcalendar')),
            ],
            options={
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('calendar', 'on'), name='calendar_holiday_once'), models.CheckConstraint(condition=models.Q(models.Q(('closes__isnull', True), ('opens__isnull', True)), models.Q(('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='calendar_holiday_hours_are_whole')],
            },
        ),
        migrations.CreateModel(
            name='CalendarWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(choices=[(0, 'Monday'), (1, 'Tuesday'), (2, 'Wednesday'), (3, 'Thursday'), (4, 'Friday'), (5, 'Saturday'), (6, 'Sunday')], verbose_name='weekday')),
                ('opens', models.TimeField(verbose_name='from')),
                ('closes', models.TimeField(help_text='No later than it opens: on the day after.', verbose_name='to')),
                ('calendar', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='windows', to='support.workingcalendar')),
            ],
            options={
                'ordering': ['weekday', 'opens', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='calendar_window_on_a_weekday')],
            },
        ),
        migrations.CreateModel(
            name='ReducedPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('begins_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('hours', models.CharField(choices=[('usual', 'The usual ones'), ('own', 'Other ones'), ('none', 'No work')], default='usual', max_length=10, verbose_name='hours')),
                ('opens', models.TimeField(blank=True, null=True, verbose_name='from')),
                ('closes', models.TimeField(blank=True, null=True, verbose_name='to')),
                ('factor', models.PositiveSmallIntegerField(default=100, help_text='200: twice as long, for what is asked in these days.', validators=[django.core.validators.MinValueValidator(100), django.core.validators.MaxValueValidator(1000)], verbose_name='targets, in percent')),
                ('message', models.JSONField(blank=True, default=dict, help_text='By language.', verbose_name='what communities read')),
                ('answers', models.BooleanField(default=False, verbose_name='answer new tickets with it')),
                ('answers_through_freshdesk', models.BooleanField(default=False, help_text='Freshdesk may have an automatic answer of its own: say so only if not.', verbose_name='also when Freshdesk mails')),
                ('calendar', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='reduced', to='support.workingcalendar')),
            ],
            options={
                'ordering': ['begins_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('begins_on__lte', models.F('ends_on'))), name='reduced_period_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('hours', 'own'), _negated=True), models.Q(('closes__isnull', False), ('opens__isnull', False)), _connector='OR'), name='reduced_period_own_hours_said')],
            },
        ),
        migrations.CreateModel(
            name='CapacityAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.contact')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.ticket')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='support.reducedperiod')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('period', 'contact'), name='capacity_told_once')],
            },
        ),
        migrations.CreateModel(
            name='ObjectiveSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('warn_percent', models.PositiveSmallIntegerField(default=25, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='warn with this much left, in percent')),
                ('warn_minutes', models.PositiveIntegerField(default=30, help_text='Whichever of the two is less.', verbose_name='but no earlier than, in working minutes')),
            ],
            options={
                'verbose_name': 'objectives',
                'verbose_name_plural': 'objectives',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('priority', models.PositiveSmallIntegerField(choices=[(0, 'Every one'), (1, 'Low'), (2, 'Medium'), (3, 'High'), (4, 'Urgent')], default=0, verbose_name='priority')),
                ('kind', models.CharField(blank=True, choices=[('incident', 'Incident'), ('change', 'Change'), ('guidance', 'Guidance'), ('event', 'Event'), ('other', 'Other')], max_length=20, verbose_name='kind')),
                ('impact', models.CharField(blank=True, choices=[('one', 'One person'), ('some', 'Several people'), ('hub', 'Everybody on the hub'), ('many', 'More than one community')], max_length=10, verbose_name='impact')),
                ('first', models.PositiveIntegerField(blank=True, null=True, verbose_name='first response')),
                ('next', models.PositiveIntegerField(blank=True, null=True, verbose_name='next response')),
                ('resolution', models.PositiveIntegerField(blank=True, null=True, verbose_name='resolution')),
                ('objectives', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='support.objectiveset')),
            ],
            options={
                'ordering': ['-priority', 'kind', 'impact'],
                'constraints': [models.UniqueConstraint(fields=('objectives', 'priority', 'kind', 'impact'), name='objective_once')],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeClocks',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('objectives', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.objectiveset', verbose_name='objectives')),
                ('programme', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='clocks', to='communities.programme', verbose_name='programme')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.workingcalendar', verbose_name='working calendar')),
            ],
            options={
                'verbose_name': 'clocks of a programme',
                'verbose_name_plural': 'clocks of programmes',
            },
        ),
    ]
