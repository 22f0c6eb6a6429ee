from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0005_changes_of_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfigurationRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('deployer', "the deployer's configuration"), ('folder', 'an imported folder')], max_length=10, unique=True)),
                ('looked_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='last time it could be read')),
                ('problem', models.TextField(blank=True)),
                ('clusters', models.PositiveIntegerField(default=0)),
                ('hubs', models.PositiveIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'look at the configuration',
                'verbose_name_plural': 'looks at the configuration',
            },
        ),
    ]
