"""The day on which an article is to be looked at again; those that are there have a year from now."""

from django.db import migrations, models

import knowledgebase.models.care


class Migration(migrations.Migration):

    dependencies = [
        ("knowledgebase", "0011_second_reader"),
    ]

    operations = [
        migrations.AddField(
            model_name='article',
            name='review_by',
            field=models.DateField(blank=True, default=knowledgebase.models.care.in_a_year, help_text='From then on it is listed under “Needs care”. Empty: never.', null=True, verbose_name='look at it again by'),
        ),
    ]
