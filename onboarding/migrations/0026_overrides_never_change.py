"""The database refuses to change or delete the record of a command that was given all the same."""

from django.db import migrations

from ground.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0025_view_records_never_change")]

    operations = [freeze("onboarding_override", ["application_id", "command", "guards", "person_id", "at"])]
