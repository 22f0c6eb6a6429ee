"""Applications, what was answered when, and the links by which an applicant comes back."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from communities.models import Community, Programme, User
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import Look, Stateful
from onboarding.models.forms import FormVersion
from onboarding.models.policies import ReviewPolicy
from onboarding.states import APPLICATION_LOOKS, APPLICATION_TRANSITIONS, ASSIGNED, LIVE_REVIEWS, ApplicationState, Outcome

SEES_EVERY_SENT = frozenset({StaffGroup.REVIEW_LEAD, StaffGroup.OPERATOR})
AFTER_VERIFYING = [ApplicationState.SCREENING, ApplicationState.IN_REVIEW, ApplicationState.DISCUSSION, ApplicationState.DECIDED]


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications by who may read them and how far they are."""

    def visible_to(self, actor: Actor) -> Self:
        """A draft is the applicant's alone; leads and operators read what was sent, reviewers what was also confirmed.

        Where the programme says so, reviewers read only what they were asked to. Examples to practise on are nobody's here.
        """
        user = actor.user
        if user is None:
            return self.none()
        if user.is_superuser or user.staff_groups & SEES_EVERY_SENT:
            return self.sent()
        if StaffGroup.REVIEWER in user.staff_groups:
            narrow = ReviewPolicy.objects.filter(assigned_only=True).values("programme")
            return self.sent().verified().filter(~Q(programme__in=narrow) | Q(pk__in=self._given_to(user)))
        return self.none()

    def _given_to(self, user: User) -> "models.QuerySet[Application, int]":
        """What this person was asked to review, or has begun to."""
        rows = self.model._base_manager.filter(
            Q(assignments__reviewer=user, assignments__state__in=ASSIGNED) | Q(reviews__reviewer=user, reviews__state__in=LIVE_REVIEWS)
        )
        return rows.values_list("pk", flat=True)

    def in_earnest(self) -> Self:
        """Those on their way by themselves: no example to practise on, no spam, not joined with another."""
        return self.filter(is_calibration=False, spam_at__isnull=True, duplicate_of__isnull=True)

    def drafts(self) -> Self:
        return self.filter(state=ApplicationState.DRAFT)

    def sent(self) -> Self:
        """Sent by somebody; an example to practise on never was."""
        return self.exclude(state=ApplicationState.DRAFT).filter(sent_at__isnull=False, is_calibration=False)

    def verified(self) -> Self:
        return self.filter(email_verified_at__isnull=False)

    def with_joined(self) -> Self:
        """With `has_joined`: whether another was joined with it, so that pages look for what that one says."""
        return self.annotate(has_joined=Exists(Application.objects.filter(duplicate_of=OuterRef("pk"))))

    def not_spam(self) -> Self:
        return self.filter(spam_at=None)


class Application(Stateful):
    """One community's wish to be served, from the first page of the form to the decision.

    `answers` holds option keys and plain values by field key (onboarding.questions.answers); `etag` counts the saves.
    `outcome` is set when a decision is released, never before: the follow page reads it.
    """

    TRANSITIONS = APPLICATION_TRANSITIONS

    reference = models.CharField(max_length=16, unique=True, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="applications")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="applications")
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, choices=ApplicationState, default=ApplicationState.DRAFT)
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    answers = models.JSONField(default=dict, blank=True)
    etag = models.PositiveIntegerField(default=1)
    written_in = models.UUIDField(
        null=True, blank=True, editable=False, help_text=_("The window that saved last; it may save again, whatever it missed.")
    )
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200, blank=True, help_text=_("What the community calls itself, taken from its answers."))
    country = CountryField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField(default=timezone.now, help_text=_("Since when it has been in its state."))
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when it has been waiting for an answer of the applicant.")
    )
    reviews_submitted = models.PositiveSmallIntegerField(default=0)
    median = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True, help_text=_("Of the submitted reviews' totals."))
    flags = models.JSONField(default=list, blank=True, help_text=_("What deserves a talk: the kinds of flags, each once."))
    is_calibration = models.BooleanField(default=False, help_text=_("An example to practise on; never a community's own."))
    spam_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates")
    purge_after = models.DateTimeField(null=True, blank=True, help_text=_("When a draft is deleted."))
    reminded_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Of the reminders of a draft, the last that was mailed: after so many days.")
    )
    retain_until = models.DateTimeField(null=True, blank=True, help_text=_("When the people in it are forgotten."))
    erased_at = models.DateTimeField(null=True, blank=True, help_text=_("When the people in it were forgotten."))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-sent_at", "-id"], name="application_by_state"),
            models.Index(fields=["state", "-state_since", "-id"], name="application_on_board"),
            models.Index(fields=["retain_until"], name="application_to_forget", condition=Q(retain_until__isnull=False)),
            models.Index(fields=["purge_after"], name="application_to_purge", condition=Q(purge_after__isnull=False)),
            models.Index(fields=["email"], name="application_by_email"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False), name="application_sent_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AFTER_VERIFYING) | Q(email_verified_at__isnull=False), name="application_read_once_verified"
            ),
            models.CheckConstraint(
                condition=Q(email_verified_at__isnull=True) | ~Q(email="") | Q(erased_at__isnull=False),
                name="application_verified_has_email",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | ~Q(email="") | Q(erased_at__isnull=False), name="application_sent_has_email"
            ),
            models.CheckConstraint(condition=Q(outcome="") | Q(state="decided"), name="application_outcome_once_decided"),
            models.CheckConstraint(condition=~Q(state="draft") | Q(purge_after__isnull=False), name="application_draft_has_end"),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | ~Q(duplicate_of=F("pk")), name="application_is_no_duplicate_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}".strip()

    def move_to(self, state: str, *, by: Actor, note: str = "") -> Self:
        """Move, and remember since when: the board sorts by it. Raises `WrongState`."""
        super().move_to(state, by=by, note=note)
        self.state_since = timezone.now()
        self.save(update_fields=["state_since"])
        return self

    def take_over(self) -> None:
        """The facts that lists show are copied from the answers; whoever changes the answers calls this before saving."""
        self.name = str(self.answers.get("community.long_name") or "")[:200]
        country = self.answers.get("community.country")
        self.country = country if isinstance(country, str) else ""

    @property
    def is_waiting(self) -> bool:
        """Whether the applicant was asked something and has not answered."""
        return self.waiting_since is not None

    @property
    def look(self) -> Look:
        return APPLICATION_LOOKS[ApplicationState(self.state)]

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT

    @property
    def is_verified(self) -> bool:
        return self.email_verified_at is not None


class AnswerRevision(models.Model):
    """Everything that was answered when it was sent or changed afterwards. Append-only; reviews point to one.

    `hidden_keys` were answered, then hidden by another answer: they are kept and not read.
    """

    class Reason(models.TextChoices):
        SENT = "sent", _("sent")
        APPLICANT = "applicant", _("changed by the applicant")
        STAFF = "staff", _("changed by staff")
        UPGRADE = "upgrade", _("moved to a newer form")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    hidden_keys = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=20, choices=Reason)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="answer_revision_number")]

    def __str__(self) -> str:
        return f"{self.application.reference} {self.number}"

    @property
    def shown_answers(self) -> dict[str, object]:
        """The answers to questions that were asked in the end."""
        return {key: value for key, value in self.answers.items() if key not in self.hidden_keys}


class ResumeTokenQuerySet(models.QuerySet["ResumeToken"]):
    """Links by whether they still open anything."""

    def valid(self) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())


class ResumeToken(models.Model):
    """A link that was mailed to an applicant; the secret itself is kept nowhere, only its SHA-256."""

    class Purpose(models.TextChoices):
        RESUME = "resume", _("go on with a draft")
        FOLLOW = "follow", _("follow what was sent")
        CORRECT = "correct", _("answer a question")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="resume_tokens")
    sha256 = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)

    objects = ResumeTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(uses=0, last_used_at__isnull=True) | Q(uses__gt=0, last_used_at__isnull=False),
                name="resume_token_used_has_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application.reference} {self.purpose}"
