"""What suggested articles save."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0021_composing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Suggested',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=32)),
                ('step', models.CharField(choices=[('shown', 'Articles were shown'), ('opened', 'One was opened'), ('sent', 'The ticket was sent')], max_length=10)),
                ('place', models.CharField(choices=[('portal', "A community's page"), ('widget', 'The widget')], max_length=10)),
                ('at', models.DateTimeField()),
                ('community', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community')),
            ],
            options={
                'verbose_name_plural': 'suggested',
                'indexes': [models.Index(fields=['at'], name='suggested_at'), models.Index(fields=['community', 'at'], name='suggested_of_community')],
                'constraints': [models.UniqueConstraint(fields=('form', 'step'), name='suggested_step_once')],
            },
        ),
    ]
