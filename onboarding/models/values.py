"""Who used a hub: counted by the hub itself or stated by a person, a row a day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.actors import Actor
from hubs.models import Hub


class ValueWatchQuerySet(models.QuerySet["ValueWatch"]):
    """Words for counts of use."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every count, people of a community theirs."""
        return self.filter(community__in=Community.objects.visible_to(actor))

    def reached(self) -> Self:
        """The days on which enough separate people had used it, by the policy of that day."""
        return self.filter(is_value=True)


class ValueWatch(models.Model):
    """How many separate people outside the team had used a hub within the policy's window, as known on that day; a hub is counted once a day."""

    class Source(models.TextChoices):
        HUB = "hub", _("counted by the hub")
        STATEMENT = "statement", _("stated by a person")

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="value_watches")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.PROTECT, related_name="value_watches")
    on = models.DateField(_("on"))
    separate_users = models.PositiveIntegerField(_("separate people"))
    is_value = models.BooleanField(default=False, help_text=_("Whether that was enough by the policy of the day."))
    source = models.CharField(max_length=10, choices=Source)
    note = models.CharField(_("how you know"), max_length=300, blank=True)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ValueWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of use")
        verbose_name_plural = _("counts of use")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["hub", "on"], condition=Q(source="hub"), name="one_count_a_hub_and_day"),
            models.CheckConstraint(
                condition=Q(source="hub", hub__isnull=False) | Q(source="statement", stated_by__isnull=False),
                name="value_watch_has_a_witness",
            ),
        ]
        indexes = [models.Index(fields=["community", "on"], name="value_of_community")]

    def __str__(self) -> str:
        return f"{self.community} {self.on}: {self.separate_users}"
