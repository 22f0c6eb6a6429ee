"""What readings of the configuration leave behind: the values as they were merged, what changed since, and how the last look went."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from hubs.models.clusters import Hub, Source, watches_all


class HubValues(models.Model):
    """A hub's merged values without secrets, beside the hub because lists of hubs must not carry them (docs/adr/0039)."""

    hub = models.OneToOneField(Hub, on_delete=models.CASCADE, primary_key=True, related_name="values")
    document = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    commit = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("values of a hub")
        verbose_name_plural = _("values of hubs")

    def __str__(self) -> str:
        return str(self.hub)


class HubFactChangeQuerySet(models.QuerySet["HubFactChange"]):
    """Words for changes of facts."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff who see every hub."""
        return self if watches_all(actor) else self.none()


class HubFactChange(models.Model):
    """One fact of a hub that changed between two readings; written once, never changed. Long facts are kept as the lines that differ."""

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="fact_changes")
    at = models.DateTimeField()
    fact = models.CharField(max_length=40)
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    commit = models.CharField(max_length=80, blank=True)

    objects = HubFactChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a hub")
        verbose_name_plural = _("changes of hubs")
        indexes = [models.Index(fields=["hub", "-at", "-id"], name="hub_fact_change_of_hub")]

    def __str__(self) -> str:
        return f"{self.hub_id}: {self.fact}"


class ConfigurationRead(models.Model):
    """How the last look at a source went; one row a source, locked while its reading is kept."""

    source = models.CharField(max_length=10, choices=Source, unique=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(_("last time it could be read"), null=True, blank=True)
    problem = models.TextField(blank=True)
    clusters = models.PositiveIntegerField(default=0)
    hubs = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("look at the configuration")
        verbose_name_plural = _("looks at the configuration")

    def __str__(self) -> str:
        return self.get_source_display()
