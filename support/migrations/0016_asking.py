"""Approvals, named readers and surveys."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0005_a_day_to_look_again'),
        ('communities', '__first__'),
        ('hubs', '0001_registry_and_requests'),
        ('knowledgebase', '0004_articles_explain_rows'),
        ('support', '0015_given_up_by_hand'),
    ]

    operations = [
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('terms', 'Representatives look at what members ask'), ('authority', 'It asks for what a representative decides'), ('stranger', 'Who asks does not belong to the community'), ('guard', 'It looks like an advert')], max_length=10)),
                ('topic', models.CharField(blank=True, choices=[('broken', 'Something does not work'), ('question', 'I have a question'), ('quota', 'More memory, processors or storage'), ('admin', 'Who may enter or administer the hub'), ('image', 'Software and images of the hub'), ('event', 'A course or an event'), ('other', 'Something else')], max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('desk_told_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('declined', 'Declined')], max_length=10)),
                ('answer', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='approval', to='support.ticket')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['asked_at', 'id'], name='approval_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='approval_decided_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Survey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='survey', to='support.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='TicketReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named', to='support.ticket')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tickets_named_in', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'ticket'), name='ticket_reader_once')],
            },
        ),
    ]
