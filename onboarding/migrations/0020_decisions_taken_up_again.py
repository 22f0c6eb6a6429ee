"""A released decision can be taken up again; the waiting list has a day to look again, and reasons are counted."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0019_confidence_of_reviews"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='decision',
            name='one_standing_decision',
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_state_says_released',
        ),
        migrations.AddField(
            model_name='decision',
            name='look_again_on',
            field=models.DateField(blank=True, null=True, verbose_name='look again on'),
        ),
        migrations.AddField(
            model_name='decision',
            name='reason_codes',
            field=models.JSONField(blank=True, default=list, verbose_name='reasons that are counted'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='conditions',
            field=models.TextField(blank=True, help_text='One a line; or where else to go.', verbose_name='conditions'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='state',
            field=models.CharField(choices=[('proposed', 'Decision proposed'), ('approved', 'Decision approved'), ('released', 'Released'), ('set_aside', 'Set aside'), ('superseded', 'Taken up again')], default='proposed', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['set_aside', 'superseded']), _negated=True), fields=('application',), name='one_standing_decision'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['released', 'superseded']), _negated=True), ('released_at__isnull', False), _connector='OR'), name='decision_state_says_released'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('look_again_on__isnull', True), ('outcome', 'waitlist'), _connector='OR'), name='decision_looks_again_at_who_waits'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'superseded'), _negated=True), ('community__isnull', True), _connector='OR'), name='decision_that_founded_is_never_taken_up_again'),
        ),
    ]
