"""The archives that people of a community asked for, each for a week."""

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.roles import Role, StaffGroup
from ground.actors import Actor
from ground.outbox import Waiting
from ground.states import Look, Stateful
from portal.states import ARCHIVE_LOOKS, ARCHIVE_TRANSITIONS, ArchiveState


def opaque_name(archive: "Archive", _filename: str) -> str:
    """One name a row, so that an archive made again takes the place of what a killed worker left."""
    return f"archives/{archive.key.hex}.zip"


class ArchiveQuerySet(models.QuerySet["Archive"]):
    """Archives by whose they are."""

    def visible_to(self, actor: Actor) -> Self:
        """Who asked has theirs as long as they represent the community; operators have all, and alone what holds everything.

        See `access.can_have_archive`. Nobody has another's: what is in it is what who asked may read.
        """
        user = actor.user
        if user is None or not user.is_active:
            return self.none()
        if user.is_superuser or StaffGroup.OPERATOR in user.staff_groups:
            return self
        represented = [key for key, roles in user.roles_by_community.items() if Role.REPRESENTATIVE in roles]
        return self.filter(requested_by=user, community__in=represented, is_whole=False)

    def wanted(self) -> Self:
        return self.filter(state=ArchiveState.WANTED)

    def ready(self) -> Self:
        """Those that can be had."""
        return self.filter(state=ArchiveState.READY, expires_at__gt=timezone.now())

    def over(self) -> Self:
        """Those whose week has passed."""
        return self.filter(state=ArchiveState.READY, expires_at__lte=timezone.now())


class Archive(Stateful, Waiting):
    """One archive for one person. The row waits for being made; the file is in the private store until its week has passed."""

    TRANSITIONS = ARCHIVE_TRANSITIONS
    KEPT = timedelta(days=7)

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="archives")
    state = models.CharField(max_length=10, choices=ArchiveState, default=ArchiveState.WANTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    is_whole = models.BooleanField(default=False, help_text=_("Whether it holds everything, also what only staff read."))
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=opaque_name, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text=_("In bytes."))
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict, blank=True)

    objects = ArchiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("archive")
        verbose_name_plural = _("archives")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["community"], condition=Q(state="wanted"), name="archive_one_at_a_time"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (Q(made_at__isnull=False, expires_at__isnull=False, size__isnull=False) & ~Q(file="")),
                name="archive_ready_is_there",
            ),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="archive_due", condition=Q(next_attempt_at__isnull=False)),
            models.Index(fields=["expires_at"], name="archive_over", condition=Q(state="ready")),
            models.Index(fields=["community", "requested_by", "-requested_at"], name="archive_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.requested_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("portal:leaving", args=[self.community.slug])

    @property
    def look(self) -> Look:
        return ARCHIVE_LOOKS[ArchiveState(self.state)]

    @property
    def is_ready(self) -> bool:
        """Whether it can be had."""
        return self.state == ArchiveState.READY and self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def file_name(self) -> str:
        """As it is called on the disk of who takes it."""
        return f"{self.community.slug}-{self.made_at or self.requested_at:%Y-%m-%d}.zip"
