"""The requests to make or change a hub."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from communities.models import Community
from ground.actors import Actor
from ground.models import StageEvent
from ground.outbox import Waiting
from ground.references import new_reference
from ground.states import Look, Stateful
from hubs import ending, events, states
from hubs.models.clusters import Hub, communities_of, watches_all
from hubs.schema import MARGIN
from hubs.states import Kind, RequestState

UNHEARD_AFTER = 4  # calls without an answer, about a minute


class HubRequestQuerySet(models.QuerySet["HubRequest"]):
    """Words for hub requests."""

    def visible_to(self, actor: Actor) -> Self:
        """Staff see every request, members those of their communities."""
        if watches_all(actor):
            return self
        return self.filter(community__in=communities_of(actor))

    def editable(self) -> Self:
        """With the community: it may change the answers."""
        return self.filter(state__in=states.EDITABLE)

    def open(self) -> Self:
        """All that have not come to an end."""
        return self.exclude(state__in=states.FINAL)

    def finished(self) -> Self:
        """All that have come to an end."""
        return self.filter(state__in=states.FINAL)

    def dated(self) -> Self:
        """Sent requests with a day in the calendar: events, and the last days of hubs."""
        return self.filter(begins_at__isnull=False, submitted_at__isnull=False)

    def to_hand_over(self) -> Self:
        """Carried out, and yet something is left to do by hand before the hub is handed over."""
        return self.filter(state=RequestState.SUCCEEDED, has_open_steps=True)

    def in_calendar(self) -> Self:
        """Those of them that are still meant."""
        return self.dated().exclude(state__in=[*states.EDITABLE, RequestState.REJECTED, RequestState.CANCELLED])

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that touch this time."""
        return self.filter(begins_at__lt=end, ends_at__gt=start)

    def around(self, start: datetime, end: datetime) -> Self:
        """Those that touch it, or the hours before and after in which machines come and go."""
        return self.between(start - MARGIN, end + MARGIN)


def _reference() -> str:
    return new_reference("HR")


def _both_or_neither(what: str, *, name: str) -> models.CheckConstraint:
    who, when = f"{what}_by__isnull", f"{what}_at__isnull"
    return models.CheckConstraint(condition=Q(**{who: True, when: True}) | Q(**{who: False, when: False}), name=name)


class HubRequest(Stateful, Waiting):
    """One wish about a hub, as a document of hub_request.schema.json, from first answer to done."""

    TRANSITIONS = states.TRANSITIONS

    reference = models.CharField(_("reference"), max_length=20, unique=True, default=_reference, editable=False)
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="hub_requests")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    hub = models.ForeignKey(
        Hub, null=True, blank=True, on_delete=models.PROTECT, related_name="requests", help_text=_("The hub it is about, or that it made.")
    )
    state = models.CharField(_("state"), max_length=12, choices=RequestState, default=RequestState.DRAFT)
    stage = models.CharField(
        _("stage"), max_length=80, blank=True, help_text=_("The deployer's own word for where it is; shown, never branched on.")
    )

    document = models.JSONField(default=dict, help_text=_("A hub_request.schema.json document; incomplete while being filled in."))
    unsure = models.JSONField(default=list, blank=True, help_text=_("JSON pointers answered with “I don’t know yet”."))
    problems = models.JSONField(default=list, blank=True, help_text=_("What the plan found wrong: pointer and sentence."))
    drift = models.JSONField(default=list, blank=True, help_text=_("Answers given elsewhere that changed after this was sent."))
    known = models.JSONField(
        default=dict, blank=True, help_text=_("What was said elsewhere when this was last looked at: by source, then by JSON pointer.")
    )
    version = models.PositiveIntegerField(default=1, help_text=_("Grows with every save of the answers."))
    revision = models.PositiveIntegerField(default=0, help_text=_("Grows with every sending; the deployer's order is unique to it."))

    begins_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When its event begins, or the hub's last day; follows the document.")
    )
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)

    plan = models.JSONField(default=dict, blank=True)
    plan_digest = models.CharField(max_length=80, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    deployment_id = models.CharField(max_length=200, blank=True)
    deployment = models.JSONField(default=dict, blank=True, help_text=_("The deployment as the deployer last told it."))
    has_open_steps = models.BooleanField(
        default=False, editable=False, help_text=_("The deployment tells of steps that somebody still has to do by hand.")
    )
    orders = models.JSONField(
        default=list, blank=True, help_text=_("What people asked of the deployer and it has not done yet: settle, retry, cancel.")
    )

    waiting_since = models.DateTimeField(null=True, blank=True, help_text=_("Since when it waits for a person."))
    reminders = models.PositiveSmallIntegerField(default=0, help_text=_("How many times people were reminded of it since."))

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    second_approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_approved_at = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(
        _("not before"), null=True, blank=True, help_text=_("What was approved is not given to the deployer earlier than this.")
    )
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it was not approved, or was cancelled."))
    finished_at = models.DateTimeField(null=True, blank=True)

    history = GenericRelation(StageEvent)
    objects = HubRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("hub request")
        verbose_name_plural = _("hub requests")
        constraints = [
            models.UniqueConstraint(fields=["community", "kind"], condition=Q(state="draft"), name="hub_request_one_draft_a_kind"),
            models.UniqueConstraint(fields=["deployment_id"], condition=~Q(deployment_id=""), name="hub_request_deployment_once"),
            _both_or_neither("approved", name="hub_request_approved_who_when"),
            _both_or_neither("second_approved", name="hub_request_second_who_when"),
            models.CheckConstraint(
                condition=Q(second_approved_by__isnull=True) | (Q(approved_by__isnull=False) & ~Q(second_approved_by=F("approved_by"))),
                name="hub_request_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(kind="decommission", state__in=sorted(states.CARRIED_OUT)) | Q(second_approved_by__isnull=False),
                name="hub_request_closing_needs_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(states.CARRIED_OUT)) | Q(approved_by__isnull=False), name="hub_request_carried_out_approved"
            ),
            models.CheckConstraint(condition=~Q(state__in=sorted(states.NEEDS_PLAN)) | ~Q(plan_digest=""), name="hub_request_needs_plan"),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(reason=""), name="hub_request_rejected_why"),
        ]
        indexes = [
            models.Index(fields=["community", "state"], name="hub_request_of_community"),
            models.Index(fields=["state", "submitted_at"], name="hub_request_queue"),
            models.Index(fields=["begins_at"], name="hub_request_dates", condition=Q(begins_at__isnull=False)),
            models.Index(fields=["next_attempt_at"], name="hub_request_due", condition=Q(next_attempt_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("hubs:request", kwargs={"slug": self.community.slug, "reference": self.reference})

    @property
    def look(self) -> Look:
        return states.META[self.state]

    @property
    def is_editable(self) -> bool:
        return self.state in states.EDITABLE

    @property
    def is_final(self) -> bool:
        return self.state in states.FINAL

    @property
    def is_for_review(self) -> bool:
        """An engineer has to look: the plan is there, or lacks our answers."""
        return self.state in states.OPEN_TO_ENGINEERS

    @property
    def is_for_people(self) -> bool:
        """Somebody has to do something by hand before it goes on."""
        return self.state in {RequestState.WAITING, RequestState.FAILED}

    @property
    def is_in_progress(self) -> bool:
        """The deployer is at it."""
        return self.state in {RequestState.APPROVED, RequestState.DEPLOYING}

    @property
    def is_unheard(self) -> bool:
        """The deployer has it, and was asked several times without an answer."""
        return self.state in states.UNDER_WAY and self.last_error != "" and self.attempts >= UNHEARD_AFTER

    @property
    def look_again_seconds(self) -> int:
        """How soon its page looks again: now and then while it waits for its day."""
        return 60 if self.state == RequestState.APPROVED and self.time_to_wait else 4

    @property
    def can_change_answers(self) -> bool:
        return self.state in states.EDITABLE | states.OPEN_TO_ENGINEERS

    @property
    def can_be_settled(self) -> bool:
        """A person may say that a precondition is met; what hands a hub over may be left after it was recorded."""
        return self.state in {RequestState.PLANNED, *states.CARRIED_OUT}

    @property
    def needs_second_approval(self) -> bool:
        """Somebody approved, and closing a hub takes two."""
        return self.kind == Kind.DECOMMISSION and self.approved_by_id is not None and self.second_approved_by_id is None

    @property
    def occasion(self) -> events.Occasion | None:
        """What a calendar shows of it; None where it has no day."""
        if self.begins_at is None or self.ends_at is None:
            return None
        return events.occasion(
            self.document,
            reference=self.reference,
            community=self.community.name,
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            zone=self.community.timezone,
        )

    @property
    def end_letters(self) -> list[ending.Letter]:
        """When those who answer for the hub are written to, once its end is approved."""
        approved_at, each = self.second_approved_at or self.approved_at, self.occasion
        if self.kind != Kind.DECOMMISSION or self.state not in states.CARRIED_OUT or each is None or approved_at is None:
            return []
        return ending.letters(approved_on=timezone.localdate(approved_at), last_day=each.days[-1])

    def follow_document(self) -> None:
        """Take over the days that the document names; the caller saves `begins_at` and `ends_at`."""
        self.begins_at, self.ends_at = events.span(self.document, zone=self.community.timezone) or (None, None)

    @property
    def time_to_wait(self) -> timedelta:
        """How long until it may be given to the deployer."""
        return max(self.not_before - timezone.now(), timedelta(0)) if self.not_before else timedelta(0)

    @property
    def after_last_day(self) -> datetime | None:
        """The first moment after the last day of a hub that is to be closed, where its people are; None once that is over."""
        is_ahead = self.kind == Kind.DECOMMISSION and self.ends_at is not None and self.ends_at > timezone.now()
        return self.ends_at if is_ahead else None

    @property
    def waits_for_last_day(self) -> bool:
        """Approved, and not to be carried out while people may use the hub."""
        return bool(self.not_before and self.after_last_day and self.not_before >= self.after_last_day)

    @property
    def order_key(self) -> str:
        """What makes an order of this revision unique to the deployer (its Idempotency-Key)."""
        return f"hub-request-{self.reference}-r{self.revision}"

    @property
    def preconditions(self) -> list[dict[str, Any]]:
        """What people have to do: as the deployment tells it, before that as the plan does, with what they just settled."""
        told = self.deployment.get("preconditions") or self.plan.get("preconditions") or []
        settled = {order["key"]: order["status"] for order in self.orders if order["do"] == "settle"}
        return [row | {"status": settled.get(row["key"], row["status"])} for row in told]

    @property
    def settled_tasks(self) -> dict[str, str]:
        """How the tasks of its event stand: as people said in the calendar, else as they said of the plan's precondition of the same key."""
        met = {row["key"]: row["status"] for row in self.preconditions if row["status"] != "open"}
        return met | {task.key: task.status for task in self.event_tasks.all()}
