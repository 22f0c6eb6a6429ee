"""A community's own versions of shared articles and of their sections."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledgebase', '0007_facts_used'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnVersions',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={
                'verbose_name': 'own versions of shared articles',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.AddField(
            model_name='edition',
            name='in_place_of',
            field=models.ForeignKey(blank=True, help_text='The shared article whose place it takes in its community.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledgebase.article'),
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(help_text='Of the shared article, as last known.', max_length=255, verbose_name='address')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
                ('title', models.CharField(help_text='Of the shared article, as last known.', max_length=255, verbose_name='title')),
                ('section', models.CharField(blank=True, help_text="The heading's anchor; empty for the whole article.", max_length=80, verbose_name='section')),
                ('heading', models.CharField(blank=True, max_length=255, verbose_name='heading')),
                ('replaced_text', models.TextField(blank=True)),
                ('replaced_digest', models.CharField(blank=True, max_length=64)),
                ('now_text', models.TextField(blank=True)),
                ('now_digest', models.CharField(blank=True, max_length=64)),
                ('standing', models.CharField(choices=[('same', 'as it was'), ('changed', 'changed'), ('missing', 'the section is gone or has another heading'), ('gone', 'the shared article is no longer published')], default='same', max_length=10)),
                ('changed_at', models.DateTimeField(blank=True, help_text='When the shared text changed under it; empty once somebody looked.', null=True)),
                ('retired_at', models.DateTimeField(blank=True, help_text='When it was given up for the shared text.', null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='override', to='knowledgebase.article')),
                ('knowledge_base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='overrides', to='knowledgebase.knowledgebase')),
                ('shared', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='overrides', to='knowledgebase.article')),
            ],
            options={
                'verbose_name': 'own version',
                'ordering': ['address', 'section', 'pk'],
                'indexes': [models.Index(condition=models.Q(('retired_at', None)), fields=['shared'], name='own_versions_of_shared'), models.Index(condition=models.Q(('retired_at', None)), fields=['knowledge_base', 'changed_at'], name='own_versions_to_look_at')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None), ('shared__isnull', False)), fields=('knowledge_base', 'shared', 'section'), name='one_own_version_each')],
            },
        ),
    ]
