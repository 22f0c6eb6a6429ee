"""Which article was shown or opened, beside the step of the form."""

import django.db.models.deletion
from django.db import migrations, models


def without_articles(apps, schema_editor):
    """Before: one row a form and step."""
    apps.get_model("support", "Suggested").objects.exclude(article=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('knowledgebase', '0004_articles_explain_rows'),
        ("support", "0041_written_up"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='suggested',
            name='suggested_step_once',
        ),
        migrations.AddField(
            model_name='suggested',
            name='article',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='knowledgebase.article'),
        ),
        migrations.AlterField(
            model_name='suggested',
            name='place',
            field=models.CharField(choices=[('portal', "A community's page"), ('widget', 'The widget'), ('search', 'The search page')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='suggested',
            index=models.Index(fields=['article', 'at'], name='suggested_article'),
        ),
        migrations.AddConstraint(
            model_name='suggested',
            constraint=models.UniqueConstraint(condition=models.Q(('article', None)), fields=('form', 'step'), name='suggested_step_once'),
        ),
        migrations.AddConstraint(
            model_name='suggested',
            constraint=models.UniqueConstraint(fields=('form', 'step', 'article'), name='suggested_article_once'),
        ),
        migrations.RunPython(migrations.RunPython.noop, without_articles),
    ]
