"""Decisions on applications, and the letters that tell them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, User
from ground.outbox import Waiting
from ground.states import Look, Stateful
from onboarding import states
from onboarding.models.applications import Application
from onboarding.states import ACCEPTANCES, PAST_DECISIONS, PENDING_DECISIONS, DecisionState, LetterState, Outcome, ReasonCode


def _both_or_neither(what: str) -> Q:
    who, when = f"{what}_by__isnull", f"{what}_at__isnull"
    return Q(**{who: True, when: True}) | Q(**{who: False, when: False})


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Words for decisions."""

    def standing(self) -> Self:
        """All that still hold, not set aside and not taken up again: at most one an application."""
        return self.exclude(state__in=PAST_DECISIONS)

    def pending(self) -> Self:
        """Those that were made and not told yet."""
        return self.filter(state__in=PENDING_DECISIONS)

    def not_to_approve_by(self, user: User | None) -> Self:
        """Where two people are asked for: those that this person proposed, or whose letter they edited last. A row can come twice."""
        return self.filter(Q(proposed_by=user) | Q(letters__edited_by=user), second_person=True)


class Decision(Stateful):
    """What is to be answered to an application: proposed by one person, approved by another, then released."""

    TRANSITIONS = states.DECISION_TRANSITIONS

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=20, choices=DecisionState, default=DecisionState.PROPOSED)
    outcome = models.CharField(_("outcome"), max_length=30, choices=Outcome)
    reasons = models.TextField(_("reasons"), help_text=_("For the team; the applicant reads the letter."))
    conditions = models.TextField(_("conditions"), blank=True, help_text=_("One a line; or where else to go."))
    reason_codes = models.JSONField(_("reasons that are counted"), default=list, blank=True)
    look_again_on = models.DateField(_("look again on"), null=True, blank=True)
    reviews_said = models.JSONField(default=dict, help_text=_("Count, median, mean and flags when it was proposed."))
    second_person = models.BooleanField(default=True, help_text=_("Somebody else than the proposer must approve."))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=~Q(state__in=["set_aside", "superseded"]), name="one_standing_decision"
            ),
            models.CheckConstraint(condition=_both_or_neither("approved"), name="decision_approved_who_when"),
            models.CheckConstraint(condition=_both_or_neither("released"), name="decision_released_who_when"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(approved_at__isnull=False), name="decision_released_after_approval"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "released"]) | Q(approved_at__isnull=False), name="decision_state_says_approved"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "superseded"]) | Q(released_at__isnull=False), name="decision_state_says_released"
            ),
            models.CheckConstraint(
                condition=Q(look_again_on__isnull=True) | Q(outcome="waitlist"), name="decision_looks_again_at_who_waits"
            ),
            models.CheckConstraint(
                condition=~Q(state="superseded") | Q(community__isnull=True), name="decision_that_founded_is_never_taken_up_again"
            ),
            models.CheckConstraint(
                condition=Q(second_person=False) | Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="decision_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"

    @property
    def look(self) -> Look:
        return states.DECISION_LOOKS[DecisionState(self.state)]

    def has_letter_by(self, user: User | None) -> bool:
        """Whether this person was the last to edit one of its letters."""
        return user is not None and any(letter.edited_by_id == user.pk for letter in self.letters.all())

    @property
    def is_acceptance(self) -> bool:
        return self.outcome in ACCEPTANCES

    @property
    def is_pending(self) -> bool:
        """Whether it was made and not told yet."""
        return self.state in PENDING_DECISIONS

    @property
    def condition_lines(self) -> list[str]:
        """The conditions one by one, as the letter lists them."""
        return [line for each in self.conditions.splitlines() if (line := each.strip().lstrip("-•* ").strip())]

    @property
    def conditions_in_letter(self) -> str:
        """The conditions as a list, or where else to go as it was written."""
        if self.outcome != Outcome.ACCEPT_WITH_CONDITIONS:
            return self.conditions
        return "\n".join(f"- {line}" for line in self.condition_lines)

    @property
    def reasons_in_words(self) -> list[str]:
        return [str(ReasonCode(code).label) for code in self.reason_codes if code in ReasonCode.values]


class Letter(Stateful, Waiting):
    """What the applicant is told, in their language; the row is the outbox it leaves from."""

    TRANSITIONS = states.LETTER_TRANSITIONS

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(max_length=20, choices=LetterState, default=LetterState.DRAFT)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("letter"))
    template_version = models.ForeignKey(
        "onboarding.LetterTemplateVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(fields=["decision", "language"], name="one_letter_a_language"),
            models.CheckConstraint(condition=~Q(state="sent") | Q(sent_at__isnull=False), name="letter_sent_when"),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="letter_due", condition=Q(next_attempt_at__isnull=False))]

    def __str__(self) -> str:
        return self.subject

    @property
    def look(self) -> Look:
        return states.LETTER_LOOKS[LetterState(self.state)]
