from django.db import migrations
from django.db.models import F


def link_known(apps, schema_editor):
    """Translations there are already follow what their originals say today."""
    Article = apps.get_model("knowledgebase", "Article")
    Translation = apps.get_model("knowledgebase", "Translation")
    known = Article.objects.exclude(translation_of=None).exclude(pk=F("translation_of"))
    rows = known.values_list("pk", "translation_of", "translation_of__live_revision")
    Translation.objects.bulk_create(
        (Translation(article_id=pk, original_id=original, based_on_id=revision) for pk, original, revision in rows), ignore_conflicts=True
    )


class Migration(migrations.Migration):

    dependencies = [("knowledgebase", "0005_translations")]

    operations = [migrations.RunPython(link_known, migrations.RunPython.noop)]
