"""A community's own version of a shared article, or of one section of it (docs/adr/0058)."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from communities.roles import Role
from ground.actors import Actor
from knowledgebase.models.pages import FixedTester, Served
from knowledgebase.models.writers import EDITORS, SHARED_EDITORS


class OwnVersions(Served):
    """Where a community's own versions stand in its tree. They are read in the place of what they replace, never below this page."""

    is_creatable = False
    parent_page_types: ClassVar[list[str]] = []
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar[list[Any]] = [*Page.content_panels]
    promote_panels: ClassVar[list[Any]] = []
    settings_panels: ClassVar[list[Any]] = []

    class Meta:
        verbose_name = _("own versions of shared articles")

    def permissions_for_user(self, user: Any) -> FixedTester:
        return FixedTester(user, self)


class Standing(models.TextChoices):
    """How what was replaced stands today."""

    SAME = "same", _("as it was")
    CHANGED = "changed", _("changed")
    MISSING = "missing", _("the section is gone or has another heading")
    GONE = "gone", _("the shared article is no longer published")


class OverrideQuerySet(models.QuerySet["Override"]):
    """Own versions by who writes them and what waits for a look."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the communities in whose name they may write; all for staff who edit. See `access.can_see_override`."""
        user = actor.user
        if user is None or not user.is_active:
            return self.none()
        if user.is_superuser or user.staff_groups & SHARED_EDITORS:
            return self.all()
        return self.filter(knowledge_base__community__in=communities_written_by(actor))

    def active(self) -> Self:
        """Those that were not given up for the shared text."""
        return self.filter(retired_at=None)

    def to_look_at(self) -> Self:
        """Those whose shared text changed since somebody looked."""
        return self.active().filter(changed_at__isnull=False)

    def listed(self) -> Self:
        """With what `has_given_way` asks, and no more of it than that."""
        return self.select_related("article__edition").defer(
            *(f"article__edition__{name}" for name in ("parts", "contents", "text", "markdown"))
        )


def communities_written_by(actor: Actor) -> list[int]:
    """The keys of the communities in whose name this person writes."""
    roles: dict[int, frozenset[str]] = actor.user.roles_by_community if actor.user else {}
    return [community for community, held in roles.items() if held & {Role(role) for role in EDITORS}]


class Override(models.Model):
    """That a page of a community is its own version of a shared article, or of the section under one heading of it.

    `replaced_*` is the shared text as the community last saw it, `now_*` as it is published today.
    """

    article = models.OneToOneField("knowledgebase.Article", on_delete=models.CASCADE, related_name="override")
    knowledge_base = models.ForeignKey("knowledgebase.KnowledgeBase", on_delete=models.CASCADE, related_name="overrides")
    shared = models.ForeignKey("knowledgebase.Article", null=True, on_delete=models.SET_NULL, related_name="overrides")
    address = models.CharField(_("address"), max_length=255, help_text=_("Of the shared article, as last known."))
    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=255, help_text=_("Of the shared article, as last known."))
    section = models.CharField(_("section"), max_length=80, blank=True, help_text=_("The heading's anchor; empty for the whole article."))
    heading = models.CharField(_("heading"), max_length=255, blank=True)
    replaced_text = models.TextField(blank=True)
    replaced_digest = models.CharField(max_length=64, blank=True)
    now_text = models.TextField(blank=True)
    now_digest = models.CharField(max_length=64, blank=True)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.SAME)
    changed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the shared text changed under it; empty once somebody looked.")
    )
    retired_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was given up for the shared text."))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("own version")
        ordering = ["address", "section", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["knowledge_base", "shared", "section"],
                condition=Q(retired_at=None, shared__isnull=False),
                name="one_own_version_each",
            ),
        ]
        indexes = [
            models.Index(fields=["shared"], condition=Q(retired_at=None), name="own_versions_of_shared"),
            models.Index(fields=["knowledge_base", "changed_at"], condition=Q(retired_at=None), name="own_versions_to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.heading}" if self.heading else self.title

    @property
    def is_whole(self) -> bool:
        return not self.section

    @property
    def needs_look(self) -> bool:
        """The shared text changed since somebody of the community looked."""
        return self.changed_at is not None and self.retired_at is None

    @property
    def has_given_way(self) -> bool:
        """Its shared article is gone, and another article is read at the address where this one was."""
        return self.is_whole and self.standing == Standing.GONE and self.article.live and not hasattr(self.article, "edition")
