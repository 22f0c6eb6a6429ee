"""How much a hub is used: numbers of people, never who."""

from collections.abc import Sequence
from datetime import date

from django.db import models
from django.db.models import CharField, Q, Value
from django.utils.translation import gettext_lazy as _

from hubs.models.clusters import Hub
from hubs.models.health import HubDay


class HubUse(models.Model):
    """What was read of one hub on one day: how many people were active in the day, the week and the month before."""

    class Source(models.TextChoices):
        METRICS = "metrics", _("the hub's own metrics")
        PROMETHEUS = "prometheus", _("Prometheus")
        API = "api", _("the hub's list of users")

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="use")
    day = models.DateField()
    daily = models.PositiveIntegerField(null=True, blank=True)
    weekly = models.PositiveIntegerField(null=True, blank=True)
    monthly = models.PositiveIntegerField(null=True, blank=True)
    running_peak = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Servers at once: the most of the day, or when it was read.")
    )
    accounts = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=Source)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("use of a hub")
        verbose_name_plural = _("use of hubs")
        constraints = [
            models.UniqueConstraint(fields=["hub", "day"], name="hub_use_once_a_day"),
            models.CheckConstraint(
                condition=Q(daily__isnull=False) | Q(weekly__isnull=False) | Q(monthly__isnull=False), name="hub_use_says_something"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="hub_use_day")]

    def __str__(self) -> str:
        return f"{self.hub_id} {self.day}"


Past = Sequence[tuple[date, int | None, int | None, int | None]]


def past_of(hub: Hub, *, since: date) -> tuple[Past, Past]:
    """Day by day since then what was seen of the hub (watched and down seconds, looks) and its use (a week, a month, servers). One query."""
    seen = HubDay.objects.filter(hub=hub, day__gte=since).annotate(kind=Value("seen", output_field=CharField()))
    used = HubUse.objects.filter(hub=hub, day__gte=since).annotate(kind=Value("used", output_field=CharField()))
    both = seen.values_list("kind", "day", "watched_seconds", "down_seconds", "checks")
    rows = list(both.union(used.values_list("kind", "day", "weekly", "monthly", "running_peak"), all=True))
    return [row[1:] for row in rows if row[0] == "seen"], [row[1:] for row in rows if row[0] == "used"]
