from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0002_gone_and_told_by"),
    ]

    operations = [
        migrations.AddField(
            model_name='hub',
            name='is_ours',
            field=models.BooleanField(default=False, help_text='A hub of the staff, of no community.', verbose_name='belongs to us'),
        ),
        migrations.AddField(
            model_name='hub',
            name='match',
            field=models.CharField(blank=True, choices=[('rule', 'from its configuration'), ('request', 'from the request that made it'), ('person', 'said by a person')], max_length=10, verbose_name='how its community is known'),
        ),
        migrations.AddConstraint(
            model_name='hub',
            constraint=models.CheckConstraint(condition=models.Q(('is_ours', False), ('community__isnull', True), _connector='OR'), name='hub_ours_or_a_communitys'),
        ),
    ]
