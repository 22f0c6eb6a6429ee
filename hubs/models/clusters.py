"""Clusters, the hubs on them, and who sees them."""

from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from communities.roles import StaffGroup
from ground.actors import Actor
from ground.states import Look
from hubs import conditions, having, states, told
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


class Source(models.TextChoices):
    """Who told us last of a cluster or a hub; only the same source can say that it is gone."""

    DEPLOYER = "deployer", _("the deployer's configuration")
    FOLDER = "folder", _("an imported folder")


class Match(models.TextChoices):
    """How we know whose hub it is."""

    RULE = "rule", _("from its configuration")
    REQUEST = "request", _("from the request that made it")
    PERSON = "person", _("said by a person")


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
    source = models.CharField(_("told by"), max_length=10, choices=Source, blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True, help_text=_("When it was first missed in the configuration."))
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

    def present(self) -> Self:
        """All that have not ended and still stand in the configuration."""
        return self.running().filter(gone_at=None)

    def unmatched(self) -> Self:
        """All of which nobody knows yet whose they are."""
        return self.present().filter(community=None, is_ours=False)

    def troubled(self) -> Self:
        """In trouble now; what is gone from the configuration is not."""
        return self.present().filter(state=HubState.TROUBLED)

    def on_status_page(self) -> Self:
        """Those that their communities show to everybody."""
        return self.filter(is_public_status=True)


class Hub(models.Model):
    """One JupyterHub (or BinderHub) of a community on a cluster."""

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="hubs")
    name = models.SlugField(_("name"), max_length=63)
    community = models.ForeignKey(Community, null=True, blank=True, on_delete=models.PROTECT, related_name="hubs")
    display_name = models.CharField(_("name shown"), max_length=200)
    domain = models.CharField(_("domain"), max_length=253, blank=True)
    address = models.CharField(
        _("address"), max_length=300, blank=True, help_text=_("Where people go, when that is not https:// and the domain.")
    )
    state = models.CharField(_("state"), max_length=12, choices=HubState, default=HubState.RECORDED)
    conditions = models.JSONField(
        default=list, blank=True, help_text=_("Synced, Ready, Usable: status True, False or Unknown, since, reason.")
    )
    facts = models.JSONField(default=dict, blank=True, help_text=_("Read from the configuration: images, sign-in, features, quotas."))
    source = models.CharField(_("told by"), max_length=10, choices=Source, blank=True)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True, help_text=_("When it was first missed in the configuration."))
    match = models.CharField(_("how its community is known"), max_length=10, choices=Match, blank=True)
    is_ours = models.BooleanField(_("belongs to us"), default=False, help_text=_("A hub of the staff, of no community."))
    is_public_status = models.BooleanField(
        _("on the status page"), default=False, help_text=_("Its community wants everybody to see whether it answers.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HubQuerySet.as_manager()

    class Meta:
        ordering = ["display_name", "pk"]
        verbose_name = _("hub")
        verbose_name_plural = _("hubs")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "name"], name="hub_once_a_cluster"),
            models.UniqueConstraint(
                fields=["domain"], condition=~Q(domain="") & ~Q(state="ended") & Q(gone_at__isnull=True), name="hub_domain_once"
            ),
            models.CheckConstraint(condition=Q(is_ours=False) | Q(community__isnull=True), name="hub_ours_or_a_communitys"),
        ]
        indexes = [models.Index(fields=["community", "state"], name="hub_of_community")]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        """The hub's page within its community; none while nobody knows whose it is."""
        if self.community is None:
            return ""
        return reverse("hubs:hub", kwargs={"slug": self.community.slug, "cluster": self.cluster.name, "name": self.name})

    @property
    def engineers_url(self) -> str:
        return reverse("hubs:one", kwargs={"cluster": self.cluster.name, "name": self.name})

    @property
    def sign_in_words(self) -> str | Promise:
        """How people sign in."""
        return having.sign_in_name(str(self.facts.get("authentication") or ""))

    @property
    def spec(self) -> Mapping[str, Any]:
        """What the configuration says of it, as the deployer told."""
        return told.mapped(self.facts.get("spec"))

    @property
    def images(self) -> list[str]:
        """The images people start."""
        return told.words(self.spec, "images")

    @property
    def url(self) -> str:
        return self.address or (f"https://{self.domain}/" if self.domain else "")

    @property
    def host(self) -> str:
        """The address as people read it, without what begins it."""
        return urlsplit(self.url).netloc

    @property
    def look(self) -> Look:
        return states.HUB_META[self.state]

    @property
    def told_conditions(self) -> list[str]:
        """What is known, each in a few words."""
        return conditions.told(self.conditions)
