"""The database refuses a score of a criterion that the review's rubric version lacks, and a review that changes its rubric."""

from django.db import migrations

FOREIGN = "a score names a criterion of the rubric that its review is pinned to"
PINNED = "a review keeps the rubric version it was scored with"

SQLITE = [
    f"""CREATE TRIGGER onboarding_score_criterion_{event.lower()} BEFORE {event} ON onboarding_score
        WHEN NOT EXISTS (
            SELECT 1 FROM onboarding_review review JOIN onboarding_rubricversion version ON version.id = review.rubric_version_id,
                json_each(version.document, '$.criteria') criterion
            WHERE review.id = NEW.review_id AND json_extract(criterion.value, '$.key') = NEW.criterion)
        BEGIN SELECT RAISE(ABORT, '{FOREIGN}'); END"""
    for event in ("INSERT", "UPDATE")
] + [
    f"""CREATE TRIGGER onboarding_review_rubric BEFORE UPDATE ON onboarding_review
        WHEN OLD.rubric_version_id IS NOT NEW.rubric_version_id
        BEGIN SELECT RAISE(ABORT, '{PINNED}'); END"""
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS onboarding_score_criterion_insert",
    "DROP TRIGGER IF EXISTS onboarding_score_criterion_update",
    "DROP TRIGGER IF EXISTS onboarding_review_rubric",
]
POSTGRESQL = [
    f"""CREATE FUNCTION onboarding_score_criterion() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT EXISTS (
                SELECT 1 FROM onboarding_review review JOIN onboarding_rubricversion version ON version.id = review.rubric_version_id,
                    jsonb_array_elements(version.document -> 'criteria') criterion
                WHERE review.id = NEW.review_id AND criterion ->> 'key' = NEW.criterion)
            THEN RAISE EXCEPTION '{FOREIGN}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$""",
    """CREATE TRIGGER onboarding_score_criterion BEFORE INSERT OR UPDATE ON onboarding_score
        FOR EACH ROW EXECUTE FUNCTION onboarding_score_criterion()""",
    f"""CREATE FUNCTION onboarding_review_rubric() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{PINNED}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER onboarding_review_rubric BEFORE UPDATE ON onboarding_review
        FOR EACH ROW WHEN (OLD.rubric_version_id IS DISTINCT FROM NEW.rubric_version_id) EXECUTE FUNCTION onboarding_review_rubric()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER IF EXISTS onboarding_score_criterion ON onboarding_score",
    "DROP FUNCTION IF EXISTS onboarding_score_criterion()",
    "DROP TRIGGER IF EXISTS onboarding_review_rubric ON onboarding_review",
    "DROP FUNCTION IF EXISTS onboarding_review_rubric()",
]


def forwards(_apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def backwards(_apps, editor):
    for statement in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0006_rubrics_and_plans_never_change")]

    operations = [migrations.RunPython(forwards, backwards)]
