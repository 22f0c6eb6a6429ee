import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.models.archives


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communities', '0005_a_day_to_look_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Archive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('wanted', 'being prepared'), ('ready', 'ready'), ('failed', 'could not be prepared'), ('removed', 'removed')], default='wanted', max_length=10)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_whole', models.BooleanField(default=False, help_text='Whether it holds everything, also what only staff read.')),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('file', models.FileField(blank=True, upload_to=portal.models.archives.opaque_name)),
                ('size', models.PositiveBigIntegerField(blank=True, help_text='In bytes.', null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='archives', to='communities.community')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'archive',
                'verbose_name_plural': 'archives',
                'ordering': ['-requested_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='archive_due'), models.Index(condition=models.Q(('state', 'ready')), fields=['expires_at'], name='archive_over'), models.Index(fields=['community', 'requested_by', '-requested_at'], name='archive_of_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'wanted')), fields=('community',), name='archive_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('expires_at__isnull', False), ('made_at__isnull', False), ('size__isnull', False), models.Q(('file', ''), _negated=True)), _connector='OR'), name='archive_ready_is_there')],
            },
        ),
    ]
