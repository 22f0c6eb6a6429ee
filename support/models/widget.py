"""Sites that carry the widget, and where on them a ticket was written."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models

from communities.models import Community
from ground.actors import Actor
from hubs.models import Hub
from support.models.tickets import Ticket
from support.policy import is_desk_staff, teams_of


def new_key() -> str:
    """A key for one site. It is public: it names the site, and opens nothing by itself."""
    return secrets.token_urlsafe(16)


class WidgetSiteQuerySet(models.QuerySet["WidgetSite"]):
    """Sites by who may arrange them."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff all, representatives and champions their community's. See `access.can_arrange_site`."""
        return self if is_desk_staff(actor) else self.filter(community__in=teams_of(actor))

    def on(self) -> Self:
        return self.filter(is_on=True)


class WidgetSite(models.Model):
    """One documentation site of a community that carries the widget."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="widget_sites")
    hub = models.ForeignKey(Hub, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=30, unique=True, default=new_key)
    origins = models.JSONField(default=list)
    """Where it may be used: scheme, host and port as a browser names them."""
    is_on = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = WidgetSiteQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["community", "name", "id"], name="widget_site_of_community")]

    def __str__(self) -> str:
        return self.name


class WidgetAsk(models.Model):
    """The page on which a ticket was written. Whoever wrote it gave an address that nobody has verified."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="widget_ask")
    site = models.ForeignKey(WidgetSite, null=True, blank=True, on_delete=models.SET_NULL, related_name="asks")
    page_url = models.CharField(max_length=500, blank=True)
    page_title = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.page_url or str(self.ticket)
