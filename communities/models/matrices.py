"""The responsibility matrix: a template's rows, taken over by a community, changed, and agreed by both sides."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models.communities import Community, Programme
from communities.models.people import User
from communities.roles import STAFF
from communities.states import MATRIX_LOOKS, MATRIX_TRANSITIONS, MatrixState, Party
from ground.actors import Actor
from ground.states import Look, Stateful


class MatrixTemplateVersion(models.Model):
    """One published version of the default matrix: `areas` holds areas with rows, texts by language."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="matrix_templates")
    number = models.PositiveIntegerField()
    areas = models.JSONField()
    sha256 = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="matrix_template_number"),
            models.UniqueConstraint(fields=["programme"], condition=Q(is_current=True), name="one_current_matrix_template"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class MatrixQuerySet(models.QuerySet["ResponsibilityMatrix"]):
    """Matrices by who may read them and whether they hold."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff read every matrix; people of a community read theirs, once it is proposed."""
        if actor.user is None:
            return self.none()
        if actor.user.is_superuser or actor.user.staff_groups & STAFF:
            return self
        return self.filter(community__in=actor.user.roles_by_community).exclude(state=MatrixState.DRAFT)

    def agreed(self) -> Self:
        return self.filter(state=MatrixState.AGREED)


class ResponsibilityMatrix(Stateful):
    """Who does what for one community; it holds once both sides have agreed."""

    TRANSITIONS = MATRIX_TRANSITIONS

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="matrices")
    template = models.ForeignKey(MatrixTemplateVersion, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=MatrixState, default=MatrixState.DRAFT)
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    provider_agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider_agreed_at = models.DateTimeField(null=True, blank=True)
    community_agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community_agreed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MatrixQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("responsibility matrices")
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="matrix_number"),
            models.UniqueConstraint(fields=["community"], condition=Q(state="agreed"), name="one_agreed_matrix"),
            models.UniqueConstraint(fields=["community"], condition=Q(state__in=["draft", "proposed"]), name="one_open_matrix"),
            models.CheckConstraint(
                condition=Q(provider_agreed_by__isnull=True, provider_agreed_at__isnull=True)
                | Q(provider_agreed_by__isnull=False, provider_agreed_at__isnull=False),
                name="provider_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(community_agreed_by__isnull=True, community_agreed_at__isnull=True)
                | Q(community_agreed_by__isnull=False, community_agreed_at__isnull=False),
                name="community_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(provider_agreed_by__isnull=False, community_agreed_by__isnull=False),
                name="agreed_by_both_sides",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.community} {self.number}"

    @property
    def look(self) -> Look:
        return MATRIX_LOOKS[MatrixState(self.state)]


class MatrixRow(models.Model):
    """One responsibility of one matrix. `area` and `text` are texts by language, as the template had them."""

    matrix = models.ForeignKey(ResponsibilityMatrix, on_delete=models.CASCADE, related_name="rows")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    area_key = models.CharField(max_length=40)
    area = models.JSONField()
    text = models.JSONField()
    party = models.CharField(max_length=20, choices=Party, default=Party.UNSET)
    role = models.CharField(max_length=80, blank=True, help_text=_("Who on that side does it, in a word."))
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["matrix", "key"], name="a_responsibility_once")]

    def __str__(self) -> str:
        return self.key
