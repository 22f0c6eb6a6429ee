"""What changed with a version of a rubric or a plan, and who published it.

Nullable, so that SQLite adds the columns without rebuilding a table. On the way back it rebuilds the plan's, whose triggers are made again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ground.frozen import freeze

FROZEN = freeze("onboarding_plantemplateversion", ["programme_id", "number", "document", "sha256"])


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0011_renamed_questions"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, FROZEN.code),
        migrations.AddField(
            model_name="plantemplateversion",
            name="changelog",
            field=models.CharField(blank=True, max_length=500, null=True),
        ),
        migrations.AddField(
            model_name="plantemplateversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rubricversion",
            name="changelog",
            field=models.CharField(blank=True, max_length=500, null=True),
        ),
    ]
