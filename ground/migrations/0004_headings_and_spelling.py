"""Headings of their own weight, words by what they are found by, and keys by which misspelt words meet their neighbours.

Entries and words that are there hold another form of words; they are written anew by the rooms they belong to.
"""

from django.db import migrations, models

NAMES = ("added", "removed", "changed")
POSTGRESQL = [
    """
    ALTER TABLE ground_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', headings), 'B')
        || setweight(to_tsvector('simple', body), 'C')
    ) STORED
    """,
    """
    ALTER TABLE ground_searchentry ADD COLUMN head tsvector GENERATED ALWAYS AS (
        strip(to_tsvector('simple', title) || to_tsvector('simple', headings))
    ) STORED
    """,
    "CREATE INDEX search_entry_document ON ground_searchentry USING gin (document)",
    "CREATE INDEX search_entry_head ON ground_searchentry USING gin (head)",
]
SQLITE = [
    """
    CREATE VIRTUAL TABLE ground_searchindex USING fts5(
        title, headings, body, content='ground_searchentry', content_rowid='id', tokenize="unicode61 remove_diacritics 2"
    )
    """,
    """
    CREATE TRIGGER ground_searchentry_added AFTER INSERT ON ground_searchentry BEGIN
        INSERT INTO ground_searchindex(rowid, title, headings, body) VALUES (new.id, new.title, new.headings, new.body);
    END
    """,
    """
    CREATE TRIGGER ground_searchentry_removed AFTER DELETE ON ground_searchentry BEGIN
        INSERT INTO ground_searchindex(ground_searchindex, rowid, title, headings, body)
        VALUES ('delete', old.id, old.title, old.headings, old.body);
    END
    """,
    """
    CREATE TRIGGER ground_searchentry_changed AFTER UPDATE ON ground_searchentry BEGIN
        INSERT INTO ground_searchindex(ground_searchindex, rowid, title, headings, body)
        VALUES ('delete', old.id, old.title, old.headings, old.body);
        INSERT INTO ground_searchindex(rowid, title, headings, body) VALUES (new.id, new.title, new.headings, new.body);
    END
    """,
]
AS_BEFORE_ON_POSTGRESQL = [
    """
    ALTER TABLE ground_searchentry ADD COLUMN document tsvector GENERATED ALWAYS AS (
        array_to_tsvector(ARRAY['=' || kind::text])
        || setweight(to_tsvector('simple', title), 'A')
        || setweight(to_tsvector('simple', body), 'B')
    ) STORED
    """,
    "CREATE INDEX search_entry_document ON ground_searchentry USING gin (document)",
]
BACK_ON_SQLITE = [
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
    "INSERT INTO ground_searchindex(ground_searchindex) VALUES ('rebuild')",
]


LIFT_ON_SQLITE = [*(f"DROP TRIGGER ground_searchentry_{name}" for name in NAMES), "DROP TABLE ground_searchindex"]


def _run(schema_editor, *, on_sqlite, on_postgresql):
    for statement in on_sqlite if schema_editor.connection.vendor == "sqlite" else on_postgresql:
        schema_editor.execute(statement)


def lift_old(_apps, schema_editor):
    _run(schema_editor, on_sqlite=LIFT_ON_SQLITE, on_postgresql=["ALTER TABLE ground_searchentry DROP COLUMN document"])


def lay_old(_apps, schema_editor):
    _run(schema_editor, on_sqlite=AS_BEFORE_ON_SQLITE, on_postgresql=AS_BEFORE_ON_POSTGRESQL)


def lay_new(_apps, schema_editor):
    _run(schema_editor, on_sqlite=SQLITE, on_postgresql=POSTGRESQL)


def lift_new(_apps, schema_editor):
    lift = ["ALTER TABLE ground_searchentry DROP COLUMN document, DROP COLUMN head"]
    _run(schema_editor, on_sqlite=LIFT_ON_SQLITE, on_postgresql=lift)


def forget(apps, _schema_editor):
    apps.get_model("ground", "SearchWord").objects.all().delete()
    apps.get_model("ground", "SearchEntry").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("ground", "0003_stage_events_never_change")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RunPython(lift_old, lay_old),
        migrations.RemoveIndex(model_name="searchword", name="search_word_alike"),
        migrations.RemoveField(model_name="searchword", name="initial"),
        migrations.RemoveField(model_name="searchword", name="length"),
        migrations.AddField(model_name="searchword", name="trunk", field=models.CharField(default="", max_length=40), preserve_default=False),
        migrations.AddField(model_name="searchword", name="count", field=models.PositiveIntegerField(default=1)),
        migrations.AddIndex(model_name="searchword", index=models.Index(fields=["kind", "trunk"], name="search_word_by_trunk")),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(
                fields=["kind", "word"], name="search_word_by_beginning", opclasses=["varchar_pattern_ops", "varchar_pattern_ops"]
            ),
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=10)),
                ("word", models.CharField(max_length=40)),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "word"], name="spelling_of_word")],
                "constraints": [models.UniqueConstraint(fields=("kind", "key", "word"), name="a_spelling_once")],
            },
        ),
        migrations.AddField(model_name="searchentry", name="headings", field=models.TextField(blank=True, default=""), preserve_default=False),
        migrations.RunPython(lay_new, lift_new),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
