"""Phases are held and timed; questions are sent to communities; agreements, endings and first value have rows."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0002_service_policy'),
        ('hubs', '0001_registry_and_requests'),
        ("onboarding", "0022_overrides"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('signed_note', models.CharField(max_length=300, verbose_name='signed by whom, and where it is kept')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('renewal_started_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('renewed', 'Renewed'), ('changed', 'Renewed with changes'), ('ending', 'It ends')], max_length=20, verbose_name='what comes after it')),
                ('outcome_note', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'agreement',
                'verbose_name_plural': 'agreements',
                'ordering': ['community', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Asking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pointers', models.JSONField(default=list, help_text='Answers of the hub request, by JSON pointer.')),
                ('note', models.TextField(blank=True, verbose_name='a word with it')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'questions sent to a community',
                'verbose_name_plural': 'questions sent to communities',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Ending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('export_until', models.DateField(verbose_name='exports possible until')),
                ('reason', models.CharField(max_length=500, verbose_name='why it ends')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('unused_at', models.DateTimeField(blank=True, null=True)),
                ('data', models.CharField(blank=True, choices=[('moved', 'It was moved to its people'), ('delete_ok', 'They said it may be deleted')], max_length=20, verbose_name='the data')),
                ('data_note', models.CharField(blank=True, max_length=300, verbose_name='who said so, or where it is now')),
                ('data_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('metrics_until', models.DateField(blank=True, null=True, verbose_name='figures kept until')),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'ending',
                'verbose_name_plural': 'endings',
                'ordering': ['-begun_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EndingLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('before', 'two weeks before'), ('reminder', 'two days before'), ('deleted', 'after the deletion')], max_length=10)),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'letter about an end',
                'verbose_name_plural': 'letters about an end',
            },
        ),
        migrations.CreateModel(
            name='ValueWatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='on')),
                ('separate_users', models.PositiveIntegerField(verbose_name='separate people')),
                ('is_value', models.BooleanField(default=False, help_text='Whether that was enough by the policy of the day.')),
                ('source', models.CharField(choices=[('hub', 'counted by the hub'), ('statement', 'stated by a person')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='how you know')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'count of use',
                'verbose_name_plural': 'counts of use',
                'ordering': ['on', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='or_check',
            field=models.CharField(blank=True, help_text='A fact that settles it too, if no person has.', max_length=40),
        ),
        migrations.AddField(
            model_name='item',
            name='settled_label',
            field=models.CharField(blank=True, help_text='Who settled it, as a history shows them.', max_length=200),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='check_in_on',
            field=models.DateField(blank=True, null=True, verbose_name='first check-in'),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='computed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='held_by',
            field=models.CharField(blank=True, help_text='The community, the owner of the phase, or nobody.', max_length=30),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='held_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='live_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='minutes_community',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='onboardingplan',
            name='minutes_provider',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='phase',
            name='after_start',
            field=models.JSONField(blank=True, default=list, help_text='Phases that must have begun, done or not.'),
        ),
        migrations.AddField(
            model_name='phase',
            name='days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Days it should take once it is ready.', null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='held_by',
            field=models.CharField(blank=True, help_text='The community, the owner of the phase, or nobody.', max_length=30),
        ),
        migrations.AddField(
            model_name='phase',
            name='held_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='loops',
            field=models.PositiveSmallIntegerField(default=0, help_text='How often it was begun again.'),
        ),
        migrations.AddField(
            model_name='phase',
            name='minutes_community',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='phase',
            name='minutes_provider',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='phase',
            name='started_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='whole',
            field=models.JSONField(blank=True, default=list, help_text='Phases of the hub request’s answers that must be complete for it to be done.'),
        ),
        migrations.AddIndex(
            model_name='onboardingplan',
            index=models.Index(fields=['held_since', 'id'], name='plan_by_wait'),
        ),
        migrations.AddIndex(
            model_name='onboardingplan',
            index=models.Index(fields=['held_by', 'held_since'], name='plan_by_holder'),
        ),
        migrations.AddConstraint(
            model_name='onboardingplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_by', ''), ('held_since__isnull', True)), models.Q(models.Q(('held_by', ''), _negated=True), ('held_since__isnull', False)), _connector='OR'), name='plan_held_since_when'),
        ),
        migrations.AddConstraint(
            model_name='phase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_by', ''), ('held_since__isnull', True)), models.Q(models.Q(('held_by', ''), _negated=True), ('held_since__isnull', False)), _connector='OR'), name='phase_held_since_when'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='community',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='communities.community'),
        ),
        migrations.AddField(
            model_name='agreement',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='agreement',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='asking',
            name='asked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='asking',
            name='items',
            field=models.ManyToManyField(blank=True, related_name='askings', to='onboarding.item'),
        ),
        migrations.AddField(
            model_name='asking',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='askings', to='onboarding.onboardingplan'),
        ),
        migrations.AddField(
            model_name='asking',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='asking',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ending',
            name='begun_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ending',
            name='community',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='endings', to='communities.community'),
        ),
        migrations.AddField(
            model_name='ending',
            name='data_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ending',
            name='deleted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ending',
            name='request',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hubs.hubrequest'),
        ),
        migrations.AddField(
            model_name='ending',
            name='unused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='endingletter',
            name='ending',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='onboarding.ending'),
        ),
        migrations.AddField(
            model_name='endingletter',
            name='to',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='valuewatch',
            name='community',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='value_watches', to='communities.community'),
        ),
        migrations.AddField(
            model_name='valuewatch',
            name='hub',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='value_watches', to='hubs.hub'),
        ),
        migrations.AddField(
            model_name='valuewatch',
            name='stated_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='agreement',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['ends_on'], name='agreement_by_end'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.UniqueConstraint(fields=('community', 'number'), name='agreement_number'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='agreement_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='agreement_decided_when'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('opened_at__isnull', False), _connector='OR'), name='asking_opened_before_answered'),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('asked_at'))), name='asking_expires_later'),
        ),
        migrations.AddConstraint(
            model_name='ending',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('community',), name='one_open_ending'),
        ),
        migrations.AddConstraint(
            model_name='ending',
            constraint=models.CheckConstraint(condition=models.Q(('export_until__lt', models.F('ends_on'))), name='ending_export_before_end'),
        ),
        migrations.AddConstraint(
            model_name='ending',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='ending_says_why'),
        ),
        migrations.AddConstraint(
            model_name='ending',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('data', ''), ('data_at__isnull', True)), models.Q(models.Q(('data', ''), _negated=True), ('data_at__isnull', False)), _connector='OR'), name='ending_data_settled_when'),
        ),
        migrations.AddConstraint(
            model_name='ending',
            constraint=models.CheckConstraint(condition=models.Q(('deleted_at__isnull', True), models.Q(('unused_at__isnull', False), models.Q(('data', ''), _negated=True)), _connector='OR'), name='ending_deletes_what_is_settled'),
        ),
        migrations.AddConstraint(
            model_name='ending',
            constraint=models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), models.Q(('deleted_at__isnull', False), ('metrics_until__isnull', False)), _connector='OR'), name='ending_finished_after_deletion'),
        ),
        migrations.AddConstraint(
            model_name='endingletter',
            constraint=models.UniqueConstraint(fields=('ending', 'kind', 'to'), name='ending_letter_once'),
        ),
        migrations.AddIndex(
            model_name='valuewatch',
            index=models.Index(fields=['community', 'on'], name='value_of_community'),
        ),
        migrations.AddConstraint(
            model_name='valuewatch',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'hub')), fields=('hub', 'on'), name='one_count_a_hub_and_day'),
        ),
        migrations.AddConstraint(
            model_name='valuewatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hub__isnull', False), ('source', 'hub')), models.Q(('source', 'statement'), ('stated_by__isnull', False)), _connector='OR'), name='value_watch_has_a_witness'),
        ),
    ]
