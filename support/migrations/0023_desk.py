"""Drafts, and how each person likes the desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0022_deflecting'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskPreferences',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('keys', models.JSONField(blank=True, default=dict)),
                ('keys_are_off', models.BooleanField(default=False)),
                ('is_dense', models.BooleanField(default=False)),
                ('columns', models.JSONField(blank=True, default=list)),
                ('panels', models.JSONField(blank=True, default=dict)),
                ('after_send', models.CharField(choices=[('stay', 'stay here'), ('next', 'open the next one'), ('wait', 'wait for them'), ('solve', 'solve it'), ('solve_next', 'solve it, open the next one')], default='stay', max_length=10)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='desk_preferences', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reply', 'Reply'), ('note', 'Internal note')], max_length=10)),
                ('body', models.TextField()),
                ('ticket_version', models.PositiveIntegerField()),
                ('revision', models.PositiveIntegerField(default=1)),
                ('choices', models.JSONField(blank=True, default=dict)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='support.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ticket', 'user', 'kind'), name='draft_once')],
            },
        ),
    ]
