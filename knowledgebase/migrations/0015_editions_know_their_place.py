from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def place(apps, schema_editor):
    """The path of each edition's page, in one statement."""
    page = apps.get_model('wagtailcore', 'Page').objects.filter(pk=OuterRef('article_id'))
    apps.get_model('knowledgebase', 'Edition').objects.update(tree=Subquery(page.values('path')[:1]))


class Migration(migrations.Migration):
    """An edition keeps its page's path, so that what comes before and after it is one look into one index, and its Markdown."""

    dependencies = [
        ("knowledgebase", "0014_audience_of_a_knowledge_base"),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='tree',
            field=models.CharField(default='', help_text='The path of its page in the tree: four letters a level.', max_length=255, verbose_name='place'),
        ),
        migrations.AddField(
            model_name='edition',
            name='markdown',
            field=models.TextField(blank=True, verbose_name='Markdown'),
        ),
        migrations.AlterField(
            model_name='edition',
            name='audience',
            field=models.CharField(choices=[('public', 'Everybody'), ('members', 'Members'), ('staff', 'Staff only')], help_text="The narrowest of the article's own and those of the sections above it.", max_length=10, verbose_name='audience'),
        ),
        migrations.RunPython(place, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name='edition', name='edition_by_language'),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['knowledge_base', 'language', 'tree'], name='edition_by_place'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(fields=['-published_at'], name='edition_newest_first'),
        ),
    ]
