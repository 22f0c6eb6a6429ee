"""The database refuses to change or delete a published rubric or plan template."""

from django.db import migrations

from ground.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0005_plans")]

    operations = [
        freeze("onboarding_rubricversion", ["rubric_id", "number", "document", "sha256"]),
        freeze("onboarding_plantemplateversion", ["programme_id", "number", "document", "sha256"]),
    ]
