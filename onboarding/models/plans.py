"""The way from acceptance to a live hub: a plan of phases and items, taken over from a published template."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Programme
from ground.actors import Actor
from ground.states import Look, Stateful
from onboarding import states
from onboarding.models.applications import Application
from onboarding.states import ItemState, Supplier


class PlanTemplateVersion(models.Model):
    """One published version of the onboarding plan. The database refuses a change to its document."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="plan_templates")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    changelog = models.CharField(max_length=500, null=True, blank=True)  # noqa: DJ001  SQLite would rebuild the table and drop its triggers
    is_current = models.BooleanField(default=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("plan template version")
        verbose_name_plural = _("plan template versions")
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="plan_template_number"),
            models.UniqueConstraint(fields=["programme"], condition=Q(is_current=True), name="one_current_plan_template"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.number}"


class PlanQuerySet(models.QuerySet["OnboardingPlan"]):
    """Words for plans."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every plan, people of a community theirs."""
        return self.filter(community__in=Community.objects.visible_to(actor))


class OnboardingPlan(models.Model):
    """One community's way from acceptance to a live hub."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="onboarding_plan")
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    template = models.ForeignKey(PlanTemplateVersion, on_delete=models.PROTECT)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("onboarding plan")
        verbose_name_plural = _("onboarding plans")

    def __str__(self) -> str:
        return str(self.community)


class Phase(models.Model):
    """One phase of a plan. Whether it is ready is computed (`onboarding.readiness`), never ticked; first times are stamped."""

    plan = models.ForeignKey(OnboardingPlan, on_delete=models.CASCADE, related_name="phases")
    key = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    owner = models.CharField(max_length=30)
    title = models.JSONField()
    done_when = models.JSONField()
    needs = models.JSONField(default=list, help_text=_("Phases that come first."))
    fields = models.CharField(max_length=30, blank=True, help_text=_("The phase of the hub request's answers it waits for."))
    skip = models.CharField(max_length=40, blank=True, help_text=_("A fact of the hub request under which it is not needed."))
    starts = models.CharField(max_length=30, blank=True, help_text=_("What must happen before it concerns anybody."))
    ready_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="a_phase_once_a_plan")]

    def __str__(self) -> str:
        return self.key


class Item(Stateful):
    """One thing to do in a phase: settled by a person, or looked up when `check` names a fact."""

    TRANSITIONS = states.ITEM_TRANSITIONS

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    text = models.JSONField()
    supplied_by = models.CharField(max_length=20, choices=Supplier)
    check_name = models.CharField(max_length=40, blank=True, help_text=_("The fact that settles it; empty when a person does."))
    optional = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.TODO)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "key"], name="an_item_once_a_phase"),
            models.CheckConstraint(condition=Q(state="todo") | Q(settled_at__isnull=False), name="item_settled_when"),
            models.CheckConstraint(condition=Q(check_name="") | Q(state="todo"), name="computed_item_is_never_settled"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def look(self) -> Look:
        return states.ITEM_LOOKS[ItemState(self.state)]

    @property
    def is_computed(self) -> bool:
        return bool(self.check_name)
