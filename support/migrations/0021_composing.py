"""Macros, replies that can still be taken back, citations and mentions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0020_clocks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='knowledgebase.article')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='support.message')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='support.ticket')),
            ],
            options={
                'indexes': [models.Index(fields=['article', '-id'], name='citation_of_article')],
                'constraints': [models.UniqueConstraint(fields=('message', 'article'), name='citation_once')],
            },
        ),
        migrations.CreateModel(
            name='Macro',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('text', models.JSONField(blank=True, default=dict, help_text='Markdown by language, with placeholders; empty for a change alone.')),
                ('priority', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('kind', models.CharField(blank=True, choices=[('incident', 'Incident'), ('change', 'Change'), ('guidance', 'Guidance'), ('event', 'Event'), ('other', 'Other')], max_length=20)),
                ('assignee', models.CharField(blank=True, choices=[('me', 'Whoever uses it'), ('nobody', 'Nobody')], max_length=10)),
                ('tags_added', models.JSONField(blank=True, default=list)),
                ('tags_removed', models.JSONField(blank=True, default=list)),
                ('snooze_hours', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('used', models.PositiveIntegerField(default=0, help_text='How often it was sent.')),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='macros', to=settings.AUTH_USER_MODEL)),
                ('status', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.ticketstatus')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('owner', None)), fields=('name',), name='shared_macro_once'), models.UniqueConstraint(condition=models.Q(('owner__isnull', False)), fields=('owner', 'name'), name='own_macro_once'), models.CheckConstraint(condition=models.Q(('used', 0), ('used_at__isnull', False), _connector='OR'), name='macro_used_has_time')],
            },
        ),
        migrations.CreateModel(
            name='HeldReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('source', models.TextField(help_text='What was typed.')),
                ('changes', models.JSONField(blank=True, default=dict, help_text='What changes on the ticket when it leaves.')),
                ('leaves_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='held', to='support.message')),
                ('macro', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='support.macro')),
            ],
            options={
                'verbose_name_plural': 'held replies',
                'indexes': [models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['next_attempt_at'], name='held_reply_due')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='support.message')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_mentions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'user'), name='mention_once')],
            },
        ),
    ]
