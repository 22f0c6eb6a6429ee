"""Programmes, communities, and who belongs to them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from communities import quiet
from communities.models.people import User, validate_time_zone
from communities.roles import STAFF, Role
from communities.states import COMMUNITY_LOOKS, COMMUNITY_TRANSITIONS, CommunityState
from ground.actors import Actor
from ground.states import Look, Stateful


class Programme(models.Model):
    """What a community is served under: its forms, rubric and policies."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default_programme")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def default(cls) -> "Programme":
        return cls.objects.get(is_default=True)

    @property
    def policy(self) -> "ServicePolicy":
        """The numbers it is served by; the defaults as long as nobody has written any down. `select_related` saves the query."""
        return getattr(self, "service_policy", None) or ServicePolicy(programme=self)


class ServicePolicy(models.Model):
    """The numbers on which organisations differ, a row a programme. Where our sources disagree, the default is the stricter promise.

    Sources: events and endings (docs.2i2c.org, infrastructure runbooks), value and renewal (shared/reference/intake.md).
    """

    class Cloud(models.TextChoices):
        AWS = "aws", "Amazon Web Services"
        GCP = "gcp", "Google Cloud"
        AZURE = "azure", "Microsoft Azure"
        JETSTREAM2 = "jetstream2", "Jetstream2"

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="service_policy")
    reply_days = models.PositiveSmallIntegerField(_("working days until the first answer to an application"), default=5)
    event_notice_days = models.PositiveSmallIntegerField(_("days of notice before an event"), default=21)
    ending_notice_days = models.PositiveSmallIntegerField(_("days of notice before a hub ends"), default=30)
    renewal_days = models.PositiveSmallIntegerField(_("days before the end of an agreement at which renewal begins"), default=60)
    agreement_days = models.PositiveSmallIntegerField(_("days an agreement lasts when nothing else is written"), default=365)
    value_people = models.PositiveSmallIntegerField(_("separate people whose use counts as first value"), default=5)
    value_days = models.PositiveSmallIntegerField(_("days within which they must have used the hub"), default=14)
    value_counts_representatives = models.BooleanField(_("representatives count among them"), default=False)
    default_memory_gb = models.PositiveSmallIntegerField(_("memory of a user by default, in GB"), default=30)
    default_cloud = models.CharField(_("cloud by default"), max_length=20, choices=Cloud, default=Cloud.AWS)
    quiet_periods = models.TextField(
        _("times when few of us are there"),
        blank=True,
        validators=[quiet.validate],
        help_text=_("One on each line: 2026-12-21 2027-01-03 Winter break"),
    )

    class Meta:
        verbose_name = _("service policy")
        verbose_name_plural = _("service policies")

    def __str__(self) -> str:
        return str(self.programme)

    @classmethod
    def of(cls, programme: Programme | int) -> "ServicePolicy":
        """The programme's numbers in one query; the defaults where nobody has written any down."""
        key = programme.pk if isinstance(programme, Programme) else programme
        return cls.objects.filter(programme=key).first() or cls(programme_id=key)

    @property
    def times_of_quiet(self) -> list[quiet.Quiet]:
        """When few of the operator's people are there."""
        return quiet.read(self.quiet_periods)


class CommunityQuerySet(models.QuerySet["Community"]):
    """Communities by who may know of them and where they stand."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff know every community; a person knows their own."""
        if actor.user is None:
            return self.none()
        if actor.user.is_superuser or actor.user.staff_groups & STAFF:
            return self
        return self.filter(pk__in=actor.user.roles_by_community)

    def live(self) -> Self:
        return self.filter(state=CommunityState.LIVE)


class Community(Stateful):
    """A research or education community that we serve, from acceptance on."""

    TRANSITIONS = COMMUNITY_TRANSITIONS

    slug = models.SlugField(max_length=40, unique=True, editable=False, help_text=_("Part of every address; never changes."))
    name = models.CharField(_("name"), max_length=120)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="communities")
    state = models.CharField(max_length=20, choices=CommunityState, default=CommunityState.ONBOARDING)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    timezone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_time_zone])
    country = CountryField(_("country"), blank=True)
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)
    agreed_people = models.PositiveIntegerField(
        _("people the agreement speaks of"),
        null=True,
        blank=True,
        help_text=_("An event for more of them is flagged; empty where nothing was said."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("communities")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["name", "id"], name="community_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("portal:community", args=[self.slug])

    @property
    def look(self) -> Look:
        return COMMUNITY_LOOKS[CommunityState(self.state)]

    def people(self, *roles: Role) -> "models.QuerySet[User]":
        """Who holds one of these roles, by name."""
        return User.objects.filter(memberships__community=self, memberships__role__in=roles).distinct().order_by("name", "email")

    def representatives(self) -> "models.QuerySet[User]":
        return self.people(Role.REPRESENTATIVE)


class Membership(models.Model):
    """One role of one person in one community."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community", "user", "role"], name="a_role_once")]
        indexes = [models.Index(fields=["user", "community"], name="membership_of_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
