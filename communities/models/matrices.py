"""The responsibility matrix of a community: rows, changed and commented, and agreed by both sides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.differences import Value
from communities.models.communities import Community
from communities.models.matrix_templates import MatrixTemplateVersion
from communities.models.people import User
from communities.roles import STAFF, Role, StaffGroup
from communities.states import MATRIX_LOOKS, MATRIX_TRANSITIONS, MatrixKind, MatrixState, Party, Side
from ground.actors import Actor
from ground.states import Look, Stateful
from ground.texts import pick


@dataclass(frozen=True)
class Signature:
    """Who signed for a side, as what, and when; nobody yet when `at` is None."""

    side: Side
    who: User | None
    role: str | Promise
    at: datetime | None


class MatrixQuerySet(models.QuerySet["ResponsibilityMatrix"]):
    """Matrices by who may read them and whether they hold."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff read every matrix; people of a community read theirs, once it is proposed. See `access.can_see_matrix`."""
        if actor.user is None:
            return self.none()
        if actor.user.is_superuser or actor.user.staff_groups & STAFF:
            return self
        return self.filter(community__in=actor.user.roles_by_community).exclude(state=MatrixState.DRAFT)

    def agreed(self) -> Self:
        return self.filter(state=MatrixState.AGREED)

    def open(self) -> Self:
        """Not yet agreed, and not given up."""
        return self.filter(state__in=[MatrixState.DRAFT, MatrixState.PROPOSED])

    def with_signers(self) -> Self:
        return self.select_related("provider_agreed_by", "community_agreed_by", "proposed_by")


class ResponsibilityMatrix(Stateful):
    """Who does what for one community; it holds once both sides have agreed."""

    TRANSITIONS = MATRIX_TRANSITIONS

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="matrices")
    template = models.ForeignKey(MatrixTemplateVersion, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=MatrixState, default=MatrixState.DRAFT)
    kind = models.CharField(max_length=10, choices=MatrixKind, default=MatrixKind.FIRST)
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="+", help_text=_("The agreed one it would replace.")
    )
    reason = models.TextField(blank=True, help_text=_("Why a change is proposed."))
    withdrawn_reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_side = models.CharField(max_length=10, choices=Side, blank=True)
    provider_agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider_agreed_at = models.DateTimeField(null=True, blank=True)
    provider_agreed_as = models.CharField(max_length=40, blank=True, help_text=_("The group of staff in which that person signed."))
    community_agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    community_agreed_at = models.DateTimeField(null=True, blank=True)
    community_agreed_as = models.CharField(max_length=40, blank=True, help_text=_("The role in which that person signed."))
    provider_read_at = models.DateTimeField(null=True, blank=True, help_text=_("When our side last said it had read it."))
    community_read_at = models.DateTimeField(null=True, blank=True, help_text=_("When the community last said it had read it."))
    provider_told_at = models.DateTimeField(null=True, blank=True, help_text=_("When our side was last sent what is new."))
    community_told_at = models.DateTimeField(null=True, blank=True, help_text=_("When the community was last sent what is new."))
    review_on = models.DateField(null=True, blank=True, help_text=_("The day on which both sides look at it again."))
    renewal_asked_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(condition=Q(kind="first") | Q(based_on__isnull=False), name="a_change_changes_something"),
            models.CheckConstraint(condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""), name="withdrawn_for_a_reason"),
        ]
        indexes = [models.Index(fields=["review_on"], name="matrix_to_review", condition=Q(state="agreed"))]

    def __str__(self) -> str:
        return f"{self.community} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("communities:responsibilities", args=[self.community.slug])

    @property
    def look(self) -> Look:
        return MATRIX_LOOKS[MatrixState(self.state)]

    @property
    def agreed_at(self) -> datetime | None:
        """When the second side signed."""
        if self.provider_agreed_at is None or self.community_agreed_at is None:
            return None
        return max(self.provider_agreed_at, self.community_agreed_at)

    @property
    def is_open(self) -> bool:
        return self.state in {MatrixState.DRAFT, MatrixState.PROPOSED}

    def signatures(self) -> list[Signature]:
        """Both sides, ours first; the community's word for a role, and ours for a group."""
        groups, roles = dict(StaffGroup.choices), dict(Role.choices)
        return [
            Signature(Side.PROVIDER, self.provider_agreed_by, groups.get(self.provider_agreed_as, ""), self.provider_agreed_at),
            Signature(Side.COMMUNITY, self.community_agreed_by, roles.get(self.community_agreed_as, ""), self.community_agreed_at),
        ]

    def signed_at(self, side: Side) -> datetime | None:
        return self.provider_agreed_at if side == Side.PROVIDER else self.community_agreed_at

    def last_looked(self, side: Side) -> datetime | None:
        """Since when this side wants to know what is new: it read or signed it, or it was proposed."""
        read = self.provider_read_at if side == Side.PROVIDER else self.community_read_at
        known = [moment for moment in (read, self.signed_at(side), self.proposed_at) if moment is not None]
        return max(known, default=None)


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
    minutes_quarter = models.PositiveIntegerField(null=True, blank=True, help_text=_("The time agreed for it, in minutes a quarter."))
    note = models.CharField(max_length=500, blank=True)
    topics = models.JSONField(default=list, blank=True, help_text=_("Words of tickets that this row is about."))
    articles = models.JSONField(default=list, blank=True, help_text=_("Addresses of shared articles that explain it."))

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["matrix", "key"], name="a_responsibility_once")]

    def __str__(self) -> str:
        return self.key

    def said(self) -> dict[str, Value]:
        """What the two sides agree on, field by field, for comparing."""
        return {
            "party": self.party,
            "person": str(self.person) if self.person else "",
            "minutes_quarter": self.minutes_quarter,
            "note": self.note,
            "text": pick(self.text),
        }


class MatrixCommentQuerySet(models.QuerySet["MatrixComment"]):
    """Comments by who may read them and whether they wait for an answer."""

    def visible_to(self, actor: Actor) -> Self:
        """Whoever may read the matrix reads what was said about its rows. See `access.can_read_comment`."""
        return self.filter(row__matrix__in=ResponsibilityMatrix.objects.visible_to(actor))

    def unresolved(self) -> Self:
        return self.filter(resolved_at=None)


class MatrixComment(models.Model):
    """What somebody of either side said about one row while it was proposed."""

    row = models.ForeignKey(MatrixRow, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    text = models.TextField(max_length=2000)
    is_question = models.BooleanField(default=False, help_text=_("It waits for an answer; signing stays possible and says so."))
    at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = MatrixCommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["row", "at"], name="comment_of_row")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True) | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="comment_resolved_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
