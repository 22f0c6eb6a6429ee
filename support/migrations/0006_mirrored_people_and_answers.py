import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0005_words"),
    ]

    operations = [
        migrations.CreateModel(
            name='CannedResponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('freshdesk_id', models.BigIntegerField(unique=True)),
                ('title', models.CharField(max_length=255)),
                ('folder', models.CharField(blank=True, max_length=255)),
                ('body_html', models.TextField(blank=True)),
                ('remote_updated_at', models.DateTimeField(blank=True, null=True)),
                ('remote_raw', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['folder', 'title'],
            },
        ),
        migrations.CreateModel(
            name='FreshdeskGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('freshdesk_id', models.BigIntegerField(unique=True)),
                ('name', models.CharField(max_length=200)),
                ('remote_raw', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SatisfactionRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('freshdesk_id', models.BigIntegerField(unique=True)),
                ('ticket_freshdesk_id', models.BigIntegerField(blank=True, null=True)),
                ('rating', models.IntegerField(blank=True, null=True)),
                ('feedback', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('remote_raw', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='companylink',
            name='domains',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='companylink',
            name='ignored',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='companylink',
            name='remote_raw',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='contact',
            name='phone',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name='contact',
            name='remote_raw',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='contact',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='freshdeskagent',
            name='remote_raw',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='satisfactionrating',
            name='ticket',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ratings', to='support.ticket'),
        ),
        migrations.AddIndex(
            model_name='satisfactionrating',
            index=models.Index(fields=['ticket', '-created_at'], name='rating_of_ticket'),
        ),
    ]
