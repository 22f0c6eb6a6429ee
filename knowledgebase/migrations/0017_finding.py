"""Words that mean the same, and what was looked for in vain."""

import django.db.models.deletion
from django.db import migrations, models

ONE_A_LINE = "One word or short phrase a line."


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0005_a_day_to_look_again"),
        ("knowledgebase", "0016_sources_know_their_folder"),
    ]

    operations = [
        migrations.CreateModel(
            name="SynonymSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="What these words are about, for this list alone.", max_length=100, unique=True, verbose_name="name")),
                ("en", models.TextField(blank=True, help_text=ONE_A_LINE, verbose_name="English")),
                ("es", models.TextField(blank=True, help_text=ONE_A_LINE, verbose_name="Spanish")),
                ("pt", models.TextField(blank=True, help_text=ONE_A_LINE, verbose_name="Portuguese")),
                ("fr", models.TextField(blank=True, help_text=ONE_A_LINE, verbose_name="French")),
                (
                    "leads_to",
                    models.TextField(
                        blank=True,
                        help_text="Optional, one word or short phrase a line: whoever asks with the words above finds these too, and not the other way round.",
                        verbose_name="lead one way to",
                    ),
                ),
                ("is_used", models.BooleanField(default=True, verbose_name="used")),
            ],
            options={
                "verbose_name": "words that mean the same",
                "verbose_name_plural": "words that mean the same",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SynonymPhrase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.CharField(help_text="Its first trunk, by which it is looked up.", max_length=40)),
                ("phrase", models.CharField(max_length=200)),
                ("is_asked", models.BooleanField(help_text="Whoever asks with it finds the others.")),
                ("is_found", models.BooleanField(help_text="It is found by the others.")),
                (
                    "synonyms",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="phrases", to="knowledgebase.synonymset"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first"], name="synonym_by_first_word")],
                "constraints": [models.UniqueConstraint(fields=("synonyms", "phrase"), name="a_phrase_once_a_set")],
            },
        ),
        migrations.CreateModel(
            name="SynonymSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=100, unique=True)),
                ("digest", models.CharField(max_length=64)),
                (
                    "synonyms",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="source", to="knowledgebase.synonymset"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchMiss",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("query", models.CharField(max_length=100, verbose_name="asked for")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("last_at", models.DateTimeField(verbose_name="last asked")),
                (
                    "community",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="communities.community",
                        verbose_name="community",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["community", "-count"], name="miss_by_count")],
                "constraints": [
                    models.UniqueConstraint(fields=("community", "language", "query"), name="one_miss_of_a_community"),
                    models.UniqueConstraint(condition=models.Q(("community", None)), fields=("language", "query"), name="one_miss_of_the_shared"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionVector",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="knowledgebase.edition",
                    ),
                ),
                ("vector", models.BinaryField()),
            ],
        ),
    ]
