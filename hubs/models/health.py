"""What was seen of a hub by looking at it: how it is now, how each day was, and when it did not answer."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hubs import conditions
from hubs.models.clusters import Hub
from hubs.states import HubState
from hubs.uptime import Tally

LATELY = timedelta(hours=1)  # the longest pause between two looks, and as long again


class HubWatchQuerySet(models.QuerySet["HubWatch"]):
    """Words for the looks at hubs."""

    def watchable(self) -> Self:
        """Of hubs that run, still stand in the configuration, and have an address."""
        return self.filter(hub__gone_at=None).exclude(hub__state=HubState.ENDED).exclude(hub__domain="")


class HubWatch(models.Model):
    """How one hub is as far as we looked, when it is looked at next, and which worker holds it meanwhile."""

    class Seen(models.TextChoices):
        NOTHING = "", _("not looked at yet")
        UP = "up", _("answers")
        DOWN = "down", _("does not answer")
        HIDDEN = "hidden", _("cannot be seen from here")

    hub = models.OneToOneField(Hub, primary_key=True, on_delete=models.CASCADE, related_name="watch")
    seen = models.CharField(max_length=6, choices=Seen, blank=True, default=Seen.NOTHING)
    seen_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, help_text=_("Why it did not answer: a word of hubs.probing.Why."))
    looked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text=_("When it last answered; empty if it never did."))
    failures = models.PositiveSmallIntegerField(default=0, help_text=_("How many looks in a row it did not answer."))
    failing_since = models.DateTimeField(null=True, blank=True, help_text=_("The first of those looks."))
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    version = models.CharField(max_length=40, blank=True)
    version_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody asked to look again; empty once we have."))
    due_at = models.DateTimeField(help_text=_("When it is looked at next."))
    held_by = models.CharField(max_length=32, blank=True, db_index=True)
    held_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = HubWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a hub")
        verbose_name_plural = _("looks at hubs")
        indexes = [models.Index(fields=["due_at"], name="hub_watch_due")]
        constraints = [
            models.CheckConstraint(condition=Q(failures=0) | Q(failing_since__isnull=False), name="hub_watch_failing_since"),
            models.CheckConstraint(condition=Q(seen="") | Q(seen_since__isnull=False), name="hub_watch_seen_since"),
        ]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.seen}"

    @property
    def is_asked(self) -> bool:
        """Somebody asked to look again, and we have not yet."""
        return self.asked_at is not None

    @property
    def has_answered(self) -> bool:
        """It was seen running at least once: only then is silence trouble."""
        return self.answered_at is not None

    @property
    def ready(self) -> str:
        """Whether it answers, in the word of a condition."""
        return {self.Seen.UP: "True", self.Seen.DOWN: "False"}.get(self.Seen(self.seen), conditions.UNKNOWN)

    def knows_best(self, now: datetime) -> bool:
        """We looked so lately, and saw so clearly, that our word goes before anybody else's."""
        return self.ready != conditions.UNKNOWN and self.looked_at is not None and abs(now - self.looked_at) < LATELY


class HubDay(models.Model):
    """One day (UTC) of one hub: how many looks, how long it was watched and did not answer, and how fast it was."""

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    checks = models.PositiveIntegerField(default=0)
    ok = models.PositiveIntegerField(default=0)
    watched_seconds = models.PositiveIntegerField(default=0)
    down_seconds = models.PositiveIntegerField(default=0)
    took_ms = models.PositiveBigIntegerField(default=0, help_text=_("Of all looks that were answered, together."))
    slowest_ms = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("day of a hub")
        verbose_name_plural = _("days of hubs")
        constraints = [
            models.UniqueConstraint(fields=["hub", "day"], name="hub_day_once"),
            models.CheckConstraint(condition=Q(ok__lte=F("checks")), name="hub_day_ok"),
            models.CheckConstraint(condition=Q(down_seconds__lte=F("watched_seconds")), name="hub_day_down_was_watched"),
        ]
        indexes = [models.Index(fields=["day"], name="hub_day_day")]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.day}"

    @property
    def tally(self) -> Tally:
        return Tally(self.watched_seconds, self.down_seconds)


class OutageQuerySet(models.QuerySet["Outage"]):
    """Words for outages."""

    def open(self) -> Self:
        """Those that go on."""
        return self.filter(ended__isnull=True)


class Outage(models.Model):
    """A time in which a hub did not answer, from the first look that failed to the first that did not."""

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="outages")
    began = models.DateTimeField()
    ended = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-began", "-pk"]
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        constraints = [
            models.UniqueConstraint(fields=["hub"], condition=Q(ended__isnull=True), name="outage_one_open_a_hub"),
            models.CheckConstraint(condition=Q(ended__isnull=True) | Q(ended__gte=F("began")), name="outage_ends_after_it_began"),
        ]
        indexes = [models.Index(fields=["hub", "-began"], name="outage_of_hub")]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.began:%Y-%m-%d %H:%M}"
