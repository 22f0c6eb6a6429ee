"""Incidents: what is broken for several communities at once, what was said to whom, and what is to follow."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.outbox import Waiting
from ground.states import Stateful
from ground.texts import pick
from support.models.tickets import Ticket
from support.policy import communities_of, is_desk_staff
from support.states import INCIDENT_LOOKS, INCIDENT_TRANSITIONS, IncidentEventKind, IncidentRole, IncidentState, Severity


class StatusComponent(models.Model):
    """A part of the service by a name that everybody may read. Operators keep the list."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("Everybody reads it: name no community."))
    name_es = models.CharField(_("name in Spanish"), max_length=100, blank=True)
    name_pt = models.CharField(_("name in Portuguese"), max_length=100, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=100, blank=True)
    cluster = models.ForeignKey(
        "hubs.Cluster",
        verbose_name=_("cluster"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("An incident of this cluster is shown here."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_public = models.BooleanField(_("on the status page"), default=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("part of the service")
        verbose_name_plural = _("parts of the service")

    def __str__(self) -> str:
        return pick({"en": self.name, "es": self.name_es, "pt": self.name_pt, "fr": self.name_fr})


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Incidents by who may know of them."""

    def visible_to(self, actor: Actor) -> Self:
        """The desk knows all; a member knows those that their communities were told of."""
        if is_desk_staff(actor):
            return self
        told = IncidentTelling.objects.filter(community__in=communities_of(actor)).values("update__incident")
        return self.filter(pk__in=told)

    def open(self) -> Self:
        return self.exclude(state=IncidentState.RESOLVED)

    def public(self) -> Self:
        """On the status page."""
        return self.filter(is_public=True)


class Incident(Stateful):
    """One incident. Its title and updates are read by communities and, if it is public, by everybody; its summary by the desk alone."""

    TRANSITIONS = INCIDENT_TRANSITIONS

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, choices=IncidentState, default=IncidentState.INVESTIGATING)
    severity = models.CharField(max_length=10, choices=Severity, default=Severity.MAJOR)
    title = models.JSONField(default=dict)
    """By language, English at least."""
    summary = models.TextField(blank=True)
    """What the desk knows; nobody else reads it."""
    is_public = models.BooleanField(default=True)
    cluster = models.ForeignKey("hubs.Cluster", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents")
    hubs = models.ManyToManyField("hubs.Hub", blank=True, related_name="incidents")
    components = models.ManyToManyField(StatusComponent, blank=True, related_name="incidents")
    declared_from = models.ForeignKey(Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "-pk"]
        indexes = [
            models.Index(fields=["-began_at", "-id"], name="incident_newest"),
            models.Index(fields=["-began_at", "-id"], name="incident_open", condition=~Q(state="resolved")),
            models.Index(fields=["-began_at", "-id"], name="incident_public", condition=Q(is_public=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=IncidentState.RESOLVED) | Q(resolved_at__isnull=False), name="incident_resolved_has_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title_said}"

    def get_absolute_url(self) -> str:
        return reverse("support:incident", args=[self.reference])

    @property
    def title_said(self) -> str:
        return pick(self.title)

    @property
    def tone(self) -> str:
        return INCIDENT_LOOKS[IncidentState(self.state)].tone

    @property
    def is_resolved(self) -> bool:
        return self.state == IncidentState.RESOLVED


class IncidentDuty(models.Model):
    """Who holds a role while an incident lasts."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="duties")
    role = models.CharField(max_length=20, choices=IncidentRole)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "incident duties"
        constraints = [models.UniqueConstraint(fields=["incident", "role"], name="incident_role_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"


class IncidentUpdate(models.Model):
    """What was said at one moment, in as many languages as somebody wrote."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    state = models.CharField(max_length=20, choices=IncidentState)
    text = models.JSONField(default=dict)
    """By language, English at least; Markdown."""
    solves = models.BooleanField(default=False)
    """Whether the tickets it is written into are solved with it."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["incident", "-at"], name="incident_update_newest")]

    def __str__(self) -> str:
        return self.text_said[:60]

    @property
    def text_said(self) -> str:
        return pick(self.text)

    @property
    def is_in_english_only(self) -> bool:
        """Whether the reader's language is not among those it was written in."""
        return not self.text.get((get_language() or "en").split("-")[0])

    @property
    def tone(self) -> str:
        return INCIDENT_LOOKS[IncidentState(self.state)].tone


class IncidentTelling(Waiting):
    """One update on its way into the tickets of one community. Each is written once; none knows of another."""

    update = models.ForeignKey(IncidentUpdate, on_delete=models.CASCADE, related_name="tellings")
    community = models.ForeignKey("communities.Community", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Empty for tickets that belong to no community yet."""
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], name="telling_due", condition=Q(next_attempt_at__isnull=False)),
            models.Index(fields=["community", "update"], name="telling_of_community"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["update", "community"], name="telling_once_a_community", condition=Q(community__isnull=False)),
            models.UniqueConstraint(fields=["update"], name="telling_once_without", condition=Q(community__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.update_id} to {self.community_id}"


class IncidentFollowUp(models.Model):
    """What is to be done after the incident, so that it does not come again."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="follow_ups")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    issue_url = models.URLField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text


class IncidentEvent(models.Model):
    """One line of the timeline. Append-only."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=IncidentEventKind)
    text = models.TextField(blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["incident", "at", "id"], name="incident_event_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    @property
    def said(self) -> str:
        """The line in the reader's words: states, roles and severities are kept by their key."""
        match self.kind:
            case IncidentEventKind.STATE if self.text in IncidentState.values:
                return str(IncidentState(self.text).label)
            case IncidentEventKind.ROLE:
                role, joint, who = self.text.partition(": ")
                return f"{IncidentRole(role).label}{joint}{who}" if role in IncidentRole.values else self.text
            case IncidentEventKind.DECLARED | IncidentEventKind.SCOPE:
                parts = self.text.split(" · ")
                return " · ".join(str(Severity(part).label) if part in Severity.values else part for part in parts)
        return self.text


class IncidentSilence(models.Model):
    """A person who wants no mail about incidents; the pages tell them all the same."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.user)
