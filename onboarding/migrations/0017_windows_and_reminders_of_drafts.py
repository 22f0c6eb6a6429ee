from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('onboarding', '0016_questions_and_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='written_in',
            field=models.UUIDField(blank=True, editable=False, help_text='The window that saved last; it may save again, whatever it missed.', null=True),
        ),
        migrations.AddField(
            model_name='application',
            name='reminded_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Of the reminders of a draft, the last that was mailed: after so many days.', null=True),
        ),
    ]
