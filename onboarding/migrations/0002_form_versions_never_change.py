"""A published form version never changes and is never deleted; the database says so."""

from django.db import migrations

from ground.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_intake")]

    operations = [freeze("onboarding_formversion", ["definition_id", "number", "schema", "sha256"])]
