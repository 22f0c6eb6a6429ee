"""The end of our service to a community: its dates, what became of the data, and the letters about it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.actors import Actor
from hubs.models import HubRequest


class EndingQuerySet(models.QuerySet["Ending"]):
    """Words for endings."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every ending, people of a community theirs."""
        return self.filter(community__in=Community.objects.visible_to(actor))

    def open(self) -> Self:
        return self.filter(finished_at__isnull=True, withdrawn_at__isnull=True)


class Ending(models.Model):
    """One community's end. The record stays readable afterwards."""

    class Data(models.TextChoices):
        MOVED = "moved", _("It was moved to its people")
        DELETE_OK = "delete_ok", _("They said it may be deleted")

    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="endings")
    request = models.ForeignKey(HubRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ends_on = models.DateField(_("last day"))
    export_until = models.DateField(_("exports possible until"))
    reason = models.CharField(_("why it ends"), max_length=500)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    unused_at = models.DateTimeField(null=True, blank=True)
    unused_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    data = models.CharField(_("the data"), max_length=20, choices=Data, blank=True)
    data_note = models.CharField(_("who said so, or where it is now"), max_length=300, blank=True)
    data_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    data_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    metrics_until = models.DateField(_("figures kept until"), null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EndingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ending")
        verbose_name_plural = _("endings")
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(finished_at__isnull=True, withdrawn_at__isnull=True), name="one_open_ending"
            ),
            models.CheckConstraint(condition=Q(export_until__lt=F("ends_on")), name="ending_export_before_end"),
            models.CheckConstraint(condition=~Q(reason=""), name="ending_says_why"),
            models.CheckConstraint(
                condition=Q(data="", data_at__isnull=True) | (~Q(data="") & Q(data_at__isnull=False)), name="ending_data_settled_when"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | (Q(unused_at__isnull=False) & ~Q(data="")), name="ending_deletes_what_is_settled"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(deleted_at__isnull=False, metrics_until__isnull=False),
                name="ending_finished_after_deletion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.ends_on}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.withdrawn_at is None

    @property
    def letters_settled(self) -> set[str]:
        """The kinds of letters that were written, and those that nobody waits for once the data is deleted.

        What was to be said before the deletion is not said after it, and where nobody is left to write to there is no letter.
        """
        written, kinds = set(self.letters.values_list("kind", flat=True)), EndingLetter.Kind
        if self.deleted_at is None:
            return written
        left = self.community.representatives().filter(is_active=True).exists()
        return written | {kinds.BEFORE.value, kinds.REMINDER.value} | (set() if left else {kinds.DELETED.value})


class EndingLetter(models.Model):
    """One letter to one representative about the end; each kind once a person."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("two weeks before")
        REMINDER = "reminder", _("two days before")
        DELETED = "deleted", _("after the deletion")

    ending = models.ForeignKey(Ending, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=Kind)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    queued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("letter about an end")
        verbose_name_plural = _("letters about an end")
        constraints = [models.UniqueConstraint(fields=["ending", "kind", "to"], name="ending_letter_once")]

    def __str__(self) -> str:
        return f"{self.ending} {self.kind}"
