"""What another hub of a community would mean: is it agreed, how much work is it, what does it cost and who pays."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ground.actors import Actor
from hubs.models.clusters import Hub, watches_all
from hubs.models.requests import HubRequest
from hubs.states import Kind

DIGITS = {"CLP": 0, "JPY": 0, "KRW": 0, "PYG": 0, "UGX": 0, "VND": 0, "XAF": 0, "XOF": 0}
"""Currencies without hundredths; all others have two digits (ISO 4217)."""


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Words for assessments."""

    def visible_to(self, actor: Actor) -> Self:
        """The staff who see every request; a community does not read what we think of its wish."""
        return self if watches_all(actor) else self.none()


class Assessment(models.Model):
    """What we think of a request for another hub, recorded beside it before it can be approved."""

    class Cover(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        ASK = "ask", _("We have to ask")

    class Load(models.TextChoices):
        SMALL = "small", _("Small")
        MEDIUM = "medium", _("Medium")
        LARGE = "large", _("Large")

    class Payer(models.TextChoices):
        ORGANISATION = "organisation", _("We do")
        COMMUNITY = "community", _("The community does")
        FUNDER = "funder", _("A funder does")

    request = models.OneToOneField(HubRequest, on_delete=models.PROTECT, related_name="assessment")
    covered = models.CharField(_("covered by the agreement"), max_length=4, choices=Cover)
    load = models.CharField(_("work to run it"), max_length=8, choices=Load)
    load_note = models.CharField(_("what makes it so"), max_length=500, blank=True)
    monthly_cost = models.PositiveIntegerField(_("cost a month"), help_text=_("In the currency's minor unit."))
    currency = models.CharField(_("currency"), max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}$")])
    paid_by = models.CharField(_("who pays"), max_length=12, choices=Payer)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.request} {self.get_covered_display()}"

    @property
    def amount(self) -> Decimal:
        """The cost a month as people write it."""
        return Decimal(self.monthly_cost).scaleb(-digits(self.currency))


def digits(currency: str) -> int:
    """How many digits the currency has after the point."""
    return DIGITS.get(currency, 2)


def needs_assessment(request: HubRequest) -> bool:
    """It asks for a hub, and the community runs one already."""
    is_new = request.kind == Kind.NEW_HUB or (request.kind == Kind.EVENT and "new_hub" in request.document)
    return is_new and Hub.objects.present().filter(~Q(pk=request.hub_id), community=request.community_id).exists()


def lacks_assessment(request: HubRequest) -> bool:
    """It needs one, and nobody has recorded one."""
    return needs_assessment(request) and not Assessment.objects.filter(request=request).exists()
