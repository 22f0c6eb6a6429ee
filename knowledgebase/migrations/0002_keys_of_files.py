import uuid

import knowledgebase.models.files
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('knowledgebase', '0001_files'),
    ]

    operations = [
        migrations.AlterUniqueTogether(
            name='articlerendition',
            unique_together=set(),
        ),
        migrations.AddField(
            model_name='articledocument',
            name='key',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='key'),
        ),
        migrations.AddField(
            model_name='articleimage',
            name='key',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='key'),
        ),
        migrations.AlterField(
            model_name='articledocument',
            name='file',
            field=models.FileField(upload_to=knowledgebase.models.files.document_name, verbose_name='file'),
        ),
        migrations.AddConstraint(
            model_name='articlerendition',
            constraint=models.UniqueConstraint(fields=('image', 'filter_spec', 'focal_point_key'), name='one_rendition_per_size'),
        ),
    ]
