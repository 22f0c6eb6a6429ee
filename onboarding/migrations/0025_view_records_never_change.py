"""An opening of an application is never rewritten, and not forgotten for two years; the database says so."""

from django.db import migrations

TABLE = "onboarding_viewrecord"
WORDS = "who read an application is not rewritten, and kept for two years"

SQLITE = [
    f"""CREATE TRIGGER {TABLE}_never_changed BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END""",
    f"""CREATE TRIGGER {TABLE}_never_deleted BEFORE DELETE ON {TABLE} WHEN OLD.at > datetime('now', '-730 days')
        BEGIN SELECT RAISE(ABORT, '{WORDS}'); END""",
]
SQLITE_BACK = [f"DROP TRIGGER IF EXISTS {TABLE}_never_changed", f"DROP TRIGGER IF EXISTS {TABLE}_never_deleted"]
POSTGRESQL = [
    f"""CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '730 days' THEN RETURN OLD; END IF;
            RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    f"""CREATE TRIGGER {TABLE}_never_changed BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()""",
]
POSTGRESQL_BACK = [f"DROP TRIGGER IF EXISTS {TABLE}_never_changed ON {TABLE}", f"DROP FUNCTION IF EXISTS {TABLE}_refuse()"]


def forwards(_apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def backwards(_apps, editor):
    for statement in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0024_who_read_and_how_long")]

    operations = [migrations.RunPython(forwards, backwards)]
