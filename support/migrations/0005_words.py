from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0004_indexes_of_views"),
    ]

    operations = [
        migrations.CreateModel(
            name='TicketPriority',
            fields=[
                ('code', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('word', models.JSONField(default=dict, help_text='What staff read, by language.')),
                ('is_learned', models.BooleanField(default=False, help_text='Met in Freshdesk; nobody here has said yet what it means.')),
            ],
            options={
                'verbose_name': 'ticket priority',
                'verbose_name_plural': 'ticket priorities',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='TicketType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(help_text='As Freshdesk writes it.', max_length=100, unique=True)),
                ('kind', models.CharField(blank=True, choices=[('incident', 'Incident'), ('change', 'Change'), ('guidance', 'Guidance'), ('event', 'Event'), ('other', 'Other')], max_length=20)),
                ('is_said', models.BooleanField(default=False, help_text='Whether a ticket of that kind is told to Freshdesk by this word.')),
                ('is_offered', models.BooleanField(default=True, help_text="Whether Freshdesk's form offers it today.")),
            ],
            options={
                'verbose_name': 'ticket type',
                'verbose_name_plural': 'ticket types',
                'ordering': ['word'],
            },
        ),
        migrations.AddField(
            model_name='ticketstatus',
            name='is_learned',
            field=models.BooleanField(default=False, help_text='Met in Freshdesk; nobody here has said yet what it means.'),
        ),
        migrations.AddConstraint(
            model_name='tickettype',
            constraint=models.UniqueConstraint(condition=models.Q(('is_said', True)), fields=('kind',), name='one_type_said_for_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='tickettype',
            constraint=models.CheckConstraint(condition=models.Q(('is_said', False), models.Q(('kind', ''), _negated=True), _connector='OR'), name='a_said_type_has_a_kind'),
        ),
    ]
