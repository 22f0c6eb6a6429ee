"""What was published never changes: every matrix points to the version it was written from."""

from django.db import migrations

from ground.frozen import freeze


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0003_a_conversation_a_row'),
    ]

    operations = [
        freeze('communities_matrixtemplateversion', ['programme_id', 'number', 'areas', 'sha256']),
    ]
