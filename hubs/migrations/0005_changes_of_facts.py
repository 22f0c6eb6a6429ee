import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0004_values_of_hubs"),
    ]

    operations = [
        migrations.CreateModel(
            name='HubFactChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('fact', models.CharField(max_length=40)),
                ('before', models.JSONField(default=list)),
                ('after', models.JSONField(default=list)),
                ('commit', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'verbose_name': 'change of a hub',
                'verbose_name_plural': 'changes of hubs',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='hubfactchange',
            name='hub',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fact_changes', to='hubs.hub'),
        ),
        migrations.AddIndex(
            model_name='hubfactchange',
            index=models.Index(fields=['hub', '-at', '-id'], name='hub_fact_change_of_hub'),
        ),
    ]
