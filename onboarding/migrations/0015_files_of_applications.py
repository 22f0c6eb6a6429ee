import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import onboarding.models.files


class Migration(migrations.Migration):

    dependencies = [
        ("onboarding", "0014_statements_and_letters_never_change"),
    ]

    operations = [
        migrations.CreateModel(
            name='ApplicationFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('field_key', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=150)),
                ('size', models.PositiveBigIntegerField(help_text='In bytes.')),
                ('sha256', models.CharField(max_length=64)),
                ('file', models.FileField(upload_to=onboarding.models.files.opaque_name)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, help_text='When it was sent with the answers.', null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='onboarding.application')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('application', 'field_key', 'sha256'), name='application_file_once'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='application_file_holds_something')],
            },
        ),
    ]
