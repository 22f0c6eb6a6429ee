"""Articles may be read by a second person before they are published, and a knowledge base may require it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("knowledgebase", "0010_former_addresses"),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadByAnother',
            fields=[
                ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
            ],
            options={
                'verbose_name': 'reading by a second person',
            },
            bases=('wagtailcore.task',),
        ),
        migrations.AddField(
            model_name='knowledgebase',
            name='second_reader',
            field=models.BooleanField(default=False, help_text='Then hub champions and representatives send an article to be read, and another of them publishes it.', verbose_name='articles are read by a second person before they are published'),
        ),
    ]
