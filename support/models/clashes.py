"""Clashes of the mirror: one field, changed on both sides to two different values. Shown until somebody says which holds."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from support.models.tickets import Ticket


class ClashQuerySet(models.QuerySet["Clash"]):
    """Clashes by whether somebody has looked at them."""

    def open(self) -> "ClashQuerySet":
        return self.filter(settled_at=None)


class Clash(models.Model):
    """Both values of one clash and who wrote them. Freshdesk's holds meanwhile; values are written as in a ticket's history."""

    class Kept(models.TextChoices):
        OURS = "ours", _("Ours")
        THEIRS = "theirs", _("Freshdesk's")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clashes")
    field = models.CharField(max_length=40)
    before = models.CharField(max_length=255, blank=True, help_text=_("What both sides last agreed on."))
    ours = models.CharField(max_length=255, blank=True)
    ours_by = models.CharField(max_length=200, blank=True)
    ours_at = models.DateTimeField(null=True, blank=True)
    theirs = models.CharField(max_length=255, blank=True)
    theirs_by = models.CharField(max_length=200, blank=True)
    theirs_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField()
    kept = models.CharField(max_length=10, choices=Kept, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ClashQuerySet.as_manager()

    class Meta:
        ordering = ["met_at", "pk"]
        indexes = [models.Index(fields=["ticket"], name="clash_open", condition=Q(settled_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, kept="") | (Q(settled_at__isnull=False) & ~Q(kept="")), name="clash_settled_names_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.ours} / {self.theirs}"
