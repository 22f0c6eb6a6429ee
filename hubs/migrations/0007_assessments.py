import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("hubs", "0006_looks_at_the_configuration"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('covered', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('ask', 'We have to ask')], max_length=4, verbose_name='covered by the agreement')),
                ('load', models.CharField(choices=[('small', 'Small'), ('medium', 'Medium'), ('large', 'Large')], max_length=8, verbose_name='work to run it')),
                ('load_note', models.CharField(blank=True, max_length=500, verbose_name='what makes it so')),
                ('monthly_cost', models.PositiveIntegerField(help_text="In the currency's minor unit.", verbose_name='cost a month')),
                ('currency', models.CharField(default='USD', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$')], verbose_name='currency')),
                ('paid_by', models.CharField(choices=[('organisation', 'We do'), ('community', 'The community does'), ('funder', 'A funder does')], max_length=12, verbose_name='who pays')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='assessment', to='hubs.hubrequest')),
            ],
            options={
                'verbose_name': 'assessment',
                'verbose_name_plural': 'assessments',
            },
        ),
    ]
