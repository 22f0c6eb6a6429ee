"""A row of findable words for each ticket, with PostgreSQL's index of them or SQLite's."""

import django.db.models.deletion
from django.db import migrations, models

POSTGRESQL = [
    """
    ALTER TABLE support_ticketwords ADD COLUMN document tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array(open, ' '), ''))
        || array_to_tsvector(array_remove(string_to_array(replace(rtrim(notes), ' ', ' ~'), ' '), ''))
        || array_to_tsvector(ARRAY[
            '#10/' || (ticket_id >> 10)::text, '#12/' || (ticket_id >> 12)::text, '#14/' || (ticket_id >> 14)::text,
            '#16/' || (ticket_id >> 16)::text, '#18/' || (ticket_id >> 18)::text
        ])
    ) STORED
    """,
    "CREATE INDEX ticket_words_document ON support_ticketwords USING gin (document) WITH (gin_pending_list_limit = 256)",
]
SQLITE = [
    """
    CREATE VIRTUAL TABLE support_ticketindex USING fts5(
        open, notes, content='support_ticketwords', content_rowid='ticket_id', tokenize="unicode61 remove_diacritics 0", detail=column
    )
    """,
    """
    CREATE TRIGGER support_ticketwords_added AFTER INSERT ON support_ticketwords BEGIN
        INSERT INTO support_ticketindex(rowid, open, notes) VALUES (new.ticket_id, new.open, new.notes);
    END
    """,
    """
    CREATE TRIGGER support_ticketwords_removed AFTER DELETE ON support_ticketwords BEGIN
        INSERT INTO support_ticketindex(support_ticketindex, rowid, open, notes) VALUES ('delete', old.ticket_id, old.open, old.notes);
    END
    """,
    """
    CREATE TRIGGER support_ticketwords_changed AFTER UPDATE ON support_ticketwords BEGIN
        INSERT INTO support_ticketindex(support_ticketindex, rowid, open, notes) VALUES ('delete', old.ticket_id, old.open, old.notes);
        INSERT INTO support_ticketindex(rowid, open, notes) VALUES (new.ticket_id, new.open, new.notes);
    END
    """,
]
UNDO_POSTGRESQL = ["DROP INDEX ticket_words_document", "ALTER TABLE support_ticketwords DROP COLUMN document"]
UNDO_SQLITE = [
    "DROP TRIGGER support_ticketwords_added",
    "DROP TRIGGER support_ticketwords_removed",
    "DROP TRIGGER support_ticketwords_changed",
    "DROP TABLE support_ticketindex",
]


def lay_index(_apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def lift_index(_apps, schema_editor):
    for statement in UNDO_SQLITE if schema_editor.connection.vendor == "sqlite" else UNDO_POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0023_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='TicketWords',
            fields=[
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='support.ticket')),
                ('open', models.TextField()),
                ('notes', models.TextField(default=' ')),
            ],
            options={
                'verbose_name_plural': 'ticket words',
            },
        ),
        migrations.RunPython(lay_index, lift_index),
    ]
