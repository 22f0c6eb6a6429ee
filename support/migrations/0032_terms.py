"""The terms on which a community is supported."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0031_snapshots'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupportTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('budget_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('budget_period', models.CharField(choices=[('month', 'Month'), ('quarter', 'Quarter'), ('year', 'Year')], default='month', max_length=10)),
                ('who_opens', models.CharField(choices=[('representatives', 'Representatives only'), ('members', 'Everybody who belongs to the community'), ('anybody', 'Everybody, also who does not belong to it')], default='members', max_length=20, verbose_name='Whose tickets go to the support staff at once')),
                ('who_sees', models.CharField(choices=[('own', 'Only who asked'), ('team', 'Who asked, representatives and hub champions'), ('all', 'Everybody who belongs to the community')], default='team', max_length=10, verbose_name='Who reads a ticket that is not confidential')),
                ('champions_approve', models.BooleanField(default=False, verbose_name='Hub champions approve too')),
                ('checks_authority', models.BooleanField(default=True, verbose_name='A representative approves what members ask about quota, administrators and images')),
                ('timebox_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty for the usual half hour.', null=True, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(480)], verbose_name='minutes of a timebox')),
                ('community', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='support_terms', to='communities.community')),
                ('objectives', models.ForeignKey(blank=True, help_text="Empty: the programme's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.objectiveset', verbose_name='objectives')),
                ('calendar', models.ForeignKey(blank=True, help_text="Empty: the programme's.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='support.workingcalendar', verbose_name='working calendar')),
            ],
            options={
                'verbose_name_plural': 'support terms',
                'indexes': [models.Index(fields=['who_sees'], name='support_terms_who_sees'), models.Index(fields=['who_opens'], name='support_terms_who_opens')],
            },
        ),
        migrations.CreateModel(
            name='ClockTerms',
            fields=[
            ],
            options={
                'verbose_name': 'clocks of a community',
                'verbose_name_plural': 'clocks of communities',
                'proxy': True,
            },
            bases=('support.supportterms',),
        ),
    ]
