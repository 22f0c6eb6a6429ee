import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0011_count_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SyncEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('direction', models.CharField(choices=[('in', 'From Freshdesk'), ('out', 'To Freshdesk')], max_length=3)),
                ('what', models.CharField(choices=[('ticket', 'Ticket'), ('message', 'Message'), ('file', 'File'), ('company', 'Company'), ('contact', 'Contact'), ('account', 'Account')], max_length=10)),
                ('outcome', models.CharField(choices=[('created', 'Created'), ('updated', 'Updated'), ('gone', 'Gone'), ('sent', 'Sent'), ('waiting', 'Waiting'), ('unknown', 'Sent, not yet confirmed'), ('dead', 'Not accepted'), ('clash', 'Changed on both sides'), ('double', 'Double removed'), ('alert', 'Needs a look'), ('replayed', 'Tried again by hand'), ('given_up', 'Given up by hand')], max_length=10)),
                ('number', models.BigIntegerField(blank=True, help_text="Freshdesk's number of the thing.", null=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SyncPass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('poll', 'Poll'), ('whole', 'Whole pass'), ('full', 'Everything again'), ('import', 'First import'), ('reconcile', 'Comparison')], max_length=10)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('pushed', models.PositiveIntegerField(default=0)),
                ('pulled', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('credits', models.FloatField(default=0)),
                ('error', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-began_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Clash',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(max_length=40)),
                ('before', models.CharField(blank=True, help_text='What both sides last agreed on.', max_length=255)),
                ('ours', models.CharField(blank=True, max_length=255)),
                ('ours_by', models.CharField(blank=True, max_length=200)),
                ('ours_at', models.DateTimeField(blank=True, null=True)),
                ('theirs', models.CharField(blank=True, max_length=255)),
                ('theirs_by', models.CharField(blank=True, max_length=200)),
                ('theirs_at', models.DateTimeField(blank=True, null=True)),
                ('met_at', models.DateTimeField()),
                ('kept', models.CharField(blank=True, choices=[('ours', 'Ours'), ('theirs', "Freshdesk's")], max_length=10)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clashes', to='support.ticket')),
            ],
            options={
                'ordering': ['met_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='syncentry',
            name='ticket',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sync_entries', to='support.ticket'),
        ),
        migrations.AddIndex(
            model_name='syncpass',
            index=models.Index(fields=['-began_at', '-id'], name='sync_pass_newest'),
        ),
        migrations.AddIndex(
            model_name='clash',
            index=models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['ticket'], name='clash_open'),
        ),
        migrations.AddConstraint(
            model_name='clash',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kept', ''), ('settled_at__isnull', True)), models.Q(('settled_at__isnull', False), models.Q(('kept', ''), _negated=True)), _connector='OR'), name='clash_settled_names_side'),
        ),
        migrations.AddIndex(
            model_name='syncentry',
            index=models.Index(fields=['-at', '-id'], name='sync_entry_newest'),
        ),
        migrations.AddIndex(
            model_name='syncentry',
            index=models.Index(fields=['outcome', '-at', '-id'], name='sync_entry_outcome'),
        ),
        migrations.AddIndex(
            model_name='syncentry',
            index=models.Index(fields=['ticket', '-at'], name='sync_entry_of_ticket'),
        ),
    ]
