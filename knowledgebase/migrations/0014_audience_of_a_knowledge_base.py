from django.db import migrations, models


class Migration(migrations.Migration):
    """A knowledge base says who may read anything in it; until somebody narrows it, each article says so itself, as before."""

    dependencies = [
        ("knowledgebase", "0013_care"),
    ]

    operations = [
        migrations.AddField(
            model_name='knowledgebase',
            name='audience',
            field=models.CharField(choices=[('public', 'Everybody'), ('members', 'Members'), ('staff', 'Staff only')], default='public', help_text='Nothing in this knowledge base is readable by more people than this. Each section and article may narrow it further.', max_length=10, verbose_name='who may read it'),
        ),
    ]
