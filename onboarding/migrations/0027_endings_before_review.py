"""What was never confirmed, and what was spam, is forgotten too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("onboarding", "0026_overrides_never_change"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='retentionrule',
            name='retention_rule_known_ending',
        ),
        migrations.AlterField(
            model_name='retentionrule',
            name='ending',
            field=models.CharField(choices=[('draft', 'never sent'), ('unconfirmed', 'sent, and its address never confirmed'), ('spam', 'marked as spam'), ('withdrawn', 'withdrawn'), ('decline', 'not this time'), ('refer', 'referred elsewhere'), ('waitlist', 'on the waiting list'), ('accepted', 'accepted, and the engagement ended')], max_length=20, verbose_name='what became of the application'),
        ),
        migrations.AddConstraint(
            model_name='retentionrule',
            constraint=models.CheckConstraint(condition=models.Q(('ending__in', ['draft', 'unconfirmed', 'spam', 'withdrawn', 'decline', 'refer', 'waitlist', 'accepted'])), name='retention_rule_known_ending'),
        ),
    ]
