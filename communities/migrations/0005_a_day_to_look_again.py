"""What was agreed before there was a day to look at it again gets one: a year after the second signature."""

from datetime import timedelta

from django.db import migrations


def set_day(apps, _editor):
    matrices = apps.get_model('communities', 'ResponsibilityMatrix').objects.filter(state='agreed', review_on=None)
    for matrix in matrices:
        agreed_at = max(matrix.provider_agreed_at, matrix.community_agreed_at)
        matrices.filter(pk=matrix.pk).update(review_on=(agreed_at + timedelta(days=365)).date())


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_matrix_templates_never_change'),
    ]

    operations = [
        migrations.RunPython(set_day, migrations.RunPython.noop),
    ]
