"""The monthly update: of one community for its people, or of all for everybody; and who wants what to do with it."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, PreviewableMixin, RevisionMixin

from communities.models import Community
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.outbox import Waiting
from portal.blocks import BODY
from portal.months import Month

WRITERS = frozenset({StaffGroup.COMMUNITY_GUIDE, StaffGroup.OPERATOR})
"""The staff who draft and edit updates, and so read drafts."""


KEPT = (
    *("community", "month", "language", "facts", "drafted_at", "drafted_by", "published_by", "told_at"),
    *("attempts", "next_attempt_at", "last_error"),
)


class BodyField(StreamField):
    """Which blocks there are is code, not schema, so migrations do not repeat them."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, options = super().deconstruct()
        options.pop("block_lookup", None)
        return name, path, [[]], options


class CommunityUpdateQuerySet(models.QuerySet["CommunityUpdate"]):
    """Updates by who may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """Published ones: those for all to everybody, a community's to its people and staff. Drafts to who writes them.

        See `access.can_read_update`.
        """
        user = actor.user
        if user is not None and (user.is_superuser or user.staff_groups & WRITERS):
            return self
        published = self.filter(live=True)
        if user is not None and user.staff_groups:
            return published
        return published.filter(Q(community=None) | Q(community__in=user.roles_by_community if user else []))

    def published(self) -> Self:
        return self.filter(live=True)

    def untouched(self) -> Self:
        """Drafts that nobody has written in yet."""
        return self.filter(live=False, latest_revision=None, first_published_at=None)

    def of(self, community: Community | None) -> Self:
        """Of that community; without one, those for all."""
        return self.filter(community=community)


class CommunityUpdate(PreviewableMixin, DraftStateMixin, RevisionMixin, Waiting):
    """One month in one language. `facts` are the numbers as they were counted when it was drafted, and do not move afterwards."""

    community = models.ForeignKey(Community, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="updates")
    month = models.DateField(gettext_lazy("month"), editable=False)
    language = models.CharField(gettext_lazy("language"), max_length=10, choices=settings.LANGUAGES, default="en", editable=False)
    body = BodyField(BODY, blank=True, verbose_name=gettext_lazy("text"))
    facts = models.JSONField(default=dict, editable=False)
    drafted_at = models.DateTimeField(editable=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=gettext_lazy("When its readers were written to."))

    objects = CommunityUpdateQuerySet.as_manager()

    panels: ClassVar[list[Any]] = [FieldPanel("body")]

    class Meta:
        verbose_name = gettext_lazy("community update")
        verbose_name_plural = gettext_lazy("community updates")
        ordering = ["-month", "community__name", "language"]
        constraints = [
            models.UniqueConstraint(fields=["community", "month", "language"], name="update_once_a_month"),
            models.UniqueConstraint(fields=["month", "language"], condition=Q(community=None), name="update_for_all_once_a_month"),
        ]
        indexes = [
            models.Index(fields=["-month", "id"], name="update_newest", condition=Q(live=True)),
            models.Index(fields=["next_attempt_at"], name="update_due", condition=Q(next_attempt_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.community or _('For all')} · {self.month:%Y-%m} · {self.language}"

    def get_absolute_url(self) -> str:
        if self.community is None:
            return reverse("portal:public_update", args=[self.of_month])
        return reverse("portal:update", args=[self.community.slug, self.of_month])

    @property
    def of_month(self) -> Month:
        return Month.of(self.month)

    @property
    def title(self) -> str:
        """In its own language."""
        with override(self.language):
            month = date_format(self.month, "F Y")
            if self.community is None:
                return _("What happened in %(month)s") % {"month": month}
            return _("%(community)s in %(month)s") % {"community": self.community, "month": month}

    def with_content_json(self, content: Any) -> Any:
        """A revision holds words; whose update it is, its numbers and who was told are the row's."""
        found: Any = super().with_content_json(content)
        for name in KEPT:
            setattr(found, name, getattr(self, name))
        return found

    def get_preview_template(self, request: Any, mode_name: str) -> str:  # noqa: ARG002  Wagtail's signature
        return "portal/updates/preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:  # noqa: ARG002
        return {"update": self, "request": request}


class QuietReader(models.Model):
    """That somebody wants no mail about the updates of a community."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "community"], name="quiet_reader_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.community}"


class NamedForAll(models.Model):
    """That a community agreed to be named in the update for everybody."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="named_for_all")
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.community)
