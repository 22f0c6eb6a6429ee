"""What communities offer to the shared shelf."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledgebase', '0008_own_versions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('state', models.CharField(choices=[('offered', 'offered'), ('accepted', 'taken'), ('declined', 'declined'), ('withdrawn', 'taken back')], default='offered', max_length=10)),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('offered_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='offers', to='knowledgebase.article')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('knowledge_base', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='knowledgebase.knowledgebase')),
                ('offered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledgebase.article')),
            ],
            options={
                'verbose_name': 'offer',
                'ordering': ['-offered_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'offered_at'], name='offers_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'offered')), fields=('article',), name='article_offered_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='offer_declined_why'), models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), ('state__in', ['accepted', 'declined']), _connector='OR'), name='offer_decided_when')],
            },
        ),
    ]
