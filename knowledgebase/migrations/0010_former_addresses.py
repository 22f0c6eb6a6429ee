"""Old addresses of articles lead on to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("knowledgebase", "0009_offers"),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=255, verbose_name='address')),
                ('kept_at', models.DateTimeField(auto_now=True, verbose_name='kept at')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='knowledgebase.article')),
                ('knowledge_base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to='knowledgebase.knowledgebase')),
            ],
            options={
                'indexes': [models.Index(fields=['address'], name='former_address')],
                'constraints': [models.UniqueConstraint(fields=('knowledge_base', 'address'), name='one_article_per_former_address')],
            },
        ),
    ]
