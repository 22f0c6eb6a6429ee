import django.db.models.deletion
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models

import portal.models.updates


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_archives'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CommunityUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('month', models.DateField(editable=False, verbose_name='month')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('pt', 'Portuguese'), ('fr', 'French')], default='en', editable=False, max_length=10, verbose_name='language')),
                ('body', portal.models.updates.BodyField([], blank=True, verbose_name='text')),
                ('facts', models.JSONField(default=dict, editable=False)),
                ('drafted_at', models.DateTimeField(editable=False)),
                ('told_at', models.DateTimeField(blank=True, editable=False, help_text='When its readers were written to.', null=True)),
                ('community', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='communities.community')),
                ('drafted_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('published_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'community update',
                'verbose_name_plural': 'community updates',
                'ordering': ['-month', 'community__name', 'language'],
                'indexes': [models.Index(condition=models.Q(('live', True)), fields=['-month', 'id'], name='update_newest'), models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='update_due')],
                'constraints': [models.UniqueConstraint(fields=('community', 'month', 'language'), name='update_once_a_month'), models.UniqueConstraint(condition=models.Q(('community', None)), fields=('month', 'language'), name='update_for_all_once_a_month')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
    ]
