"""Who read an application, how long its people are kept, and requests to be forgotten."""


import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("onboarding", "0023_after_acceptance"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PrivacyLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('fr', 'French')], default='en', max_length=10)),
                ('sha256', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['email'], name='privacy_link_of_address')],
            },
        ),
        migrations.CreateModel(
            name='PrivacyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(editable=False, max_length=16, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('fr', 'French')], default='en', max_length=10)),
                ('state', models.CharField(choices=[('received', 'Received'), ('done', 'Done'), ('refused', 'Refused')], default='received', max_length=10)),
                ('references', models.JSONField(blank=True, default=list)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'request to be forgotten',
                'verbose_name_plural': 'requests to be forgotten',
                'ordering': ['due_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'received')), fields=('email',), name='one_open_privacy_request'), models.CheckConstraint(condition=models.Q(('state', 'received'), ('settled_at__isnull', False), _connector='OR'), name='privacy_request_settled_when'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='privacy_request_refused_why'), models.CheckConstraint(condition=models.Q(('state__in', ['received', 'done', 'refused'])), name='privacy_request_state_known')],
            },
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ending', models.CharField(choices=[('draft', 'never sent'), ('withdrawn', 'withdrawn'), ('decline', 'not this time'), ('refer', 'referred elsewhere'), ('waitlist', 'on the waiting list'), ('accepted', 'accepted, and the engagement ended')], max_length=20, verbose_name='what became of the application')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days until then')),
                ('action', models.CharField(choices=[('delete', 'it is deleted'), ('anonymise', 'the people in it are forgotten')], default='anonymise', max_length=10, verbose_name='what happens then')),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retention_rules', to='onboarding.formdefinition', verbose_name='form')),
            ],
            options={
                'verbose_name': 'retention rule',
                'verbose_name_plural': 'retention rules',
                'ordering': ['definition', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('definition', 'ending'), name='one_retention_rule_an_ending'), models.CheckConstraint(condition=models.Q(('ending__in', ['draft', 'withdrawn', 'decline', 'refer', 'waitlist', 'accepted'])), name='retention_rule_known_ending'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'delete'), ('ending', 'draft')), models.Q(models.Q(('ending', 'draft'), _negated=True), ('action', 'anonymise')), _connector='OR'), name='only_drafts_are_deleted'), models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='retention_rule_leaves_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ViewRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('minute', models.DateTimeField()),
                ('where', models.CharField(choices=[('page', 'on a page'), ('api', 'through the API'), ('export', 'in a download'), ('file', 'as a file')], max_length=10)),
                ('label', models.CharField(blank=True, help_text='Which page, list or file.', max_length=60)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='view_records', to='onboarding.application')),
                ('viewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'opening of an application',
                'verbose_name_plural': 'openings of applications',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['application', '-at', '-id'], name='view_records_of_one')],
                'constraints': [models.UniqueConstraint(fields=('application', 'viewer', 'where', 'label', 'minute'), name='one_opening_a_minute'), models.CheckConstraint(condition=models.Q(('where__in', ['page', 'api', 'export', 'file'])), name='view_record_says_where')],
            },
        ),
    ]
