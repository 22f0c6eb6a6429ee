"""A new key for the same question."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0010_drafts")]

    operations = [
        migrations.CreateModel(
            name="FieldRename",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_key", models.CharField(max_length=60)),
                ("to_key", models.CharField(max_length=60)),
                ("since_number", models.PositiveIntegerField(help_text="The version that first asks under the new key.")),
                (
                    "definition",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="renames", to="onboarding.formdefinition"),
                ),
            ],
            options={
                "verbose_name": "renamed question",
                "verbose_name_plural": "renamed questions",
                "ordering": ["definition", "since_number", "to_key"],
                "constraints": [
                    models.UniqueConstraint(fields=("definition", "from_key"), name="a_key_is_renamed_once"),
                    models.UniqueConstraint(fields=("definition", "to_key"), name="a_key_has_one_earlier_key"),
                    models.CheckConstraint(
                        condition=models.Q(("from_key", models.F("to_key")), _negated=True), name="a_rename_changes_the_key"
                    ),
                ],
            },
        ),
    ]
