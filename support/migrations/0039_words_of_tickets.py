"""Words of the tickets that are there already, which until now were found in the site's own search table."""

from django.db import migrations

from ground.search import LONGEST_WORD, folded, root, words_of

CHUNK = 1000
LONGEST_TEXT = 200_000


def fill(apps, schema_editor):
    words = apps.get_model("support", "TicketWords")
    tickets = apps.get_model("support", "Ticket").objects.select_related("requester", "opened_by").defer("remote_raw", "body_html")
    last = 0
    while batch := list(tickets.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        words.objects.bulk_create(_words(apps, words, batch))
        last = batch[-1].pk
    apps.get_model("ground", "SearchEntry").objects.filter(kind="ticket").delete()


def _words(apps, words, batch):
    said = {}
    messages = apps.get_model("support", "Message").objects.filter(ticket__in=batch, removed_at=None).order_by("pk")
    for key, kind, author, text in messages.values_list("ticket_id", "kind", "author_label", "body_text"):
        said.setdefault((key, kind == "note"), []).extend([author, text])
    for ticket in batch:
        people = [f"{each.name} {each.email}" for each in (ticket.requester, ticket.opened_by) if each is not None]
        opening = [ticket.subject, ticket.body_text, *people]
        yield words(
            ticket_id=ticket.pk,
            open=_text([*opening, *said.get((ticket.pk, False), ())]),
            notes=_text(said.get((ticket.pk, True), ())),
        )


def _text(texts):
    stems = dict.fromkeys(root(word[:LONGEST_WORD]) for text in texts for word in words_of(text))
    return f" {' '.join(stems)} "[:LONGEST_TEXT] if stems else " "


def back_to_entries(apps, schema_editor):
    entries = apps.get_model("ground", "SearchEntry")
    tickets = apps.get_model("support", "Ticket").objects
    last = 0
    while batch := list(tickets.filter(pk__gt=last).order_by("pk").values_list("pk", "subject", "body_text")[:CHUNK]):
        entries.objects.bulk_create(entries(kind="ticket", object_id=key, **folded(title=subject, body=body)) for key, subject, body in batch)
        last = batch[-1][0]


class Migration(migrations.Migration):
    dependencies = [("support", "0038_facts_of_what_is_here"), ("ground", "0002_search")]

    operations = [migrations.RunPython(fill, back_to_entries)]
