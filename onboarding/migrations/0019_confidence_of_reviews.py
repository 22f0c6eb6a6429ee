"""Reviews say how sure their reviewer is, and that their scores stand.

SQLite rebuilds the table for the constraint and its triggers go with it: they are taken off before and put back after.
"""

from importlib import import_module

from django.db import migrations, models

TRIGGERS = import_module("onboarding.migrations.0007_scores_of_their_rubric")


def take_off(_apps, editor):
    if editor.connection.vendor == "sqlite":
        for statement in TRIGGERS.SQLITE_BACK:
            editor.execute(statement)


def put_back(_apps, editor):
    if editor.connection.vendor == "sqlite":
        for statement in TRIGGERS.SQLITE:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0018_assignments_conflicts_and_doubles")]

    operations = [
        migrations.RunPython(take_off, put_back),
        migrations.AddField(
            model_name='review',
            name='confidence',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, 'I am guessing in places'), (2, 'I know enough to judge'), (3, 'I know this field well')], null=True, verbose_name='how sure'),
        ),
        migrations.AddField(
            model_name='review',
            name='stood_at',
            field=models.DateTimeField(blank=True, help_text='When the reviewer said that changed answers do not change the scores.', null=True),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('confidence__isnull', True), ('confidence__in', [1, 2, 3]), _connector='OR'), name='review_confidence_known'),
        ),
        migrations.RunPython(put_back, take_off),
    ]
