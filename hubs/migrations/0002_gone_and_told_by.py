from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0001_registry_and_requests"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='hub',
            name='hub_domain_once',
        ),
        migrations.AddField(
            model_name='cluster',
            name='gone_at',
            field=models.DateTimeField(blank=True, help_text='When it was first missed in the configuration.', null=True, verbose_name='gone since'),
        ),
        migrations.AddField(
            model_name='cluster',
            name='source',
            field=models.CharField(blank=True, choices=[('deployer', "the deployer's configuration"), ('folder', 'an imported folder')], max_length=10, verbose_name='told by'),
        ),
        migrations.AddField(
            model_name='hub',
            name='gone_at',
            field=models.DateTimeField(blank=True, help_text='When it was first missed in the configuration.', null=True, verbose_name='gone since'),
        ),
        migrations.AddField(
            model_name='hub',
            name='source',
            field=models.CharField(blank=True, choices=[('deployer', "the deployer's configuration"), ('folder', 'an imported folder')], max_length=10, verbose_name='told by'),
        ),
        migrations.AddConstraint(
            model_name='hub',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('domain', ''), _negated=True), models.Q(('state', 'ended'), _negated=True), ('gone_at__isnull', True)), fields=('domain',), name='hub_domain_once'),
        ),
    ]
