"""Published rows that the database itself refuses to change or delete: a guard in Python is passed by bulk updates."""

from collections.abc import Sequence

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython

NEVER_CHANGED = "{table}_never_changed"
NEVER_DELETED = "{table}_never_deleted"


def freeze(table: str, columns: Sequence[str]) -> RunPython:
    """A migration's operation: refuse a change of these columns, and any delete, on PostgreSQL and SQLite.

    SQLite drops a table's triggers when a later migration rebuilds the table: such a migration ends with `freeze` again.
    """

    def forwards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(table, columns, editor.connection.vendor):
            editor.execute(statement)

    def backwards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _drop(table, editor.connection.vendor):
            editor.execute(statement)

    return RunPython(forwards, backwards)


def statements(table: str, columns: Sequence[str], vendor: str) -> list[str]:
    """What makes the triggers; the table and column names are ours, never a user's."""
    changed, deleted = NEVER_CHANGED.format(table=table), NEVER_DELETED.format(table=table)
    if vendor == "sqlite":
        differs = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
        refuse = "BEGIN SELECT RAISE(ABORT, 'a published version never changes'); END"
        return [
            *_drop(table, vendor),
            f'CREATE TRIGGER "{changed}" BEFORE UPDATE ON "{table}" WHEN {differs} {refuse}',
            f'CREATE TRIGGER "{deleted}" BEFORE DELETE ON "{table}" {refuse}',
        ]
    differs = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    function = f"{table}_refuse"
    return [
        *_drop(table, vendor),
        f"""CREATE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'a published version never changes' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
        f'CREATE TRIGGER "{changed}" BEFORE UPDATE ON "{table}" FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION "{function}"()',
        f'CREATE TRIGGER "{deleted}" BEFORE DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{function}"()',
    ]


def _drop(table: str, vendor: str) -> list[str]:
    changed, deleted = NEVER_CHANGED.format(table=table), NEVER_DELETED.format(table=table)
    if vendor == "sqlite":
        return [f'DROP TRIGGER IF EXISTS "{changed}"', f'DROP TRIGGER IF EXISTS "{deleted}"']
    return [
        f'DROP TRIGGER IF EXISTS "{changed}" ON "{table}"',
        f'DROP TRIGGER IF EXISTS "{deleted}" ON "{table}"',
        f'DROP FUNCTION IF EXISTS "{table}_refuse"()',
    ]
