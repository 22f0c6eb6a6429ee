"""Conflicts of interest: what was said, what was found, and what a lead waived with a reason."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onboarding import states
from onboarding.models.applications import Application
from onboarding.states import ConflictKind, ConflictSource, Tie


class ConflictQuerySet(models.QuerySet["Conflict"]):
    """Words for conflicts."""

    def hard(self) -> Self:
        """Those that keep the person from reading and judging; nobody has waived them."""
        return self.filter(kind__in=states.HARD_CONFLICTS, waived_at__isnull=True)

    def clear(self) -> Self:
        """Those after which the person reads and judges: answered, and none of the hard ones."""
        unanswered = Q(source=ConflictSource.DETECTED, waived_at__isnull=True)
        return self.exclude(unanswered | Q(kind__in=states.HARD_CONFLICTS, waived_at__isnull=True))


class Conflict(models.Model):
    """What ties one person to an application; `none` is an answer too.

    `ties` is what comparing found, also when the person then said that they can judge: leads read both.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(_("kind"), max_length=20, choices=ConflictKind)
    source = models.CharField(_("said by"), max_length=20, choices=ConflictSource, default=ConflictSource.DECLARED)
    ties = models.JSONField(_("found"), default=list, blank=True)
    note = models.TextField(_("note"), blank=True)
    declared_at = models.DateTimeField(auto_now=True)
    waived_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    waived_at = models.DateTimeField(null=True, blank=True)
    waive_reason = models.TextField(_("why it does not matter"), blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="conflict_declared_once"),
            models.CheckConstraint(
                condition=Q(waived_at__isnull=True, waived_by__isnull=True, waive_reason="")
                | (Q(waived_at__isnull=False, waived_by__isnull=False) & ~Q(waive_reason="")),
                name="conflict_waived_by_when_why",
            ),
            models.CheckConstraint(
                condition=Q(waived_by__isnull=True) | ~Q(waived_by=models.F("person")), name="conflict_waived_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.person}: {self.kind}"

    @property
    def is_waived(self) -> bool:
        return self.waived_at is not None

    @property
    def is_hard(self) -> bool:
        """Whether it keeps the person from reading and scoring."""
        return self.kind in states.HARD_CONFLICTS and not self.is_waived

    @property
    def is_plain(self) -> bool:
        """Whether what was found leaves the person nothing to answer."""
        return bool(states.PLAIN_TIES & set(self.ties)) and not self.is_waived

    @property
    def is_answered(self) -> bool:
        """Whether the person, or a lead for them, has said what it means."""
        return self.source != ConflictSource.DETECTED or self.is_waived or self.is_plain

    def may_become(self, kind: str) -> bool:
        """Whether the person may say this now: worse always; what a lead said, or that they cannot judge, they do not take back."""
        if kind in states.HARD_CONFLICTS and not self.is_hard:
            return True
        if self.source == ConflictSource.DECLARED:
            return not self.is_hard or kind in states.HARD_CONFLICTS
        return self.source == ConflictSource.DETECTED

    @property
    def may_be_waived(self) -> bool:
        """What was found, what a lead noted, or what keeps nobody from judging; that somebody says they cannot judge stands."""
        return not self.is_waived and self.kind != ConflictKind.NONE and (self.source != ConflictSource.DECLARED or not self.is_hard)

    @property
    def ties_in_words(self) -> list[str]:
        return [str(Tie(tie).label) for tie in self.ties]
