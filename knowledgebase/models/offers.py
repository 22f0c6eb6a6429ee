"""An article that a community offers to the shared shelf, and what became of it."""

from collections.abc import Collection, Mapping
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from ground.states import Look, Stateful, register
from knowledgebase.models.overrides import communities_written_by
from knowledgebase.models.writers import SHARED_EDITORS


class OfferState(models.TextChoices):
    """Where an offer stands."""

    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("taken")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


TRANSITIONS: Mapping[str, Collection[str]] = {
    OfferState.OFFERED: (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WITHDRAWN),
    OfferState.ACCEPTED: (),
    OfferState.DECLINED: (),
    OfferState.WITHDRAWN: (),
}
LOOKS = {
    OfferState.OFFERED: Look("wait", "staff"),
    OfferState.ACCEPTED: Look("good"),
    OfferState.DECLINED: Look("bad"),
    OfferState.WITHDRAWN: Look(""),
}
register("Offer of an article", OfferState, TRANSITIONS)


class OfferQuerySet(models.QuerySet["Offer"]):
    """Offers by who deals with them."""

    def visible_to(self, actor: Actor) -> Self:
        """A community's own for its writers; all for staff who edit shared articles. See `access.can_see_offer`."""
        user = actor.user
        if user is None or not user.is_active:
            return self.none()
        if user.is_superuser or user.staff_groups & SHARED_EDITORS:
            return self.all()
        return self.filter(knowledge_base__community__in=communities_written_by(actor))

    def waiting(self) -> Self:
        return self.filter(state=OfferState.OFFERED)


class Offer(Stateful):
    """One offer of one article. What is read and taken is the article as it is published when somebody decides."""

    TRANSITIONS = TRANSITIONS

    article = models.ForeignKey("knowledgebase.Article", null=True, on_delete=models.SET_NULL, related_name="offers")
    knowledge_base = models.ForeignKey("knowledgebase.KnowledgeBase", on_delete=models.CASCADE, related_name="offers")
    title = models.CharField(_("title"), max_length=255)
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    note = models.TextField(_("note"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    taken_as = models.ForeignKey("knowledgebase.Article", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["article"], condition=Q(state="offered"), name="article_offered_once"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="offer_declined_why"),
            models.CheckConstraint(condition=Q(decided_at__isnull=True) | Q(state__in=["accepted", "declined"]), name="offer_decided_when"),
        ]
        indexes = [models.Index(fields=["state", "offered_at"], name="offers_waiting")]

    def __str__(self) -> str:
        return self.title

    @property
    def look(self) -> Look:
        return LOOKS[OfferState(self.state)]
