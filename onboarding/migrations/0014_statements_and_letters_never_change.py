"""The database refuses to change or delete a published statement or letter template."""

from django.db import migrations

from ground.frozen import freeze

WORDS = ["number", "texts", "sha256", "published_at", "published_by_id"]


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0013_statements_and_letter_templates")]

    operations = [
        freeze("onboarding_statementversion", ["statement_id", *WORDS]),
        freeze("onboarding_lettertemplateversion", ["template_id", *WORDS]),
    ]
