"""What readers say of articles, who looked at them, and where their links lead."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("knowledgebase", "0012_review_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, unique=True)),
                ('status', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='status')),
                ('problem', models.CharField(blank=True, max_length=200, verbose_name='problem')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='days it failed')),
                ('failed_on', models.DateField(blank=True, null=True, verbose_name='last day it failed')),
                ('dead_since', models.DateTimeField(blank=True, null=True, verbose_name='dead since')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='checked at')),
                ('next_check_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='next check at')),
            ],
        ),
        migrations.CreateModel(
            name='Care',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='care', serialize=False, to='knowledgebase.article')),
                ('looked_at', models.DateTimeField(blank=True, null=True, verbose_name='looked at')),
                ('hub_values', models.JSONField(blank=True, default=dict, verbose_name='what the hubs were like')),
                ('links_of', models.DateTimeField(blank=True, null=True, verbose_name='links collected')),
                ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ArticleLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(max_length=500)),
                ('address', models.CharField(blank=True, max_length=255)),
                ('broken_since', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='knowledgebase.edition')),
                ('home', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledgebase.knowledgebase')),
                ('check_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='knowledgebase.linkcheck')),
            ],
            options={
                'indexes': [models.Index(fields=['home', 'address'], name='link_into_article')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'target'), name='one_link_per_target')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.DateTimeField(help_text='When the text that was read was published.', verbose_name='version')),
                ('reader', models.CharField(max_length=64, verbose_name='reader')),
                ('helped', models.BooleanField(verbose_name='it helped')),
                ('why', models.CharField(blank=True, choices=[('outdated', 'It is out of date'), ('hard', 'It is hard to understand'), ('not-it', 'It is not what I looked for'), ('wrong', 'Something in it is wrong'), ('other', 'Something else')], max_length=10, verbose_name='why not')),
                ('words', models.TextField(blank=True, max_length=500, verbose_name='in their words')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='knowledgebase.article')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['article', 'at'], name='vote_on_article'), models.Index(fields=['at'], name='vote_at')],
                'constraints': [models.UniqueConstraint(fields=('article', 'version', 'reader'), name='one_vote_per_reader')],
            },
        ),
    ]
