"""Who was asked to review, conflicts that were found and waived, pairs that look alike, and examples to practise on."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("onboarding", "0017_windows_and_reminders_of_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('accepted', 'Reading'), ('declined', 'Declined'), ('recused', 'Recused'), ('done', 'Done')], default='invited', max_length=20)),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('told_leads_at', models.DateTimeField(blank=True, null=True)),
                ('decline_reason', models.CharField(blank=True, max_length=500, verbose_name='why not')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CalibrationExample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('agreed', models.JSONField(verbose_name='agreed levels')),
                ('words', models.JSONField(verbose_name='words')),
            ],
            options={
                'verbose_name': 'example to practise on',
                'verbose_name_plural': 'examples to practise on',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CalibrationPractice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('levels', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'practice',
                'verbose_name_plural': 'practices',
            },
        ),
        migrations.CreateModel(
            name='DuplicateLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.DecimalField(decimal_places=2, max_digits=3)),
                ('reasons', models.JSONField(default=list)),
                ('verdict', models.CharField(choices=[('open', 'To be looked at'), ('same', 'The same wish'), ('different', 'Two wishes')], default='open', max_length=20)),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'pair that looks alike',
                'verbose_name_plural': 'pairs that look alike',
                'ordering': ['-found_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='conflict',
            name='source',
            field=models.CharField(choices=[('declared', 'said by the person'), ('detected', 'found by comparing'), ('staff', 'said by a review lead')], default='declared', max_length=20, verbose_name='said by'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='ties',
            field=models.JSONField(blank=True, default=list, verbose_name='found'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='waive_reason',
            field=models.TextField(blank=True, verbose_name='why it does not matter'),
        ),
        migrations.AddField(
            model_name='conflict',
            name='waived_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='conflict',
            name='waived_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='conflict',
            name='kind',
            field=models.CharField(choices=[('none', 'No conflict'), ('collaborator', 'We have worked together; I can judge fairly'), ('administrative', 'I helped with this application; I can judge fairly'), ('institution', 'We belong to the same institution'), ('supervisor', 'One of us supervised the other'), ('personal', 'We are family or close friends'), ('financial', 'I would gain or lose money'), ('member', 'I belong to this community, or am named in the application'), ('other', 'Another conflict')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('waive_reason', ''), ('waived_at__isnull', True), ('waived_by__isnull', True)), models.Q(('waived_at__isnull', False), ('waived_by__isnull', False), models.Q(('waive_reason', ''), _negated=True)), _connector='OR'), name='conflict_waived_by_when_why'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(('waived_by__isnull', True), models.Q(('waived_by', models.F('person')), _negated=True), _connector='OR'), name='conflict_waived_by_another'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='onboarding.application'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='invited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignment',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calibrationexample',
            name='application',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='example', to='onboarding.application'),
        ),
        migrations.AddField(
            model_name='calibrationpractice',
            name='example',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practices', to='onboarding.calibrationexample'),
        ),
        migrations.AddField(
            model_name='calibrationpractice',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicatelink',
            name='a',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='onboarding.application'),
        ),
        migrations.AddField(
            model_name='duplicatelink',
            name='b',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='onboarding.application'),
        ),
        migrations.AddField(
            model_name='duplicatelink',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('state__in', ['invited', 'accepted'])), fields=['due_at'], name='assignment_due'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('application', 'reviewer'), name='a_reviewer_assigned_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['invited', 'accepted', 'declined', 'recused', 'done'])), name='assignment_state_known'),
        ),
        migrations.AddConstraint(
            model_name='calibrationpractice',
            constraint=models.UniqueConstraint(fields=('example', 'reviewer'), name='an_example_practised_once'),
        ),
        migrations.AddIndex(
            model_name='duplicatelink',
            index=models.Index(fields=['verdict', '-found_at', '-id'], name='pair_by_verdict'),
        ),
        migrations.AddConstraint(
            model_name='duplicatelink',
            constraint=models.UniqueConstraint(fields=('a', 'b'), name='a_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatelink',
            constraint=models.CheckConstraint(condition=models.Q(('a__lt', models.F('b'))), name='pair_in_order'),
        ),
        migrations.AddConstraint(
            model_name='duplicatelink',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='pair_score_is_share'),
        ),
        migrations.AddConstraint(
            model_name='duplicatelink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('by__isnull', True), ('verdict', 'open')), models.Q(models.Q(('verdict', 'open'), _negated=True), ('at__isnull', False), ('by__isnull', False)), _connector='OR'), name='pair_verdict_by_when'),
        ),
    ]
