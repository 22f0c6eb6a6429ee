"""What of a ticket can be found: the words of its conversation, stemmed and folded."""

from django.db import models

from support.models.tickets import Ticket


class TicketWords(models.Model):
    """One row a ticket, kept by `support.search`. PostgreSQL adds a `document` column with its index, SQLite an FTS5 table.

    Both columns are words between single spaces, one space before the first and one after the last, so that ` word ` is a whole word.
    """

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, primary_key=True, related_name="words")
    open = models.TextField()
    """What whoever may see the ticket may find it by: its subject, its people, its public messages."""
    notes = models.TextField(default=" ")
    """What staff alone wrote to each other: nobody else finds a ticket by it."""

    class Meta:
        verbose_name_plural = "ticket words"

    def __str__(self) -> str:
        return str(self.ticket_id)
