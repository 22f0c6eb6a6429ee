"""The way from acceptance to a live hub: a plan of phases and items, taken over from a published template."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from communities.models import Community, Membership, Programme, ResponsibilityMatrix
from communities.states import CommunityState
from ground.actors import Actor
from ground.states import Look, Stateful
from ground.texts import pick
from hubs.models import HubRequest
from onboarding import states
from onboarding.models.applications import Application
from onboarding.states import ItemState, Supplier

VALIDATION = "p4_validate"
THEIRS, OURS = "representatives_confirm", "we_confirm"
"""What each side says of a new hub; it is said by `onboarding.validating` alone, never ticked."""


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

    def moving(self) -> Self:
        """All whose community has not ended: something may still become ready in them."""
        return self.exclude(community__state=CommunityState.ENDED)

    def overtaken(self) -> Self:
        """Those around which something happened since they were computed last."""
        since, mine = OuterRef("computed_at"), {"community": OuterRef("community")}
        return self.filter(
            Q(computed_at=None)
            | Exists(HubRequest.objects.filter(updated_at__gt=since, **mine))
            | Exists(ResponsibilityMatrix.objects.filter(Q(provider_agreed_at__gt=since) | Q(community_agreed_at__gt=since), **mine))
            | Exists(Membership.objects.filter(Q(since__gt=since) | Q(user__last_login__gt=since), **mine))
        )

    def held_by_side(self, side: str) -> Self:
        """Those that wait for the community, or for one of us."""
        theirs = Q(held_by=Supplier.COMMUNITY)
        return self.filter(theirs if side == Supplier.COMMUNITY else ~theirs & ~Q(held_by=""))


def held_since_when(what: str) -> models.CheckConstraint:
    """Nobody holds it since ever, and somebody since a moment."""
    return models.CheckConstraint(
        condition=Q(held_by="", held_since__isnull=True) | (~Q(held_by="") & Q(held_since__isnull=False)), name=f"{what}_held_since_when"
    )


class Held(models.Model):
    """Who has to move, since when, and how many minutes each side has held it before. Written by `onboarding.plans` alone."""

    held_by = models.CharField(max_length=30, blank=True, help_text=_("The community, the owner of the phase, or nobody."))
    held_since = models.DateTimeField(null=True, blank=True)
    minutes_community = models.PositiveIntegerField(default=0)
    minutes_provider = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class OnboardingPlan(Held):
    """One community's way from acceptance to a live hub, and what is known of it without computing (`computed_at`)."""

    community = models.OneToOneField(Community, on_delete=models.CASCADE, related_name="onboarding_plan")
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    template = models.ForeignKey(PlanTemplateVersion, on_delete=models.PROTECT)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)
    check_in_on = models.DateField(_("first check-in"), null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("onboarding plan")
        verbose_name_plural = _("onboarding plans")
        indexes = [
            models.Index(fields=["held_since", "id"], name="plan_by_wait"),
            models.Index(fields=["held_by", "held_since"], name="plan_by_holder"),
        ]
        constraints = [held_since_when("plan")]

    def __str__(self) -> str:
        return str(self.community)


class Phase(Held):
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
    after_start = models.JSONField(default=list, blank=True, help_text=_("Phases that must have begun, done or not."))
    whole = models.JSONField(
        default=list, blank=True, help_text=_("Phases of the hub request’s answers that must be complete for it to be done.")
    )
    days = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Days it should take once it is ready."))
    ready_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    loops = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was begun again."))

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="a_phase_once_a_plan"), held_since_when("phase")]

    def __str__(self) -> str:
        return self.key


class ItemQuerySet(models.QuerySet["Item"]):
    """Words for what there is to do."""

    def owed(self) -> Self:
        """What the community has to say is done, in phases that have begun."""
        rows = self.filter(state=ItemState.TODO, check_name="", supplied_by=Supplier.COMMUNITY, phase__held_since__isnull=False)
        return rows.exclude(phase__key=VALIDATION, key__in=[THEIRS, OURS])


class Item(Stateful):
    """One thing to do in a phase: settled by a person, or looked up when `check` names a fact."""

    TRANSITIONS = states.ITEM_TRANSITIONS

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    text = models.JSONField()
    supplied_by = models.CharField(max_length=20, choices=Supplier)
    check_name = models.CharField(max_length=40, blank=True, help_text=_("The fact that settles it; empty when a person does."))
    or_check = models.CharField(max_length=40, blank=True, help_text=_("A fact that settles it too, if no person has."))
    optional = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.TODO)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_label = models.CharField(max_length=200, blank=True, help_text=_("Who settled it, as a history shows them."))
    note = models.CharField(max_length=500, blank=True)

    objects = ItemQuerySet.as_manager()

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
    def words(self) -> str:
        return pick(self.text)

    @property
    def is_computed(self) -> bool:
        return bool(self.check_name)

    @property
    def is_confirmation(self) -> bool:
        return self.phase.key == VALIDATION and self.key in {THEIRS, OURS}

    @property
    def can_be_ticked(self) -> bool:
        """Whether a person says on the plan that it is done: it is neither looked up nor one side's word on the hub."""
        return not self.is_computed and not self.is_confirmation
