from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0008_listed_files_become_rows"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='message',
            name='attachments',
        ),
        migrations.RemoveField(
            model_name='ticket',
            name='attachments',
        ),
    ]
