"""Views that are kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0028_rotations'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='Its word in addresses; it stays when the name changes.', max_length=80, unique=True)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('filters', models.JSONField(default=dict, help_text='Value by filter, as in the address of the list.')),
                ('sort', models.CharField(blank=True, max_length=20)),
                ('columns', models.JSONField(blank=True, default=list, help_text='What a row shows; empty for what each person chose.')),
                ('is_shared', models.BooleanField(default=False, verbose_name='for everybody at the desk')),
                ('is_pinned', models.BooleanField(default=False, verbose_name='at the top of the rail')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='desk_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_has_a_name')],
            },
        ),
    ]
