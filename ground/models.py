"""Rows of the machinery: what happened to a state, mail on its way out, signs of life."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.outbox import Waiting


class StageEvent(models.Model):
    """One change of one row's state. Append-only."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    before = models.CharField(max_length=40)
    after = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_role = models.CharField(max_length=40)
    actor_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id", "at"], name="stage_event_of_object")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class OutgoingMail(Waiting):
    """A mail on its way out. Mails with a `kind` are composed while sending, so that secrets are minted there."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    kind = models.CharField(max_length=100, blank=True)
    params = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10, default="en")
    to = models.JSONField(default=list)
    message = models.TextField(
        blank=True, help_text=_("The whole message where Django's own mail functions wrote it; blanked after sending.")
    )
    subject = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_attempt_at"], name="mail_due", condition=models.Q(next_attempt_at__isnull=False))]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind="") | models.Q(message=""), name="mail_composed_once"),
            models.CheckConstraint(condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False), name="mail_sent_has_time"),
        ]

    def __str__(self) -> str:
        return self.kind or self.subject


class Heartbeat(models.Model):
    """When the worker and the scheduler last showed that they live."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """What of a row can be found, as trunks of its words (ground.search). PostgreSQL adds columns of lexemes, SQLite an FTS5 table."""

    kind = models.CharField(max_length=20)
    object_id = models.PositiveBigIntegerField()
    title = models.TextField()
    headings = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchWord(models.Model):
    """A word of a kind's corpus: what it is found by, and how many rows hold that."""

    kind = models.CharField(max_length=20)
    word = models.CharField(max_length=40)
    trunk = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "word"], name="a_search_word_once")]
        indexes = [
            models.Index(fields=["kind", "trunk"], name="search_word_by_trunk"),
            models.Index(fields=["kind", "word"], opclasses=["varchar_pattern_ops"] * 2, name="search_word_by_beginning"),
        ]

    def __str__(self) -> str:
        return self.word


class SearchSpelling(models.Model):
    """A key that a word of a kind's corpus shares with what it may be misspelt as (ground.search.spelling)."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=10)
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "word"], name="a_spelling_once")]
        indexes = [models.Index(fields=["kind", "word"], name="spelling_of_word")]

    def __str__(self) -> str:
        return f"{self.key} {self.word}"
