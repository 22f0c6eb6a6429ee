"""The database refuses to change or delete what happened; who is forgotten is blanked in the label and the note alone."""

from django.db import migrations

from ground.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("ground", "0002_search")]

    operations = [freeze("ground_stageevent", ["content_type_id", "object_id", "before", "after", "at", "actor_id"])]
