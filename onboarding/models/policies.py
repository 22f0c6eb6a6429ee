"""How a programme reviews: what reviewers see, how long they have, and which commands who may give."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Programme
from onboarding.models.applications import Application


class ReviewPolicy(models.Model):
    """A programme's way of reviewing, one row each; `of` gives the defaults where there is none."""

    class SeeOthers(models.TextChoices):
        AFTER_OWN = "after_own", _("once their own is in")
        NEVER = "never", _("never; only review leads do")
        ALWAYS = "always", _("at once")

    programme = models.OneToOneField(Programme, on_delete=models.CASCADE, related_name="review_policy")
    see_others = models.CharField(_("reviewers see others’ reviews"), max_length=20, choices=SeeOthers, default=SeeOthers.AFTER_OWN)
    assigned_only = models.BooleanField(_("reviewers read only what they were asked to review"), default=False)
    hide_people = models.BooleanField(_("names and addresses are hidden from reviewers"), default=False)
    review_days = models.PositiveSmallIntegerField(_("days a reviewer has"), default=10)
    needs_calibration = models.BooleanField(_("reviewers first score the examples"), default=False)

    class Meta:
        verbose_name = _("review policy")
        verbose_name_plural = _("review policies")

    def __str__(self) -> str:
        return str(self.programme)

    @classmethod
    def of(cls, programme: Programme | int) -> "ReviewPolicy":
        """The programme's policy, or the defaults."""
        key = programme if isinstance(programme, int) else programme.pk
        return cls.objects.filter(programme=key).first() or cls(programme_id=key)


class CommandPolicy(models.Model):
    """What a programme says of one command: switched off, or for some of those only who may give it. It narrows, never widens."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="command_policies")
    command = models.CharField(_("command"), max_length=40)
    is_enabled = models.BooleanField(_("in use"), default=True)
    groups = models.JSONField(_("only these staff groups"), default=list, blank=True)

    class Meta:
        verbose_name = _("rule for a command")
        verbose_name_plural = _("rules for commands")
        constraints = [
            models.UniqueConstraint(fields=["programme", "command"], name="one_policy_a_command"),
            models.CheckConstraint(condition=~Q(command=""), name="command_policy_names_one"),
        ]

    def __str__(self) -> str:
        return self.command


class Override(models.Model):
    """A command that was given although something spoke against it, with the reason. Append-only."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="overrides")
    command = models.CharField(max_length=40)
    guards = models.JSONField(help_text=_("What spoke against it, by key."))
    reason = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="override_says_why")]

    def __str__(self) -> str:
        return f"{self.application}: {self.command}"
