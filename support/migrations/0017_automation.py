"""Rules, their versions and what they did."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0016_asking'),
    ]

    operations = [
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('trigger', models.CharField(choices=[('opened', 'a ticket is opened'), ('changed', 'a ticket is changed'), ('came', 'a message comes'), ('went', 'we reply'), ('approved', 'a ticket is approved'), ('clock_warned', 'a promised time comes near'), ('clock_missed', 'a promised time has passed'), ('rated', 'a ticket is rated'), ('timebox_over', 'the half hour is over'), ('time', 'every hour')], max_length=20)),
                ('changed_field', models.CharField(blank=True, max_length=40)),
                ('match', models.CharField(choices=[('all', 'all of them hold'), ('any', 'any of them holds')], max_length=3)),
                ('conditions', models.JSONField(default=list)),
                ('actions', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('switched_on_at', models.DateTimeField()),
                ('switched_on_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('key', models.CharField(blank=True, max_length=40)),
                ('position', models.PositiveIntegerField(default=0)),
                ('trigger', models.CharField(choices=[('opened', 'a ticket is opened'), ('changed', 'a ticket is changed'), ('came', 'a message comes'), ('went', 'we reply'), ('approved', 'a ticket is approved'), ('clock_warned', 'a promised time comes near'), ('clock_missed', 'a promised time has passed'), ('rated', 'a ticket is rated'), ('timebox_over', 'the half hour is over'), ('time', 'every hour')], max_length=20)),
                ('changed_field', models.CharField(blank=True, max_length=40)),
                ('match', models.CharField(choices=[('all', 'all of them hold'), ('any', 'any of them holds')], default='all', max_length=3)),
                ('conditions', models.JSONField(blank=True, default=list)),
                ('actions', models.JSONField(default=list)),
                ('most_an_hour', models.PositiveIntegerField(default=60)),
                ('tried_digest', models.CharField(blank=True, max_length=64)),
                ('tried_at', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('tried_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='running', to='support.ruleversion')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('key',), name='rule_key_once'), models.CheckConstraint(condition=models.Q(('most_an_hour__gte', 1)), name='rule_ceiling_lets_one_through')],
            },
        ),
        migrations.CreateModel(
            name='RuleRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occasion', models.CharField(max_length=60)),
                ('outcome', models.CharField(choices=[('done', 'Done'), ('nothing', 'Nothing to do'), ('held', 'Held back')], max_length=10)),
                ('did', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.ticketevent')),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.message')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='support.rule')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rule_runs', to='support.ticket')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='support.ruleversion')),
            ],
            options={
                'indexes': [models.Index(fields=['rule', '-at', '-id'], name='rule_run_newest'), models.Index(fields=['ticket', 'rule', '-at'], name='rule_run_of_ticket')],
                'constraints': [models.UniqueConstraint(fields=('rule', 'ticket', 'occasion'), name='rule_run_once')],
            },
        ),
        migrations.AddField(
            model_name='ruleversion',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='support.rule'),
        ),
        migrations.AddConstraint(
            model_name='ruleversion',
            constraint=models.UniqueConstraint(fields=('rule', 'number'), name='rule_version_number'),
        ),
    ]
