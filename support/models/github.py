"""Issues on GitHub that tickets became, the repositories they go to, and how far each repository has been read."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.outbox import Waiting
from support.models.tickets import Ticket
from support.policy import is_desk_staff
from support.states import ISSUE_LOOKS, IssueState, NamingRule

REPOSITORY = RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}\Z", _("Write it as owner/name."))


class IssueTarget(models.Model):
    """A repository that tickets may be escalated to, and how its issues are written. Operators keep the list."""

    name = models.CharField(_("name"), max_length=100, help_text=_("What agents choose it by."))
    repository = models.CharField(_("repository"), max_length=140, unique=True, validators=[REPOSITORY], help_text=_("owner/name"))
    labels = models.CharField(_("labels"), max_length=300, blank=True, help_text=_("Separated by commas. Agents may change them."))
    template = models.TextField(
        _("template"),
        blank=True,
        help_text=_(
            "Markdown. {what}, {kind}, {impact}, {community}, {hub}, {cluster}, {image}, {opened}, {ticket} and {freshdesk} are filled in. "
            "Empty for the usual one."
        ),
    )
    is_public = models.BooleanField(_("public"), default=True, help_text=_("Everybody can read its issues."))
    naming = models.CharField(_("communities are named"), max_length=10, choices=NamingRule, default=NamingRule.SLUG)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("repository for issues")
        verbose_name_plural = _("repositories for issues")
        constraints = [
            models.CheckConstraint(condition=Q(is_public=False) | ~Q(naming=NamingRule.NAME), name="public_issue_names_no_community")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.repository})"

    def clean(self) -> None:
        """A public issue never names a community in full."""
        if self.is_public and self.naming == NamingRule.NAME:
            raise ValidationError({"naming": _("Issues that everybody can read do not name a community in full.")})

    @property
    def label_list(self) -> list[str]:
        return [label for label in map(str.strip, self.labels.split(",")) if label]


class GitHubIssueQuerySet(models.QuerySet["GitHubIssue"]):
    """Issues by whether a ticket still counts them."""

    def visible_to(self, actor: Actor) -> Self:
        """Which ticket became which issue is the desk's to know."""
        return self if is_desk_staff(actor) else self.none()

    def linked(self) -> Self:
        return self.filter(unlinked_at=None)


class GitHubIssue(Waiting):
    """One issue of one ticket: made from it, or linked by hand. Waits for GitHub until it is made, or read."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="issues")
    repository = models.CharField(max_length=140)
    number = models.PositiveIntegerField(null=True, blank=True)
    """Empty until GitHub has made it."""
    title = models.CharField(max_length=256, blank=True)
    body = models.TextField(blank=True)
    labels = models.JSONField(default=list, blank=True)
    assignees = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=IssueState, blank=True)
    state_reason = models.CharField(max_length=40, blank=True)
    url = models.URLField(max_length=300, blank=True)
    marker = models.CharField(max_length=40, unique=True)
    """Stands in the body of what we make, so that it is found again when an answer was lost."""
    attempted_at = models.DateTimeField(null=True, blank=True)
    """When it left for GitHub and the answer has not come."""
    remote_updated_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unlinked_at = models.DateTimeField(null=True, blank=True)

    objects = GitHubIssueQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = "issue on GitHub"
        verbose_name_plural = "issues on GitHub"
        indexes = [
            models.Index(fields=["next_attempt_at"], name="issue_due", condition=Q(next_attempt_at__isnull=False)),
            models.Index(fields=["repository", "number"], name="issue_by_number"),
            models.Index(fields=["ticket", "created_at"], name="issue_of_ticket"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "repository", "number"],
                name="issue_once_a_ticket",
                condition=Q(unlinked_at__isnull=True, number__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.repository}#{self.number}" if self.number else self.repository

    @property
    def tone(self) -> str:
        return "bad" if self.is_refused else ISSUE_LOOKS[self.state].tone

    @property
    def is_waiting(self) -> bool:
        return self.next_attempt_at is not None

    @property
    def is_refused(self) -> bool:
        """Whether GitHub would not have it, or never answered."""
        return self.next_attempt_at is None and bool(self.last_error)


class WatchedRepository(models.Model):
    """How far the issues of one repository have been read, so that an unchanged one costs one free question."""

    repository = models.CharField(max_length=140, unique=True)
    read_until = models.DateTimeField(null=True, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["repository"]
        verbose_name_plural = "watched repositories"

    def __str__(self) -> str:
        return self.repository
