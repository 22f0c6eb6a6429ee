import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0009_no_listed_files"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='ticket',
            name='written_hash',
        ),
        migrations.AddField(
            model_name='message',
            name='remote_hash',
            field=models.CharField(blank=True, help_text="Freshdesk's words as last seen, to tell an edit.", max_length=64),
        ),
        migrations.AddField(
            model_name='ticket',
            name='agreed_kind',
            field=models.CharField(blank=True, choices=[('incident', 'Incident'), ('change', 'Change'), ('guidance', 'Guidance'), ('event', 'Event'), ('other', 'Other')], help_text="The kind that Freshdesk's type last stood for.", max_length=20),
        ),
        migrations.AddField(
            model_name='ticket',
            name='description_hash',
            field=models.CharField(blank=True, help_text="Freshdesk's description as last seen, to tell an edit.", max_length=64),
        ),
        migrations.AddField(
            model_name='ticket',
            name='file_count',
            field=models.PositiveIntegerField(default=0, help_text='Of its description and its messages together.'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged_from', to='support.ticket'),
        ),
        migrations.AddField(
            model_name='ticket',
            name='missing_since',
            field=models.DateTimeField(blank=True, help_text='When Freshdesk first answered that it has no such ticket; one answer proves nothing.', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='pushed_until',
            field=models.DateTimeField(blank=True, help_text='Until when one worker alone tells Freshdesk about it.', null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='read_at',
            field=models.DateTimeField(blank=True, help_text="Freshdesk's own clock when it was last read whole.", null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to='support.freshdeskgroup'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(condition=models.Q(('missing_since__isnull', False)), fields=['missing_since'], name='ticket_missing'),
        ),
    ]
