"""Sites with the widget, and what is asked there."""

import django.db.models.deletion
import support.models.widget
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0034_watching'),
    ]

    operations = [
        migrations.CreateModel(
            name='WidgetSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('key', models.CharField(default=support.models.widget.new_key, max_length=30, unique=True)),
                ('origins', models.JSONField(default=list)),
                ('is_on', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='widget_sites', to='communities.community')),
                ('hub', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='hubs.hub')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'indexes': [models.Index(fields=['community', 'name', 'id'], name='widget_site_of_community')],
            },
        ),
        migrations.CreateModel(
            name='WidgetAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_url', models.CharField(blank=True, max_length=500)),
                ('page_title', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='widget_ask', to='support.ticket')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='asks', to='support.widgetsite')),
            ],
        ),
    ]
