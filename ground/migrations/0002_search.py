from django.db import migrations, models

POSTGRESQL = [
    """
    ALTER TABLE ground_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        array_to_tsvector(ARRAY['=' || kind::text])
        || setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', body), 'B')
    ) STORED
    """,
    "CREATE INDEX search_entry_document ON ground_searchentry USING gin (document)",
]
SQLITE = [
    """
    CREATE VIRTUAL TABLE ground_searchindex USING fts5(
        kind, title, body, content='ground_searchentry', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='3 4 5'
    )
    """,
    """
    CREATE TRIGGER ground_searchentry_added AFTER INSERT ON ground_searchentry BEGIN
        INSERT INTO ground_searchindex(rowid, kind, title, body) VALUES (new.id, new.kind, new.title, new.body);
    END
    """,
    """
    CREATE TRIGGER ground_searchentry_removed AFTER DELETE ON ground_searchentry BEGIN
        INSERT INTO ground_searchindex(ground_searchindex, rowid, kind, title, body) VALUES ('delete', old.id, old.kind, old.title, old.body);
    END
    """,
    """
    CREATE TRIGGER ground_searchentry_changed AFTER UPDATE ON ground_searchentry BEGIN
        INSERT INTO ground_searchindex(ground_searchindex, rowid, kind, title, body) VALUES ('delete', old.id, old.kind, old.title, old.body);
        INSERT INTO ground_searchindex(rowid, kind, title, body) VALUES (new.id, new.kind, new.title, new.body);
    END
    """,
]
UNDO_POSTGRESQL = ["DROP INDEX search_entry_document", "ALTER TABLE ground_searchentry DROP COLUMN document"]
UNDO_SQLITE = [
    "DROP TRIGGER ground_searchentry_added",
    "DROP TRIGGER ground_searchentry_removed",
    "DROP TRIGGER ground_searchentry_changed",
    "DROP TABLE ground_searchindex",
]


def lay_index(_apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def lift_index(_apps, schema_editor):
    for statement in UNDO_SQLITE if schema_editor.connection.vendor == "sqlite" else UNDO_POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_machinery")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("object_id", models.PositiveBigIntegerField()),
                ("title", models.TextField()),
                ("body", models.TextField(blank=True)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "object_id"), name="one_search_entry")]},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("word", models.CharField(max_length=40)),
                ("initial", models.CharField(max_length=1)),
                ("length", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "word"), name="a_search_word_once")],
                "indexes": [models.Index(fields=["kind", "initial", "length"], name="search_word_alike")],
            },
        ),
        migrations.RunPython(lay_index, lift_index),
    ]
