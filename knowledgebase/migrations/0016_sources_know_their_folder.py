from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledgebase", "0015_editions_know_their_place"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="origin",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="folder it came from"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="source",
            name="gone_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="gone from its folder since"),
        ),
        migrations.AlterField(
            model_name="source",
            name="digest",
            field=models.CharField(
                help_text="Half of the file as it was, half of what became of it.", max_length=64, verbose_name="digest"
            ),
        ),
    ]
