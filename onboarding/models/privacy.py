"""Who read an application, how long its people are kept, and what people asked us about their own data."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import Look, Stateful
from onboarding import states
from onboarding.models.applications import Application
from onboarding.models.forms import FormDefinition
from onboarding.states import Ending, PrivacyState, RetentionAction

SEES_READERS = frozenset({StaffGroup.REVIEW_LEAD})
HANDLES_PRIVACY = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})


class ViewRecordQuerySet(models.QuerySet["ViewRecord"]):
    """Openings by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """Review leads know who read an application; nobody else does."""
        user = actor.user
        return self if user is not None and (user.is_superuser or user.staff_groups & SEES_READERS) else self.none()


class ViewRecord(models.Model):
    """One opening of an application by one of us. The database refuses a change, and for two years a delete.

    `minute` is `at` without its seconds: the same person on the same page within a minute opened it once.
    """

    LIFE = timedelta(days=731)  # migration 0161 refuses anything shorter

    class Where(models.TextChoices):
        PAGE = "page", _("on a page")
        API = "api", _("through the API")
        EXPORT = "export", _("in a download")
        FILE = "file", _("as a file")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="view_records")
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    minute = models.DateTimeField()
    where = models.CharField(max_length=10, choices=Where)
    label = models.CharField(max_length=60, blank=True, help_text=_("Which page, list or file."))

    objects = ViewRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of an application")
        verbose_name_plural = _("openings of applications")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["application", "-at", "-id"], name="view_records_of_one")]
        constraints = [
            models.UniqueConstraint(fields=["application", "viewer", "where", "label", "minute"], name="one_opening_a_minute"),
            models.CheckConstraint(condition=Q(where__in=["page", "api", "export", "file"]), name="view_record_says_where"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} {self.where} {self.label}"


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    """Words for retention rules."""

    def days(self, definition: FormDefinition | int, ending: str) -> int:
        """How long that form's applications that ended so are kept; the defaults where nobody wrote anything down."""
        written = self.filter(definition=definition, ending=ending).values_list("days", flat=True).first()
        return DEFAULT_DAYS[Ending(ending)] if written is None else written

    def until(self, application: Application, ending: str, *, since: datetime | None = None) -> datetime:
        """When the people in an application that ended so are forgotten."""
        return (since or timezone.now()) + timedelta(days=self.days(application.form_version.definition_id, ending))


class RetentionRule(models.Model):
    """How long the people in a form's applications are kept after one ending, and what happens then."""

    definition = models.ForeignKey(FormDefinition, on_delete=models.CASCADE, related_name="retention_rules", verbose_name=_("form"))
    ending = models.CharField(_("what became of the application"), max_length=20, choices=Ending)
    days = models.PositiveSmallIntegerField(_("days until then"))
    action = models.CharField(_("what happens then"), max_length=10, choices=RetentionAction, default=RetentionAction.ANONYMISE)

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["definition", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["definition", "ending"], name="one_retention_rule_an_ending"),
            models.CheckConstraint(condition=Q(ending__in=Ending.values), name="retention_rule_known_ending"),
            models.CheckConstraint(
                condition=Q(ending="draft", action="delete") | ~Q(ending="draft") & Q(action="anonymise"), name="only_drafts_are_deleted"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="retention_rule_leaves_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.definition}: {self.get_ending_display()}"


DEFAULT_DAYS: dict[Ending, int] = {
    Ending.DRAFT: 60,
    Ending.UNCONFIRMED: 60,
    Ending.SPAM: 60,
    Ending.WITHDRAWN: 183,
    Ending.DECLINE: 730,
    Ending.REFER: 730,
    Ending.WAITLIST: 730,
    Ending.ACCEPTED: 365,
}
"""Days after the last change, the sending, the mark, the withdrawal, the release, or the end of the engagement (shared/reference/intake.md §4.6)."""


class PrivacyLinkQuerySet(models.QuerySet["PrivacyLink"]):
    """Links by whether they still open anything."""

    def valid(self) -> Self:
        return self.filter(expires_at__gt=timezone.now(), sha256__isnull=False)


class PrivacyLink(models.Model):
    """A link to what we hold on one address, mailed to that address; the secret itself is kept nowhere, only its SHA-256."""

    LIFE = timedelta(days=3)

    email = models.EmailField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = PrivacyLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["email"], name="privacy_link_of_address")]

    def __str__(self) -> str:
        return str(self.pk)


class PrivacyRequestQuerySet(models.QuerySet["PrivacyRequest"]):
    """Requests by who may see them."""

    def visible_to(self, actor: Actor) -> Self:
        user = actor.user
        return self if user is not None and (user.is_superuser or user.staff_groups & HANDLES_PRIVACY) else self.none()

    def open(self) -> Self:
        return self.filter(state=PrivacyState.RECEIVED)


class PrivacyRequest(Stateful):
    """Somebody asks to be forgotten. What nobody decided on is forgotten at once; what was sent needs one of us to confirm.

    `email` is blanked once the answer was given; `references` say which applications it was about.
    """

    TRANSITIONS = states.PRIVACY_TRANSITIONS
    ANSWERED_WITHIN = timedelta(days=30)

    reference = models.CharField(max_length=16, unique=True, editable=False)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    state = models.CharField(max_length=10, choices=PrivacyState, default=PrivacyState.RECEIVED)
    references = models.JSONField(default=list, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)

    objects = PrivacyRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to be forgotten")
        verbose_name_plural = _("requests to be forgotten")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=Q(state="received"), name="one_open_privacy_request"),
            models.CheckConstraint(condition=Q(state="received") | Q(settled_at__isnull=False), name="privacy_request_settled_when"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="privacy_request_refused_why"),
            models.CheckConstraint(condition=Q(state__in=PrivacyState.values), name="privacy_request_state_known"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def look(self) -> Look:
        return states.PRIVACY_LOOKS[PrivacyState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state == PrivacyState.RECEIVED

    def is_overdue(self, now: datetime | None = None) -> bool:
        """Whether the month that the law gives us is over."""
        return self.is_open and self.due_at < (now or timezone.now())
