"""Views that people of the desk keep: for themselves, or for all of them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from support.policy import is_desk_staff


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views by who may use them."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own and those that are shared, for who works at the desk. See `access.can_use_view`."""
        return self.filter(Q(owner=actor.user) | Q(is_shared=True)) if is_desk_staff(actor) else self.none()

    def in_rail(self) -> Self:
        """Pinned ones first, then by name."""
        return self.order_by("-is_pinned", "name", "pk")


class SavedView(models.Model):
    """Filters, an order and columns under a name and an address of its own."""

    key = models.SlugField(max_length=80, unique=True, help_text=_("Its word in addresses; it stays when the name changes."))
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_views")
    filters = models.JSONField(default=dict, help_text=_("Value by filter, as in the address of the list."))
    sort = models.CharField(max_length=20, blank=True)
    columns = models.JSONField(default=list, blank=True, help_text=_("What a row shows; empty for what each person chose."))
    is_shared = models.BooleanField(_("for everybody at the desk"), default=False)
    is_pinned = models.BooleanField(_("at the top of the rail"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('support:desk')}?view={self.key}"
