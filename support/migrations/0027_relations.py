"""Tickets joined by links."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0026_incidents'),
    ]

    operations = [
        migrations.CreateModel(
            name='TicketLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('merged', 'Merged into'), ('split', 'Split off from'), ('related', 'Related to')], max_length=10)),
                ('status_before', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('created_label', models.CharField(blank=True, max_length=200)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_from', to='support.ticket')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='support.ticket')),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'indexes': [models.Index(fields=['other', 'kind', 'created_at'], name='link_of_other')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'merged'), ('undone_at__isnull', True)), fields=('ticket',), name='merged_once'), models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('kind', 'ticket', 'other'), name='linked_once'), models.CheckConstraint(condition=models.Q(('ticket', models.F('other')), _negated=True), name='link_of_two'), models.CheckConstraint(condition=models.Q(('kind', 'merged'), ('status_before__isnull', True), _connector='OR'), name='link_status_of_merged'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'related'), _negated=True), ('ticket__lt', models.F('other')), _connector='OR'), name='link_related_older_first')],
            },
        ),
    ]
