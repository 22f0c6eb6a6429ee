"""Checklists and time spent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0035_widget'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=255)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_label', models.CharField(blank=True, max_length=200)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='support.ticket')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'indexes': [models.Index(fields=['ticket', 'position', 'id'], name='checklist_of_ticket')],
                'constraints': [models.CheckConstraint(condition=models.Q(('done_at__isnull', False), models.Q(('done_by__isnull', True), ('done_label', '')), _connector='OR'), name='item_done_has_time'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='item_says_something')],
            },
        ),
        migrations.CreateModel(
            name='ChecklistTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('kind', models.CharField(blank=True, choices=[('incident', 'Incident'), ('change', 'Change'), ('guidance', 'Guidance'), ('event', 'Event'), ('other', 'Other')], help_text='Empty: offered for every kind.', max_length=20, verbose_name='kind of ticket')),
                ('lines', models.TextField(help_text='One a line, in their order.', verbose_name='things to do')),
                ('is_offered', models.BooleanField(default=True, verbose_name='offered at the desk')),
            ],
            options={
                'verbose_name': 'checklist',
                'verbose_name_plural': 'checklists',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='TimeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveIntegerField()),
                ('note', models.CharField(blank=True, max_length=255)),
                ('is_counted', models.BooleanField(default=True, help_text='Against the support budget of the community.')),
                ('spent_at', models.DateTimeField()),
                ('label', models.CharField(blank=True, max_length=200)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='time_entries', to='support.ticket')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['spent_at', 'pk'],
                'indexes': [models.Index(fields=['ticket', 'spent_at'], name='time_of_ticket'), models.Index(condition=models.Q(('is_counted', True)), fields=['spent_at'], name='time_counted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 1440)), name='time_within_a_day')],
            },
        ),
    ]
