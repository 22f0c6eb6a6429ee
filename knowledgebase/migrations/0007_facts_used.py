"""Which facts of its reader's community a published article names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledgebase', '0006_known_translations'),
    ]

    operations = [
        migrations.CreateModel(
            name='UsedFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='used_facts', to='knowledgebase.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['name'], name='use_of_fact')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'name'), name='fact_used_once')],
            },
        ),
    ]
