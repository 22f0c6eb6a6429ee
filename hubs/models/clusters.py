"""Clusters, the hubs on them, and who sees them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import Look
from hubs import conditions, states
from hubs.states import HubState

WATCHERS = frozenset(
    {StaffGroup.ENGINEER, StaffGroup.OPERATOR, StaffGroup.COMMUNITY_GUIDE, StaffGroup.SUPPORT_AGENT, StaffGroup.SUPPORT_TRIAGER}
)
"""The staff who see every hub and every request."""


def watches_all(actor: Actor) -> bool:
    """Is this somebody of the staff who sees every hub?"""
    return actor.user is not None and (actor.user.is_superuser or bool(actor.user.staff_groups & WATCHERS))


def communities_of(actor: Actor) -> list[int]:
    """The keys of the communities this person belongs to."""
    return list(actor.user.roles_by_community) if actor.user else []


class ClusterQuerySet(models.QuerySet["Cluster"]):
    """Words for clusters."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every cluster, members those their community has a hub on."""
        if watches_all(actor):
            return self
        return self.filter(pk__in=Hub.objects.visible_to(actor).values("cluster"))


class Cluster(models.Model):
    """A Kubernetes cluster hubs run on, as the configuration repository describes it."""

    class Provider(models.TextChoices):
        AWS = "aws", "AWS"
        GCP = "gcp", "Google Cloud"
        AZURE = "azure", "Azure"
        KUBECONFIG = "kubeconfig", _("Own Kubernetes")
        LOCAL = "local", _("This machine")

    name = models.SlugField(_("name"), max_length=40, unique=True)
    provider = models.CharField(_("provider"), max_length=12, choices=Provider)
    region = models.CharField(_("region"), max_length=60, blank=True)
    domain_suffix = models.CharField(_("domain"), max_length=200, blank=True, help_text=_("What the address of a hub ends in here."))
    shared = models.BooleanField(_("shared"), default=False, help_text=_("Carries hubs of several communities."))
    facts = models.JSONField(default=dict, blank=True, help_text=_("What the repository says besides: instance types, GPUs, account."))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")

    def __str__(self) -> str:
        return self.name


class HubQuerySet(models.QuerySet["Hub"]):
    """Words for hubs."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every hub, members those of their communities."""
        if watches_all(actor):
            return self
        return self.filter(community__in=communities_of(actor))

    def running(self) -> Self:
        """All that have not ended."""
        return self.exclude(state=HubState.ENDED)


class Hub(models.Model):
    """One JupyterHub (or BinderHub) of a community on a cluster."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="hubs")
    name = models.SlugField(_("name"), max_length=63)
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="hubs")
    display_name = models.CharField(_("name shown"), max_length=200)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=HubState, default=HubState.RECORDED)
    conditions = models.JSONField(
        default=list, blank=True, help_text=_("Synced, Ready, Usable: status True, False or Unknown, since, reason.")
    )
    facts = models.JSONField(default=dict, blank=True, help_text=_("Read from the configuration: images, sign-in, features, quotas."))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HubQuerySet.as_manager()

    class Meta:
        ordering = ["display_name", "pk"]
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "name"], name="hub_once_a_cluster"),
            models.UniqueConstraint(fields=["domain"], condition=~Q(domain="") & ~Q(state="ended"), name="hub_domain_once"),
        ]
        indexes = [models.Index(fields=["community", "state"], name="hub_of_community")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def url(self) -> str:
        return f"https://{self.domain}/" if self.domain else ""

    @property
    def look(self) -> Look:
        return states.HUB_META[self.state]

    @property
    def told_conditions(self) -> list[str]:
        """What is known, each in a few words."""
        return conditions.told(self.conditions)
