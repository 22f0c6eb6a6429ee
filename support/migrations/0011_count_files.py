from django.db import migrations, models


def count_files(apps, _schema_editor):
    files = apps.get_model("support", "Attachment").objects.filter(ticket=models.OuterRef("pk")).order_by().values("ticket")
    tickets = apps.get_model("support", "Ticket").objects
    with_files = apps.get_model("support", "Attachment").objects.values("ticket")
    tickets.filter(pk__in=with_files).update(file_count=models.Subquery(files.annotate(number=models.Count("pk")).values("number")))


class Migration(migrations.Migration):
    dependencies = [("support", "0010_facts_of_the_mirror")]

    operations = [migrations.RunPython(count_files, migrations.RunPython.noop)]
